#pragma once
// Weighted points sorted into the cells of a lattice, in an order that does not depend on the order they came in.

#include <cstdint>
#include <span>
#include <vector>

#include "analyse/index/cell_grid.hpp"
#include "yaan/core/geometry.hpp"
#include "yaan/core/progress.hpp"

namespace yaan {

/// Square cells: cell (column, row) begins at (x + column side, y + row side).
struct Lattice {
  double x = 0;
  double y = 0;
  double side = 1;
  std::uint32_t columns = 0;
  std::uint32_t rows = 0;
};

/// The box of the points within `limits`; empty where there are none. Coordinates that are not finite are in no box.
/// Throws Cancelled.
Box bounds_within(std::span<const double> x, std::span<const double> y, const Box& limits, const Progress& progress);

/// Points within the lattice, row-major by cell, within a cell by x, then y, then weight. So a sum over them in this
/// order has the same bits however the input was ordered. O(n) and a sort of each cell.
class LatticePoints {
 public:
  /// Empty weights count 1 each. Points outside the lattice and points that are not finite are left out.
  LatticePoints(std::span<const double> x, std::span<const double> y, std::span<const double> weights,
                const Lattice& lattice, const Progress& progress);

  [[nodiscard]] std::uint32_t size() const { return m_size; }
  [[nodiscard]] const double* x() const { return m_cells.coordinate[0].data(); }
  [[nodiscard]] const double* y() const { return m_cells.coordinate[1].data(); }
  [[nodiscard]] double weight(std::uint32_t i) const { return m_weighted ? m_cells.coordinate[2][i] : 1; }
  /// Points of the rows [first, end), cut to the lattice.
  [[nodiscard]] Run of_rows(std::int64_t first, std::int64_t end) const;
  /// Points of the columns [first, end) of one row, cut to the lattice. O(log columns).
  [[nodiscard]] Run of_columns(std::int64_t row, std::int64_t first, std::int64_t end) const;

 private:
  void place(std::span<const double> x, std::span<const double> y, std::span<const double> weights,
             const Progress& progress);

  std::uint32_t m_size = 0;
  bool m_weighted = false;
  CellGrid m_cells;
  std::vector<std::uint32_t> m_row_cell;  // rows + 1: first cell of each row
};

}  // namespace yaan
