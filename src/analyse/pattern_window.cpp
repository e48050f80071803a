#include "analyse/pattern_window.hpp"

#include <algorithm>
#include <cmath>

#include "yaan/core/inner_point.hpp"

namespace yaan {

namespace {

constexpr std::size_t kGridPoints = 1 << 15;  // fineness of the grid; simulated patterns are looked up in it as well
constexpr std::uint32_t kMostStrips = 4096;

bool is_box(const Geometry& shape, const Box& box) {
  if (shape.ring_vertices.size() != 2 || shape.x.size() != 5) return false;
  for (std::size_t v = 0; v < 4; ++v) {
    const bool corner =
        (shape.x[v] == box.min_x || shape.x[v] == box.max_x) && (shape.y[v] == box.min_y || shape.y[v] == box.max_y);
    if (!corner || (shape.x[v] == shape.x[v + 1]) == (shape.y[v] == shape.y[v + 1])) return false;
  }
  return true;
}

}  // namespace

PatternWindow::PatternWindow(Geometry polygon)
    : m_shape(std::make_unique<const Geometry>(std::move(polygon))),
      m_grid(std::make_unique<const AreaGrid>(*m_shape, kGridPoints)) {
  const Geometry& shape = *m_shape;
  for (std::size_t ring = 0; ring + 1 < shape.ring_vertices.size(); ++ring) {
    const auto x = shape.ring_x(ring), y = shape.ring_y(ring);
    m_area += ring_area(x, y);
    for (std::size_t v = 0; v + 1 < x.size(); ++v) {
      if (x[v] == x[v + 1] && y[v] == y[v + 1]) continue;
      m_edges.push_back({x[v], y[v], x[v + 1], y[v + 1]});
      m_perimeter += std::hypot(x[v + 1] - x[v], y[v + 1] - y[v]);
    }
  }
  if (m_edges.empty()) return;
  m_rectangle = is_box(shape, bounds());
  const auto strips = static_cast<std::uint32_t>(std::clamp<std::size_t>(m_edges.size() / 4, 1, kMostStrips));
  m_strips = Intervals(bounds().min_y, bounds().max_y, strips);
  m_strip_begin.assign(m_strips.count + 1, 0);
  const auto for_strips = [&](const auto& act) {
    for (std::uint32_t e = 0; e < m_edges.size(); ++e) {
      const auto [low, high] = std::minmax(m_edges[e].ay, m_edges[e].by);
      for (std::uint32_t s = m_strips.at(low); s <= m_strips.at(high); ++s) act(s, e);
    }
  };
  for_strips([&](std::uint32_t s, std::uint32_t) { ++m_strip_begin[s + 1]; });
  for (std::uint32_t s = 0; s < m_strips.count; ++s) m_strip_begin[s + 1] += m_strip_begin[s];
  m_strip_edges.resize(m_strip_begin.back());
  std::vector<std::uint32_t> next(m_strip_begin.begin(), m_strip_begin.end() - 1);
  for_strips([&](std::uint32_t s, std::uint32_t e) { m_strip_edges[next[s]++] = e; });
}

void PatternWindow::edges_near(const Box& box, double distance, std::vector<BorderEdge>& near) const {
  near.clear();
  if (m_edges.empty()) return;
  const double low = box.min_y - distance, high = box.max_y + distance;
  const double left = box.min_x - distance, right = box.max_x + distance;
  std::vector<std::uint32_t> found;
  for (std::uint32_t s = m_strips.at(low); s <= m_strips.at(high); ++s)
    for (std::uint32_t i = m_strip_begin[s]; i < m_strip_begin[s + 1]; ++i) {
      const BorderEdge& edge = m_edges[m_strip_edges[i]];
      if (std::max(edge.ax, edge.bx) < left || std::min(edge.ax, edge.bx) > right) continue;
      if (std::max(edge.ay, edge.by) < low || std::min(edge.ay, edge.by) > high) continue;
      found.push_back(m_strip_edges[i]);
    }
  std::sort(found.begin(), found.end());  // an edge stands in each strip that it meets
  found.erase(std::unique(found.begin(), found.end()), found.end());
  for (const std::uint32_t e : found) near.push_back(m_edges[e]);
}

Geometry rectangle_of(const Box& box) {
  Geometry shape = Geometry::empty(GeometryKind::polygon);
  if (box.min_x < box.max_x && box.min_y < box.max_y) {
    shape.add_ring(std::vector{box.min_x, box.max_x, box.max_x, box.min_x, box.min_x},
                   std::vector{box.min_y, box.min_y, box.max_y, box.max_y, box.min_y});
    shape.end_part();
  }
  shape.end_feature();
  return shape;
}

Geometry rectangle_window(std::span<const double> x, std::span<const double> y) {
  Box box;
  for (std::size_t i = 0; i < x.size(); ++i) box.include(x[i], y[i]);
  const auto n = static_cast<double>(x.size());
  if (n >= 2) {
    const double margin = ((n + 1) / (n - 1) - 1) / 2;
    const double beside = box.width() * margin, above = box.height() * margin;
    box = {box.min_x - beside, box.min_y - above, box.max_x + beside, box.max_y + above};
  }
  return rectangle_of(box);
}

Geometry ripley_rasson_window(std::span<const double> x, std::span<const double> y) {
  Geometry hull = convex_hull(x, y);
  if (hull.x.empty()) return hull;
  const auto n = static_cast<double>(x.size()), corners = static_cast<double>(hull.x.size() - 1);
  const double growth = corners < n ? 1 / std::sqrt(1 - corners / n) : (n + 1) / (n - 1);
  const PlanePoint centre = centroid(hull, 0);
  for (double& value : hull.x) value = centre.x + growth * (value - centre.x);
  for (double& value : hull.y) value = centre.y + growth * (value - centre.y);
  orient_rings(hull);
  return hull;
}

}  // namespace yaan
