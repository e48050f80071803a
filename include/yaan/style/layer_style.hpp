#pragma once
// How a layer looks: a colour and a mark for each of its features, and the legend that explains them.

#include <cstddef>
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
  std::string column;                          ///< that colours; "" colours nothing
  Classing classing = Classing::fisher_jenks;  ///< of numbers
  std::size_t classes = 5;
  std::vector<double> bounds;  ///< of the classes, when they are given by hand: lower end, then upper ends
  Ramp ramp = Ramp::viridis;   ///< of a column whose values are a sequence
  std::vector<std::pair<std::string, Localized>>
      titles;  ///< words for the values of a category column, in legend order
};

struct LegendEntry {
  Localized title;
  Colour colour;
  Mark mark = Mark::circle;
  std::size_t count = 0;  ///< features shown so
};

struct LayerStyle {
  std::vector<Colour> colours;      ///< one for each feature
  std::vector<Mark> marks;          ///< one for each feature; differ for categories only
  std::vector<LegendEntry> legend;  ///< in order; features without a value come last, in grey. Empty: one look for all
};

/// The style of a layer.
/// - A column that colours by category (ColourBy::category, and every text column): integers take rank_colour, so that
///   number 1 has one colour everywhere; texts take the rank colours in the order of `titles`, then of their bytes.
///   After the twelfth the colours come again with another mark.
/// - A number column otherwise: classes along the ramp; ColourBy::divergence takes Ramp::balance about 0, the classes
/// of
///   one width and as far on either side.
/// Throws UsageError for a column that the layer does not have or that is a list or a date, and for `classes` 0.
LayerStyle style_of(const Layer& layer, const StyleWish& wish);

}  // namespace yaan::style
