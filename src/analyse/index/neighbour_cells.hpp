#pragma once
// Which cells can hold neighbours of a cell's points. In row-major order they are one run of cells in each of five
// rows, and as the cell moves forward so do the ends of the runs: no hashing, no tree.

#include <algorithm>
#include <array>
#include <cstdint>

#include "analyse/index/cell_grid.hpp"
#include "analyse/index/globe_grid.hpp"

namespace yaan {

/// Rows two apart at most, among those that hold points.
class NearRows {
 public:
  explicit NearRows(const CellGrid& grid) : m_grid(grid) {}
  /// Calls near(row, rows apart) for the row itself, then for those after it, then for those before it.
  template <class Near>
  void visit(std::uint32_t row, const Near& near) const {
    near(row, 0U);
    const std::uint32_t number = m_grid.row_number[row];
    for (std::uint32_t r = row + 1; r < m_grid.rows && m_grid.row_number[r] - number <= 2; ++r)
      near(r, m_grid.row_number[r] - number);
    for (std::uint32_t r = row; r-- > 0 && number - m_grid.row_number[r] <= 2;) near(r, number - m_grid.row_number[r]);
  }

 private:
  const CellGrid& m_grid;
};

/// The cells that can hold neighbours, the cell itself included, its own row first. Ask for cells in ascending order;
/// the first may be any. Amortised O(1) a cell.
class PlaneNeighbours {
 public:
  static constexpr unsigned kMaxRuns = 5;

  PlaneNeighbours(const CellGrid& grid, std::uint32_t first_cell) : m_grid(grid), m_row(grid.row_of(first_cell)) {
    enter_row(first_cell);
  }

  /// Writes the runs of cells, none empty; returns how many.
  unsigned runs(std::uint32_t cell, Run* out) {
    if (cell >= m_grid.row_begin[m_row + 1]) {
      while (cell >= m_grid.row_begin[m_row + 1]) ++m_row;
      enter_row(cell);
    }
    const std::uint32_t* column = m_grid.cell_column.data();
    const std::uint32_t here = column[cell];
    unsigned count = 0;
    for (unsigned s = 0; s < m_sides; ++s) {
      Side& side = m_side[s];
      while (side.begin < side.row_end && column[side.begin] + 2 < here) ++side.begin;
      while (side.end < side.row_end && column[side.end] <= here + 2) ++side.end;
      out[count] = {side.begin, side.end};
      count += side.begin < side.end;
    }
    return count;
  }

 private:
  struct Side {
    std::uint32_t begin, end, row_end;
  };

  void enter_row(std::uint32_t cell) {
    const std::uint32_t* column = m_grid.cell_column.data();
    const std::uint32_t here = column[cell];
    m_sides = 0;
    NearRows(m_grid).visit(m_row, [&](std::uint32_t row, std::uint32_t) {
      const std::uint32_t row_end = m_grid.row_begin[row + 1];
      const auto at = static_cast<std::uint32_t>(
          std::lower_bound(column + m_grid.row_begin[row], column + row_end, here < 2 ? 0 : here - 2) - column);
      m_side[m_sides++] = {at, at, row_end};
    });
  }

  const CellGrid& m_grid;
  std::uint32_t m_row;
  unsigned m_sides = 0;
  std::array<Side, 5> m_side{};
};

/// The same over bands of latitude, whose columns differ in width and close around the pole.
class GlobeNeighbours {
 public:
  static constexpr unsigned kMaxRuns = 10;  // a run that crosses longitude 0 comes in two

  GlobeNeighbours(const GlobeGrid& grid, std::uint32_t first_cell) : m_grid(grid), m_row(grid.row_of(first_cell)) {
    enter_row(first_cell);
  }

  unsigned runs(std::uint32_t cell, Run* out) {
    if (cell >= m_grid.row_begin[m_row + 1]) {
      while (cell >= m_grid.row_begin[m_row + 1]) ++m_row;
      enter_row(cell);
    }
    unsigned count = 0;
    const auto add = [&](std::uint32_t begin, std::uint32_t end) {
      out[count] = {begin, end};
      count += begin < end;
    };
    for (unsigned s = 0; s < m_sides; ++s) {
      Side& side = m_side[s];
      const Bounds bounds = bounds_of(side, cell);
      advance(side, side.begin, bounds.low);
      advance(side, side.end, bounds.high + 1);
      if (bounds.high - bounds.low + 1 >= side.columns) {
        add(side.row_begin, side.row_end);
      } else if (side.begin.turn == side.end.turn) {
        add(side.begin.cell, side.end.cell);
      } else {
        add(side.row_begin, side.end.cell);
        add(side.begin.cell, side.row_end);
      }
    }
    return count;
  }

 private:
  /// A place in a row that is repeated turn after turn: the column of its cell is cell_column + turn.
  struct Place {
    std::uint32_t cell;
    std::int64_t turn;  // a multiple of the row's columns
  };
  struct Side {
    Place begin, end;
    std::uint32_t row_begin, row_end;
    std::int64_t columns;
    double reach;  // turns
  };
  struct Bounds {
    std::int64_t low, high;  // columns, possibly of the turn before or after
  };

  [[nodiscard]] Bounds bounds_of(const Side& side, std::uint32_t cell) const {
    constexpr double kMargin = 1e-3;  // columns; more than the rounding of a column number
    const auto columns = static_cast<double>(side.columns);
    const double here = m_grid.cell_column[cell];
    // Shifted by two turns, so that truncation rounds down.
    const double low = (here * m_step - side.reach + 2) * columns - kMargin;
    const double high = ((here + 1) * m_step + side.reach + 2) * columns + kMargin;
    return {static_cast<std::int64_t>(low) - 2 * side.columns, static_cast<std::int64_t>(high) - 2 * side.columns};
  }

  /// Moves a place forward to the first cell at or after a column.
  void advance(const Side& side, Place& place, std::int64_t column) const {
    while (m_grid.cell_column[place.cell] + place.turn < column)
      if (++place.cell == side.row_end) {
        place.cell = side.row_begin;
        place.turn += side.columns;
      }
  }

  [[nodiscard]] Place seek(const Side& side, std::int64_t column) const {
    const std::int64_t turn = (column + 4 * side.columns) / side.columns * side.columns - 4 * side.columns;
    const std::uint32_t* first = m_grid.cell_column.data();
    const auto cell = static_cast<std::uint32_t>(
        std::lower_bound(first + side.row_begin, first + side.row_end, static_cast<std::uint32_t>(column - turn)) -
        first);
    return cell == side.row_end ? Place{side.row_begin, turn + side.columns} : Place{cell, turn};
  }

  void enter_row(std::uint32_t cell) {
    m_step = 1.0 / m_grid.row_columns[m_row];
    m_sides = 0;
    NearRows(m_grid).visit(m_row, [&](std::uint32_t row, std::uint32_t apart) {
      Side side{};
      side.row_begin = m_grid.row_begin[row];
      side.row_end = m_grid.row_begin[row + 1];
      side.columns = m_grid.row_columns[row];
      side.reach = m_grid.bands.reach(m_grid.row_axis_distance[m_row], m_grid.row_axis_distance[row], apart);
      const Bounds bounds = bounds_of(side, cell);
      side.begin = seek(side, bounds.low);
      side.end = seek(side, bounds.high + 1);
      m_side[m_sides++] = side;
    });
  }

  const GlobeGrid& m_grid;
  std::uint32_t m_row;
  double m_step = 1;
  unsigned m_sides = 0;
  std::array<Side, 5> m_side{};
};

}  // namespace yaan
