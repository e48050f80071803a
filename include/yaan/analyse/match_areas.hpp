#pragma once
// Names of provinces, districts and subdistricts, as people write them, to the codes of a layer of areas.

#include <string>

#include "yaan/core/method.hpp"

namespace yaan {

struct MatchAreasOptions {
  std::string name;            ///< column that holds the name of an area; "": the role `area` of the layer
  std::string parent;          ///< column that names the enclosing area, such as the province of a district; "": none
  std::string areas_parent;    ///< columns of the areas that name it, split by commas; "": none
  double suggest_from = 0.75;  ///< similarity from which on a name is suggested
  bool normalise = true;       ///< names are compared by their keys (name_key), not as they stand
};

/// The verb `match-areas`: adds match_code, match_name, match_found, match_score and match_suggestion. Works on any
/// layer, with or without geometry.
const Method& match_areas_method();

}  // namespace yaan
