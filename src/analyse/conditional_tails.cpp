// Conditional permutation: where the observed lag of each feature stands among lags of random neighbours.

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <stdexcept>

#include "analyse/neighbour_draws.hpp"
#include "analyse/shared_draws.hpp"
#include "yaan/analyse/autocorrelation.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {

namespace {

constexpr std::size_t kLeastBlock = 32;
constexpr std::size_t kMostBlocks = 256;  // each keeps a list of all features where neighbours are many
constexpr double kRounding = 1e-12;

double largest(std::span<const double> values) {
  double most = 0;
  for (const double v : values) most = std::max(most, std::abs(v));
  return most;
}

double sum_of(std::span<const double> values) {
  double sum = 0;
  for (const double v : values) sum += v;
  return sum;
}

/// Counts permuted values on both sides of an observed one.
void count_tails(std::span<const double> permuted, double observed, double room, TailCounts& counts) {
  std::int64_t at_least = 0, at_most = 0;
  for (const double v : permuted) {
    at_least += v >= observed - room;
    at_most += v <= observed + room;
  }
  counts.at_least += at_least;
  counts.at_most += at_most;
}

/// Calls body(feature, ids, draws) for each feature with neighbours and each batch of draws: ids as NeighbourDraws
/// gives them, `draws` of them in use.
template <class Body>
void for_each_batch(const SpatialWeights& weights, std::int64_t permutations, std::int64_t seed, DrawMode mode,
                    Progress& progress, const Body& body) {
  const auto n = static_cast<std::uint32_t>(weights.size());
  const auto count = static_cast<std::uint32_t>(permutations);
  constexpr std::uint32_t kLanes = NeighbourDraws::kLanes;
  std::optional<SharedDraws> shared;
  if (mode == DrawMode::shared) shared.emplace(weights, n, count, static_cast<std::uint64_t>(seed));
  const std::size_t block_size = std::max(kLeastBlock, n / kMostBlocks);
  parallel_blocks(n, block_size, progress, [&](std::size_t begin, std::size_t end, std::size_t) {
    NeighbourDraws own(n, static_cast<std::uint64_t>(seed));
    std::vector<std::uint32_t> shifted;
    for (std::size_t i = begin; i < end; ++i) {
      const auto degree = static_cast<std::uint32_t>(weights.degree(i));
      if (degree == 0) continue;
      progress.throw_if_cancelled();
      for (std::uint32_t first = 0; first < count; first += kLanes) {
        const std::uint32_t draws = std::min(kLanes, count - first);
        if (!shared)
          body(i, own.draw(i, static_cast<std::uint32_t>(i), first, degree).data(), draws);
        else
          body(i, shared->shifted(static_cast<std::uint32_t>(i), first, degree, shifted).data(), draws);
      }
    }
  });
}

bool equal_weights(std::span<const double> weights) {
  return std::all_of(weights.begin(), weights.end(), [&](double w) { return w == weights.front(); });
}

void check(const SpatialWeights& weights, std::span<const double> values) {
  if (weights.size() != values.size() || values.size() < 2)
    throw std::invalid_argument("conditional permutation needs two features at least, and one value for each");
}

std::vector<TailCounts> all_equal(std::size_t n, std::int64_t permutations) {
  return std::vector<TailCounts>(n, TailCounts{permutations, permutations});
}

}  // namespace

std::vector<TailCounts> conditional_tails(const SpatialWeights& weights, std::span<const double> values,
                                          std::int64_t permutations, std::int64_t seed, DrawMode mode,
                                          Progress& progress) {
  check(weights, values);
  progress.report("permuting", 0.3);
  std::vector<TailCounts> tails = all_equal(values.size(), permutations);
  const double most = largest(values);
  if (mode == DrawMode::shared && sweep_pays(weights, permutations)) {
    sweep_shared(weights, values, static_cast<std::uint32_t>(permutations), static_cast<std::uint64_t>(seed),
                 kRounding * most, tails, progress);
    return tails;
  }
  for (std::size_t i = 0; i < values.size(); ++i)
    if (weights.degree(i) > 0) tails[i] = {};
  const DrawLoops& loops = draw_loops();
  for_each_batch(weights, permutations, seed, mode, progress,
                 [&](std::size_t i, const std::uint32_t* ids, std::uint32_t draws) {
                   const auto row = weights.weights(i);
                   const auto to = weights.neighbours(i);
                   const bool equal = equal_weights(row);
                   double observed = 0;
                   for (std::size_t l = 0; l < to.size(); ++l) observed += (equal ? 1 : row[l]) * values[to[l]];
                   const auto degree = static_cast<std::uint32_t>(row.size());
                   std::array<double, DrawLoops::kLanes> sums;
                   if (equal)
                     loops.sum(ids, degree, values.data(), sums.data());
                   else
                     loops.weighted_sum(ids, degree, row.data(), values.data(), sums.data());
                   const double total = equal ? static_cast<double>(degree) : sum_of(row);
                   count_tails({sums.data(), draws}, observed, kRounding * most * total, tails[i]);
                 });
  return tails;
}

std::vector<TailCounts> conditional_geary_tails(const SpatialWeights& weights, std::span<const double> values,
                                                std::int64_t permutations, std::int64_t seed, DrawMode mode,
                                                Progress& progress) {
  check(weights, values);
  progress.report("permuting", 0.3);
  std::vector<TailCounts> tails = all_equal(values.size(), permutations);
  for (std::size_t i = 0; i < values.size(); ++i)
    if (weights.degree(i) > 0) tails[i] = {};
  const double most = largest(values);
  std::vector<double> squares(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) squares[i] = values[i] * values[i];
  const DrawLoops& loops = draw_loops();
  // Of sum w (x_i - x_j)^2 the part that changes is sum w x_j^2 - 2 x_i sum w x_j.
  for_each_batch(
      weights, permutations, seed, mode, progress, [&](std::size_t i, const std::uint32_t* ids, std::uint32_t draws) {
        const auto row = weights.weights(i);
        const auto to = weights.neighbours(i);
        double first = 0, second = 0;
        for (std::size_t l = 0; l < to.size(); ++l) {
          first += row[l] * values[to[l]];
          second += row[l] * squares[to[l]];
        }
        const auto degree = static_cast<std::uint32_t>(row.size());
        std::array<double, DrawLoops::kLanes> sums, sums_of_squares;
        loops.weighted_sum(ids, degree, row.data(), values.data(), sums.data());
        loops.weighted_sum(ids, degree, row.data(), squares.data(), sums_of_squares.data());
        for (std::uint32_t l = 0; l < draws; ++l) sums_of_squares[l] -= 2 * values[i] * sums[l];
        const double observed = second - 2 * values[i] * first;
        count_tails({sums_of_squares.data(), draws}, observed, 4 * kRounding * most * most * sum_of(row), tails[i]);
      });
  return tails;
}

}  // namespace yaan
