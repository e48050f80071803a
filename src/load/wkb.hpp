#pragma once
// Well-known binary (OGC 06-103r4, with the older Z and SRID flags) straight into coordinate arrays.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "yaan/core/geometry.hpp"

namespace yaan {

/// One decoded geometry; kept by the caller and filled anew, so that its memory is used again.
struct Shape {
  bool has_points = false;
  bool has_lines = false;
  bool has_polygons = false;
  bool has_z = false;
  bool has_m = false;
  std::size_t closed_rings = 0;  ///< rings that were open and have been closed
  std::vector<double> x;
  std::vector<double> y;
  std::vector<std::size_t> ring_ends;  ///< in vertices; rings, or the parts of lines
  std::vector<std::size_t> part_ends;  ///< in rings; polygons only

  void clear();
  /// The one kind of all members; none when there is no vertex or when kinds are mixed.
  [[nodiscard]] GeometryKind kind() const;
};

enum class WkbResult {
  decoded,
  curved,    ///< a curve or surface type that only OGR knows
  malformed  ///< ends too early, or states counts that its bytes cannot hold
};

/// Decodes points, lines, polygons, their multi kinds, and collections. Z and M are left out; empty parts add nothing
/// (a point whose coordinates are all NaN is the empty point). Every count is checked against the bytes that remain, so
/// no input makes it read beyond the span or reserve more than the span could fill. Precondition: `shape` is cleared.
WkbResult decode_wkb(std::span<const std::uint8_t> bytes, Shape& shape);

}  // namespace yaan
