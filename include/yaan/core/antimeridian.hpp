#pragma once
// Lines and polygons in longitude and latitude, cut where they cross the antimeridian (RFC 7946 section 3.1.9).

#include <vector>

namespace yaan {

/// A run of vertices; as a ring it is not closed by a repeated vertex.
struct Path {
  std::vector<double> x;
  std::vector<double> y;
  [[nodiscard]] std::size_t size() const { return x.size(); }
  void push(double px, double py) {
    x.push_back(px);
    y.push_back(py);
  }
};

/// The outer ring first, then the holes.
using RingSet = std::vector<Path>;

/// Longitude in -180..180; both ends stay as they are.
double wrapped_longitude(double lon);

/// Is there an edge longer than 180 degrees (but not of exactly 360, nor along a pole) or a longitude outside
/// -180..180?
bool needs_cutting(const Path& path, bool closed);

/// Parts of a line within -180..180, in order; edges longer than 180 degrees go the short way round.
std::vector<Path> cut_line(const Path& line);

/// Polygons within -180..180 that together cover the polygon; edges longer than 180 degrees go the short way round.
/// Outer rings come counter-clockwise, holes clockwise, whatever the input. A ring that goes round a pole is closed
/// over the pole on its side (by its mean latitude). Edges are straight in longitude and latitude. The rings must be
/// simple. Cost: O(v log v).
std::vector<RingSet> cut_polygon(const RingSet& polygon);

/// Twice the signed area of an open ring in its plane; counter-clockwise is positive.
double doubled_area(const Path& ring);

}  // namespace yaan
