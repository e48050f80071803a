#pragma once
// Spatial weights in a few words, for legends and summaries.

#include "yaan/analyse/spatial_weights.hpp"
#include "yaan/core/layer.hpp"

namespace yaan {

/// "queen, row-standardised". `table`: the weights that were given, or null where the options made them.
Localized weights_words(const WeightsOptions& options, const Layer& features, const Layer* table);

}  // namespace yaan
