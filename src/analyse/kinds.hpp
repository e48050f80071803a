#pragma once
// Kinds of features as numbers.

#include <cstdint>
#include <string>
#include <vector>

#include "analyse/weighted_features.hpp"

namespace yaan {

/// What observe() is for numbers, for words: features without a kind are left out and counted as `missing-value`.
struct KindObservations {
  std::vector<std::uint32_t> row;
  std::vector<std::uint32_t> kind;
  std::vector<std::string> names;  ///< of the kinds, in the order of their bytes
  SpatialWeights weights;
  std::vector<std::uint32_t> islands;
};

/// By the column named in options.variable, else the part category. Whole numbers and dates are kinds by their text.
/// Throws UsageError without either, and for more than 100 kinds. The island rule `uncounted` is as `keep`: kinds have
/// no mean.
KindObservations observe_kinds(const Layer& features, const Layer* table, const AutocorrelationOptions& options,
                               Diagnostics& diagnostics, Progress& progress);

}  // namespace yaan
