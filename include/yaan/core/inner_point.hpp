#pragma once
// One point for a shape.

#include "yaan/core/geometry.hpp"

namespace yaan {

struct PlanePoint {
  double x = 0;
  double y = 0;
};

/// A point inside a polygon feature (GEOS's point on surface: the middle of the widest stretch of a line about half way
/// up), even where the centroid lies outside. NaN for an empty feature. O(v log v).
PlanePoint point_inside(const Geometry& polygons, std::size_t feature);

/// The centroid: of a polygon feature by area, holes left out; of a line feature by length. NaN for an empty feature;
/// of one without area or length its first vertex.
PlanePoint centroid(const Geometry& shapes, std::size_t feature);

}  // namespace yaan
