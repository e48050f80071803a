#pragma once
// GEOS as the files of core use it: one context with the geometries that are made in it.

#include <geos_c.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "yaan/core/geometry.hpp"

namespace yaan {

/// One GEOS context with the geometries that are made in it. Not thread-safe: one for each thread.
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

/// The polygons of a shape as one feature, rings oriented.
inline Geometry one_feature(const Geos& geos, const GEOSGeometry* shape) {
  Geometry out = Geometry::empty(GeometryKind::polygon);
  geos.append_polygons(shape, out);
  out.end_feature();
  orient_rings(out);
  return out;
}

}  // namespace yaan
