// GEOS behind core/geometry: validity, hulls and buffers.
#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <memory>
#include <stdexcept>

#include "core/geos.hpp"
#include "yaan/core/geometry.hpp"

namespace yaan {

namespace {

// Rings with fewer than 4 vertices or open ends cannot even be given to GEOS.
bool has_broken_ring(const Geometry& polygons, std::size_t f) {
  for (std::size_t part = polygons.feature_parts[f]; part < polygons.feature_parts[f + 1]; ++part)
    for (std::size_t r = polygons.part_rings[part]; r < polygons.part_rings[part + 1]; ++r)
      if (polygons.ring_x(r).size() < 4) return true;
  return false;
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
