#include "analyse/border_view.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace yaan {

namespace {

constexpr double kFull = 2 * std::numbers::pi;
constexpr double kTouch = 1e-9;  // radians: a circle that only touches the border lies inside

}  // namespace

void BorderView::look_from(double x, double y) {
  m_edges.clear();
  double least = std::numeric_limits<double>::infinity();
  for (const BorderEdge& edge : m_near) {
    Edge e{};
    e.px = edge.ax - x;
    e.py = edge.ay - y;
    const double qx = edge.bx - x, qy = edge.by - y;
    e.ux = edge.bx - edge.ax;
    e.uy = edge.by - edge.ay;
    e.first = e.px * e.px + e.py * e.py;
    e.second = qx * qx + qy * qy;
    const double along = -(e.px * e.ux + e.py * e.uy), length = e.ux * e.ux + e.uy * e.uy;
    if (along <= 0) {
      e.nearest = e.first;
    } else if (along >= length) {
      e.nearest = e.second;
    } else {
      const double cross = e.px * e.uy - e.py * e.ux;
      e.nearest = std::min({cross * cross / length, e.first, e.second});
    }
    if (e.nearest > m_reach * m_reach) continue;
    least = std::min(least, e.nearest);
    m_edges.push_back(e);
  }
  m_distance = std::sqrt(least);
}

// Counter-clockwise along the circle, the window is entered at crossings where the border leaves the disc (the window
// is on the border's left) and left where it comes in. So the arcs inside add up to the angles of the latter less those
// of the former, up to whole turns; no order of the crossings is needed.
double BorderView::share_inside(double radius) const {
  const double squared = radius * radius;
  double turned = 0;
  bool crossed = false;
  for (const Edge& e : m_edges) {
    if (!(e.nearest < squared)) continue;
    const bool from_inside = e.first < squared, to_inside = e.second < squared;
    if (from_inside && to_inside) continue;
    const double length = e.ux * e.ux + e.uy * e.uy, along = e.px * e.ux + e.py * e.uy;
    const double discriminant = along * along - length * (e.first - squared);
    if (!(discriminant > 0)) continue;
    const double root = std::sqrt(discriminant);
    if (!from_inside) {
      const double t = (-along - root) / length;
      turned += std::atan2(e.py + t * e.uy, e.px + t * e.ux);
    }
    if (!to_inside) {
      const double t = (-along + root) / length;
      turned -= std::atan2(e.py + t * e.uy, e.px + t * e.ux);
    }
    crossed = true;
  }
  if (!crossed) return 1;
  turned -= kFull * std::floor(turned / kFull);
  return turned < kTouch || turned > kFull - kTouch ? 1 : turned / kFull;
}

}  // namespace yaan
