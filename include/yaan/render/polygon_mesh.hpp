#pragma once
// Polygons as triangles and border segments, ready for the graphics card.

#include <cstdint>
#include <vector>

#include "yaan/core/geometry.hpp"
#include "yaan/render/camera.hpp"

namespace yaan::render {

/// float32 positions relative to an origin, so that nothing is lost far from the plane's own origin: the error is below
/// 0.1 m within 1,000 km.
struct PolygonMesh {
  std::vector<float> triangles;                 ///< x, y of each corner; three corners a triangle
  std::vector<std::uint32_t> feature_corners;   ///< corners before feature f; size() + 1 entries
  std::vector<float> segments;                  ///< x, y of both ends of each border segment, holes included
  std::vector<std::uint32_t> feature_segments;  ///< segments before feature f; size() + 1 entries

  [[nodiscard]] std::size_t size() const { return feature_corners.empty() ? 0 : feature_corners.size() - 1; }
};

/// Throws std::invalid_argument unless the geometry is of polygons. Runs triangulate() for every feature on all
/// threads.
PolygonMesh polygon_mesh(const Geometry& polygons, PlanePoint origin);

}  // namespace yaan::render
