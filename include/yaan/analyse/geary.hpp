#pragma once
// Geary's C: how far do neighbours differ?

#include <span>

#include "yaan/analyse/autocorrelation.hpp"
#include "yaan/core/method.hpp"

namespace yaan {

/// C = (n - 1) sum_ij w_ij (x_i - x_j)^2 / (2 S0 sum_i z_i^2). 1 without autocorrelation, less where neighbours are
/// alike. Preconditions, moments and complexity as moran().
GlobalStatistic geary(const SpatialWeights& weights, std::span<const double> values, double counted);

/// The verb `geary`: makes the table `geary` of one row.
const Method& geary_method();

}  // namespace yaan
