#pragma once
// Takes what betrays a protected feature out of a layer's columns.

#include <map>

#include "export/publication_rules.hpp"
#include "yaan/core/layer.hpp"

namespace yaan {

/// A row whose feature was moved to the coarse grid.
struct CoarsenedRow {
  bool has_position = false;
  Position exact;               ///< degrees
  Position coarse;              ///< degrees
  std::vector<Position> plane;  ///< the exact position in planes
};

struct Withheld {
  std::size_t texts = 0;
  std::size_t positions = 0;
};

/// Replaces and withholds values of `layer` (already in WGS 84, hidden rows removed) by the rules of publish().
/// Counts what was made null; replacements by the coarse position are not counted.
Withheld withhold_columns(Layer& layer, const PublicationPolicy& policy,
                          const std::map<std::uint32_t, CoarsenedRow>& coarsened);

}  // namespace yaan
