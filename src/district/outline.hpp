#pragma once
// The outline of a district in the plane of its ground.

#include <span>
#include <string>

#include "yaan/core/geometry.hpp"
#include "yaan/district/districts.hpp"

namespace yaan {

struct Outline {
  Geometry polygons;   ///< one feature, in metres
  std::string method;  ///< what was really done: "concave hull", "convex hull" or "buffered union"
};

/// Hulls are widened by `margin`, so that members do not lie on the edge of their own district.
/// Precondition: at least one point.
Outline outline_of(std::span<const double> x, std::span<const double> y, const DistrictOptions& options);

}  // namespace yaan
