#include "yaan/render/pick.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace yaan::render {

namespace {
bool finite(double x, double y) { return std::isfinite(x) && std::isfinite(y); }
}  // namespace

PointIndex::PointIndex(std::span<const double> x, std::span<const double> y)
    : m_x(x.begin(), x.end()), m_y(y.begin(), y.end()) {
  if (x.size() != y.size()) throw std::invalid_argument("x and y differ in length");
  std::size_t usable = 0;
  for (std::size_t i = 0; i < m_x.size(); ++i) {
    if (!finite(m_x[i], m_y[i])) continue;
    m_box.include(m_x[i], m_y[i]);
    ++usable;
  }
  if (usable == 0) return;

  // About two points a cell where they are spread evenly, and never more than 1024 cells a side.
  const double side = std::max({m_box.width(), m_box.height(), 1e-9});
  const double cells = std::clamp(std::sqrt(static_cast<double>(usable) / 2), 1.0, 1024.0);
  m_cell = side / cells;
  m_columns = static_cast<std::size_t>(m_box.width() / m_cell) + 1;
  m_rows = static_cast<std::size_t>(m_box.height() / m_cell) + 1;

  m_cell_begin.assign(m_columns * m_rows + 1, 0);
  const auto cell = [&](std::size_t i) { return row_of(m_y[i]) * m_columns + column_of(m_x[i]); };
  for (std::size_t i = 0; i < m_x.size(); ++i)
    if (finite(m_x[i], m_y[i])) ++m_cell_begin[cell(i) + 1];
  for (std::size_t c = 1; c < m_cell_begin.size(); ++c) m_cell_begin[c] += m_cell_begin[c - 1];
  m_points.resize(usable);
  std::vector<std::uint32_t> next(m_cell_begin.begin(), m_cell_begin.end() - 1);
  for (std::size_t i = 0; i < m_x.size(); ++i)
    if (finite(m_x[i], m_y[i])) m_points[next[cell(i)]++] = static_cast<std::uint32_t>(i);
}

std::size_t PointIndex::column_of(double x) const {
  const double column = std::clamp((x - m_box.min_x) / m_cell, 0.0, static_cast<double>(m_columns - 1));
  return static_cast<std::size_t>(column);
}

std::size_t PointIndex::row_of(double y) const {
  const double row = std::clamp((y - m_box.min_y) / m_cell, 0.0, static_cast<double>(m_rows - 1));
  return static_cast<std::size_t>(row);
}

std::optional<std::uint32_t> PointIndex::nearest(PlanePoint place, double within) const {
  std::optional<std::uint32_t> found;
  if (m_points.empty() || !finite(place.x, place.y) || !(within >= 0)) return found;
  double best = within * within;
  for (std::size_t row = row_of(place.y - within); row <= row_of(place.y + within); ++row) {
    for (std::size_t column = column_of(place.x - within); column <= column_of(place.x + within); ++column) {
      const std::size_t cell = row * m_columns + column;
      for (std::uint32_t k = m_cell_begin[cell]; k < m_cell_begin[cell + 1]; ++k) {
        const std::uint32_t i = m_points[k];
        const double squared = (m_x[i] - place.x) * (m_x[i] - place.x) + (m_y[i] - place.y) * (m_y[i] - place.y);
        if (squared < best || (squared == best && (!found || i < *found))) {
          best = squared;
          found = i;
        }
      }
    }
  }
  return found;
}

std::optional<std::uint32_t> polygon_at(const Geometry& polygons, PlanePoint place) {
  for (std::size_t f = polygons.size(); f-- > 0;) {
    const Box box = polygons.bounds(f);
    if (box.empty() || place.x < box.min_x || place.x > box.max_x || place.y < box.min_y || place.y > box.max_y)
      continue;
    if (locate(polygons, f, place.x, place.y) != Inside::outside) return static_cast<std::uint32_t>(f);
  }
  return std::nullopt;
}

}  // namespace yaan::render
