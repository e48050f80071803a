#pragma once
// A surface: one value for each square cell of a plane.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "yaan/core/crs.hpp"
#include "yaan/core/geometry.hpp"

namespace yaan {

/// Rows run from south to north, columns from west to east; all lengths are metres of the plane `crs` (a coordinate in
/// the unit of the CRS times its metres_per_unit).
struct Grid {
  double origin_x = 0;  ///< west edge of column 0
  double origin_y = 0;  ///< south edge of row 0
  double cell = 0;      ///< side of a cell
  std::uint32_t columns = 0;
  std::uint32_t rows = 0;
  std::vector<double> values;  ///< rows x columns, row by row; NaN outside the study area
  std::string unit;            ///< of the values
  Crs crs;

  [[nodiscard]] std::size_t size() const { return values.size(); }
  [[nodiscard]] double centre_x(std::size_t column) const {
    return origin_x + (static_cast<double>(column) + 0.5) * cell;
  }
  [[nodiscard]] double centre_y(std::size_t row) const { return origin_y + (static_cast<double>(row) + 0.5) * cell; }
  [[nodiscard]] double& at(std::size_t column, std::size_t row) { return values[row * columns + column]; }
  [[nodiscard]] double at(std::size_t column, std::size_t row) const { return values[row * columns + column]; }
  [[nodiscard]] Box box() const;
  /// The cell that holds the point (its west and south edges belong to it; the far edges of the grid to the last
  /// cells), as an index into values; nothing outside the grid and for coordinates that are not finite.
  [[nodiscard]] std::optional<std::size_t> cell_at(double x, double y) const;
  /// Cells inside the study area.
  [[nodiscard]] std::size_t inside() const;

  /// A grid of the values 0 whose cells cover the box; its origin is a multiple of the cell size, so that grids of one
  /// cell size fit each other. Throws std::invalid_argument for an empty or infinite box or a cell that is not
  /// positive, UsageError for more than `most_cells` cells (advising a cell size that fits) or a box too wide to count.
  static Grid covering(const Box& box, double cell, std::size_t most_cells, const Crs& crs);
};

}  // namespace yaan
