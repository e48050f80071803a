#pragma once
// How long a scale bar is and what it says.

#include <string>

#include "yaan/core/localized.hpp"

namespace yaan::style {

struct ScaleBar {
  double metres = 0;
  double pixels = 0;
  std::string label;  ///< "500 m", "20 km"; in Thai "500 ม.", "20 กม."
};

/// The longest bar of 1, 2 or 5 times a power of ten metres (from 1 m) that is at most `max_pixels` long.
/// `metres_per_pixel` must be positive.
ScaleBar scale_bar(double metres_per_pixel, double max_pixels, Language language = Language::english);

}  // namespace yaan::style
