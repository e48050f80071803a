#pragma once
// The contour of a kernel sum about the members of a district.

#include <cstddef>
#include <span>

#include "yaan/core/geometry.hpp"

namespace yaan {

struct DensityContour {
  Geometry polygons;  ///< one feature; empty where the contour has no area
  double level = 0;   ///< of the kernel sum
};

/// The region where the sum over the points of (1 - d^2 / b^2)^2 for d < b = bandwidth (the quartic kernel; a point
/// adds 1 on its own spot) is at least a level: the highest one at which the region holds at least `share` of the
/// points (ceil(share n) of them), share 1 being all.
///
/// The sum is exact at the corners of a grid of squares of side b / 10, coarser where that would make more than 4
/// million corners, and linear on the two triangles of each square between; so the boundary is a polyline, and the
/// level, taken from the same surface, does hold the points. Points whose extent asks for squares wider than b / 2 give
/// an empty contour, as do points on one spot.
/// Rings are closed, oriented and do not cross. Precondition: at least one point, bandwidth > 0, 0 < share <= 1.
/// Source of the kernel: Silverman, Density Estimation for Statistics and Data Analysis, 1986, eq. 4.5.
/// O(n (b / side)^2 + corners).
DensityContour density_contour(std::span<const double> x, std::span<const double> y, double bandwidth, double share);

}  // namespace yaan
