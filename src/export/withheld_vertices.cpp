#include "export/withheld_vertices.hpp"

namespace yaan {

namespace {

struct Ring {
  std::vector<double> x;
  std::vector<double> y;
  std::size_t removed = 0;
};

/// The vertices of ring or line part `index` that may be shown. A polygon's ring comes back closed, or empty when fewer
/// than three vertices are left; a line's part is empty below two.
Ring shown_ring(const Geometry& geometry, std::size_t index, const PublicationPolicy& policy) {
  const auto xs = geometry.ring_x(index);
  const auto ys = geometry.ring_y(index);
  const bool closed = geometry.kind == GeometryKind::polygon;
  const std::size_t vertices = closed && !xs.empty() ? xs.size() - 1 : xs.size();
  Ring ring;
  for (std::size_t i = 0; i < vertices; ++i) {
    if (policy.betrayed_by(xs[i], ys[i])) {
      ++ring.removed;
    } else {
      ring.x.push_back(xs[i]);
      ring.y.push_back(ys[i]);
    }
  }
  if (ring.x.size() < (closed ? 3U : 2U)) {
    ring.x.clear();
    ring.y.clear();
  } else if (closed) {
    ring.x.push_back(ring.x.front());
    ring.y.push_back(ring.y.front());
  }
  return ring;
}

/// Feature f without its protected vertices, added to `shown`; returns how many there were.
std::size_t add_shown(Geometry& shown, const Geometry& geometry, std::size_t f, const PublicationPolicy& policy) {
  std::size_t removed = 0;
  for (std::uint64_t part = geometry.feature_parts[f]; part < geometry.feature_parts[f + 1]; ++part) {
    if (geometry.kind == GeometryKind::line) {
      const Ring ring = shown_ring(geometry, part, policy);
      removed += ring.removed;
      if (!ring.x.empty()) shown.add_ring(ring.x, ring.y);
      continue;
    }
    bool outer_left = false;
    const std::uint64_t first = geometry.part_rings[part];
    for (std::uint64_t index = first; index < geometry.part_rings[part + 1]; ++index) {
      const Ring ring = shown_ring(geometry, index, policy);
      removed += ring.removed;
      if (index == first) outer_left = !ring.x.empty();
      if (outer_left && !ring.x.empty()) shown.add_ring(ring.x, ring.y);
    }
    if (outer_left) shown.end_part();
  }
  shown.end_feature();
  return removed;
}

void add_copy(Geometry& target, const Geometry& source, std::size_t f) {
  for (std::uint64_t part = source.feature_parts[f]; part < source.feature_parts[f + 1]; ++part) {
    if (source.kind == GeometryKind::line) {
      target.add_ring(source.ring_x(part), source.ring_y(part));
      continue;
    }
    for (std::uint64_t ring = source.part_rings[part]; ring < source.part_rings[part + 1]; ++ring)
      target.add_ring(source.ring_x(ring), source.ring_y(ring));
    target.end_part();
  }
  target.end_feature();
}

}  // namespace

std::size_t withhold_vertices(Geometry& geometry, const PublicationPolicy& policy) {
  if (geometry.kind != GeometryKind::line && geometry.kind != GeometryKind::polygon) return 0;
  bool any = false;
  for (std::size_t i = 0; i < geometry.x.size() && !any; ++i) any = policy.betrayed_by(geometry.x[i], geometry.y[i]);
  if (!any) return 0;

  std::size_t removed = 0;
  Geometry result = Geometry::empty(geometry.kind);
  for (std::size_t f = 0; f < geometry.size(); ++f) {
    Geometry shown = Geometry::empty(geometry.kind);
    const std::size_t lost = add_shown(shown, geometry, f, policy);
    removed += lost;
    // Without the vertex, edges may cross: other features stay to the bit as they are.
    if (lost != 0 && geometry.kind == GeometryKind::polygon) shown = make_valid(shown).geometry;
    add_copy(result, shown, 0);
  }
  geometry = std::move(result);
  return removed;
}

}  // namespace yaan
