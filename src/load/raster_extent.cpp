#include <cmath>
#include <vector>

#include "yaan/core/crs.hpp"
#include "yaan/load/raster.hpp"

namespace yaan {

Box extent_in(const Raster& raster, const Crs& crs) {
  Box box;
  if (raster.extent.empty() || raster.crs.wkt().empty()) return box;
  std::vector<double> x;
  std::vector<double> y;
  constexpr int kSteps = 16;
  for (int i = 0; i <= kSteps; ++i)
    for (int j = 0; j <= kSteps; ++j) {
      x.push_back(raster.extent.min_x + raster.extent.width() * i / kSteps);
      y.push_back(raster.extent.min_y + raster.extent.height() * j / kSteps);
    }
  Transformer(raster.crs, crs).apply(x, y);
  for (std::size_t i = 0; i < x.size(); ++i)
    if (std::isfinite(x[i]) && std::isfinite(y[i])) box.include(x[i], y[i]);
  return box;
}

Box degrees_of(const Raster& raster) { return extent_in(raster, Crs::wgs84()); }

}  // namespace yaan
