#include "analyse/ground_areas.hpp"

#include <cmath>

#include "analyse/degree_area.hpp"
#include "yaan/core/antimeridian.hpp"

namespace yaan {

namespace {

Path open_path(const Geometry& shapes, std::size_t ring) {
  const std::span<const double> x = shapes.ring_x(ring);
  const std::span<const double> y = shapes.ring_y(ring);
  Path path;
  for (std::size_t i = 0; i + 1 < x.size(); ++i) path.push(x[i], y[i]);
  return path;
}

void add_closed(Geometry& shapes, Path path) {
  if (path.size() == 0) return;
  path.push(path.x.front(), path.y.front());
  shapes.add_ring(path.x, path.y);
}

bool crosses(const Geometry& shapes) {
  for (std::size_t ring = 0; ring + 1 < shapes.ring_vertices.size(); ++ring)
    if (needs_cutting(open_path(shapes, ring), true)) return true;
  return false;
}

Geometry cut(const Geometry& shapes) {
  Geometry result = Geometry::empty(GeometryKind::polygon);
  for (std::size_t f = 0; f < shapes.size(); ++f) {
    for (std::size_t part = shapes.feature_parts[f]; part < shapes.feature_parts[f + 1]; ++part) {
      RingSet rings;
      for (std::size_t ring = shapes.part_rings[part]; ring < shapes.part_rings[part + 1]; ++ring)
        rings.push_back(open_path(shapes, ring));
      for (RingSet& piece : cut_polygon(rings)) {
        for (Path& path : piece) add_closed(result, std::move(path));
        result.end_part();
      }
    }
    result.end_feature();
  }
  return result;
}

double plane_area(const Geometry& shapes, std::size_t feature) {
  double sum = 0;  // rings are oriented, so holes count against their outer ring
  for (std::size_t part = shapes.feature_parts[feature]; part < shapes.feature_parts[feature + 1]; ++part)
    for (std::size_t ring = shapes.part_rings[part]; ring < shapes.part_rings[part + 1]; ++ring)
      sum += ring_area(shapes.ring_x(ring), shapes.ring_y(ring));
  return sum;
}

}  // namespace

Layer in_degrees(const Layer& polygons) {
  Layer degrees = reprojected(polygons, Crs::wgs84());
  if (polygons.crs.kind() == Crs::Kind::projected && crosses(degrees.geometry))
    degrees.geometry = cut(degrees.geometry);
  return degrees;
}

std::vector<double> ground_areas_km2(const Layer& polygons) {
  std::vector<double> areas;
  const bool local = polygons.crs.kind() == Crs::Kind::local;
  const Layer degrees = local ? Layer() : in_degrees(polygons);
  for (std::size_t f = 0; f < polygons.size(); ++f)
    areas.push_back(std::abs(local ? plane_area(polygons.geometry, f) : degree_area(degrees.geometry, f)) / 1e6);
  return areas;
}

}  // namespace yaan
