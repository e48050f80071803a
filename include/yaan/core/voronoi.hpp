#pragma once
// Ground that is nearer to some points than to others.

#include <cstdint>
#include <span>

#include "yaan/core/geometry.hpp"

namespace yaan {

/// The ground that is nearer to one of the points that are flagged `mine` than to any other point: the union of their
/// Voronoi cells, within the box of all points grown by `around` on each side. One feature, in the plane of the points,
/// which are finite. Of points on the same spot (to 2^-10 of a unit) the first one owns it.
/// Empty when no spot is mine. Throws std::runtime_error with GEOS's words when the diagram fails.
/// By GEOS's Voronoi diagram (the dual of the Delaunay triangulation; Guibas and Stolfi 1985): O(n log n).
Geometry voronoi_region(std::span<const double> x, std::span<const double> y, std::span<const std::uint8_t> mine,
                        double around);

}  // namespace yaan
