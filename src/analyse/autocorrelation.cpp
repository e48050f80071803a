#include "yaan/analyse/autocorrelation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

#include "yaan/core/parallel.hpp"
#include "yaan/core/random.hpp"

namespace yaan {

double p_of_counts(const TailCounts& counts, std::int64_t permutations, PValue convention) {
  const auto smaller = static_cast<double>(std::min(counts.at_least, counts.at_most));
  const double tail = (smaller + 1) / static_cast<double>(permutations + 1);
  return std::min(1.0, convention == PValue::folded ? tail : 2 * tail);
}

double p_of_z(double z, PValue convention) {
  const double both = std::erfc(std::abs(z) / std::numbers::sqrt2);
  return convention == PValue::folded ? both / 2 : both;
}

double z_of(double value, double expected, double variance) {
  return variance > 0 ? (value - expected) / std::sqrt(variance) : std::numeric_limits<double>::quiet_NaN();
}

PermutationTest permute(std::size_t n, std::int64_t permutations, std::int64_t seed, double observed,
                        const std::function<double(std::span<const std::uint32_t>)>& statistic, Progress& progress) {
  constexpr std::size_t kBlock = 8;
  constexpr std::uint64_t kItem = ~std::uint64_t{0};  // no feature has this number
  progress.report("permuting", 0.3);
  std::vector<double> values(static_cast<std::size_t>(permutations));
  parallel_blocks(values.size(), kBlock, progress, [&](std::size_t begin, std::size_t end, std::size_t) {
    std::vector<std::uint32_t> order(n);
    for (std::size_t d = begin; d < end; ++d) {
      progress.throw_if_cancelled();
      std::iota(order.begin(), order.end(), 0U);
      RandomStream random(static_cast<std::uint64_t>(seed), kItem, static_cast<std::uint32_t>(d));
      for (std::size_t i = n; i > 1; --i) std::swap(order[i - 1], order[random.below(static_cast<std::uint32_t>(i))]);
      values[d] = statistic(order);
    }
  });
  PermutationTest test;
  test.permutations = permutations;
  if (values.empty()) return test;
  const auto count = static_cast<double>(values.size());
  test.mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
  for (const double v : values) test.variance += (v - test.mean) * (v - test.mean) / count;
  // Where every order gives the same statistic, rounding is all that differs.
  constexpr double kSame = 1e-9;
  const double size = std::max(std::abs(observed), std::abs(test.mean));
  if (std::sqrt(test.variance) <= kSame * size) test.variance = 0;
  const double room = kSame * std::max(size, std::sqrt(test.variance));
  for (const double v : values) {
    test.counts.at_least += v >= observed - room;
    test.counts.at_most += v <= observed + room;
  }
  return test;
}

LagMoments conditional_moments(const SpatialWeights& weights, std::span<const double> values) {
  const std::size_t n = weights.size();
  LagMoments moments{std::vector<double>(n, 0), std::vector<double>(n, 0)};
  const auto others = static_cast<double>(n) - 1;
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(n);
  double squares = 0;  // about the mean, so that no digits are lost
  for (const double v : values) squares += (v - mean) * (v - mean);
  for (std::size_t i = 0; i < n; ++i) {
    double sum = 0, sum_of_squares = 0;
    for (const double w : weights.weights(i)) {
      sum += w;
      sum_of_squares += w * w;
    }
    const double own = values[i] - mean;
    const double mean_of_others = -own / others;
    const double variance_of_others = (squares - own * own) / others - mean_of_others * mean_of_others;
    moments.expected[i] = sum * (mean + mean_of_others);
    // 0 where the neighbours are all others: rounding must not make a variance of it.
    const double spread = others * sum_of_squares - sum * sum;
    if (others > 1 && spread > 1e-12 * sum * sum) moments.variance[i] = variance_of_others * spread / (others - 1);
  }
  return moments;
}

}  // namespace yaan
