#pragma once
// Which layer and column colour a map: what its description asks for, else what the last step of the study says. One
// rule for printed maps and the window.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "yaan/core/localized.hpp"
#include "yaan/core/method.hpp"
#include "yaan/style/layer_style.hpp"

namespace yaan {

struct StudyStep;

/// What a map of a study says about its colours (its key `colour`).
struct MapColours {
  bool districts = false;  ///< `column` null: districts and kinds of sites, whatever the steps add
  std::string layer;       ///< "": the one that the column or the last step leads to
  style::StyleWish wish;  ///< its column "": the one of the last step on the layer, else the layer's first that colours
};

/// What colours a map in the end.
struct ColourChoice {
  std::string layer;
  style::StyleWish wish;
};

/// Of a map with such wishes after such steps. `preferred` are the layers of the map in the order in which a column is
/// looked for, before all others; `find` gives a layer or null. Nothing: districts and kinds of sites colour the map.
/// So it is where nobody asks and the last step that colours anything sorts into plain categories, such as clusters.
/// Throws UsageError for a layer that cannot be coloured and for a column that no layer has, naming the nearest.
std::optional<ColourChoice> colour_choice(const MapColours& wishes, const std::vector<StudyStep>& steps,
                                          const std::vector<std::string>& preferred,
                                          const std::vector<std::string>& all,
                                          const std::function<const Layer*(const std::string&)>& find);

/// Does a map by the field say more than which feature belongs where? Numbers do, and words that have a colour of their
/// own.
bool tells_more_than_which(const OutputField& field);

/// "natural", "quantile", "equal": the words of a study for the classings.
const std::vector<std::pair<std::string_view, style::Classing>>& classing_words();

}  // namespace yaan
