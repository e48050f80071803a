// GEOS behind core/geometry: validity, hulls and buffers.
#include <geos_c.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <memory>
#include <stdexcept>

#include "yaan/core/geometry.hpp"

namespace yaan {

namespace {

// One GEOS context with the geometries that are made in it.
class Geos {
 public:
  struct Destroy {
    GEOSContextHandle_t context;
    void operator()(GEOSGeometry* geometry) const { GEOSGeom_destroy_r(context, geometry); }
  };
  using Shape = std::unique_ptr<GEOSGeometry, Destroy>;

  Geos() : m_context(GEOS_init_r()) { GEOSContext_setErrorMessageHandler_r(m_context, &Geos::keep_message, this); }
  ~Geos() { GEOS_finish_r(m_context); }
  Geos(const Geos&) = delete;
  Geos& operator=(const Geos&) = delete;

  [[nodiscard]] GEOSContextHandle_t get() const { return m_context; }
  Shape own(GEOSGeometry* geometry) const {
    if (geometry == nullptr) throw std::runtime_error("GEOS: " + m_message);
    return Shape(geometry, Destroy{m_context});
  }

  [[nodiscard]] Shape ring(std::span<const double> x, std::span<const double> y) const {
    GEOSCoordSequence* sequence =
        GEOSCoordSeq_copyFromArrays_r(m_context, x.data(), y.data(), nullptr, nullptr, static_cast<unsigned>(x.size()));
    return own(GEOSGeom_createLinearRing_r(m_context, sequence));
  }

  // The feature as a polygon or multipolygon. Rings need at least 4 vertices, the last equal to the first; others are
  // left out by the caller.
  [[nodiscard]] Shape feature(const Geometry& polygons, std::size_t f) const {
    std::vector<GEOSGeometry*> parts;
    for (std::size_t part = polygons.feature_parts[f]; part < polygons.feature_parts[f + 1]; ++part) {
      std::vector<GEOSGeometry*> rings;
      for (std::size_t r = polygons.part_rings[part]; r < polygons.part_rings[part + 1]; ++r) {
        if (polygons.ring_x(r).size() >= 4) {
          rings.push_back(ring(polygons.ring_x(r), polygons.ring_y(r)).release());
        } else if (r == polygons.part_rings[part]) {
          break;  // without an outer ring the holes mean nothing
        }
      }
      if (rings.empty()) continue;
      parts.push_back(GEOSGeom_createPolygon_r(m_context, rings.front(), rings.data() + 1,
                                               static_cast<unsigned>(rings.size() - 1)));
    }
    return own(
        GEOSGeom_createCollection_r(m_context, GEOS_MULTIPOLYGON, parts.data(), static_cast<unsigned>(parts.size())));
  }

  [[nodiscard]] Shape multipoint(std::span<const double> x, std::span<const double> y) const {
    std::vector<GEOSGeometry*> points;
    points.reserve(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) points.push_back(GEOSGeom_createPointFromXY_r(m_context, x[i], y[i]));
    return own(
        GEOSGeom_createCollection_r(m_context, GEOS_MULTIPOINT, points.data(), static_cast<unsigned>(points.size())));
  }

  // Appends the polygons in `shape` to the open feature of `out`; lines and points are left out.
  void append_polygons(const GEOSGeometry* shape, Geometry& out) const {
    if (GEOSGeomTypeId_r(m_context, shape) == GEOS_POLYGON) {
      if (GEOSisEmpty_r(m_context, shape) != 0) return;
      append_ring(GEOSGetExteriorRing_r(m_context, shape), out);
      const int holes = GEOSGetNumInteriorRings_r(m_context, shape);
      for (int h = 0; h < holes; ++h) append_ring(GEOSGetInteriorRingN_r(m_context, shape, h), out);
      out.end_part();
      return;
    }
    const int parts = GEOSGetNumGeometries_r(m_context, shape);
    for (int p = 0; p < parts; ++p) {
      const GEOSGeometry* part = GEOSGetGeometryN_r(m_context, shape, p);
      if (part != shape) append_polygons(part, out);
    }
  }

  [[nodiscard]] double area(const GEOSGeometry* shape) const {
    double value = 0;
    GEOSArea_r(m_context, shape, &value);
    return value;
  }

 private:
  static void keep_message(const char* message, void* self) { static_cast<Geos*>(self)->m_message = message; }

  void append_ring(const GEOSGeometry* ring, Geometry& out) const {
    const GEOSCoordSequence* sequence = GEOSGeom_getCoordSeq_r(m_context, ring);
    unsigned size = 0;
    GEOSCoordSeq_getSize_r(m_context, sequence, &size);
    std::vector<double> x(size);
    std::vector<double> y(size);
    GEOSCoordSeq_copyToArrays_r(m_context, sequence, x.data(), y.data(), nullptr, nullptr);
    out.add_ring(x, y);
  }

