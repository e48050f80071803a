#pragma once
// The border of the window as one point sees it: how far it is, and how much of a circle it leaves inside.

#include <vector>

#include "analyse/pattern_window.hpp"

namespace yaan {

/// Scratch of one thread.
class BorderView {
 public:
  /// Circles and distances up to `reach` will be asked for.
  BorderView(const PatternWindow& window, double reach) : m_window(window), m_reach(reach) {}

  /// The next points lie in that box. O(edges in its rows).
  void enter(const Box& box) { m_window.edges_near(box, m_reach, m_near); }
  /// Looks from a point of that box. O(edges near the box).
  void look_from(double x, double y);
  /// Distance to the border, or infinity where it is farther than the reach.
  [[nodiscard]] double distance() const { return m_distance; }
  /// The share of the circle about the point that lies in the window, for a radius up to the reach and a circle that
  /// meets the window: in (0, 1]. Exact to rounding. O(edges within reach).
  [[nodiscard]] double share_inside(double radius) const;

 private:
  struct Edge {
    double px, py, ux, uy;  // from the point to the first end, from there to the second
    double first, second;   // squared distances of the ends
    double nearest;         // squared
  };

  const PatternWindow& m_window;
  double m_reach;
  double m_distance = 0;
  std::vector<BorderEdge> m_near;
  std::vector<Edge> m_edges;  // within reach of the point
};

}  // namespace yaan
