#pragma once
// Rates of areas, and rates that small numbers do not toss about: empirical Bayes.

#include <span>
#include <string>
#include <vector>

#include "yaan/analyse/spatial_weights.hpp"
#include "yaan/core/method.hpp"

namespace yaan {

/// Rates shrunk towards a mean: m + (r - m) a / (a + m / population).
struct SmoothedRates {
  std::vector<double> rate;
  std::vector<double> mean;      ///< m that each area was shrunk towards
  std::vector<double> variance;  ///< a: of the true rates, at least 0; with 0 the rate is m
};

/// m is the rate of all areas together, a = sum n (r - m)^2 / sum n - m / mean of n, at least 0, n the populations
/// (Marshall 1991); all areas have the same two. Populations are positive, events not negative; equal lengths. O(n).
SmoothedRates global_rates(std::span<const double> events, std::span<const double> population);

/// The same for each area over its neighbours and itself, each counted once whatever its weight; an area without
/// neighbours keeps its raw rate. As spdep's EBlocal(geoda = TRUE); spdep's default takes each neighbour's difference
/// from that neighbour's own local mean, which is not the variance about m. O(links).
SmoothedRates local_rates(const SpatialWeights& weights, std::span<const double> events,
                          std::span<const double> population);

struct RatesOptions : WeightsOptions {
  std::string events;      ///< column
  std::string population;  ///< column
  double per = 1;          ///< rates are per so many
};

/// The verb `rates`.
const Method& rates_method();

}  // namespace yaan
