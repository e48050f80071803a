#include <cmath>
#include <vector>

#include "yaan/core/crs.hpp"
#include "yaan/load/raster.hpp"

namespace yaan {

Box degrees_of(const Raster& raster) {
  Box degrees;
  if (raster.extent.empty() || raster.crs.wkt().empty()) return degrees;
  std::vector<double> x;
  std::vector<double> y;
  constexpr int kSteps = 16;
  for (int i = 0; i <= kSteps; ++i)
    for (int j = 0; j <= kSteps; ++j) {
      x.push_back(raster.extent.min_x + raster.extent.width() * i / kSteps);
      y.push_back(raster.extent.min_y + raster.extent.height() * j / kSteps);
    }
  Transformer(raster.crs, Crs::wgs84()).apply(x, y);
  for (std::size_t i = 0; i < x.size(); ++i)
    if (std::isfinite(x[i]) && std::isfinite(y[i])) degrees.include(x[i], y[i]);
  return degrees;
}

}  // namespace yaan
