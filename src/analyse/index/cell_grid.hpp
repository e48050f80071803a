#pragma once
// Points sorted into the cells of a grid, row by row: the index of every method that asks for neighbours in a radius.

#include <array>
#include <cstdint>
#include <functional>
#include <span>

#include "analyse/index/scratch.hpp"
#include "yaan/core/progress.hpp"

namespace yaan {

/// Consecutive items [begin, end): points in sorted order, or cells.
struct Run {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  [[nodiscard]] std::uint32_t size() const { return end - begin; }
};

/// Doubles past the last sorted coordinate that may be read (not used) by vector code.
inline constexpr std::size_t kReadPast = 8;

/// Cells that hold points, in row-major order, and their points in structure-of-arrays order. Any two points of a cell
/// are within the radius of each other.
struct CellGrid {
  std::uint32_t points = 0;
  std::uint32_t cells = 0;
  std::uint32_t rows = 0;                     ///< rows that hold points
  std::array<Scratch<double>, 3> coordinate;  ///< of the sorted points: x, y of the plane, or earth-centred x, y, z
  Scratch<std::uint32_t> point;               ///< the caller's number of each sorted point
  Scratch<std::uint32_t> cell_begin;          ///< cells + 1: first sorted point of each cell
  Scratch<std::uint32_t> cell_column;         ///< column of each cell within its row
  Scratch<std::uint32_t> row_number;          ///< of each row that holds points, ascending
  Scratch<std::uint32_t> row_begin;           ///< rows + 1: first cell of each row

  [[nodiscard]] Run points_of(std::uint32_t cell) const { return {cell_begin[cell], cell_begin[cell + 1]}; }
  [[nodiscard]] Run points_of(Run run) const { return {cell_begin[run.begin], cell_begin[run.end]}; }
  /// The row (counted among those that hold points) of a cell. O(log rows).
  [[nodiscard]] std::uint32_t row_of(std::uint32_t cell) const;
};

/// Writes the cell keys (row << column_bits | column) of the points [begin, end) to keys[begin .. end).
using CellKeys = std::function<void(std::size_t begin, std::size_t end, std::uint64_t* keys)>;

/// Fills everything but `coordinate`. Points of one cell keep their order. O(n) for each 12 bits of key.
void sort_into_cells(CellGrid& grid, std::size_t n, unsigned row_bits, unsigned column_bits, const CellKeys& keys,
                     const Progress& progress);

/// Grid over a plane: side a hair under radius / sqrt 2, so that cells more than two columns or rows apart hold no
/// neighbours. All coordinates are finite; n < 2^31; 1e-150 <= radius <= 1e150 in the unit of the plane.
/// Far-flung points cost a sort of each axis, not memory: wide empty stretches are left out of the numbering.
CellGrid plane_grid(std::span<const double> x, std::span<const double> y, double radius, const Progress& progress);

}  // namespace yaan
