#include "analyse/index/area_grid.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "yaan/core/memory_pages.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {

namespace {

constexpr std::uint32_t kMostStrips = 1 << 16;

}  // namespace

Intervals::Intervals(double low, double high, std::uint32_t intervals) : origin(low), count(std::max(1U, intervals)) {
  const double width = high - low;
  inverse = width > 0 ? count / width : 0;
  if (!std::isfinite(inverse)) inverse = 0;
}

// Marks what one area touches, and finds what it covers.
class AreaGrid::Coverer {
 public:
  explicit Coverer(const AreaGrid& grid)
      : m_grid(grid),
        m_height(grid.m_rows.inverse > 0 ? 1 / grid.m_rows.inverse : 0),
        m_width(grid.m_columns.inverse > 0 ? 1 / grid.m_columns.inverse : 0) {}

  void cover(std::uint32_t area, Cover& cover) {
    const Box& box = m_grid.m_area_bounds[area];
    m_first_row = m_grid.m_rows.at(box.min_y);
    m_first_column = m_grid.m_columns.at(box.min_x);
    m_box_rows = m_grid.m_rows.at(box.max_y) - m_first_row + 1;
    m_box_columns = m_grid.m_columns.at(box.max_x) - m_first_column + 1;
    m_run_of.assign(std::size_t{m_box_rows} * m_box_columns, 0);
    m_pieces.clear();
    const Geometry& areas = m_grid.m_areas;
    for (auto part = areas.feature_parts[area]; part < areas.feature_parts[area + 1]; ++part)
      for (auto ring = areas.part_rings[part]; ring < areas.part_rings[part + 1]; ++ring)
        for (auto v = areas.ring_vertices[ring]; v + 1 < areas.ring_vertices[ring + 1]; ++v) {
          const bool upwards = areas.y[v] <= areas.y[v + 1];
          const auto a = upwards ? v : v + 1, b = upwards ? v + 1 : v;
          mark({areas.x[a], areas.y[a], areas.x[b], areas.y[b]});
        }
    number_runs();
    sort_edges(cover);
    for (std::uint32_t row = 0; row < m_box_rows; ++row) add_row(area, row, cover);
  }

 private:
  /// An edge within one row, by its first cell in the box of the area.
  struct Piece {
    std::size_t cell;
    Edge edge;
  };

  // Every cell that the edge could touch: row by row, with more room than rounding takes.
  void mark(const Edge& edge) {
    const Intervals& rows = m_grid.m_rows;
    const Intervals& columns = m_grid.m_columns;
    const auto [ax, ay, bx, by] = edge;
    const auto [least, most] = std::minmax(ax, bx);
    const std::uint32_t first = rows.at(ay), last = rows.at(by);
    for (std::uint32_t row = first; row <= last; ++row) {
      double low = least, high = most;
      if (last > first && by > ay && m_height > 0) {
        const double bottom = std::clamp(rows.origin + (row - 1e-6) * m_height, ay, by);
        const double top = std::clamp(rows.origin + (row + 1 + 1e-6) * m_height, ay, by);
        const double at_bottom = ax + (bx - ax) * ((bottom - ay) / (by - ay));
        const double at_top = ax + (bx - ax) * ((top - ay) / (by - ay));
        low = std::max(low, std::min(at_bottom, at_top) - 1e-6 * m_width);
        high = std::min(high, std::max(at_bottom, at_top) + 1e-6 * m_width);
      }
      const std::size_t begin = std::size_t{row - m_first_row} * m_box_columns;
      const std::size_t low_cell = begin + columns.at(low) - m_first_column;
      const std::size_t high_cell = begin + columns.at(high) - m_first_column;
      for (std::size_t cell = low_cell; cell <= high_cell; ++cell) m_run_of[cell] = 1;
      m_pieces.push_back({low_cell, edge});
    }
  }

  // Numbers from 1 in place of the marks.
  void number_runs() {
    m_runs = 0;
    for (std::size_t cell = 0; cell < m_run_of.size(); ++cell) {
      if (m_run_of[cell] == 0) continue;
      const bool goes_on = cell % m_box_columns != 0 && m_run_of[cell - 1] != 0;
      m_run_of[cell] = goes_on ? m_run_of[cell - 1] : ++m_runs;
    }
  }

