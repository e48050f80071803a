#pragma once
// Bivariate Moran: does one variable go together with another one among the neighbours?

#include <span>
#include <string>
#include <vector>

#include "yaan/analyse/autocorrelation.hpp"
#include "yaan/core/method.hpp"

namespace yaan {

/// I = (n / S0) sum_ij w_ij zx_i zy_j / root(sum zx^2 sum zy^2). Moments over the orders of y while x stays:
/// expectation 0. The variance for normal values is NaN. Neither is constant; a link. O(links).
GlobalStatistic bivariate_moran(const SpatialWeights& weights, std::span<const double> x, std::span<const double> y,
                                double counted);

struct BivariateOptions : AutocorrelationOptions {
  std::string neighbour_variable;
};
/// The verb `bivariate-moran`: makes the table `bivariate_moran` of one row.
const Method& bivariate_moran_method();

/// I_i = zx_i sum_j w_ij zy_j, both with mean 0 and variance 1 (by n). One entry for each feature; moments over the
/// orders of the other features' y.
struct LocalBivariateMoran {
  std::vector<double> value, lag, expected, variance;
};
LocalBivariateMoran local_bivariate_moran(const SpatialWeights& weights, std::span<const double> x,
                                          std::span<const double> y);

struct LocalBivariateOptions : LocalOptions {
  std::string neighbour_variable;
};
/// The verb `local-bivariate-moran`.
const Method& local_bivariate_moran_method();

}  // namespace yaan
