#include "yaan/core/inner_point.hpp"

#include <cmath>
#include <limits>

#include "core/geos.hpp"

namespace yaan {

namespace {

constexpr PlanePoint kNowhere = {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::quiet_NaN()};

// Sums about the first vertex, where the digits of small shapes are.
struct Sums {
  double x = 0;
  double y = 0;
  double weight = 0;
};

Sums ring_sums(std::span<const double> x, std::span<const double> y, PlanePoint origin) {
  Sums sums;
  for (std::size_t i = 1; i < x.size(); ++i) {
    const double ax = x[i - 1] - origin.x;
    const double ay = y[i - 1] - origin.y;
    const double bx = x[i] - origin.x;
    const double by = y[i] - origin.y;
    const double cross = ax * by - bx * ay;
    sums.x += cross * (ax + bx) / 3;
    sums.y += cross * (ay + by) / 3;
    sums.weight += cross;
  }
  return sums;
}

Sums line_sums(std::span<const double> x, std::span<const double> y, PlanePoint origin) {
  Sums sums;
  for (std::size_t i = 1; i < x.size(); ++i) {
    const double length = std::hypot(x[i] - x[i - 1], y[i] - y[i - 1]);
    sums.x += length * ((x[i] + x[i - 1]) / 2 - origin.x);
    sums.y += length * ((y[i] + y[i - 1]) / 2 - origin.y);
    sums.weight += length;
  }
  return sums;
}

}  // namespace

PlanePoint point_inside(const Geometry& polygons, std::size_t feature) {
  if (polygons.feature_parts[feature] == polygons.feature_parts[feature + 1]) return kNowhere;
  const Geos geos;
  const Geos::Shape shape = geos.feature(polygons, feature);
  const Geos::Shape point = geos.own(GEOSPointOnSurface_r(geos.get(), shape.get()));
  if (GEOSisEmpty_r(geos.get(), point.get()) != 0) return kNowhere;
  PlanePoint inside;
  GEOSGeomGetX_r(geos.get(), point.get(), &inside.x);
  GEOSGeomGetY_r(geos.get(), point.get(), &inside.y);
  return inside;
}

PlanePoint centroid(const Geometry& shapes, std::size_t feature) {
  const bool polygon = shapes.kind == GeometryKind::polygon;
  const std::size_t first_part = shapes.feature_parts[feature];
  const std::size_t last_part = shapes.feature_parts[feature + 1];
  if (first_part == last_part) return kNowhere;
  const std::size_t first = polygon ? shapes.part_rings[first_part] : first_part;
  const std::size_t last = polygon ? shapes.part_rings[last_part] : last_part;
  const PlanePoint origin = {shapes.ring_x(first).front(), shapes.ring_y(first).front()};
  Sums all;
  for (std::size_t ring = first; ring < last; ++ring) {
    const Sums one = polygon ? ring_sums(shapes.ring_x(ring), shapes.ring_y(ring), origin)
                             : line_sums(shapes.ring_x(ring), shapes.ring_y(ring), origin);
    all.x += one.x;
    all.y += one.y;
    all.weight += one.weight;
  }
  if (all.weight == 0) return origin;
  return {origin.x + all.x / all.weight, origin.y + all.y / all.weight};
}

}  // namespace yaan
