#include <algorithm>
#include <cmath>
#include <numbers>

#include "analyse/density_loops.hpp"
#include "analyse/kernel_sums.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {

namespace {

constexpr std::uint32_t kBandRows = 64;

/// The part of a disc's cells along one axis, as squared distances to their centres in units of the radius.
struct Span {
  std::int64_t first = 0;
  std::vector<double> squared;

  void set(double place, double reach, std::int64_t count) {
    const auto low = std::clamp(std::ceil(place - reach), 0.0, static_cast<double>(count));
    const auto high = std::clamp(std::floor(place + reach) + 1, low, static_cast<double>(count));
    first = static_cast<std::int64_t>(low);
    squared.clear();
    for (double cell = low; cell < high; ++cell) squared.push_back((cell - place) * (cell - place) / (reach * reach));
  }
};

}  // namespace

std::vector<double> quartic_sums(std::span<const double> x, std::span<const double> y, std::span<const double> weights,
                                 const Lattice& targets, double radius, const Progress& progress) {
  std::vector<double> out(std::size_t{targets.columns} * targets.rows);
  const double margin = radius + targets.side;
  const Box box =
      bounds_within(x, y,
                    {targets.x - margin, targets.y - margin, targets.x + targets.columns * targets.side + margin,
                     targets.y + targets.rows * targets.side + margin},
                    progress);
  if (box.empty() || out.empty()) return out;
  // Points are sorted to cells of the targets' size, or of half the radius where that is more.
  const double side = std::max(targets.side, radius / 2);
  Lattice around{box.min_x, box.min_y, side, 0, 0};
  around.columns = static_cast<std::uint32_t>(box.width() / side) + 1;
  around.rows = static_cast<std::uint32_t>(box.height() / side) + 1;
  const LatticePoints points(x, y, weights, around, progress);

  const double reach = radius / targets.side;
  const auto add = density_loops().add_disc_row;
  const double factor = 3 / (std::numbers::pi * radius * radius);
  parallel_blocks(targets.rows, kBandRows, [&](std::size_t begin, std::size_t end, std::size_t) {
    const auto first = static_cast<std::int64_t>(begin);
    const auto last = static_cast<std::int64_t>(end);
    const auto row_of = [&](double northing) {
      return static_cast<std::int64_t>(std::floor((northing - around.y) / around.side));
    };
    const Run run = points.of_rows(row_of(targets.y + static_cast<double>(first) * targets.side - radius) - 1,
                                   row_of(targets.y + static_cast<double>(last) * targets.side + radius) + 2);
    Span columns;
    Span rows;
    for (std::uint32_t p = run.begin; p < run.end; ++p) {
      if ((p - run.begin) % 64 == 0) progress.throw_if_cancelled();
      const double px = (points.x()[p] - targets.x) / targets.side - 0.5;
      const double py = (points.y()[p] - targets.y) / targets.side - 0.5;
      if (py + reach < static_cast<double>(first) || py - reach > static_cast<double>(last)) continue;
      rows.set(py, reach, targets.rows);
      columns.set(px, reach, targets.columns);
      const double scale = factor * points.weight(p);
      for (std::size_t r = 0; r < rows.squared.size(); ++r) {
        const std::int64_t row = rows.first + static_cast<std::int64_t>(r);
        const double left = 1 - rows.squared[r];
        if (row < first || row >= last || !(left > 0)) continue;
        const double half = std::sqrt(left) * reach;
        const auto count = static_cast<std::int64_t>(columns.squared.size());
        const auto low =
            std::clamp<std::int64_t>(static_cast<std::int64_t>(std::floor(px - half)) - columns.first, 0, count);
        const auto high =
            std::clamp<std::int64_t>(static_cast<std::int64_t>(std::floor(px + half)) + 2 - columns.first, low, count);
        add(out.data() + static_cast<std::size_t>(row) * targets.columns + columns.first + low,
            columns.squared.data() + low, static_cast<std::size_t>(high - low), left, scale);
      }
    }
  });
  return out;
}

}  // namespace yaan
