#include "yaan/analyse/bandwidth.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <vector>

#include "analyse/kernel_mass.hpp"
#include "analyse/lattice_points.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {

namespace {

using Triple = std::array<double, 3>;
constexpr std::uint32_t kComparisonsBetweenPolls = 1U << 16;

/// Finite points with their weights in an order of their own.
std::vector<Triple> ordered(std::span<const double> x, std::span<const double> y, std::span<const double> weights,
                            const Progress& progress) {
  std::vector<Triple> points;
  points.reserve(x.size());
  for (std::size_t i = 0; i < x.size(); ++i)
    if (std::isfinite(x[i]) && std::isfinite(y[i])) points.push_back({x[i], y[i], weights.empty() ? 1.0 : weights[i]});
  progress.throw_if_cancelled();
  std::uint32_t comparisons = 0;
  std::sort(points.begin(), points.end(), [&](const Triple& a, const Triple& b) {
    if (++comparisons % kComparisonsBetweenPolls == 0) progress.throw_if_cancelled();
    return a < b;
  });
  return points;
}

}  // namespace

std::optional<Metres> scott_bandwidth(std::span<const double> x, std::span<const double> y,
                                      std::span<const double> weights, const Progress& progress) {
  const std::vector<Triple> points = ordered(x, y, weights, progress);
  double total = 0;
  double squares = 0;
  std::array<double, 2> mean{};
  for (const Triple& p : points) {
    total += p[2];
    squares += p[2] * p[2];
    for (std::size_t axis = 0; axis < 2; ++axis) mean[axis] += p[2] * p[axis];
  }
  const double freedom = total - squares / total;  // n - 1 for weights of 1
  if (!(freedom > 0)) return {};
  std::array<double, 2> spread{};
  for (double& value : mean) value /= total;
  for (const Triple& p : points)
    for (std::size_t axis = 0; axis < 2; ++axis) spread[axis] += p[2] * (p[axis] - mean[axis]) * (p[axis] - mean[axis]);
  const double n = total * total / squares;
  const double bandwidth = std::pow(spread[0] / freedom * (spread[1] / freedom), 0.25) * std::pow(n, -1.0 / 6);
  // Rounding of the mean leaves a trace of spread in points that are all the same.
  const double trace = 1e-12 * (std::abs(mean[0]) + std::abs(mean[1]));
  if (!(bandwidth > trace) || !std::isfinite(bandwidth)) return {};
  return Metres{bandwidth};
}

namespace {

constexpr std::size_t kBins = 2048;
constexpr std::size_t kLeastBin = 4;
constexpr std::size_t kSample = 20000;
constexpr std::int64_t kMostShift = 64;

std::uint64_t hash_of(std::uint64_t rank) {  // SplitMix64's output function (Steele, Lea and Flood 2014)
  std::uint64_t z = (rank + 1) * 0x9e3779b97f4a7c15U;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31);
}

/// Area, in cells, that the window shares with itself shifted.
class SharedArea {
 public:
  SharedArea(const CellWindow& window, double reach, const Progress& progress) {
    const auto cells = static_cast<std::int64_t>(std::ceil(reach)) + 1;
    m_step = std::max<std::int64_t>(1, (cells + kMostShift - 1) / kMostShift);
    m_across = cells / m_step + 2;
    m_values.resize(static_cast<std::size_t>((2 * m_across + 1) * (m_across + 1)));
    parallel_blocks(m_values.size(), 16, [&](std::size_t begin, std::size_t end, std::size_t) {
      for (std::size_t i = begin; i < end; ++i) {
        progress.throw_if_cancelled();
        const auto wide = 2 * m_across + 1;
        m_values[i] = shared(window, (static_cast<std::int64_t>(i) % wide - m_across) * m_step,
                             static_cast<std::int64_t>(i) / wide * m_step);
      }
    });
  }

  [[nodiscard]] double at(double dx, double dy) const {  // in cells
    if (dy < 0) {
      dx = -dx;
      dy = -dy;
    }
    const double u = dx / static_cast<double>(m_step);
    const double v = dy / static_cast<double>(m_step);
    const auto column = static_cast<std::int64_t>(std::floor(u));
    const auto row = static_cast<std::int64_t>(v);
    const double s = u - static_cast<double>(column);
    const double t = v - static_cast<double>(row);
    return (1 - t) * ((1 - s) * value(column, row) + s * value(column + 1, row)) +
           t * ((1 - s) * value(column, row + 1) + s * value(column + 1, row + 1));
  }

 private:
  static double shared(const CellWindow& window, std::int64_t dx, std::int64_t dy) {
    std::int64_t cells = 0;
    for (std::int64_t r = 0; r + dy < window.rows(); ++r) {
      const auto here = window.row(static_cast<std::size_t>(r));
      const auto there = window.row(static_cast<std::size_t>(r + dy));
      for (std::size_t a = 0, b = 0; a < here.size() && b < there.size();) {
        const std::int64_t here_end = std::int64_t{here[a].end} + dx;
        const std::int64_t low = std::max<std::int64_t>(std::int64_t{here[a].begin} + dx, there[b].begin);
        const std::int64_t high = std::min<std::int64_t>(here_end, there[b].end);
        cells += std::max<std::int64_t>(0, high - low);
        if (here_end < there[b].end) {
          ++a;
        } else {
          ++b;
        }
      }
    }
    return static_cast<double>(cells);
  }
  [[nodiscard]] double value(std::int64_t column, std::int64_t row) const {
    return m_values[static_cast<std::size_t>(row * (2 * m_across + 1) + column + m_across)];
  }

