#include "analyse/kernel_mass.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "analyse/kernel_sums.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {

CellWindow::CellWindow(const Grid& grid) : m_columns(grid.columns) {
  m_row_begin.push_back(0);
  for (std::uint32_t r = 0; r < grid.rows; ++r) {
    const double* row = grid.values.data() + std::size_t{r} * grid.columns;
    for (std::uint32_t c = 0; c < grid.columns; ++c) {
      if (std::isnan(row[c])) continue;
      const std::uint32_t begin = c;
      while (c < grid.columns && !std::isnan(row[c])) ++c;
      m_runs.push_back({begin, c});
      m_cells += c - begin;
    }
    m_row_begin.push_back(static_cast<std::uint32_t>(m_runs.size()));
  }
}

namespace {

constexpr double kErfReach = 8.5;  // standard deviations past which the error function is 1 in double precision

/// Mass of the standard Gaussian of `deviation` cells between the edges a <= b, in cells from its middle.
double between(double a, double b, double deviation) {
  const double scale = 1 / (deviation * std::numbers::sqrt2);
  if (a > 0) return (std::erfc(a * scale) - std::erfc(b * scale)) / 2;  // no cancellation in the tail
  if (b < 0) return (std::erfc(-b * scale) - std::erfc(-a * scale)) / 2;
  return (std::erf(b * scale) - std::erf(a * scale)) / 2;
}

/// Mass between the edges of all cells of an axis, for each cell of it.
std::vector<double> whole_axis(std::uint32_t cells, double deviation) {
  std::vector<double> mass;
  for (std::uint32_t c = 0; c < cells; ++c) mass.push_back(between(-(c + 0.5), cells - c - 0.5, deviation));
  return mass;
}

void blank_outside(const CellWindow& window, std::vector<double>& values) {
  for (std::size_t r = 0; r < window.rows(); ++r) {
    double* row = values.data() + r * window.columns();
    std::uint32_t next = 0;
    for (const auto& run : window.row(r)) {
      std::fill(row + next, row + run.begin, 0.0);
      next = run.end;
    }
    std::fill(row + next, row + window.columns(), 0.0);
  }
}

}  // namespace

std::vector<double> gaussian_mass(const CellWindow& window, double reach, const Progress& progress) {
  const std::size_t columns = window.columns();
  const std::size_t rows = window.rows();
  std::vector<double> mass(columns * rows);
  if (window.full()) {
    const std::vector<double> across = whole_axis(window.columns(), reach);
    const std::vector<double> along = whole_axis(window.rows(), reach);
    parallel_blocks(rows, 64, [&](std::size_t begin, std::size_t end, std::size_t) {
      for (std::size_t r = begin; r < end; ++r)
        for (std::size_t c = 0; c < columns; ++c) mass[r * columns + c] = along[r] * across[c];
    });
    return mass;
  }
  // Tables by the distance from a cell's centre to an edge, which is a whole number and a half.
  const auto most = static_cast<std::int64_t>(
      std::min(std::ceil(kErfReach * reach) + 1, static_cast<double>(std::max(columns, rows)) + 1));
  std::vector<double> up_to(static_cast<std::size_t>(most) + 1);  // between the centre and the edge
  for (std::int64_t i = 0; i <= most; ++i)
    up_to[static_cast<std::size_t>(i)] = between(0, static_cast<double>(i) + 0.5, reach);
  const auto from_centre = [&](std::int64_t edge) {  // edge of a cell: 0 is the lower edge of the centre's own
    return edge > 0 ? up_to[static_cast<std::size_t>(std::min(edge - 1, most))]
                    : -up_to[static_cast<std::size_t>(std::min(-edge, most))];
  };
  std::vector<double> across(columns * rows);
  parallel_blocks(rows, 16, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t r = begin; r < end; ++r) {
      progress.throw_if_cancelled();
      for (const auto& run : window.row(r))
        for (std::size_t c = 0; c < columns; ++c) {
          const auto centre = static_cast<std::int64_t>(c);
          across[r * columns + c] += from_centre(run.end - centre) - from_centre(run.begin - centre);
        }
    }
  });
  AxisWeights along;
  along.offset.push_back(0);
  for (std::size_t r = 0; r < rows; ++r) {
    const auto centre = static_cast<std::int64_t>(r);
    const std::int64_t first = std::max<std::int64_t>(0, centre - most);
    const std::int64_t end = std::min<std::int64_t>(static_cast<std::int64_t>(rows), centre + most + 1);
    along.first.push_back(static_cast<std::uint32_t>(first));
    for (std::int64_t s = first; s < end; ++s)
      along.weight.push_back(from_centre(s + 1 - centre) - from_centre(s - centre));
    along.offset.push_back(static_cast<std::uint32_t>(along.weight.size()));
  }
  sum_rows(along, across.data(), columns, mass.data(), progress);
  blank_outside(window, mass);
  return mass;
}

