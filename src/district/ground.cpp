#include "district/ground.hpp"

#include <fmt/format.h>

#include "yaan/core/error.hpp"
#include "yaan/core/geodesy.hpp"

namespace yaan {

Positions positions_of(const Layer& points) {
  if (points.crs.kind() == Crs::Kind::none)
    throw UsageError(fmt::format("layer {} has no CRS, so its districts cannot be measured", points.name),
                     "give it with --crs");
  Positions positions{points.crs.kind() != Crs::Kind::local, points.geometry.x, points.geometry.y};
  if (positions.geographic && !points.crs.is_wgs84()) {
    const Layer degrees = reprojected(points, Crs::wgs84());
    positions.x = degrees.geometry.x;
    positions.y = degrees.geometry.y;
  }
  return positions;
}

Ground::Ground(const Positions& positions)
    : m_geographic(positions.geographic),
      m_plane(positions.geographic ? TangentPlane::around(positions.x, positions.y) : TangentPlane(0, 0)) {}

TangentPlane::Place Ground::to_plane(double x, double y) const {
  return m_geographic ? m_plane.to_plane(x, y) : TangentPlane::Place{x, y};
}

Geometry Ground::from_plane(Geometry polygons) const {
  if (!m_geographic) return polygons;
  for (std::size_t i = 0; i < polygons.x.size(); ++i) {
    const auto place = m_plane.to_degrees(polygons.x[i], polygons.y[i]);
    polygons.x[i] = place.x;
    polygons.y[i] = place.y;
  }
  return polygons;
}

double turned_to(double lon, double centre) {
  while (lon - centre > 180) lon -= 360;
  while (lon - centre < -180) lon += 360;
  return lon;
}

void append_feature(const Geometry& from, std::size_t feature, Geometry& to) {
  if (feature < from.size())
    for (std::size_t part = from.feature_parts[feature]; part < from.feature_parts[feature + 1]; ++part) {
      for (std::size_t r = from.part_rings[part]; r < from.part_rings[part + 1]; ++r)
        to.add_ring(from.ring_x(r), from.ring_y(r));
      to.end_part();
    }
  to.end_feature();
}

double area_km2(const Geometry& polygons, bool geographic) {
  double square_metres = 0;
  for (std::size_t ring = 0; ring + 1 < polygons.ring_vertices.size(); ++ring)
    square_metres += geographic ? geodesic_ring_area(polygons.ring_x(ring), polygons.ring_y(ring))
                                : ring_area(polygons.ring_x(ring), polygons.ring_y(ring));
  return square_metres / 1e6;
}

}  // namespace yaan