  // The edges of each run stand together.
  void sort_edges(Cover& cover) {
    m_run_begin.assign(std::size_t{m_runs} + 2, 0);
    for (const Piece& piece : m_pieces) ++m_run_begin[m_run_of[piece.cell] + 1];
    m_run_begin[1] = static_cast<std::uint32_t>(cover.edges.size());
    for (std::size_t run = 1; run <= m_runs; ++run) m_run_begin[run + 1] += m_run_begin[run];
    cover.edges.resize(cover.edges.size() + m_pieces.size());
    m_next.assign(m_run_begin.begin(), m_run_begin.end());
    for (const Piece& piece : m_pieces) cover.edges[m_next[m_run_of[piece.cell]]++] = piece.edge;
  }

  // From right to left: what lies behind a run is known when it is met.
  void add_row(std::uint32_t area, std::uint32_t row, Cover& cover) const {
    bool inside = false;
    Entry run{area};
    for (std::uint32_t column = m_box_columns; column-- > 0;) {
      const std::size_t local = std::size_t{row} * m_box_columns + column;
      const std::uint32_t number = m_run_of[local];
      const bool first_of_stretch = column + 1 < m_box_columns && m_run_of[local + 1] != number;
      if (number == 0 && first_of_stretch)
        inside = holds_in_run(cover.edges.data() + run.first_edge, run,
                              m_grid.m_columns.origin + (m_first_column + column + 0.5) * m_width,
                              m_grid.m_rows.origin + (m_first_row + row + 0.5) * m_height);
      if (number != 0)
        run = {area, m_run_begin[number], m_run_begin[number + 1] - m_run_begin[number],
               first_of_stretch || column + 1 == m_box_columns ? inside : run.inside_behind};
      if (number == 0 && !inside) continue;
      cover.cells.push_back((m_first_row + row) * m_grid.m_columns.count + m_first_column + column);
      cover.entries.push_back(number != 0 ? run : Entry{area});
    }
  }

  const AreaGrid& m_grid;
  double m_height, m_width;  // of a cell
  std::uint32_t m_first_row = 0, m_first_column = 0, m_box_rows = 0, m_box_columns = 0;
  std::vector<std::uint32_t> m_run_of;  // of each cell in the box of the area; 0: no edge touches it
  std::uint32_t m_runs = 0;
  std::vector<Piece> m_pieces;
  std::vector<std::uint32_t> m_run_begin, m_next;  // in the edges
};

AreaGrid::AreaGrid(const Geometry& areas, std::size_t points) : m_areas(areas), m_area_bounds(areas.size()) {
  for (std::size_t area = 0; area < areas.size(); ++area) {
    m_area_bounds[area] = areas.bounds(area);
    m_bounds.include(m_area_bounds[area]);
  }
  if (m_bounds.empty()) {
    m_cell_begin = {0, 0};
    return;
  }
  const double cells = static_cast<double>(std::clamp<std::size_t>(points / 2, 1024, std::size_t{1} << 20));
  const double shape = std::clamp(m_bounds.width() / std::max(m_bounds.height(), 1e-300), 1e-2, 1e2);
  m_columns = Intervals(m_bounds.min_x, m_bounds.max_x, static_cast<std::uint32_t>(std::sqrt(cells * shape)) + 1);
  m_rows = Intervals(m_bounds.min_y, m_bounds.max_y, static_cast<std::uint32_t>(std::sqrt(cells / shape)) + 1);
  std::vector<Cover> covers(block_count(areas.size(), kAreaBlock));
  parallel_blocks(areas.size(), kAreaBlock, [&](std::size_t begin, std::size_t end, std::size_t block) {
    Coverer coverer(*this);
    for (std::size_t area = begin; area < end; ++area)
      if (!m_area_bounds[area].empty()) coverer.cover(static_cast<std::uint32_t>(area), covers[block]);
  });
  collect(covers);
  for (Cover& cover : covers) m_edges.push_back(std::move(cover.edges));
}

void AreaGrid::index_edges() {
  m_strips.resize(size());
  parallel_blocks(size(), kAreaBlock, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t area = begin; area < end; ++area)
      if (!m_area_bounds[area].empty()) make_strips(static_cast<std::uint32_t>(area));
  });
}

