#include "analyse/index/area_grid.hpp"

#include <algorithm>
#include <cmath>

#include "yaan/core/parallel.hpp"

namespace yaan {

namespace {

constexpr std::size_t kAreaBlock = 16;
constexpr std::uint32_t kMostStrips = 1 << 16;

}  // namespace

Intervals::Intervals(double low, double high, std::uint32_t intervals) : origin(low), count(std::max(1U, intervals)) {
  const double width = high - low;
  inverse = width > 0 ? count / width : 0;
  if (!std::isfinite(inverse)) inverse = 0;
}

AreaGrid::AreaGrid(const Geometry& areas, std::size_t points)
    : m_areas(areas), m_area_bounds(areas.size()), m_strips(areas.size()) {
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
  std::vector<std::vector<Entry>> entries(block_count(areas.size(), kAreaBlock));
  parallel_blocks(areas.size(), kAreaBlock, [&](std::size_t begin, std::size_t end, std::size_t block) {
    for (std::size_t area = begin; area < end; ++area) {
      if (m_area_bounds[area].empty()) continue;
      make_strips(static_cast<std::uint32_t>(area));
      cover_cells(static_cast<std::uint32_t>(area), entries[block]);
    }
  });
  collect(entries);
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

void AreaGrid::cover_cells(std::uint32_t area, std::vector<Entry>& entries) const {
  const Box& box = m_area_bounds[area];
  const std::uint32_t first_row = m_rows.at(box.min_y), rows = m_rows.at(box.max_y) - first_row + 1;
  const std::uint32_t first_column = m_columns.at(box.min_x), columns = m_columns.at(box.max_x) - first_column + 1;
  std::vector<std::uint8_t> marked(std::size_t{rows} * columns, 0);
  const double height = m_rows.inverse > 0 ? 1 / m_rows.inverse : 0;
  const double width = m_columns.inverse > 0 ? 1 / m_columns.inverse : 0;

  // Every cell that an edge could touch: row by row, with more room than rounding takes.
  for (auto part = m_areas.feature_parts[area]; part < m_areas.feature_parts[area + 1]; ++part)
    for (auto ring = m_areas.part_rings[part]; ring < m_areas.part_rings[part + 1]; ++ring)
      for (auto v = m_areas.ring_vertices[ring]; v + 1 < m_areas.ring_vertices[ring + 1]; ++v) {
        double ax = m_areas.x[v], ay = m_areas.y[v], bx = m_areas.x[v + 1], by = m_areas.y[v + 1];
        if (ay > by) {
          std::swap(ax, bx);
          std::swap(ay, by);
        }
        const auto [least, most] = std::minmax(ax, bx);
        for (std::uint32_t row = m_rows.at(ay); row <= m_rows.at(by); ++row) {
          double low = least, high = most;
          if (by > ay && height > 0) {
            const double bottom = std::clamp(m_rows.origin + (row - 1e-6) * height, ay, by);
            const double top = std::clamp(m_rows.origin + (row + 1 + 1e-6) * height, ay, by);
            const double at_bottom = ax + (bx - ax) * ((bottom - ay) / (by - ay));
            const double at_top = ax + (bx - ax) * ((top - ay) / (by - ay));
            low = std::max(low, std::min(at_bottom, at_top) - 1e-6 * width);
            high = std::min(high, std::max(at_bottom, at_top) + 1e-6 * width);
          }
          for (std::uint32_t column = m_columns.at(low); column <= m_columns.at(high); ++column)
            marked[std::size_t{row - first_row} * columns + column - first_column] = 1;
        }
      }

  // A stretch of cells that no edge touches is inside or outside as a whole.
  for (std::uint32_t row = 0; row < rows; ++row) {
    bool stretch = false, inside = false;
    for (std::uint32_t column = 0; column < columns; ++column) {
      const std::uint32_t cell = (first_row + row) * m_columns.count + first_column + column;
      if (marked[std::size_t{row} * columns + column] != 0) {
        entries.push_back({cell, area, false});
        stretch = false;
        continue;
      }
      if (!stretch)
        inside = holds(area, m_columns.origin + (first_column + column + 0.5) * width,
                       m_rows.origin + (first_row + row + 0.5) * height);
      stretch = true;
      if (inside) entries.push_back({cell, area, true});
    }
  }
}

void AreaGrid::collect(const std::vector<std::vector<Entry>>& entries) {
  const std::size_t cells = std::size_t{m_rows.count} * m_columns.count;
  m_cell_begin.assign(cells + 1, 0);
  for (const auto& block : entries)
    for (const Entry& entry : block) ++m_cell_begin[entry.cell + 1];
  for (std::size_t cell = 0; cell < cells; ++cell) m_cell_begin[cell + 1] += m_cell_begin[cell];
  m_cell_area.resize(m_cell_begin[cells]);
  std::vector<std::uint32_t> next(m_cell_begin.begin(), m_cell_begin.end() - 1);
  for (const auto& block : entries)  // in the order of the areas
    for (const Entry& entry : block)
      m_cell_area[next[entry.cell]++] = entry.area << 1 | static_cast<std::uint32_t>(entry.covers);
}

std::int32_t AreaGrid::first_holding(double x, double y) const {
  if (!(x >= m_bounds.min_x && x <= m_bounds.max_x && y >= m_bounds.min_y && y <= m_bounds.max_y)) return kNone;
  const std::size_t cell = std::size_t{m_rows.at(y)} * m_columns.count + m_columns.at(x);
  for (std::uint32_t e = m_cell_begin[cell]; e < m_cell_begin[cell + 1]; ++e) {
    const std::uint32_t area = m_cell_area[e] >> 1;
    if ((m_cell_area[e] & 1) != 0 || holds(area, x, y)) return static_cast<std::int32_t>(area);
  }
  return kNone;
}

bool AreaGrid::holds(std::uint32_t area, double x, double y) const {
  const Box& box = m_area_bounds[area];
  if (!(x >= box.min_x && x <= box.max_x && y >= box.min_y && y <= box.max_y)) return false;
  const Strips& strips = m_strips[area];
  const std::uint32_t strip = strips.intervals.at(y);
  bool inside = false;
  for (std::uint32_t e = strips.begin[strip]; e < strips.begin[strip + 1]; ++e) {
    const std::uint64_t v = strips.edges[e];
    double ax = m_areas.x[v], ay = m_areas.y[v], bx = m_areas.x[v + 1], by = m_areas.y[v + 1];
    if (ay > by) {
      std::swap(ax, bx);
      std::swap(ay, by);
    }
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
