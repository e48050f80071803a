#pragma once
// Moran's I: do neighbours have like values?

#include <span>

#include "yaan/analyse/autocorrelation.hpp"
#include "yaan/core/method.hpp"

namespace yaan {

/// I = (n / S0) sum_ij w_ij z_i z_j / sum_i z_i^2 with z the values less their mean; `counted` is n of the formulas,
/// which differs from the number of values where islands are not counted. Moments after Cliff and Ord (1981). counted >
/// 3, values not all equal, at least one link. O(links log neighbours).
GlobalStatistic moran(const SpatialWeights& weights, std::span<const double> values, double counted);

/// The verb `moran`: makes the table `moran` of one row.
const Method& moran_method();

}  // namespace yaan
