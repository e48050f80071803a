#include "load/point_blocks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <utility>

#include "yaan/core/parallel.hpp"

namespace yaan {

namespace {

constexpr std::size_t kBlocksAtOnce = 16;
constexpr std::size_t kMostReserved = 10'000'000;  // the file may state anything

void clear(PointBlock& block, const std::vector<Column>& columns) {
  if (block.parts.empty())
    for (const Column& column : columns) block.parts.emplace_back(column.type());
  for (ColumnPart& part : block.parts) part.clear();
  block.x.clear();
  block.y.clear();
  block.placed.clear();
}

void append_points(std::span<const PointBlock> blocks, ShapeCollector& shapes) {
  for (const PointBlock& block : blocks) {
    const bool all = std::find(block.placed.begin(), block.placed.end(), 0) == block.placed.end();
    if (all && shapes.add_plain_points(block.x, block.y)) continue;
    for (std::size_t row = 0; row < block.x.size(); ++row)
      block.placed[row] != 0 ? shapes.add_point(block.x[row], block.y[row]) : shapes.add_unusable(ShapeNote::null);
  }
}

}  // namespace

void join_point_blocks(const PointSource& source, RawLayer& raw, const ReadOptions& options, Progress& progress) {
  const std::string stage = fmt::format("reading {}", raw.where);
  std::vector<JoinedColumn> columns;
  for (const Column& column : raw.columns) columns.emplace_back(column.type());
  ShapeCollector shapes(raw.crs.is_geographic(), options.swapped_axes, options.parts);
  shapes.reserve_points(std::min(source.stated_rows, kMostReserved));
  std::vector<PointBlock> blocks(kBlocksAtOnce);
  const std::size_t wave = source.items_of_block * kBlocksAtOnce;
  for (std::size_t first = 0; first < source.items; first += wave) {
    const std::size_t count = std::min(wave, source.items - first);
    parallel_blocks(count, source.items_of_block, progress, [&](std::size_t begin, std::size_t end, std::size_t block) {
      clear(blocks[block], raw.columns);
      source.read(first + begin, first + end, blocks[block]);
    });
    const std::span<const PointBlock> read(blocks.data(), block_count(count, source.items_of_block));
    const double whole = 1.02 * static_cast<double>(source.items - first) / static_cast<double>(count);
    parallel_blocks(columns.size() + 1, 1, [&](std::size_t c, std::size_t, std::size_t) {
      if (c == columns.size()) return append_points(read, shapes);
      std::vector<const ColumnPart*> parts;
      for (const PointBlock& block : read) parts.push_back(&block.parts[c]);
      columns[c].append(parts, whole);
    });
    source.forget(first, first + count);
    check_rows(shapes.rows(), raw.shown, options);
    progress.report(stage, static_cast<double>(first + count) / static_cast<double>(source.items));
  }
  for (std::size_t c = 0; c < columns.size(); ++c) raw.columns[c] = std::move(columns[c]).column(raw.columns[c].name);
  raw.rows = shapes.rows();
  raw.shapes = std::move(shapes);
}

}  // namespace yaan
