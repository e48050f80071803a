#include "yaan/core/overlay.hpp"

#include <stdexcept>

#include "core/geos.hpp"
#include "core/snapped_overlay.hpp"

namespace yaan {

namespace {

Geos::Shape united_shape(const Geos& geos, const Geometry& polygons) {
  if (polygons.kind != GeometryKind::polygon) throw std::invalid_argument("an overlay takes polygons");
  if (polygons.size() == 1) return geos.feature(polygons, 0);
  std::vector<GEOSGeometry*> features;
  features.reserve(polygons.size());
  for (std::size_t f = 0; f < polygons.size(); ++f) features.push_back(geos.feature(polygons, f).release());
  const Geos::Shape all = geos.own(GEOSGeom_createCollection_r(geos.get(), GEOS_GEOMETRYCOLLECTION, features.data(),
                                                               static_cast<unsigned>(features.size())));
  return snapped_union(geos, all.get());
}

using Overlay = Geos::Shape (*)(const Geos&, const GEOSGeometry*, const GEOSGeometry*);

Geometry overlaid(const Geometry& polygons, const Geometry& other, Overlay overlay) {
  if (polygons.kind != GeometryKind::polygon) throw std::invalid_argument("an overlay takes polygons");
  const Geos geos;
  const Geos::Shape second = united_shape(geos, other);
  Geometry out = Geometry::empty(GeometryKind::polygon);
  for (std::size_t f = 0; f < polygons.size(); ++f) {
    const Geos::Shape first = geos.feature(polygons, f);
    geos.append_polygons(overlay(geos, first.get(), second.get()).get(), out);
    out.end_feature();
  }
  orient_rings(out);
  return out;
}

}  // namespace

Geometry united(const Geometry& polygons) {
  const Geos geos;
  return one_feature(geos, united_shape(geos, polygons).get());
}

Geometry intersection(const Geometry& polygons, const Geometry& other) {
  return overlaid(polygons, other, snapped_intersection);
}

Geometry difference(const Geometry& polygons, const Geometry& other) {
  return overlaid(polygons, other, snapped_difference);
}

}  // namespace yaan
