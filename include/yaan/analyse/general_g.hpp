#pragma once
// General G: are high values near high ones, or low near low?

#include <span>

#include "yaan/analyse/autocorrelation.hpp"
#include "yaan/core/method.hpp"

namespace yaan {

/// G = sum_ij w_ij x_i x_j / sum_{i != j} x_i x_j. Values of at least 0, not all equal; four of them at least; a link.
/// Moments over random orders (Getis and Ord 1992, as corrected); the variance for normal values is NaN.
GlobalStatistic general_g(const SpatialWeights& weights, std::span<const double> values);

struct GeneralGOptions : AutocorrelationOptions {
  GeneralGOptions() {
    style = WeightStyle::binary;
    islands = IslandRule::leave_out;
  }
};

/// The verb `general-g`: makes the table `general_g` of one row.
const Method& general_g_method();

}  // namespace yaan
