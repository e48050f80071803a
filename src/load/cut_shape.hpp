#pragma once
// Lines and polygons in degrees that go across the 180th meridian, in whatever way their longitudes are counted.

#include "load/wkb.hpp"

namespace yaan {

/// Cuts the shape at the 180th meridian, as RFC 7946 asks (section 3.1.9), where one of these shows that it crosses it
/// or that its longitudes are counted otherwise than from -180 to 180; true when it did:
///   - a longitude beyond 180 degrees, up to 360 either way;
///   - an edge longer than 180 degrees of longitude, which is taken the short way round. Edges of exactly 360 degrees
///     and those along a pole stay as they are;
///   - a ring that goes once round the earth, which is closed over the pole on its side.
/// Leaves alone points, and shapes with a coordinate that is not finite, beyond 360 or beyond 90 degrees of latitude.
/// Edges are straight in degrees. O(v log v); a shape that needs nothing is read once.
bool cut_at_antimeridian(Shape& shape);

}  // namespace yaan
