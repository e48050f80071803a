#pragma once
// The cells of a grid: where they lie, and what they are called.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <string>
#include <vector>

#include "yaan/analyse/grid.hpp"

namespace yaan {

/// Cells by column and row about the origin of the plane. Corners are whole numbers of steps, so that neighbours share
/// their very coordinates.
class CellLattice {
 public:
  struct Cell {
    std::int64_t column = 0, row = 0;
  };

  CellLattice(CellShape shape, double side)
      : m_hexagons(shape == CellShape::hexagon),
        m_step_x(m_hexagons ? side * std::numbers::sqrt3 / 2 : side),
        m_step_y(m_hexagons ? side / 2 : side) {}

  /// Calls visit(cell) for each that meets the box, from south to north, then from west to east.
  template <class Visit>
  void visit(const Box& box, const Visit& visit) const {
    const double height = m_hexagons ? 3 : 1;                           // steps from row to row
    const double low = m_hexagons ? -2 : 0, high = m_hexagons ? 2 : 1;  // how far a cell reaches from its row
    const double west = m_hexagons ? -1 : 0, east = 1;                  // and from its column
    const double width = m_hexagons ? 2 : 1;                            // steps from column to column
    const auto first = static_cast<std::int64_t>(std::ceil((box.min_y / m_step_y - high) / height));
    const auto last = static_cast<std::int64_t>(std::floor((box.max_y / m_step_y - low) / height));
    for (std::int64_t row = first; row <= last; ++row) {
      const double shift = m_hexagons && row % 2 != 0 ? 1 : 0;
      const auto from = static_cast<std::int64_t>(std::ceil((box.min_x / m_step_x - east - shift) / width));
      const auto to = static_cast<std::int64_t>(std::floor((box.max_x / m_step_x - west - shift) / width));
      for (std::int64_t column = from; column <= to; ++column)
        if (meets({column, row}, box)) visit(Cell{column, row});
    }
  }

  /// About as many as visit() finds.
  [[nodiscard]] double estimate(const Box& box) const {
    const double columns = box.width() / (m_hexagons ? 2 * m_step_x : m_step_x) + 1;
    const double rows = box.height() / (m_hexagons ? 3 * m_step_y : m_step_y) + 1;
    return columns * rows;
  }

  void add_to(Geometry& cells, const Cell& cell) const {
    static constexpr std::array<std::array<int, 2>, 6> kHexagon = {
        {{0, -2}, {1, -1}, {1, 1}, {0, 2}, {-1, 1}, {-1, -1}}};
    static constexpr std::array<std::array<int, 2>, 4> kSquare = {{{0, 0}, {1, 0}, {1, 1}, {0, 1}}};
    const std::array<std::int64_t, 2> steps = steps_of(cell);
    std::vector<double> ring_x, ring_y;
    const auto corner = [&](const std::array<int, 2>& at) {
      ring_x.push_back(static_cast<double>(steps[0] + at[0]) * m_step_x);
      ring_y.push_back(static_cast<double>(steps[1] + at[1]) * m_step_y);
    };
    if (m_hexagons)
      std::for_each(kHexagon.begin(), kHexagon.end(), corner);
    else
      std::for_each(kSquare.begin(), kSquare.end(), corner);
    ring_x.push_back(ring_x.front());
    ring_y.push_back(ring_y.front());
    cells.add_ring(ring_x, ring_y);
    cells.end_part();
    cells.end_feature();
  }

  [[nodiscard]] static std::string id_of(const Cell& cell) {
    return fmt::format("{}{}{}{}", cell.column < 0 ? "w" : "e", std::abs(cell.column), cell.row < 0 ? "s" : "n",
                       std::abs(cell.row));
  }

 private:
  /// Of a hexagon its centre, of a square its south-west corner.
  [[nodiscard]] std::array<std::int64_t, 2> steps_of(const Cell& cell) const {
    if (!m_hexagons) return {cell.column, cell.row};
    return {2 * cell.column + (cell.row % 2 != 0 ? 1 : 0), 3 * cell.row};
  }

  [[nodiscard]] bool meets(const Cell& cell, const Box& box) const {
    const auto [x, y] = steps_of(cell);
    const auto off = [](double at, double low, double high) { return std::max({low - at, at - high, 0.0}); };
    if (m_hexagons)  // within its slanted sides: |dx| + |dy| <= 2 in steps
      return off(static_cast<double>(x), box.min_x / m_step_x, box.max_x / m_step_x) +
                 off(static_cast<double>(y), box.min_y / m_step_y, box.max_y / m_step_y) <=
             2;
    // What only touches the box is left out, unless the box has no extent and nothing but an edge lies in it.
    const auto reaches = [](double from, double low, double high) {
      return from + 1 > low && (from < high || low == high);
    };
    return reaches(static_cast<double>(x), box.min_x / m_step_x, box.max_x / m_step_x) &&
           reaches(static_cast<double>(y), box.min_y / m_step_y, box.max_y / m_step_y);
  }

  bool m_hexagons;
  double m_step_x, m_step_y;
};

}  // namespace yaan
