#pragma once
// Classes of a column of numbers with their colours and words.

#include <span>
#include <vector>

#include "yaan/style/layer_style.hpp"

namespace yaan::style {

struct NumberClasses {
  Classes classes;
  std::vector<Colour> colours;
  std::vector<Localized> words;  ///< "12 – 40"
  Localized method;              ///< how the breaks were found
};

/// `values` of the features shown; NaN where there is none. Throws UsageError for bounds that do not rise.
NumberClasses number_classes(const Column& column, std::span<const double> values, const StyleWish& wish);

/// A number of few digits at least `low` and below `high` (low < high), the nearest to `low` of those with the fewest.
double round_between(double low, double high);

}  // namespace yaan::style
