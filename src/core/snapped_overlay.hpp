#pragma once
// Overlays by GEOS on a fine grid.
//
// With floating precision, GEOS 3.11.1 can be wrong without a word where edges nearly coincide: of two polygons side by
// side, both on one line to rounding, it found that the smaller one lay within the other. On a grid it rounds every
// crossing to a corner (snap rounding, Hobby 1999), which cannot go wrong in that way.

#include <algorithm>
#include <cmath>
#include <initializer_list>

#include "core/geos.hpp"

namespace yaan {

/// A power of two about 2^-46 of the largest coordinate: 4e-12 in degrees, which is less than a micrometre, and far
/// above the rounding of doubles.
inline double overlay_grid(const Geos& geos, std::initializer_list<const GEOSGeometry*> shapes) {
  double largest = 1e-100;
  for (const GEOSGeometry* shape : shapes) {
    if (GEOSisEmpty_r(geos.get(), shape) != 0) continue;
    double bound[4] = {0, 0, 0, 0};
    GEOSGeom_getXMin_r(geos.get(), shape, &bound[0]);
    GEOSGeom_getXMax_r(geos.get(), shape, &bound[1]);
    GEOSGeom_getYMin_r(geos.get(), shape, &bound[2]);
    GEOSGeom_getYMax_r(geos.get(), shape, &bound[3]);
    for (const double value : bound) largest = std::max(largest, std::abs(value));
  }
  return std::ldexp(1.0, std::ilogb(largest) + 1 - 46);
}

inline Geos::Shape snapped_intersection(const Geos& geos, const GEOSGeometry* a, const GEOSGeometry* b) {
  return geos.own(GEOSIntersectionPrec_r(geos.get(), a, b, overlay_grid(geos, {a, b})));
}
inline Geos::Shape snapped_difference(const Geos& geos, const GEOSGeometry* a, const GEOSGeometry* b) {
  return geos.own(GEOSDifferencePrec_r(geos.get(), a, b, overlay_grid(geos, {a, b})));
}
inline Geos::Shape snapped_union(const Geos& geos, const GEOSGeometry* shapes) {
  return geos.own(GEOSUnaryUnionPrec_r(geos.get(), shapes, overlay_grid(geos, {shapes})));
}

}  // namespace yaan
