#pragma once
// The ground on which a point pattern was observed.

#include <memory>
#include <span>
#include <vector>

#include "analyse/index/area_grid.hpp"
#include "yaan/core/geometry.hpp"

namespace yaan {

/// An edge of the border, with the window on its left.
struct BorderEdge {
  double ax, ay, bx, by;
};

/// One polygon feature in metres, valid, with oriented rings.
class PatternWindow {
 public:
  explicit PatternWindow(Geometry polygon);

  [[nodiscard]] const Geometry& shape() const { return *m_shape; }
  [[nodiscard]] const Box& bounds() const { return m_grid->bounds(); }
  [[nodiscard]] double area() const { return m_area; }
  [[nodiscard]] double perimeter() const { return m_perimeter; }
  [[nodiscard]] const std::vector<BorderEdge>& edges() const { return m_edges; }
  /// Nothing but the rectangle of its bounds.
  [[nodiscard]] bool rectangle() const { return m_rectangle; }
  /// Inside or on the border; exact.
  [[nodiscard]] bool holds(double x, double y) const { return m_grid->first_holding(x, y) != AreaGrid::kNone; }
  /// The edges that come near a box, and maybe some others, in the order of the border. O(edges in the rows of the
  /// box).
  void edges_near(const Box& box, double distance, std::vector<BorderEdge>& near) const;

 private:
  std::unique_ptr<const Geometry> m_shape;  // the grid keeps a reference
  std::unique_ptr<const AreaGrid> m_grid;
  std::vector<BorderEdge> m_edges;
  double m_area = 0;
  double m_perimeter = 0;
  bool m_rectangle = false;
  Intervals m_strips;  // of y
  std::vector<std::uint32_t> m_strip_begin, m_strip_edges;
};

/// Windows of one feature about points where no layer gives one; empty where the points make no ground.
Geometry ripley_rasson_window(std::span<const double> x, std::span<const double> y);
Geometry rectangle_window(std::span<const double> x, std::span<const double> y);
Geometry rectangle_of(const Box& box);

}  // namespace yaan
