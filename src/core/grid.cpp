#include "yaan/core/grid.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "yaan/core/error.hpp"
#include "yaan/core/units.hpp"

namespace yaan {

Box Grid::box() const { return {origin_x, origin_y, origin_x + columns * cell, origin_y + rows * cell}; }

std::optional<std::size_t> Grid::cell_at(double x, double y) const {
  const Box bounds = box();
  if (!(x >= bounds.min_x && x <= bounds.max_x && y >= bounds.min_y && y <= bounds.max_y) || size() == 0) return {};
  const auto column = std::min<std::size_t>(static_cast<std::size_t>((x - origin_x) / cell), columns - 1);
  const auto row = std::min<std::size_t>(static_cast<std::size_t>((y - origin_y) / cell), rows - 1);
  return row * columns + column;
}

std::size_t Grid::inside() const {
  return static_cast<std::size_t>(
      std::count_if(values.begin(), values.end(), [](double value) { return !std::isnan(value); }));
}

Grid Grid::covering(const Box& box, double cell, std::size_t most_cells, const Crs& crs) {
  if (box.empty() || !std::isfinite(box.min_x) || !std::isfinite(box.max_x) || !std::isfinite(box.min_y) ||
      !std::isfinite(box.max_y))
    throw std::invalid_argument("a grid needs a finite box");
  if (!(cell > 0) || !std::isfinite(cell)) throw std::invalid_argument("a grid needs cells with a size");
  Grid grid;
  grid.cell = cell;
  grid.crs = crs;
  const double west = std::floor(box.min_x / cell);
  const double south = std::floor(box.min_y / cell);
  const double columns = std::max(1.0, std::ceil(box.max_x / cell) - west);
  const double rows = std::max(1.0, std::ceil(box.max_y / cell) - south);
  if (!std::isfinite(columns * rows) || !std::isfinite(box.width()) || !std::isfinite(box.height()))
    throw UsageError("the positions are too far apart for a grid", "check their coordinate reference system");
  if (columns * rows > static_cast<double>(most_cells)) {
    // One more cell on either axis may be needed, whatever the origin.
    double least = std::sqrt(box.width()) * std::sqrt(box.height()) / std::sqrt(static_cast<double>(most_cells));
    const auto count = [&](double side) {
      return (std::floor(box.width() / side) + 2) * (std::floor(box.height() / side) + 2);
    };
    least = std::max(
        {least, box.width() / static_cast<double>(most_cells), box.height() / static_cast<double>(most_cells)});
    while (count(least) > static_cast<double>(most_cells)) least *= 1.01;
    const double digits = std::pow(10.0, std::floor(std::log10(least)) - 1);
    throw UsageError(
        fmt::format("cells of {} over {:.0f} km by {:.0f} km make {:.4g} cells, but at most {} are possible",
                    to_string(Length(Metres{cell})), box.width() / 1e3, box.height() / 1e3, columns * rows, most_cells),
        fmt::format("use a cell size of at least {}", to_string(Length(Metres{std::ceil(least / digits) * digits}))));
  }
  grid.origin_x = west * cell;
  grid.origin_y = south * cell;
  grid.columns = static_cast<std::uint32_t>(columns);
  grid.rows = static_cast<std::uint32_t>(rows);
  grid.values.assign(std::size_t{grid.columns} * grid.rows, 0.0);
  return grid;
}

}  // namespace yaan
