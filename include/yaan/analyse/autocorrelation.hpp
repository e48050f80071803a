#pragma once
// What the statistics of spatial autocorrelation share: which variable, what becomes of islands, and how likely a value
// is.

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "yaan/analyse/multiple_testing.hpp"
#include "yaan/analyse/spatial_weights.hpp"
#include "yaan/core/progress.hpp"

namespace yaan {

/// Features without neighbours.
enum class IslandRule {
  keep,       ///< they count in n; their lag is 0
  uncounted,  ///< their values count in mean and variance, but they do not count in n (spdep's adjust.n)
  leave_out   ///< they are set aside before anything is computed
};

/// What a p-value is. With P permutations of which g give at least and l at most the observed value:
enum class PValue {
  two_sided,  ///< min(1, 2 (min(g, l) + 1) / (P + 1)); of a z-score both tails
  folded      ///< (min(g, l) + 1) / (P + 1), the smaller tail, as GeoDa and esda have it; of a z-score the smaller tail
};

/// Which permutations the features see.
enum class DrawMode {
  independent,  ///< each feature its own
  shared        ///< all features the same ones, as GeoDa and esda have it: faster, but the p-values hang together
};

struct AutocorrelationOptions : WeightsOptions {
  std::string variable;
  IslandRule islands = IslandRule::keep;
  std::int64_t permutations = 999;  ///< 0: none
  std::int64_t seed = 1;
  PValue p_value = PValue::two_sided;
};

struct LocalOptions : AutocorrelationOptions {
  DrawMode draws = DrawMode::independent;
  Correction correction = Correction::benjamini_hochberg;
  double significance = 0.05;  ///< level of the adjusted p-values at which a feature is marked
};

/// How many permutations give at least, and at most, the observed value.
struct TailCounts {
  std::int64_t at_least = 0;
  std::int64_t at_most = 0;
};

double p_of_counts(const TailCounts& counts, std::int64_t permutations, PValue convention);
double p_of_z(double z, PValue convention);  ///< NaN for NaN

/// A statistic of the whole map with its moments under the null hypothesis. NaN where there is none.
struct GlobalStatistic {
  double value = 0;
  double expected = 0;
  double variance_normal = 0;      ///< the values are draws of a normal distribution
  double variance_randomised = 0;  ///< the values are in random order
};
double z_of(double value, double expected, double variance);  ///< NaN unless the variance is positive

struct PermutationTest {
  TailCounts counts;
  std::int64_t permutations = 0;
  double mean = 0;
  double variance = 0;  ///< of the permuted statistics, divided by their number

  /// No order moved the statistic, or none was tried.
  [[nodiscard]] bool unmoved() const { return counts.at_least == permutations && counts.at_most == permutations; }
};

/// Computes the statistic on random orders of n items: statistic(order) gets the item that stands at each place.
/// Order number d depends on (seed, d) alone. Values within 1e-9 of the observed one are equal to it: of the
/// largest of its size, the mean and the standard deviation of the permuted ones. Where these differ by no more than
/// that their variance is 0. n permutations of O(n) each.
PermutationTest permute(std::size_t n, std::int64_t permutations, std::int64_t seed, double observed,
                        const std::function<double(std::span<const std::uint32_t>)>& statistic, Progress& progress);

/// For each feature the tails of its lag when its neighbours hold values of other features, drawn without replacement;
/// its own value stays where it is (conditional permutation, Anselin 1995). Feature i and draw d depend on (seed, i,
/// d), or in shared mode on (seed, d). Sums within 1e-12 of the largest possible sum of the observed lag are equal to
/// it. An island gets the number of permutations in both tails. n >= 2.
///
/// Independent: O(permutations x links). Shared with equal weights in each row: O(n log permutations + permutations^2 x
/// (neighbours)^2), after libgeoda's null, exactly; with unequal weights as independent.
std::vector<TailCounts> conditional_tails(const SpatialWeights& weights, std::span<const double> values,
                                          std::int64_t permutations, std::int64_t seed, DrawMode mode,
                                          Progress& progress);

/// The same for the local Geary statistic of each feature: sum of weight times squared difference.
std::vector<TailCounts> conditional_geary_tails(const SpatialWeights& weights, std::span<const double> values,
                                                std::int64_t permutations, std::int64_t seed, DrawMode mode,
                                                Progress& progress);

/// Moments of each feature's lag under conditional permutation: its neighbours hold any other features' values.
struct LagMoments {
  std::vector<double> expected;
  std::vector<double> variance;
};
LagMoments conditional_moments(const SpatialWeights& weights, std::span<const double> values);

}  // namespace yaan
