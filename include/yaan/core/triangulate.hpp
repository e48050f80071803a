#pragma once
// Polygons cut into triangles, for painting.

#include <cstddef>
#include <vector>

#include "yaan/core/geometry.hpp"

namespace yaan {

/// Corners of triangles, three after three, each triangle counter-clockwise; size() / 3 triangles.
struct Triangles {
  std::vector<double> x;
  std::vector<double> y;
};

/// One polygon feature cut into triangles whose corners are its own vertices and whose areas add up to its area
/// (constrained Delaunay of GEOS after ear clipping; holes are respected). A feature that is invalid in its plane is
/// made valid first. Empty for an empty feature. Throws std::invalid_argument unless the geometry is of polygons.
/// Complexity: O(v log v) as a rule, O(v^2) at worst.
Triangles triangulate(const Geometry& polygons, std::size_t feature);

}  // namespace yaan
