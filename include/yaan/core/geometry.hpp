#pragma once
// Geometry as plain arrays, and free functions on it.

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace yaan {

enum class GeometryKind { none, point, line, polygon };
std::string_view to_string(GeometryKind kind);

struct Box {
  double min_x = std::numeric_limits<double>::infinity();
  double min_y = std::numeric_limits<double>::infinity();
  double max_x = -std::numeric_limits<double>::infinity();
  double max_y = -std::numeric_limits<double>::infinity();

  [[nodiscard]] bool empty() const { return !(min_x <= max_x); }
  [[nodiscard]] double width() const { return max_x - min_x; }
  [[nodiscard]] double height() const { return max_y - min_y; }
  void include(double x, double y);
  void include(const Box& other);
  /// Whether they have a point in common, be it of their edges. An empty box touches nothing.
  [[nodiscard]] bool touches(const Box& other) const;
  /// Whether all of the other, which is not empty, lies in it.
  [[nodiscard]] bool holds(const Box& other) const;
  bool operator==(const Box&) const = default;
};

/// The geometries of all features of a layer, one kind, structure of arrays.
///
/// point:   feature f is (x[f], y[f]); the offset arrays are empty.
/// line:    feature f has the parts feature_parts[f] .. feature_parts[f+1]; part p has the vertices
///          ring_vertices[p] .. ring_vertices[p+1] (part_rings is empty: a part is one run of vertices).
/// polygon: feature f has the parts as above; part p has the rings part_rings[p] .. part_rings[p+1], the first of them
///          the outer ring (counter-clockwise), the rest holes (clockwise); ring r has the vertices
///          ring_vertices[r] .. ring_vertices[r+1], the first repeated at the end.
/// none:    a table; `size` says how many rows.
struct Geometry {
  GeometryKind kind = GeometryKind::none;
  std::vector<double> x;
  std::vector<double> y;
  std::vector<std::uint64_t> feature_parts;
  std::vector<std::uint64_t> part_rings;
  std::vector<std::uint64_t> ring_vertices;
  std::size_t rows = 0;  ///< features of kind none

  [[nodiscard]] std::size_t size() const;
  static Geometry points(std::vector<double> x, std::vector<double> y);
  /// An empty builder for lines or polygons: the offset arrays start with their 0.
  static Geometry empty(GeometryKind kind);

  // Builders, called in this order for each feature.
  void add_ring(std::span<const double> ring_x, std::span<const double> ring_y);  ///< or a line's part; closes no ring
  void end_part();     ///< polygon only: the rings since the last end_part make one polygon
  void end_feature();  ///< the parts since the last end_feature make one feature (there may be none)

  [[nodiscard]] Box bounds() const;
  [[nodiscard]] Box bounds(std::size_t feature) const;
  [[nodiscard]] Geometry select(const std::vector<std::uint32_t>& features) const;

  [[nodiscard]] std::span<const double> ring_x(std::size_t ring) const {
    return {x.data() + ring_vertices[ring], static_cast<std::size_t>(ring_vertices[ring + 1] - ring_vertices[ring])};
  }
  [[nodiscard]] std::span<const double> ring_y(std::size_t ring) const {
    return {y.data() + ring_vertices[ring], static_cast<std::size_t>(ring_vertices[ring + 1] - ring_vertices[ring])};
  }
};

/// Signed planar area of a ring, in squared units; counter-clockwise is positive; closed or not.
double ring_area(std::span<const double> x, std::span<const double> y);

/// Sign of the exact orientation of c against the directed line a -> b: +1 left, 0 on it, -1 right. Filtered floating
/// point with an exact fallback (after Shewchuk 1997), so it is right wherever no product overflows or
/// underflows: coordinates and differences of magnitude 0 or 1e-140 to 1e140.
int orientation(double ax, double ay, double bx, double by, double cx, double cy);

enum class Inside { outside, boundary, inside };
/// Exact point in polygon for one feature: even-odd over all rings of all parts. A point on any ring is `boundary`.
Inside locate(const Geometry& polygons, std::size_t feature, double px, double py);

/// Distance from a point to the nearest edge of a feature in its plane, in units; infinity for an empty feature.
double distance_to_edges(const Geometry& polygons, std::size_t feature, double px, double py);

/// Turns outer rings counter-clockwise and holes clockwise; returns how many rings it turned.
std::size_t orient_rings(Geometry& polygons);

struct Repair {
  Geometry geometry;                    ///< same number of features, all valid; some may be empty
  std::vector<std::uint32_t> repaired;  ///< features that were invalid
  std::vector<std::string> reasons;     ///< one for each of `repaired`, such as "Self-intersection"
  std::vector<double> area_change;      ///< one for each: area after minus before (planar, squared units)
};
/// Makes every polygon valid by GEOS's structure-preserving MakeValid; parts that collapse to lines or points are left
/// out. Rings are oriented. Complexity: GEOS validity test for each feature, O(v log v).
Repair make_valid(const Geometry& polygons);

/// Outlines of point sets, each a polygon geometry of one feature in the plane of the points (by GEOS).
/// Degenerate sets (all points equal or on one line) give a geometry with one empty feature.
Geometry convex_hull(std::span<const double> x, std::span<const double> y);
/// Concave hull whose border edges are at most `max_edge` long where that does not cut the set in two (GEOS
/// ConcaveHull, after Duckham et al. 2008); without holes.
Geometry concave_hull(std::span<const double> x, std::span<const double> y, double max_edge);
/// Union of discs of `radius` about the points, 16 segments a quarter.
Geometry buffered_union(std::span<const double> x, std::span<const double> y, double radius);
/// Polygon grown by `distance` (round joins).
Geometry buffer(const Geometry& polygons, double distance);

}  // namespace yaan
