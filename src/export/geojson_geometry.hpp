#pragma once
// Geometries of a WGS 84 layer as GeoJSON geometry objects with rounded coordinates.

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "yaan/core/geometry.hpp"

namespace yaan {

/// A feature's positions in units of the last decimal written, ready to be written.
struct RoundedFeature {
  using Position = std::pair<std::int64_t, std::int64_t>;
  std::vector<std::vector<std::vector<Position>>> polygons;  ///< polygon: closed rings, right-hand rule
  std::vector<std::vector<Position>> lines;                  ///< line: parts
  std::vector<Position> points;                              ///< point: one, or none
  std::uint64_t collapsed = 0;                               ///< rings and parts left out
  [[nodiscard]] bool empty() const { return polygons.empty() && lines.empty() && points.empty(); }
};

class GeoJsonGeometry {
 public:
  /// decimals 0 to 12.
  GeoJsonGeometry(const Geometry& geometry, int decimals);
  /// Feature f: cut at the antimeridian, rounded, oriented. The result is reused by the next call.
  const RoundedFeature& rounded(std::size_t f);
  /// Appends the geometry object of the feature, `null` when it is empty.
  void append(std::string& out, const RoundedFeature& feature) const;
  /// Appends `[west,south,east,north]` of all features; nothing when there is no position. Cost: O(v log v) at worst.
  void append_bbox(std::string& out);

 private:
  void round_polygon(std::size_t part);
  void round_line(std::size_t part);
  void append_number(std::string& out, std::int64_t value) const;
  void append_position(std::string& out, RoundedFeature::Position position) const;
  void append_path(std::string& out, std::span<const RoundedFeature::Position> path) const;

  const Geometry& m_geometry;
  int m_decimals;
  double m_scale = 1;
  std::int64_t m_unit = 1;  ///< one degree
  RoundedFeature m_feature;
};

}  // namespace yaan
