#pragma once
// Polygons that many small shapes are cut with.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "yaan/core/geometry.hpp"
#include "yaan/core/progress.hpp"

namespace yaan {

/// A set of polygons as one piece of ground: what of a shape lies on it? Overlaps and borders between the polygons do
/// not show. Shapes and polygons are valid (see make_valid) and in one plane.
/// Not thread-safe. Throws std::runtime_error with GEOS's words when an overlay fails.
class PolygonIndex {
 public:
  /// Unites the features: O(v log v) for v vertices.
  explicit PolygonIndex(const Geometry& polygons);
  ~PolygonIndex();
  PolygonIndex(PolygonIndex&&) noexcept;
  PolygonIndex& operator=(PolygonIndex&&) noexcept;

  [[nodiscard]] const Box& bounds() const;
  [[nodiscard]] bool covers(double x, double y) const;  ///< inside or on the border
  /// One feature shifted by (dx, 0) and cut to this ground; an empty one when nothing is left. `unchanged` says that
  /// the ground covers all of it; the feature comes back as it was.
  /// Expected O(log p + v) for p parts and v vertices of the feature and of the parts that cross its border.
  [[nodiscard]] Geometry clipped(const Geometry& shapes, std::size_t feature, double dx, bool& unchanged) const;

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

/// Pairs (a, b), a < b, of features whose boxes meet, in ascending order; empty features meet nothing.
/// O((n + pairs) log n).
std::vector<std::pair<std::uint32_t, std::uint32_t>> meeting_boxes(const Geometry& shapes);

/// Each feature without the ground of all features before it; the first ones keep theirs. The flags in `changed` (one
/// for each feature) say which lost some. Features that lose nothing come back as they were. O(n log n) and an overlay
/// for each feature with neighbours. Throws Cancelled.
Geometry without_earlier(const Geometry& shapes, std::vector<std::uint8_t>& changed, const Progress& progress);

}  // namespace yaan
