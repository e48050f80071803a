#include "analyse/index/cell_grid.hpp"

#include <algorithm>
#include <bit>
#include <vector>

#include "analyse/index/radix_sort.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {

namespace {

constexpr std::size_t kBlock = std::size_t{1} << 15;

/// Calls first(begin of a cell, its key, number of the cell, number of its row, whether it opens the row) for each
/// cell. `key(i)` is the key of the i-th sorted point.
template <class Key, class First>
void number_cells(CellGrid& grid, std::size_t n, unsigned column_bits, const Key& key, const First& first,
                  const Progress& progress) {
  struct Count {
    std::uint32_t cells = 0;
    std::uint32_t rows = 0;
  };
  std::vector<Count> counts(block_count(n, kBlock) + 1);
  parallel_blocks(n, kBlock, progress, [&](std::size_t begin, std::size_t end, std::size_t block) {
    Count count;
    std::uint64_t before = begin == 0 ? ~key(0) : key(begin - 1);
    for (std::size_t i = begin; i < end; ++i) {
      const std::uint64_t now = key(i);
      count.cells += now != before;
      count.rows += (now >> column_bits) != (before >> column_bits);
      before = now;
    }
    counts[block + 1] = count;
  });
  for (std::size_t b = 1; b < counts.size(); ++b) {
    counts[b].cells += counts[b - 1].cells;
    counts[b].rows += counts[b - 1].rows;
  }
  grid.cells = counts.back().cells;
  grid.rows = counts.back().rows;
  grid.cell_begin = Scratch<std::uint32_t>(grid.cells + 1);
  grid.cell_column = Scratch<std::uint32_t>(grid.cells);
  grid.row_number = Scratch<std::uint32_t>(grid.rows);
  grid.row_begin = Scratch<std::uint32_t>(grid.rows + 1);
  parallel_blocks(n, kBlock, progress, [&](std::size_t begin, std::size_t end, std::size_t block) {
    Count at = counts[block];
    std::uint64_t before = begin == 0 ? 0 : key(begin - 1);
    for (std::size_t i = begin; i < end; ++i) {
      const std::uint64_t now = key(i);
      if (now != before || i == 0) {
        const bool opens_row = i == 0 || (now >> column_bits) != (before >> column_bits);
        first(i, now, at.cells++, at.rows, opens_row);
        at.rows += opens_row;
      }
      before = now;
    }
  });
  grid.cell_begin[grid.cells] = static_cast<std::uint32_t>(n);
  grid.row_begin[grid.rows] = grid.cells;
}

template <class Key>
void fill_cells(CellGrid& grid, std::size_t n, unsigned column_bits, const Key& key, const Progress& progress) {
  const std::uint64_t column_mask = (std::uint64_t{1} << column_bits) - 1;
  number_cells(
      grid, n, column_bits, key,
      [&](std::size_t i, std::uint64_t k, std::uint32_t cell, std::uint32_t row, bool opens_row) {
        grid.cell_begin[cell] = static_cast<std::uint32_t>(i);
        grid.cell_column[cell] = static_cast<std::uint32_t>(k & column_mask);
        if (!opens_row) return;
        grid.row_number[row] = static_cast<std::uint32_t>(k >> column_bits);
        grid.row_begin[row] = cell;
      },
      progress);
}

/// Key and point in one word: half the memory traffic.
void sort_packed(CellGrid& grid, std::size_t n, unsigned key_bits, unsigned column_bits, const CellKeys& keys,
                 const Progress& progress) {
  const auto point_bits = static_cast<unsigned>(std::bit_width(n));
  Scratch<std::uint64_t> items(n);
  Scratch<std::uint64_t> spare(n);
  parallel_blocks(n, kBlock, progress, [&](std::size_t begin, std::size_t end, std::size_t) {
    keys(begin, end, items.data());
    for (std::size_t i = begin; i < end; ++i) items[i] = items[i] << point_bits | i;
  });
  radix_sort(items, spare, n, point_bits, key_bits, progress);
  const std::uint64_t point_mask = (std::uint64_t{1} << point_bits) - 1;
  parallel_blocks(n, kBlock, progress, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t i = begin; i < end; ++i) grid.point[i] = static_cast<std::uint32_t>(items[i] & point_mask);
  });
  fill_cells(
      grid, n, column_bits, [&](std::size_t i) { return items[i] >> point_bits; }, progress);
}

void sort_wide(CellGrid& grid, std::size_t n, unsigned key_bits, unsigned column_bits, const CellKeys& keys,
               const Progress& progress) {
  Scratch<KeyedPoint> items(n);
  Scratch<KeyedPoint> spare(n);
  {
    Scratch<std::uint64_t> key(n);
    parallel_blocks(n, kBlock, progress, [&](std::size_t begin, std::size_t end, std::size_t) {
      keys(begin, end, key.data());
      for (std::size_t i = begin; i < end; ++i) items[i] = {key[i], static_cast<std::uint32_t>(i)};
    });
  }
  radix_sort(items, spare, n, key_bits, progress);
  parallel_blocks(n, kBlock, progress, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t i = begin; i < end; ++i) grid.point[i] = items[i].point;
  });
  fill_cells(
      grid, n, column_bits, [&](std::size_t i) { return items[i].key; }, progress);
}

}  // namespace

std::uint32_t CellGrid::row_of(std::uint32_t cell) const {
  const std::uint32_t* begin = row_begin.data();
  return static_cast<std::uint32_t>(std::upper_bound(begin, begin + rows, cell) - begin) - 1;
}

void sort_into_cells(CellGrid& grid, std::size_t n, unsigned row_bits, unsigned column_bits, const CellKeys& keys,
                     const Progress& progress) {
  grid.points = static_cast<std::uint32_t>(n);
  grid.point = Scratch<std::uint32_t>(n);
  const unsigned key_bits = row_bits + column_bits;
  if (key_bits + static_cast<unsigned>(std::bit_width(n)) <= 64) {
    sort_packed(grid, n, key_bits, column_bits, keys, progress);
  } else {
    sort_wide(grid, n, key_bits, column_bits, keys, progress);
  }
}

}  // namespace yaan