  GEOSContextHandle_t m_context;
  std::string m_message;
};

// Rings with fewer than 4 vertices or open ends cannot even be given to GEOS.
bool has_broken_ring(const Geometry& polygons, std::size_t f) {
  for (std::size_t part = polygons.feature_parts[f]; part < polygons.feature_parts[f + 1]; ++part)
    for (std::size_t r = polygons.part_rings[part]; r < polygons.part_rings[part + 1]; ++r)
      if (polygons.ring_x(r).size() < 4) return true;
  return false;
}

Geometry one_feature(const Geos& geos, const GEOSGeometry* shape) {
  Geometry out = Geometry::empty(GeometryKind::polygon);
  geos.append_polygons(shape, out);
  out.end_feature();
  orient_rings(out);
  return out;
}

}  // namespace

Repair make_valid(const Geometry& polygons) {
  if (polygons.kind != GeometryKind::polygon) throw std::invalid_argument("make_valid takes polygons");
  const Geos geos;
  const std::unique_ptr<GEOSMakeValidParams, std::function<void(GEOSMakeValidParams*)>> params(
      GEOSMakeValidParams_create_r(geos.get()),
      [&](GEOSMakeValidParams* p) { GEOSMakeValidParams_destroy_r(geos.get(), p); });
  GEOSMakeValidParams_setMethod_r(geos.get(), params.get(), GEOS_MAKE_VALID_STRUCTURE);
  GEOSMakeValidParams_setKeepCollapsed_r(geos.get(), params.get(), 0);

  Repair repair;
  repair.geometry = Geometry::empty(GeometryKind::polygon);
  Geometry& out = repair.geometry;
  for (std::size_t f = 0; f < polygons.size(); ++f) {
    const bool broken = has_broken_ring(polygons, f);
    const Geos::Shape shape = geos.feature(polygons, f);
    if (!broken && GEOSisValid_r(geos.get(), shape.get()) == 1) {
      for (std::size_t part = polygons.feature_parts[f]; part < polygons.feature_parts[f + 1]; ++part) {
        for (std::size_t r = polygons.part_rings[part]; r < polygons.part_rings[part + 1]; ++r)
          out.add_ring(polygons.ring_x(r), polygons.ring_y(r));
        out.end_part();
      }
      out.end_feature();
      continue;
    }
    std::string reason = "Too few points in a ring";
    if (!broken) {
      char* text = GEOSisValidReason_r(geos.get(), shape.get());
      reason = text != nullptr ? text : "invalid";
      GEOSFree_r(geos.get(), text);
      reason.resize(std::min(reason.size(), reason.find('[')));  // the place follows in brackets
    }
    const Geos::Shape fixed = geos.own(GEOSMakeValidWithParams_r(geos.get(), shape.get(), params.get()));
    geos.append_polygons(fixed.get(), out);
    out.end_feature();
    repair.repaired.push_back(static_cast<std::uint32_t>(f));
    repair.reasons.push_back(std::move(reason));
    repair.area_change.push_back(geos.area(fixed.get()) - geos.area(shape.get()));
  }
  orient_rings(out);
  return repair;
}

Geometry convex_hull(std::span<const double> x, std::span<const double> y) {
  const Geos geos;
  const auto points = geos.multipoint(x, y);
  return one_feature(geos, geos.own(GEOSConvexHull_r(geos.get(), points.get())).get());
}

Geometry concave_hull(std::span<const double> x, std::span<const double> y, double max_edge) {
  const Geos geos;
  const auto points = geos.multipoint(x, y);
  // GEOS 3.11 takes the length as a ratio between the shortest and the longest Delaunay edge, so measure those.
  const auto edges = geos.own(GEOSDelaunayTriangulation_r(geos.get(), points.get(), 0, 1));
  double shortest = std::numeric_limits<double>::infinity();
  double longest = 0;
  const int count = GEOSGetNumGeometries_r(geos.get(), edges.get());
  for (int e = 0; e < count; ++e) {
    double length = 0;
    GEOSLength_r(geos.get(), GEOSGetGeometryN_r(geos.get(), edges.get(), e), &length);
    if (length == 0) continue;
    shortest = std::min(shortest, length);
    longest = std::max(longest, length);
  }
  if (!(longest > shortest) || max_edge >= longest)
    return one_feature(geos, geos.own(GEOSConvexHull_r(geos.get(), points.get())).get());
  const double ratio = std::clamp((max_edge - shortest) / (longest - shortest), 0.0, 1.0);
  return one_feature(geos, geos.own(GEOSConcaveHull_r(geos.get(), points.get(), ratio, 0)).get());
}

Geometry buffered_union(std::span<const double> x, std::span<const double> y, double radius) {
  const Geos geos;
  const auto points = geos.multipoint(x, y);
  return one_feature(geos, geos.own(GEOSBuffer_r(geos.get(), points.get(), radius, 16)).get());
}

Geometry buffer(const Geometry& polygons, double distance) {
  const Geos geos;
  Geometry out = Geometry::empty(GeometryKind::polygon);
  for (std::size_t f = 0; f < polygons.size(); ++f) {
    const auto grown = geos.own(GEOSBuffer_r(geos.get(), geos.feature(polygons, f).get(), distance, 16));
    geos.append_polygons(grown.get(), out);
    out.end_feature();
  }
  orient_rings(out);
  return out;
}

}  // namespace yaan
