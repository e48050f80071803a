#pragma once
// Local Geary: where do neighbours hardly differ, and where very much?

#include <span>
#include <vector>

#include "yaan/analyse/autocorrelation.hpp"
#include "yaan/core/method.hpp"

namespace yaan {

/// One entry for each feature: c_i = sum_j w_ij (z_i - z_j)^2 with z of mean 0 and variance 1 (by n), and its moments
/// over the orders of the other features' values. Islands have 0. n > 2, values not all equal. O(links).
struct LocalGeary {
  std::vector<double> value, expected, variance;
};
LocalGeary local_geary(const SpatialWeights& weights, std::span<const double> values);

/// The verb `local-geary`.
const Method& local_geary_method();

}  // namespace yaan
