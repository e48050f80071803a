#include "analyse/lattice_points.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "yaan/core/parallel.hpp"

namespace yaan {

namespace {

constexpr std::size_t kBlock = std::size_t{1} << 15;
constexpr std::uint32_t kPrefetch = 48;
constexpr std::uint32_t kComparisonsBetweenPolls = 1U << 16;

using WeightedPoint = std::array<double, 3>;

}  // namespace

Box bounds_within(std::span<const double> x, std::span<const double> y, const Box& limits, const Progress& progress) {
  std::vector<Box> boxes(block_count(x.size(), kBlock));
  parallel_blocks(x.size(), kBlock, [&](std::size_t begin, std::size_t end, std::size_t block) {
    progress.throw_if_cancelled();
    Box box;
    for (std::size_t i = begin; i < end; ++i) {
      if (!(x[i] >= limits.min_x && x[i] <= limits.max_x && y[i] >= limits.min_y && y[i] <= limits.max_y)) continue;
      box.min_x = std::min(box.min_x, x[i]);
      box.max_x = std::max(box.max_x, x[i]);
      box.min_y = std::min(box.min_y, y[i]);
      box.max_y = std::max(box.max_y, y[i]);
    }
    boxes[block] = box;
  });
  Box all;
  for (const Box& box : boxes) {
    all.min_x = std::min(all.min_x, box.min_x);
    all.max_x = std::max(all.max_x, box.max_x);
    all.min_y = std::min(all.min_y, box.min_y);
    all.max_y = std::max(all.max_y, box.max_y);
  }
  return all;
}

LatticePoints::LatticePoints(std::span<const double> x, std::span<const double> y, std::span<const double> weights,
                             const Lattice& lattice, const Progress& progress) {
  const auto row_bits = static_cast<unsigned>(std::bit_width(std::uint64_t{lattice.rows}));
  const auto column_bits = std::max(1U, static_cast<unsigned>(std::bit_width(std::uint64_t{lattice.columns - 1})));
  const double columns = lattice.columns;
  const double rows = lattice.rows;
  sort_into_cells(
      m_cells, x.size(), row_bits, column_bits,
      [&](std::size_t begin, std::size_t end, std::uint64_t* keys) {
        for (std::size_t i = begin; i < end; ++i) {
          const double column = (x[i] - lattice.x) / lattice.side;
          const double row = (y[i] - lattice.y) / lattice.side;
          const bool inside = column >= 0 && column < columns && row >= 0 && row < rows;
          // Points outside share a row of their own past the last.
          keys[i] = inside ? static_cast<std::uint64_t>(row) << column_bits | static_cast<std::uint64_t>(column)
                           : std::uint64_t{lattice.rows} << column_bits;
        }
      },
      progress);
  m_row_cell.assign(std::size_t{lattice.rows} + 1, 0);
  std::uint32_t cells = m_cells.cells;
  if (m_cells.rows > 0 && m_cells.row_number[m_cells.rows - 1] == lattice.rows) --cells;
  m_size = m_cells.points == 0 ? 0 : m_cells.cell_begin[cells];
  std::uint32_t next = 0;
  for (std::uint32_t r = 0; r < m_cells.rows; ++r)
    for (; next <= m_cells.row_number[r]; ++next) m_row_cell[next] = m_cells.row_begin[r];
  for (; next <= lattice.rows; ++next) m_row_cell[next] = cells;
  place(x, y, weights, progress);
}

void LatticePoints::place(std::span<const double> x, std::span<const double> y, std::span<const double> weights,
                          const Progress& progress) {
  m_weighted = !weights.empty();
  const std::size_t axes = m_weighted ? 3 : 2;
  for (std::size_t axis = 0; axis < axes; ++axis) m_cells.coordinate[axis] = Scratch<double>(m_size);
  parallel_blocks(m_row_cell.back(), kBlock / 4, [&](std::size_t begin, std::size_t end, std::size_t) {
    std::vector<WeightedPoint> members;
    std::uint32_t comparisons = 0;
    const auto before = [&](const WeightedPoint& a, const WeightedPoint& b) {
      if (++comparisons % kComparisonsBetweenPolls == 0) progress.throw_if_cancelled();
      return a < b;
    };
    for (std::size_t c = begin; c < end; ++c) {
      if ((c - begin) % 256 == 0) progress.throw_if_cancelled();
      const Run run = m_cells.points_of(static_cast<std::uint32_t>(c));
      members.clear();
      members.reserve(run.size());  // growing a large one would copy it while nobody listens
      for (std::uint32_t i = run.begin; i < run.end; ++i) {
        if ((i - run.begin) % 8192 == 8191) progress.throw_if_cancelled();
        const std::uint32_t ahead = m_cells.point[std::min(i + kPrefetch, m_size - 1)];
        __builtin_prefetch(&x[ahead]);  // the input is in no order: every read would wait for memory
        __builtin_prefetch(&y[ahead]);
        const std::uint32_t p = m_cells.point[i];
        members.push_back({x[p], y[p], m_weighted ? weights[p] : 1});
      }
      // A stack of points is in order as it comes.
      if (!std::is_sorted(members.begin(), members.end(), before)) std::sort(members.begin(), members.end(), before);
      for (std::size_t axis = 0; axis < axes; ++axis)
        for (std::uint32_t i = 0; i < run.size(); ++i) {
          if (i % 65536 == 65535) progress.throw_if_cancelled();
          m_cells.coordinate[axis][run.begin + i] = members[i][axis];
        }
    }
  });
}

Run LatticePoints::of_rows(std::int64_t first, std::int64_t end) const {
  const auto rows = static_cast<std::int64_t>(m_row_cell.size()) - 1;
  if (m_size == 0) return {};
  first = std::clamp<std::int64_t>(first, 0, rows);
  end = std::clamp<std::int64_t>(end, first, rows);
  return {m_cells.cell_begin[m_row_cell[static_cast<std::size_t>(first)]],
          m_cells.cell_begin[m_row_cell[static_cast<std::size_t>(end)]]};
}

Run LatticePoints::of_columns(std::int64_t row, std::int64_t first, std::int64_t end) const {
  const auto rows = static_cast<std::int64_t>(m_row_cell.size()) - 1;
  if (m_size == 0 || row < 0 || row >= rows || end <= first) return {};
  const std::uint32_t* columns = m_cells.cell_column.data();
  const std::uint32_t* low = columns + m_row_cell[static_cast<std::size_t>(row)];
  const std::uint32_t* high = columns + m_row_cell[static_cast<std::size_t>(row) + 1];
  const auto below = [](std::uint32_t column, std::int64_t limit) { return std::int64_t{column} < limit; };
  return {m_cells.cell_begin[std::lower_bound(low, high, first, below) - columns],
          m_cells.cell_begin[std::lower_bound(low, high, end, below) - columns]};
}

}  // namespace yaan