void AreaGrid::make_strips(std::uint32_t area) {
  Strips& strips = m_strips[area];
  std::vector<std::uint64_t> edges;
  for (auto part = m_areas.feature_parts[area]; part < m_areas.feature_parts[area + 1]; ++part)
    for (auto ring = m_areas.part_rings[part]; ring < m_areas.part_rings[part + 1]; ++ring)
      for (auto v = m_areas.ring_vertices[ring]; v + 1 < m_areas.ring_vertices[ring + 1]; ++v) edges.push_back(v);
  const auto count = static_cast<std::uint32_t>(std::clamp<std::size_t>(edges.size() / 4, 1, kMostStrips));
  strips.intervals = Intervals(m_area_bounds[area].min_y, m_area_bounds[area].max_y, count);
  const auto for_strips = [&](const auto& act) {
    for (const std::uint64_t v : edges) {
      const auto [low, high] = std::minmax(m_areas.y[v], m_areas.y[v + 1]);
      for (std::uint32_t s = strips.intervals.at(low); s <= strips.intervals.at(high); ++s) act(s, v);
    }
  };
  strips.begin.assign(count + 1, 0);
  for_strips([&](std::uint32_t s, std::uint64_t) { ++strips.begin[s + 1]; });
  for (std::uint32_t s = 0; s < count; ++s) strips.begin[s + 1] += strips.begin[s];
  strips.edges.resize(strips.begin[count]);
  std::vector<std::uint32_t> next(strips.begin.begin(), strips.begin.end() - 1);
  for_strips([&](std::uint32_t s, std::uint64_t v) { strips.edges[next[s]++] = v; });
}

void AreaGrid::collect(const std::vector<Cover>& covers) {
  const std::size_t cells = std::size_t{m_rows.count} * m_columns.count;
  reserve_in_huge_pages(m_cell_begin, cells + 1);
  m_cell_begin.assign(cells + 1, 0);
  for (const Cover& cover : covers)
    for (const std::uint32_t cell : cover.cells) ++m_cell_begin[cell + 1];
  for (std::size_t cell = 0; cell < cells; ++cell) m_cell_begin[cell + 1] += m_cell_begin[cell];
  reserve_in_huge_pages(m_entries, m_cell_begin[cells]);
  populate_next(m_entries, m_cell_begin[cells]);
  m_entries.resize(m_cell_begin[cells]);
  std::vector<std::uint32_t> next(m_cell_begin.begin(), m_cell_begin.end() - 1);
  for (const Cover& cover : covers)  // in the order of the areas
    for (std::size_t e = 0; e < cover.cells.size(); ++e) m_entries[next[cover.cells[e]]++] = cover.entries[e];
}

std::int32_t AreaGrid::first_holding(double x, double y) const { return first_of(entries_of(cell_at(x, y)), x, y); }

void AreaGrid::first_holding(std::span<const double> x, std::span<const double> y,
                             std::span<std::int32_t> areas) const {
  constexpr std::size_t kBatch = 64;
  std::array<std::uint32_t, kBatch> cells{};
  std::array<std::span<const Entry>, kBatch> entries{};
  for (std::size_t first = 0; first < x.size(); first += kBatch) {
    const std::size_t count = std::min(kBatch, x.size() - first);
    for (std::size_t i = 0; i < count; ++i) {
      cells[i] = cell_at(x[first + i], y[first + i]);
      if (cells[i] != kNoCell) __builtin_prefetch(&m_cell_begin[cells[i]]);
    }
    for (std::size_t i = 0; i < count; ++i) {
      entries[i] = entries_of(cells[i]);
      __builtin_prefetch(entries[i].data());
    }
    for (std::size_t i = 0; i < count; ++i)
      if (!entries[i].empty() && entries[i].front().edges != 0)
        __builtin_prefetch(m_edges[entries[i].front().area / kAreaBlock].data() + entries[i].front().first_edge);
    for (std::size_t i = 0; i < count; ++i) areas[first + i] = first_of(entries[i], x[first + i], y[first + i]);
  }
}

bool AreaGrid::holds(std::uint32_t area, double x, double y) const {
  for (const Entry& entry : entries_of(cell_at(x, y)))
    if (entry.area == area) return holds(entry, x, y);
  return false;
}

// Even-odd along a ray to the right, up to the end of the run.
bool AreaGrid::holds_in_run(const Edge* edges, const Entry& entry, double x, double y) {
  bool inside = entry.inside_behind;
  for (std::uint32_t e = 0; e < entry.edges; ++e) {
    const auto [ax, ay, bx, by] = edges[e];
    if (y < ay || y > by) continue;
    const auto [least, most] = std::minmax(ax, bx);
    if (x > most) continue;
    if (ay == by) {
      if (x >= least) return true;
      continue;
    }
    if (x >= least) {
      const int side = orientation(ax, ay, bx, by, x, y);
      if (side == 0) return true;
      if (side < 0) continue;
    }
    inside ^= y < by;  // the lower end counts, the upper does not: a vertex is crossed once
  }
  return inside;
}

}  // namespace yaan
