#include "yaan/core/geometry.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace yaan {

std::string_view to_string(GeometryKind kind) {
  switch (kind) {
    case GeometryKind::none: return "none";
    case GeometryKind::point: return "point";
    case GeometryKind::line: return "line";
    case GeometryKind::polygon: return "polygon";
  }
  return "";
}

void Box::include(double x, double y) {
  min_x = std::min(min_x, x);
  min_y = std::min(min_y, y);
  max_x = std::max(max_x, x);
  max_y = std::max(max_y, y);
}

void Box::include(const Box& other) {
  if (other.empty()) return;
  include(other.min_x, other.min_y);
  include(other.max_x, other.max_y);
}

bool Box::touches(const Box& other) const {
  return min_x <= other.max_x && max_x >= other.min_x && min_y <= other.max_y && max_y >= other.min_y;
}

bool Box::holds(const Box& other) const {
  return !other.empty() && min_x <= other.min_x && max_x >= other.max_x && min_y <= other.min_y && max_y >= other.max_y;
}

std::size_t Geometry::size() const {
  switch (kind) {
    case GeometryKind::none: return rows;
    case GeometryKind::point: return x.size();
    case GeometryKind::line:
    case GeometryKind::polygon: return feature_parts.empty() ? 0 : feature_parts.size() - 1;
  }
  return 0;
}

Geometry Geometry::points(std::vector<double> x, std::vector<double> y) {
  if (x.size() != y.size()) throw std::invalid_argument("points need as many x as y");
  Geometry geometry;
  geometry.kind = GeometryKind::point;
  geometry.x = std::move(x);
  geometry.y = std::move(y);
  return geometry;
}

Geometry Geometry::empty(GeometryKind kind) {
  Geometry geometry;
  geometry.kind = kind;
  if (kind == GeometryKind::line || kind == GeometryKind::polygon) {
    geometry.feature_parts = {0};
    geometry.ring_vertices = {0};
  }
  if (kind == GeometryKind::polygon) geometry.part_rings = {0};
  return geometry;
}

void Geometry::add_ring(std::span<const double> xs, std::span<const double> ys) {
  x.insert(x.end(), xs.begin(), xs.end());
  y.insert(y.end(), ys.begin(), ys.end());
  ring_vertices.push_back(x.size());
}

void Geometry::end_part() { part_rings.push_back(ring_vertices.size() - 1); }

void Geometry::end_feature() {
  feature_parts.push_back(kind == GeometryKind::polygon ? part_rings.size() - 1 : ring_vertices.size() - 1);
}

namespace {

// The vertices of parts [first, last) lie side by side.
struct VertexRange {
  std::size_t begin;
  std::size_t end;
};

VertexRange vertices_of(const Geometry& geometry, std::size_t feature) {
  if (geometry.kind == GeometryKind::point) return {feature, feature + 1};
  std::size_t first = geometry.feature_parts[feature];
  std::size_t last = geometry.feature_parts[feature + 1];
  if (geometry.kind == GeometryKind::polygon) {
    first = geometry.part_rings[first];
    last = geometry.part_rings[last];
  }
  return {geometry.ring_vertices[first], geometry.ring_vertices[last]};
}

// Calls visit(ring) for every ring of a polygon feature.
template <class Visit>
void for_each_ring(const Geometry& polygons, std::size_t feature, Visit&& visit) {
  const std::size_t first = polygons.part_rings[polygons.feature_parts[feature]];
  const std::size_t last = polygons.part_rings[polygons.feature_parts[feature + 1]];
  for (std::size_t ring = first; ring < last; ++ring) visit(ring);
}

}  // namespace

Box Geometry::bounds() const {
  Box box;
  for (std::size_t i = 0; i < x.size(); ++i) box.include(x[i], y[i]);
  return box;
}

Box Geometry::bounds(std::size_t feature) const {
  Box box;
  if (kind == GeometryKind::none) return box;
  const VertexRange range = vertices_of(*this, feature);
  for (std::size_t i = range.begin; i < range.end; ++i) box.include(x[i], y[i]);
  return box;
}

