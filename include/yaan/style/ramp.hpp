#pragma once
// Colours for numbers: a ramp from low to high.

#include <cstddef>
#include <vector>

#include "yaan/style/colour.hpp"

namespace yaan::style {

enum class Ramp {
  viridis,  ///< by S. van der Walt and N. Smith (2015), CC0, as in Matplotlib
  cividis,  ///< by Nunez, Anderton and Renslow (2018), the same for readers with and without red-green blindness
  balance   ///< blue over a light grey to orange, for values on both sides of a middle
};

/// Colour at a share of the ramp, 0 to 1 (held there outside; NaN gives the grey of what has no value). Straight lines
/// in sRGB between 17 samples of the published tables, within 6 (viridis) and 11 (cividis) of 255 of every entry.
/// Lightness grows all along viridis and cividis.
Colour ramp_colour(Ramp ramp, double share);

/// `n` colours evenly over the ramp, its ends included; the middle for n = 1.
std::vector<Colour> ramp_colours(Ramp ramp, std::size_t n);

}  // namespace yaan::style
