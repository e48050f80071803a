#include "district/barriers.hpp"

#include <algorithm>
#include <cmath>

#include "district/ground.hpp"

namespace yaan {

namespace {

constexpr std::uint32_t kLeaf = 8;

bool meet(const Box& a, const Box& b) {
  return a.min_x <= b.max_x && b.min_x <= a.max_x && a.min_y <= b.max_y && b.min_y <= a.max_y;
}

Box box_of(double ax, double ay, double bx, double by) {
  return {std::min(ax, bx), std::min(ay, by), std::max(ax, bx), std::max(ay, by)};
}

}  // namespace

Barriers::Barriers(const Geometry& lines, bool geographic) : m_geographic(geographic) {
  for (std::size_t part = 0; part + 1 < lines.ring_vertices.size(); ++part) {
    const auto x = lines.ring_x(part);
    const auto y = lines.ring_y(part);
    for (std::size_t i = 0; i + 1 < x.size(); ++i) {
      Edge edge{x[i], y[i], x[i + 1], y[i + 1]};
      if (!std::isfinite(edge.ax) || !std::isfinite(edge.ay) || !std::isfinite(edge.bx) || !std::isfinite(edge.by))
        continue;
      if (geographic) {
        edge.ax = turned_to(edge.ax, 0);
        edge.bx = turned_to(edge.bx, edge.ax);
      }
      m_edges.push_back(edge);
    }
  }
  if (!m_edges.empty()) build(0, static_cast<std::uint32_t>(m_edges.size()));
}

std::uint32_t Barriers::build(std::uint32_t begin, std::uint32_t end) {
  const auto number = static_cast<std::uint32_t>(m_nodes.size());
  Node node{{}, begin, end, 0};
  for (std::uint32_t e = begin; e < end; ++e)
    node.box.include(box_of(m_edges[e].ax, m_edges[e].ay, m_edges[e].bx, m_edges[e].by));
  m_nodes.push_back(node);
  if (end - begin <= kLeaf) return number;
  const bool wide = node.box.width() > node.box.height();
  const std::uint32_t middle = begin + (end - begin) / 2;
  std::nth_element(
      m_edges.begin() + begin, m_edges.begin() + middle, m_edges.begin() + end,
      [wide](const Edge& a, const Edge& b) { return wide ? a.ax + a.bx < b.ax + b.bx : a.ay + a.by < b.ay + b.by; });
  build(begin, middle);
  const std::uint32_t right = build(middle, end);
  m_nodes[number].right = right;
  return number;
}

template <class Test>
bool Barriers::any(const Box& box, const Test& test) const {
  if (m_nodes.empty()) return false;
  std::vector<std::uint32_t> open = {0};
  while (!open.empty()) {
    const std::uint32_t number = open.back();
    const Node& node = m_nodes[number];
    open.pop_back();
    if (!meet(node.box, box)) continue;
    if (node.right == 0) {
      for (std::uint32_t e = node.begin; e < node.end; ++e)
        if (test(m_edges[e])) return true;
      continue;
    }
    open.push_back(node.right);
    open.push_back(number + 1);
  }
  return false;
}

bool Barriers::near(const Box& box) const {
  const auto meets = [&](double turn) {
    const Box turned{box.min_x + turn, box.min_y, box.max_x + turn, box.max_y};
    return any(turned, [&](const Edge& edge) { return meet(box_of(edge.ax, edge.ay, edge.bx, edge.by), turned); });
  };
  return meets(0) || (m_geographic && (meets(-360) || meets(360)));
}

bool Barriers::between(double px, double py, double qx, double qy) const {
  if (m_geographic) {
    px = turned_to(px, 0);
    qx = turned_to(qx, px);
  }
  if (px == qx && py == qy) return false;
  const auto crossed = [&](double turn) {
    const double ax = px + turn;
    const double bx = qx + turn;
    const Box box = box_of(ax, py, bx, qy);
    return any(box, [&](const Edge& edge) {
      if (!meet(box_of(edge.ax, edge.ay, edge.bx, edge.by), box)) return false;
      // With boxes that meet, segments share a point exactly when neither lies strictly on one side of the other's
      // line; that holds for segments on one line too.
      return orientation(edge.ax, edge.ay, edge.bx, edge.by, ax, py) *
                     orientation(edge.ax, edge.ay, edge.bx, edge.by, bx, qy) <=
                 0 &&
             orientation(ax, py, bx, qy, edge.ax, edge.ay) * orientation(ax, py, bx, qy, edge.bx, edge.by) <= 0;
    });
  };
  return crossed(0) || (m_geographic && (crossed(-360) || crossed(360)));
}

}  // namespace yaan
