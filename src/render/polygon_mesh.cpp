#include "yaan/render/polygon_mesh.hpp"

#include "yaan/core/parallel.hpp"
#include "yaan/core/triangulate.hpp"

namespace yaan::render {

PolygonMesh polygon_mesh(const Geometry& polygons, PlanePoint origin) {
  const std::size_t features = polygons.size();
  std::vector<Triangles> cut(features);
  parallel_blocks(features, 1, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t f = begin; f < end; ++f) cut[f] = triangulate(polygons, f);
  });

  PolygonMesh mesh;
  mesh.feature_corners.push_back(0);
  mesh.feature_segments.push_back(0);
  for (std::size_t f = 0; f < features; ++f) {
    for (std::size_t i = 0; i < cut[f].x.size(); ++i) {
      mesh.triangles.push_back(static_cast<float>(cut[f].x[i] - origin.x));
      mesh.triangles.push_back(static_cast<float>(cut[f].y[i] - origin.y));
    }
    mesh.feature_corners.push_back(static_cast<std::uint32_t>(mesh.triangles.size() / 2));
    for (std::size_t part = polygons.feature_parts[f]; part < polygons.feature_parts[f + 1]; ++part) {
      for (std::size_t ring = polygons.part_rings[part]; ring < polygons.part_rings[part + 1]; ++ring) {
        const auto x = polygons.ring_x(ring);
        const auto y = polygons.ring_y(ring);
        for (std::size_t i = 0; i + 1 < x.size(); ++i)
          for (const double value : {x[i] - origin.x, y[i] - origin.y, x[i + 1] - origin.x, y[i + 1] - origin.y})
            mesh.segments.push_back(static_cast<float>(value));
      }
    }
    mesh.feature_segments.push_back(static_cast<std::uint32_t>(mesh.segments.size() / 4));
  }
  return mesh;
}

}  // namespace yaan::render
