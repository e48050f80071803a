#pragma once
// Local Moran: where do like values lie together, and where unlike ones?

#include <span>
#include <vector>

#include "yaan/analyse/autocorrelation.hpp"
#include "yaan/core/method.hpp"

namespace yaan {

/// One entry for each feature.
struct LocalMoran {
  std::vector<double> value;  ///< I_i = z_i sum_j w_ij z_j / (sum_k z_k^2 / n)
  std::vector<double> lag;    ///< sum_j w_ij z_j
  // Over the orders of the other values, the feature's own held (Sokal, Oden and Thomson 1998).
  std::vector<double> expected_conditional, variance_conditional;
  // Over the orders of all values (Anselin 1995).
  std::vector<double> expected_total, variance_total;
};

/// Islands have 0 everywhere. n > 2, values not all equal. O(links). libgeoda's values are these times (n - 1) / n.
LocalMoran local_moran(const SpatialWeights& weights, std::span<const double> values);

enum class LocalMoments { conditional, total };
enum class QuadrantOrigin {
  zero,     ///< lags of deviations against 0, as GeoDa and esda have it
  mean_lag  ///< lags of values against their mean, as spdep's first quadrants
};
struct LocalMoranOptions : LocalOptions {
  LocalMoments moments = LocalMoments::conditional;
  QuadrantOrigin quadrants = QuadrantOrigin::zero;
};

/// For each feature 0 Low-Low, 1 Low-High (itself low), 2 High-Low, 3 High-High; high is above the mean, strictly.
std::vector<std::uint8_t> quadrants(const SpatialWeights& weights, std::span<const double> values,
                                    QuadrantOrigin origin);

/// The verb `local-moran`.
const Method& local_moran_method();

}  // namespace yaan
