#pragma once
// Set operations on polygons in their plane, by GEOS (OverlayNG on a grid of about 2^-46 of the largest coordinate).

#include "yaan/core/geometry.hpp"

namespace yaan {

// The polygons given must be valid (see make_valid); rings come out oriented; lines and points that an overlay leaves
// over are left out. Throws std::runtime_error with GEOS's words when the topology is broken.
// Cost: O(v log v) for v vertices and crossings.

/// All features together as one feature without inner borders; one empty feature for none.
Geometry united(const Geometry& polygons);
/// What each feature shares with the features of `other` together; one feature for each, empty where they share
/// nothing.
Geometry intersection(const Geometry& polygons, const Geometry& other);
/// Each feature without the features of `other`.
Geometry difference(const Geometry& polygons, const Geometry& other);

}  // namespace yaan
