#pragma once
// How a layer looks: a colour and a mark for each of its features, and the legend that explains them. The window, the
// printed map and the reports paint what stands here and decide nothing themselves.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "yaan/core/layer.hpp"
#include "yaan/core/localized.hpp"
#include "yaan/style/classes.hpp"
#include "yaan/style/palette.hpp"
#include "yaan/style/ramp.hpp"

namespace yaan::style {

/// What is asked for. Everything that is not said follows from the column itself.
struct StyleWish {
  std::string column;                ///< that colours; "" colours nothing
  std::optional<Classing> classing;  ///< of numbers; without, what suits the column's ColourBy
  std::size_t classes = 5;           ///< 1 to kMostClasses
  std::vector<double> bounds;        ///< of the classes, when they are given by hand: lower end, then upper ends
  std::optional<Ramp> ramp;          ///< of a column whose values are a sequence; without, yellow_blue
  std::vector<std::pair<std::string, Localized>>
      titles;  ///< words for the values of a category column, in legend order, before those of the column
};
/// More colours of one ramp cannot be told apart on a map.
inline constexpr std::size_t kMostClasses = 9;

struct LegendEntry {
  Localized title;
  Colour colour;
  Mark mark = Mark::circle;
  std::size_t count = 0;  ///< features shown so
  bool hatched = false;   ///< areas without a value: a pattern that no class has
  bool quiet = false;     ///< says little: drawn below the others
};

struct LayerStyle {
  std::vector<Colour> colours;         ///< one for each feature
  std::vector<Mark> marks;             ///< one for each feature; differ for categories only
  std::vector<std::uint32_t> entries;  ///< index into the legend, one for each feature; empty without a legend
  std::vector<LegendEntry> legend;     ///< in order; features without a value come last. Empty: one look for all
  Localized title;                     ///< of the legend: that of the column
  bool ranked = false;                 ///< the legend runs from low to high
  std::vector<Localized> notes;        ///< under it: unit and breaks, then the column's remark

  [[nodiscard]] bool hatched(std::size_t feature) const { return !legend.empty() && legend[entries[feature]].hatched; }
};

/// The features in the order in which points are drawn, the last on top: those without a value, those that say little,
/// then by class, of words the first of the legend on top. Of the same class by their order in the layer.
std::vector<std::uint32_t> drawing_order(const LayerStyle& style);

/// The style of a layer. `shown` may name the features that are on the map (0: not), one flag each: the others count in
/// no class and in no legend, but have a colour. Empty: all are.
/// - A column that colours by category (ColourBy::category, and every text column): values that have a Tone take its
///   colour, and are in the legend whether or not a feature has them. Other integers take rank_colour, so that number 1
///   has one colour everywhere; other texts take the rank colours in the order of the titles, then of their bytes.
///   After the twelfth the colours come again with another mark.
/// - sequence: classes along a ramp. Where 0 is the least of many values and several features have it, it is a class of
///   its own, because nothing differs from little.
/// - divergence: Ramp::blue_red about 0, classes as far on either side; an odd number has a middle one, which is small:
/// 0 alone of whole numbers, else a twentieth of the 95th percentile of the sizes, to one digit.
/// - score: Ramp::blue_red about 0 by the steps 1.65, 1.96 and 2.58 on either side, so that maps compare.
/// - ratio: Ramp::blue_red about 1, by steps of a quarter, a half, 0.8, 1.25, twice and four times, so that maps
/// compare.
/// - probability: the steps 0.001, 0.01, 0.05 and 0.1; above, grey.
/// Bounds are the roundest numbers that leave every feature in the class where the method puts it, and classes at the
/// ends that nobody is in are left out (of divergence and ratio), so what the legend says is what is painted.
/// Throws UsageError for a column that the layer does not have or that is a list or a date, for bounds that do not
/// rise, and for `classes` out of range.
LayerStyle style_of(const Layer& layer, const StyleWish& wish, std::span<const std::uint8_t> shown = {});

}  // namespace yaan::style
