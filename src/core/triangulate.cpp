// GEOS's constrained Delaunay triangulation behind core/triangulate.
#include "yaan/core/triangulate.hpp"

#include <geos_c.h>

#include <array>
#include <cstdint>
#include <memory>
#include <stdexcept>

namespace yaan {

namespace {

struct FinishContext {
  void operator()(GEOSContextHandle_HS* context) const { GEOS_finish_r(context); }
};
using Context = std::unique_ptr<GEOSContextHandle_HS, FinishContext>;

struct DestroyShape {
  GEOSContextHandle_t context;
  void operator()(GEOSGeometry* geometry) const { GEOSGeom_destroy_r(context, geometry); }
};
using Shape = std::unique_ptr<GEOSGeometry, DestroyShape>;

// One part with its holes; null when GEOS cannot take it.
Shape part_shape(GEOSContextHandle_t context, const Geometry& polygons, std::size_t part) {
  std::vector<GEOSGeometry*> rings;
  for (std::size_t r = polygons.part_rings[part]; r < polygons.part_rings[part + 1]; ++r) {
    const auto x = polygons.ring_x(r);
    const auto y = polygons.ring_y(r);
    if (x.size() < 4) {
      if (rings.empty()) return Shape(nullptr, DestroyShape{context});
      continue;
    }
    GEOSCoordSequence* sequence =
        GEOSCoordSeq_copyFromArrays_r(context, x.data(), y.data(), nullptr, nullptr, static_cast<unsigned>(x.size()));
    GEOSGeometry* ring = GEOSGeom_createLinearRing_r(context, sequence);
    if (ring == nullptr) {
      for (GEOSGeometry* made : rings) GEOSGeom_destroy_r(context, made);
      return Shape(nullptr, DestroyShape{context});
    }
    rings.push_back(ring);
  }
  if (rings.empty()) return Shape(nullptr, DestroyShape{context});
  return Shape(
      GEOSGeom_createPolygon_r(context, rings.front(), rings.data() + 1, static_cast<unsigned>(rings.size() - 1)),
      DestroyShape{context});
}

void append_triangle(GEOSContextHandle_t context, const GEOSGeometry* triangle, Triangles& out) {
  const GEOSGeometry* ring = GEOSGetExteriorRing_r(context, triangle);
  const GEOSCoordSequence* sequence = GEOSGeom_getCoordSeq_r(context, ring);
  std::array<double, 3> x{};
  std::array<double, 3> y{};
  for (unsigned i = 0; i < 3; ++i) GEOSCoordSeq_getXY_r(context, sequence, i, &x[i], &y[i]);
  const bool turned = orientation(x[0], y[0], x[1], y[1], x[2], y[2]) < 0;
  for (const std::size_t i : turned ? std::array<std::size_t, 3>{0, 2, 1} : std::array<std::size_t, 3>{0, 1, 2}) {
    out.x.push_back(x[i]);
    out.y.push_back(y[i]);
  }
}

// False when GEOS cannot triangulate the part; `out` is unchanged then.
bool append_part(GEOSContextHandle_t context, const Geometry& polygons, std::size_t part, Triangles& out) {
  const Shape shape = part_shape(context, polygons, part);
  if (!shape || GEOSisValid_r(context, shape.get()) != 1) return false;
  const Shape triangles(GEOSConstrainedDelaunayTriangulation_r(context, shape.get()), DestroyShape{context});
  if (!triangles) return false;
  const int count = GEOSGetNumGeometries_r(context, triangles.get());
  for (int t = 0; t < count; ++t) append_triangle(context, GEOSGetGeometryN_r(context, triangles.get(), t), out);
  return true;
}

bool append_feature(GEOSContextHandle_t context, const Geometry& polygons, std::size_t feature, Triangles& out) {
  for (std::size_t part = polygons.feature_parts[feature]; part < polygons.feature_parts[feature + 1]; ++part)
    if (!append_part(context, polygons, part, out)) return false;
  return true;
}

}  // namespace

Triangles triangulate(const Geometry& polygons, std::size_t feature) {
  if (polygons.kind != GeometryKind::polygon) throw std::invalid_argument("triangulate takes polygons");
  const Context context(GEOS_init_r());
  Triangles out;
  if (append_feature(context.get(), polygons, feature, out)) return out;
  out = {};
  const Geometry valid = make_valid(polygons.select({static_cast<std::uint32_t>(feature)})).geometry;
  append_feature(context.get(), valid, 0, out);
  return out;
}

}  // namespace yaan
