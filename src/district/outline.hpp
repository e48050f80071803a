#pragma once
// The outline of a district in the plane of its ground.

#include <span>
#include <string>

#include "yaan/core/geometry.hpp"
#include "yaan/district/districts.hpp"

namespace yaan {

struct Outline {
  Geometry polygons;   ///< one feature, in metres
  std::string method;  ///< what was really done, with its lengths: "convex hull, margin 100m"
};

/// The outline from the members alone: every method but voronoi. Hulls and contours are widened by `margin`, so that
/// members do not lie on the edge of their own district. Without area it is the union of discs.
/// Precondition: at least one point.
Outline outline_of(std::span<const double> x, std::span<const double> y, const DistrictOptions& options);

/// The outline from the district's Voronoi cells; the union of discs where they are empty.
Outline outline_of_cells(Geometry cells, std::span<const double> x, std::span<const double> y,
                         const DistrictOptions& options);

}  // namespace yaan
