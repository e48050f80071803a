#pragma once
// Sizes on the ellipsoid of shapes whose edges are straight in degrees.

#include <cstddef>

#include "yaan/core/geometry.hpp"

namespace yaan {

/// Signed area in m2 on the WGS 84 ellipsoid of a ring in degrees, counter-clockwise positive; closed or not. Edges are
/// straight in longitude and latitude, not geodesics: two rings along one straight border enclose nothing between them,
/// however far their vertices stand apart. By Green's theorem, with the area between the equator and a parallel in
/// closed form (Snyder 1987, formula 3-12) and four points of Gauss and Legendre for each edge; strips of a millimetre
/// keep their digits. Longitudes do not jump. O(vertices).
double degree_ring_area(std::span<const double> lon, std::span<const double> lat);

/// Of one feature: its outer rings less its holes.
double degree_area(const Geometry& polygons, std::size_t feature);

/// Length in metres of all rings of a feature, as chords of earth-centred places: right to 1e-4 up to 100 km an edge.
double degree_perimeter(const Geometry& polygons, std::size_t feature);

}  // namespace yaan