Geometry Geometry::select(const std::vector<std::uint32_t>& features) const {
  Geometry chosen = empty(kind);
  if (kind == GeometryKind::none) {
    chosen.rows = features.size();
    return chosen;
  }
  if (kind == GeometryKind::point) {
    chosen.x.reserve(features.size());
    chosen.y.reserve(features.size());
    for (const std::uint32_t f : features) {
      chosen.x.push_back(x[f]);
      chosen.y.push_back(y[f]);
    }
    return chosen;
  }
  for (const std::uint32_t f : features) {
    for (std::size_t part = feature_parts[f]; part < feature_parts[f + 1]; ++part) {
      if (kind == GeometryKind::line) {
        chosen.add_ring(ring_x(part), ring_y(part));
      } else {
        for (std::size_t ring = part_rings[part]; ring < part_rings[part + 1]; ++ring)
          chosen.add_ring(ring_x(ring), ring_y(ring));
        chosen.end_part();
      }
    }
    chosen.end_feature();
  }
  return chosen;
}

double ring_area(std::span<const double> x, std::span<const double> y) {
  const std::size_t n = x.size();
  if (n < 3) return 0;
  // Relative to the first vertex, so that large coordinates do not cancel.
  double twice = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t j = i + 1 == n ? 0 : i + 1;
    twice += (x[i] - x[0]) * (y[j] - y[0]) - (x[j] - x[0]) * (y[i] - y[0]);
  }
  return twice / 2;
}

Inside locate(const Geometry& polygons, std::size_t feature, double px, double py) {
  bool inside = false;
  bool on_edge = false;
  for_each_ring(polygons, feature, [&](std::size_t ring) {
    const auto xs = polygons.ring_x(ring);
    const auto ys = polygons.ring_y(ring);
    for (std::size_t i = 0; i + 1 < xs.size() && !on_edge; ++i) {
      const double ax = xs[i];
      const double ay = ys[i];
      const double bx = xs[i + 1];
      const double by = ys[i + 1];
      if ((py < ay && py < by) || (py > ay && py > by) || (px > ax && px > bx)) continue;
      if (ay == by) {
        on_edge = py == ay && px >= std::min(ax, bx) && px <= std::max(ax, bx);
        continue;
      }
      const int side = orientation(ax, ay, bx, by, px, py);
      if (side == 0) {
        on_edge = true;
      } else if ((ay <= py) != (by <= py) && (side > 0) == (by > ay)) {
        inside = !inside;  // the ray to the right of the point crosses this edge
      }
    }
  });
  if (on_edge) return Inside::boundary;
  return inside ? Inside::inside : Inside::outside;
}

double distance_to_edges(const Geometry& polygons, std::size_t feature, double px, double py) {
  double nearest = std::numeric_limits<double>::infinity();
  for_each_ring(polygons, feature, [&](std::size_t ring) {
    const auto xs = polygons.ring_x(ring);
    const auto ys = polygons.ring_y(ring);
    for (std::size_t i = 0; i + 1 < xs.size(); ++i) {
      const double dx = xs[i + 1] - xs[i];
      const double dy = ys[i + 1] - ys[i];
      const double length2 = dx * dx + dy * dy;
      const double along = length2 > 0 ? ((px - xs[i]) * dx + (py - ys[i]) * dy) / length2 : 0;
      const double t = std::clamp(along, 0.0, 1.0);
      nearest = std::min(nearest, std::hypot(px - (xs[i] + t * dx), py - (ys[i] + t * dy)));
    }
  });
  return nearest;
}

std::size_t orient_rings(Geometry& polygons) {
  std::size_t turned = 0;
  for (std::size_t part = 0; part + 1 < polygons.part_rings.size(); ++part) {
    for (std::size_t ring = polygons.part_rings[part]; ring < polygons.part_rings[part + 1]; ++ring) {
      const bool outer = ring == polygons.part_rings[part];
      const double area = ring_area(polygons.ring_x(ring), polygons.ring_y(ring));
      if (area == 0 || (area > 0) == outer) continue;
      const auto begin = static_cast<std::ptrdiff_t>(polygons.ring_vertices[ring]);
      const auto end = static_cast<std::ptrdiff_t>(polygons.ring_vertices[ring + 1]);
      std::reverse(polygons.x.begin() + begin, polygons.x.begin() + end);
      std::reverse(polygons.y.begin() + begin, polygons.y.begin() + end);
      ++turned;
    }
  }
  return turned;
}

}  // namespace yaan
