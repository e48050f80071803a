#include "yaan/analyse/density_change.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <tuple>
#include <utility>

#include "yaan/core/parallel.hpp"
#include "yaan/core/random.hpp"

namespace yaan {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kSame = 1e-9;
constexpr std::size_t kBlock = std::size_t{1} << 14;

struct Pooled {
  std::vector<double> x, y, weight;
  std::size_t before = 0, after = 0;
};

/// By place, weight and snapshot, so that a permutation does not depend on the order of the rows.
Pooled pooled(const DensityPoints& before, const DensityPoints& after) {
  std::vector<std::tuple<double, double, double, bool>> points;
  for (const bool late : {false, true}) {
    const DensityPoints& some = late ? after : before;
    for (std::size_t i = 0; i < some.x.size(); ++i)
      if (std::isfinite(some.x[i]) && std::isfinite(some.y[i]))
        points.emplace_back(some.x[i], some.y[i], some.weights.empty() ? 1 : some.weights[i], late);
  }
  std::sort(points.begin(), points.end());
  Pooled all;
  for (const auto& [x, y, weight, late] : points) {
    all.x.push_back(x);
    all.y.push_back(y);
    all.weight.push_back(weight);
    ++(late ? all.after : all.before);
  }
  return all;
}

/// Residuals of a map whose later density is known, or whose earlier one is.
class Residuals {
 public:
  Residuals(const Grid& both, double later_share) : m_both(both.values), m_share(later_share) {
    double peak = 0;
    for (const double value : m_both) peak = std::isnan(value) ? peak : std::max(peak, value);
    for (double& value : m_both)
      if (!(value > kLeastChangeDensity * peak)) value = kNan;
  }
  /// (f - g n1 / n) / sqrt(g); the earlier density is as far below its share as the later one is above. NaN where
  /// nothing is looked at.
  [[nodiscard]] std::vector<double> of(const Grid& density, bool later) const {
    std::vector<double> residual(m_both.size());
    for (std::size_t i = 0; i < residual.size(); ++i) {
      const double share = later ? m_share : 1 - m_share;
      const double above = (density.values[i] - m_both[i] * share) / std::sqrt(m_both[i]);
      residual[i] = later ? above : -above;
    }
    return residual;
  }
  /// What two equal residuals of a cell may differ by.
  [[nodiscard]] double room(std::size_t cell) const { return kSame * std::sqrt(m_both[cell]); }

 private:
  std::vector<double> m_both;
  double m_share;
};

double largest_size(const std::vector<double>& residual) {
  double most = 0;
  for (const double value : residual) most = std::isnan(value) ? most : std::max(most, std::abs(value));
  return most;
}

/// The density of as many points, drawn from all.
Grid drawn(const Pooled& all, std::size_t count, std::uint32_t permutation, const Grid& window, Metres bandwidth,
           const DensityChangeOptions& options, Progress& progress) {
  std::vector<std::uint32_t> order(all.x.size());
  std::iota(order.begin(), order.end(), 0U);
  RandomStream random(static_cast<std::uint64_t>(options.seed), 0, permutation);
  std::vector<double> x, y, weight;
  for (std::size_t i = 0; i < count; ++i) {
    std::swap(order[i], order[i + random.below(static_cast<std::uint32_t>(order.size() - i))]);
    x.push_back(all.x[order[i]]);
    y.push_back(all.y[order[i]]);
    weight.push_back(all.weight[order[i]]);
  }
  return kernel_density(x, y, weight, window, options.kernel, bandwidth, false, progress);
}

Grid like(const Grid& window, std::vector<double> values) {
  Grid grid = window;
  grid.values = std::move(values);
  grid.unit = "";
  return grid;
}

void test(DensityChange& change, const DensityPoints& after, const Pooled& all, const Grid& window, Metres bandwidth,
          const DensityChangeOptions& options, Progress& progress) {
  const auto density = [&](const DensityPoints& of) {
    return kernel_density(of.x, of.y, of.weights, window, options.kernel, bandwidth, false, progress);
  };
  const Residuals residuals(density({all.x, all.y, all.weight}),
                            static_cast<double>(all.after) / static_cast<double>(all.x.size()));
  change.residual.values = residuals.of(density(after), true);
  const std::vector<double>& observed = change.residual.values;
  std::vector<std::uint32_t> above(observed.size(), 1), below(observed.size(), 1);
  const bool later = all.after <= all.before;  // the fewer points are the less work
  for (std::int64_t s = 0; s < options.permutations; ++s) {
    progress.throw_if_cancelled();
    progress.report("permuting", 0.2 + 0.7 * static_cast<double>(s) / static_cast<double>(options.permutations));
    const std::vector<double> permuted =
        residuals.of(drawn(all, std::min(all.after, all.before), static_cast<std::uint32_t>(s), window, bandwidth,
                           options, progress),
                     later);
    parallel_blocks(observed.size(), kBlock, [&](std::size_t begin, std::size_t end, std::size_t) {
      for (std::size_t i = begin; i < end; ++i) {
        above[i] += permuted[i] >= observed[i] - residuals.room(i);
        below[i] += permuted[i] <= observed[i] + residuals.room(i);
      }
    });
    change.largest.push_back(largest_size(permuted));
  }
  std::vector<double> sorted = change.largest;
  std::sort(sorted.begin(), sorted.end());
  const auto maps = static_cast<double>(options.permutations + 1);
  for (std::size_t i = 0; i < observed.size(); ++i) {
    if (std::isnan(observed[i])) continue;
    change.p.values[i] = std::min(1.0, 2 * static_cast<double>(std::min(above[i], below[i])) / maps);
    const auto first = std::lower_bound(sorted.begin(), sorted.end(), std::abs(observed[i]) - residuals.room(i));
    change.p_global.values[i] = static_cast<double>(1 + (sorted.end() - first)) / maps;
  }
}

}  // namespace

double least_change_density(const Grid& before, const Grid& after) {
  double peak = 0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    const double both = before.values[i] + after.values[i];
    peak = std::isnan(both) ? peak : std::max(peak, both);
  }
  return kLeastChangeDensity * peak;
}

DensityChange density_change(const DensityPoints& before, const DensityPoints& after, const Grid& window,
                             Metres bandwidth, const DensityChangeOptions& options, Progress& progress) {
  const auto density = [&](const DensityPoints& of) {
    return kernel_density(of.x, of.y, of.weights, window, options.kernel, bandwidth, options.edge_correction, progress);
  };
  DensityChange change;
  change.before = density(before);
  change.after = density(after);
  change.p = change.p_global = change.residual = like(window, std::vector<double>(window.size(), kNan));
  const Pooled all = pooled(before, after);
  if (options.permutations > 0 && all.before > 0 && all.after > 0)
    test(change, after, all, window, bandwidth, options, progress);
  return change;
}

}  // namespace yaan
