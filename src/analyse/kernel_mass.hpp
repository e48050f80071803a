#pragma once
// The share of a kernel's mass that lies inside a window of cells: what an edge correction divides by.

#include <cstdint>
#include <span>
#include <vector>

#include "yaan/core/grid.hpp"
#include "yaan/core/progress.hpp"

namespace yaan {

/// The cells of a grid that are not NaN, as runs of columns.
class CellWindow {
 public:
  struct ColumnRun {
    std::uint32_t begin;
    std::uint32_t end;
  };
  explicit CellWindow(const Grid& grid);

  [[nodiscard]] std::uint32_t columns() const { return m_columns; }
  [[nodiscard]] std::uint32_t rows() const { return static_cast<std::uint32_t>(m_row_begin.size() - 1); }
  [[nodiscard]] std::span<const ColumnRun> row(std::size_t row) const {
    return {m_runs.data() + m_row_begin[row], m_runs.data() + m_row_begin[row + 1]};
  }
  [[nodiscard]] std::size_t cells() const { return m_cells; }
  [[nodiscard]] bool full() const { return m_cells == std::size_t{m_columns} * rows(); }

 private:
  std::uint32_t m_columns;
  std::size_t m_cells = 0;
  std::vector<ColumnRun> m_runs;
  std::vector<std::uint32_t> m_row_begin;
};

/// The integral of the kernel about each cell centre over the cells of the window, row-major; 0 outside the window.
/// `reach` is the bandwidth in cells. Relative error below 1e-9 for bandwidths up to 1,000 times the window.
/// Gaussian: O(cells (runs of a row + 17 sigma)), O(cells) for a full window. Quartic: O(cells R runs of a row).
std::vector<double> gaussian_mass(const CellWindow& window, double reach, const Progress& progress);
std::vector<double> quartic_mass(const CellWindow& window, double reach, const Progress& progress);

}  // namespace yaan
