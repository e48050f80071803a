#include <algorithm>
#include <bit>
#include <limits>
#include <numbers>
#include <vector>

#include "analyse/index/cell_grid.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {

namespace {

constexpr std::size_t kBlock = std::size_t{1} << 15;
/// Shrinks the cell by more than the rounding of a cell number below kMostCells, so that a cell's points are
/// neighbours.
constexpr double kShrink = 1 - 0x1p-16;
constexpr double kMostCells = 0x1p31;

struct Range {
  double least = std::numeric_limits<double>::infinity();
  double most = -std::numeric_limits<double>::infinity();
};

/// From coordinates to cell numbers along one axis.
class Axis {
 public:
  Axis(std::span<const double> values, Range range, double side) : m_origin(range.least), m_inverse(1 / side) {
    if ((range.most - range.least) * m_inverse < kMostCells) {
      m_last = static_cast<std::uint32_t>((range.most - range.least) * m_inverse);
    } else {
      leave_gaps_out(values, side);
    }
  }

  [[nodiscard]] unsigned bits() const { return static_cast<unsigned>(std::bit_width(m_last)); }
  [[nodiscard]] bool simple() const { return m_starts.empty(); }
  [[nodiscard]] double origin() const { return m_origin; }
  [[nodiscard]] double inverse() const { return m_inverse; }

  [[nodiscard]] std::uint32_t cell(double value) const {
    if (m_starts.empty()) return static_cast<std::uint32_t>((value - m_origin) * m_inverse);
    const auto stretch =
        static_cast<std::size_t>(std::upper_bound(m_starts.begin(), m_starts.end(), value) - m_starts.begin() - 1);
    return m_first[stretch] + static_cast<std::uint32_t>((value - m_starts[stretch]) * m_inverse);
  }

 private:
  /// Numbers only the stretches that hold points; between them stay enough numbers that they are no neighbours.
  void leave_gaps_out(std::span<const double> values, double side) {
    std::vector<double> sorted(values.begin(), values.end());
    std::sort(sorted.begin(), sorted.end());
    m_starts = {sorted[0]};
    m_first = {0};
    m_last = 0;
    for (std::size_t i = 1; i < sorted.size(); ++i) {
      if (sorted[i] - sorted[i - 1] > 3 * side) {
        m_starts.push_back(sorted[i]);
        m_first.push_back(m_last + 4);
      }
      m_last = m_first.back() + static_cast<std::uint32_t>((sorted[i] - m_starts.back()) * m_inverse);
    }
  }

  double m_origin;
  double m_inverse;
  std::uint32_t m_last = 0;
  std::vector<double> m_starts;        // first coordinate of each stretch; empty: one stretch from the origin
  std::vector<std::uint32_t> m_first;  // its cell number
};

Range range_of(std::span<const double> values, const Progress& progress) {
  std::vector<Range> ranges(block_count(values.size(), kBlock));
  parallel_blocks(values.size(), kBlock, progress, [&](std::size_t begin, std::size_t end, std::size_t block) {
    Range range;
    for (std::size_t i = begin; i < end; ++i) {
      range.least = values[i] < range.least ? values[i] : range.least;
      range.most = values[i] > range.most ? values[i] : range.most;
    }
    ranges[block] = range;
  });
  Range all;
  for (const Range& range : ranges) {
    all.least = std::min(all.least, range.least);
    all.most = std::max(all.most, range.most);
  }
  return all;
}

}  // namespace

CellGrid plane_grid(std::span<const double> x, std::span<const double> y, double radius, const Progress& progress) {
  const std::size_t n = x.size();
  CellGrid grid;
  for (int axis = 0; axis < 2; ++axis) grid.coordinate[axis] = Scratch<double>(n + kReadPast);
  const double side = radius / std::numbers::sqrt2 * kShrink;
  const Axis columns(x, n == 0 ? Range{0, 0} : range_of(x, progress), side);
  const Axis rows(y, n == 0 ? Range{0, 0} : range_of(y, progress), side);
  const unsigned column_bits = columns.bits();
  sort_into_cells(
      grid, n, rows.bits(), column_bits,
      [&](std::size_t begin, std::size_t end, std::uint64_t* keys) {
        if (columns.simple() && rows.simple()) {
          const double x0 = columns.origin(), y0 = rows.origin(), scale = rows.inverse();
          for (std::size_t i = begin; i < end; ++i)
            keys[i] = static_cast<std::uint64_t>(static_cast<std::int64_t>((y[i] - y0) * scale)) << column_bits |
                      static_cast<std::uint64_t>(static_cast<std::int64_t>((x[i] - x0) * scale));
        } else {
          for (std::size_t i = begin; i < end; ++i)
            keys[i] = static_cast<std::uint64_t>(rows.cell(y[i])) << column_bits | columns.cell(x[i]);
        }
      },
      progress);
  parallel_blocks(n, kBlock, progress, [&](std::size_t begin, std::size_t end, std::size_t) {
    double* to_x = grid.coordinate[0].data();
    double* to_y = grid.coordinate[1].data();
    for (std::size_t i = begin; i < end; ++i) {
      to_x[i] = x[grid.point[i]];
      to_y[i] = y[grid.point[i]];
    }
  });
  return grid;
}

}  // namespace yaan
