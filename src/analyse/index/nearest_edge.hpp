#pragma once
// The area nearest to a point that lies in none.

#include "analyse/index/area_grid.hpp"
#include "yaan/core/crs.hpp"

namespace yaan {

struct NearestArea {
  std::int32_t area = AreaGrid::kNone;
  double metres = 0;
};

/// The area whose border is nearest within `metres`, the first in order of several at the same distance; kNone without
/// one. In a geographic CRS the distance is the geodesic to the nearest place on an edge that is straight in degrees.
NearestArea nearest_area(const AreaGrid& grid, const Geometry& areas, const Crs& crs, double x, double y,
                         double metres);

}  // namespace yaan