namespace {

constexpr std::size_t kNodes = 16;

struct GaussLegendre {
  std::array<double, kNodes> place{};  // in (-1, 1)
  std::array<double, kNodes> weight{};
  GaussLegendre() {
    for (std::size_t i = 0; i < kNodes; ++i) {
      double z = std::cos(std::numbers::pi * (static_cast<double>(i) + 0.75) / (kNodes + 0.5));
      double slope = 0;
      for (int step = 0; step < 50; ++step) {  // Newton on the Legendre polynomial
        double p = 1;
        double before = 0;
        for (std::size_t k = 0; k < kNodes; ++k) {
          const auto j = static_cast<double>(k);
          const double next = ((2 * j + 1) * z * p - j * before) / (j + 1);
          before = p;
          p = next;
        }
        slope = kNodes * (z * p - before) / (z * z - 1);
        z -= p / slope;
        if (std::abs(p / slope) < 1e-16) break;
      }
      place[i] = z;
      weight[i] = 2 / ((1 - z * z) * slope * slope);
    }
  }
};

/// The quartic kernel on the unit disc at height y, integrated over abscissae from 0 to x >= 0.
double strip(double x, double y) {
  const double b = 1 - y * y;
  if (b <= 0) return 0;
  x = std::min(x, std::sqrt(b));
  const double xx = x * x;
  return 3 / std::numbers::pi * x * (b * b - xx * (2 * b / 3 - xx / 5));
}

/// The kernel over 0..x and low..high, 0 <= low < high, in units of the radius. The integrand is smooth between the
/// places where it meets the circle; towards the top of the disc it goes like the power 5/2, which a square takes away.
double quadrant(double x, double low, double high, const GaussLegendre& rule) {
  high = std::min(high, 1.0);
  if (!(high > low) || x <= 0) return 0;
  const double kink = x < 1 ? std::sqrt(1 - x * x) : 0;
  const auto piece = [&](double a, double b) {
    if (!(b > a)) return 0.0;
    // y = 1 - t^2 makes the root at the top of the disc smooth.
    const double ta = std::sqrt(1 - b);
    const double tb = std::sqrt(1 - a);
    double sum = 0;
    for (std::size_t i = 0; i < kNodes; ++i) {
      const double t = (ta + tb) / 2 + (tb - ta) / 2 * rule.place[i];
      sum += rule.weight[i] * strip(x, 1 - t * t) * 2 * t;
    }
    return sum * (tb - ta) / 2;
  };
  return piece(low, std::min(high, kink)) + piece(std::max(low, kink), high);
}

}  // namespace

std::vector<double> quartic_mass(const CellWindow& window, double reach, const Progress& progress) {
  const auto columns = static_cast<std::int64_t>(window.columns());
  const auto rows = static_cast<std::int64_t>(window.rows());
  std::vector<double> mass(static_cast<std::size_t>(columns * rows));
  // table[row][i]: from the middle of the kernel to the edge i cells and a half away, over the cells `row` rows away.
  const auto side = static_cast<std::int64_t>(std::ceil(reach + 0.5));
  const std::int64_t wide = std::min(side, columns) + 1;
  const std::int64_t high = std::min(side, rows) + 1;
  std::vector<double> table(static_cast<std::size_t>(wide * high));
  const GaussLegendre rule;
  parallel_blocks(static_cast<std::size_t>(high), 1, [&](std::size_t row, std::size_t, std::size_t) {
    progress.throw_if_cancelled();
    const double low = row == 0 ? 0 : (static_cast<double>(row) - 0.5) / reach;
    const double top = (static_cast<double>(row) + 0.5) / reach;
    for (std::int64_t i = 0; i < wide; ++i)
      table[row * static_cast<std::size_t>(wide) + static_cast<std::size_t>(i)] =
          quadrant((static_cast<double>(i) + 0.5) / reach, low, top, rule) * (row == 0 ? 2 : 1);
  });
  parallel_blocks(static_cast<std::size_t>(rows), 8, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (auto r = static_cast<std::int64_t>(begin); r < static_cast<std::int64_t>(end); ++r)
      for (const auto& targets : window.row(static_cast<std::size_t>(r))) {
        double* out = mass.data() + r * columns;
        for (std::int64_t s = std::max<std::int64_t>(0, r - high + 1); s < std::min(rows, r + high); ++s) {
          progress.throw_if_cancelled();
          const double* from = table.data() + std::abs(s - r) * wide;
          const auto to_edge = [&](std::int64_t edge) {
            return edge > 0 ? from[std::min(edge - 1, wide - 1)] : -from[std::min(-edge, wide - 1)];
          };
          for (const auto& run : window.row(static_cast<std::size_t>(s))) {
            // Only targets in reach of the run; for the others both edges are on the same side, past the disc.
            const std::int64_t first = std::max<std::int64_t>(targets.begin, std::int64_t{run.begin} - side);
            const std::int64_t last = std::min<std::int64_t>(targets.end, std::int64_t{run.end} + side);
            for (std::int64_t c = first; c < last; ++c) out[c] += to_edge(run.end - c) - to_edge(run.begin - c);
          }
        }
      }
  });
  return mass;
}

}  // namespace yaan
