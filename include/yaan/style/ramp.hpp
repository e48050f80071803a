#pragma once
// Colours for numbers: a ramp from low to high.

#include <cstddef>
#include <string_view>
#include <vector>

#include "yaan/style/colour.hpp"

namespace yaan::style {

enum class Ramp {
  viridis,       ///< by S. van der Walt and N. Smith (2015), CC0, as in Matplotlib
  cividis,       ///< by Nunez, Anderton and Renslow (2018), the same for readers with and without red-green blindness
  yellow_blue,   ///< ColorBrewer's YlGnBu: pale for low, dark for high, as maps on light ground have it
  yellow_brown,  ///< ColorBrewer's YlOrBr, likewise
  blue_red       ///< ColorBrewer's RdBu turned round: blue over near white to red, for values on both sides of a middle
};
// yellow_blue, yellow_brown, blue_red: this product includes color specifications and designs developed by Cynthia
// Brewer (http://colorbrewer.org/). Copyright (c) 2002 Cynthia Brewer, Mark Harrower, and The Pennsylvania State
// University, under the Apache License, Version 2.0; the notice stands in docs/colours.md.

/// "viridis", "yellow-blue" ...
std::string_view to_string(Ramp ramp);
/// The ramps from low to high, without blue_red.
const std::vector<Ramp>& sequential_ramps();

/// Colour at a share of the ramp, 0 to 1 (held there outside; NaN gives the grey of what has no value). Straight lines
/// in sRGB between samples of the published tables: 17 of viridis and cividis, within 6 and 11 of 255 of every entry,
/// the whole tables of 9 and 11 of ColorBrewer. Lightness grows all along viridis and cividis and falls along
/// yellow_blue and yellow_brown.
Colour ramp_colour(Ramp ramp, double share);

/// `n` colours evenly over the ramp, its ends included; the middle for n = 1.
std::vector<Colour> ramp_colours(Ramp ramp, std::size_t n);

}  // namespace yaan::style
