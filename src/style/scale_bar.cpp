#include "yaan/style/scale_bar.hpp"

#include <cmath>

#include "yaan/core/numbers.hpp"

namespace yaan::style {

ScaleBar scale_bar(double metres_per_pixel, double max_pixels, Language language) {
  const double longest = metres_per_pixel * max_pixels;
  double step = 1;
  while (step * 10 <= longest) step *= 10;
  double metres = step;
  for (const double factor : {2.0, 5.0})
    if (step * factor <= longest) metres = step * factor;
  ScaleBar bar;
  bar.metres = metres;
  bar.pixels = metres / metres_per_pixel;
  const bool thai = language == Language::thai;
  bar.label =
      metres >= 1000 ? shortest(metres / 1000) + (thai ? " กม." : " km") : shortest(metres) + (thai ? " ม." : " m");
  return bar;
}

}  // namespace yaan::style