  std::int64_t m_step = 1;
  std::int64_t m_across = 0;
  std::vector<double> m_values;
};

/// Sum of window area / shared area over the ordered pairs whose distance falls into each bin. In blocks of points, so
/// that the sums do not depend on the threads.
std::vector<double> pair_bins(const LatticePoints& points, const Lattice& lattice, const SharedArea& shared,
                              double area, double cell, double r_max, const Progress& progress) {
  constexpr std::size_t kBlock = 512;
  std::vector<std::vector<double>> bins(block_count(points.size(), kBlock));
  const double scale = static_cast<double>(kBins) / r_max;
  parallel_blocks(points.size(), kBlock, [&](std::size_t begin, std::size_t end, std::size_t block) {
    std::vector<double>& mine = bins[block];
    mine.assign(kBins, 0.0);
    for (auto i = static_cast<std::uint32_t>(begin); i < end; ++i) {
      progress.throw_if_cancelled();
      const double px = points.x()[i];
      const double py = points.y()[i];
      const auto column = static_cast<std::int64_t>((px - lattice.x) / lattice.side);
      const auto row = static_cast<std::int64_t>((py - lattice.y) / lattice.side);
      for (const std::int64_t r : {row, row + 1}) {
        const Run run = points.of_columns(r, column - 1, column + 2);
        for (std::uint32_t j = std::max(run.begin, i + 1); j < run.end; ++j) {
          const double dx = points.x()[j] - px;
          const double dy = points.y()[j] - py;
          const double distance = std::sqrt(dx * dx + dy * dy);
          if (!(distance < r_max)) continue;
          const double common = shared.at(dx / cell, dy / cell);
          if (common > 0) mine[static_cast<std::size_t>(distance * scale)] += 2 * area / common;
        }
      }
    }
  });
  std::vector<double> sums(kBins, 0.0);
  for (const auto& some : bins)
    for (std::size_t b = 0; b < kBins; ++b) sums[b] += some[b];
  return sums;
}

/// Area that two discs of radius 1 share at distance 2 u.
double lens(double u) { return u >= 1 ? 0 : 2 * (std::acos(u) - u * std::sqrt(1 - u * u)); }

std::vector<Triple> within(std::vector<Triple> points, const Grid& window) {
  std::erase_if(points, [&](const Triple& p) {
    const auto cell = window.cell_at(p[0], p[1]);
    return !cell || std::isnan(window.values[*cell]);
  });
  return points;
}

}  // namespace

std::optional<DiggleBandwidth> diggle_bandwidth(std::span<const double> x, std::span<const double> y,
                                                const Grid& window, Progress& progress) {
  progress.throw_if_cancelled();
  std::vector<Triple> points = within(ordered(x, y, {}, progress), window);
  if (points.size() < 3) return {};
  const CellWindow study(window);
  const double area = static_cast<double>(study.cells()) * window.cell * window.cell;
  const double density = static_cast<double>(points.size()) / area;
  if (points.size() > kSample) {
    std::vector<std::pair<std::uint64_t, std::uint32_t>> draws;
    for (std::uint32_t i = 0; i < points.size(); ++i) draws.emplace_back(hash_of(i), i);
    std::nth_element(draws.begin(), draws.begin() + kSample, draws.end());
    std::vector<Triple> sample;
    for (std::size_t i = 0; i < kSample; ++i) sample.push_back(points[draws[i].second]);
    points = std::move(sample);
  }
  const double shorter = std::min(window.columns, window.rows) * window.cell;
  const double r_max = std::min(shorter / 4, std::sqrt(1000 / (std::numbers::pi * density)));
  const Lattice lattice{window.origin_x, window.origin_y, r_max,
                        static_cast<std::uint32_t>(window.columns * window.cell / r_max) + 2,
                        static_cast<std::uint32_t>(window.rows * window.cell / r_max) + 2};
  std::vector<double> px;
  std::vector<double> py;
  for (const Triple& p : points) {
    px.push_back(p[0]);
    py.push_back(p[1]);
  }
  const LatticePoints sorted(px, py, {}, lattice, progress);
  const SharedArea shared(study, r_max / window.cell, progress);
  const double n = sorted.size();
  // A pair weighs area^2 / (n (n - 1) shared area); pair_bins has counted cells.
  std::vector<double> steps =
      pair_bins(sorted, lattice, shared, static_cast<double>(study.cells()), window.cell, r_max, progress);
  double pairs = 0;
  for (double& step : steps) {
    step *= area / (n * (n - 1));
    pairs += step;
  }
  if (!(pairs > 0)) return {};

  const double bin = r_max / kBins;
  double k = 0;
  double least = 0;
  std::size_t best = 0;
  for (std::size_t j = 1; 2 * j <= kBins; ++j) {
    k += steps[j - 1];
    if (j < kLeastBin) continue;
    const double h = static_cast<double>(j) * bin;
    const double disc = std::numbers::pi * h * h;
    double pair_integral = 0;
    for (std::size_t b = 0; b < 2 * j; ++b)
      pair_integral += lens((static_cast<double>(b) + 0.5) / (2 * static_cast<double>(j))) * steps[b];
    const double error = (1 / density - 2 * k) / disc + h * h * pair_integral / (disc * disc);
    if (best == 0 || error < least) {
      least = error;
      best = j;
    }
  }
  progress.throw_if_cancelled();
  return DiggleBandwidth{Metres{static_cast<double>(best) * bin / 2}, best == kLeastBin || 2 * best == kBins};
}

}  // namespace yaan
