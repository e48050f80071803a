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

/// Kinds of the rows of a column.
struct RowKinds {
  std::vector<std::string> names;  ///< in the order of their bytes
  std::vector<std::int32_t> of;    ///< of each row, or -1 without a kind
};

/// Of any column, by its text. Throws UsageError for more than `most` kinds; 0 for no bound.
RowKinds kinds_by_row(const Column& column, std::size_t most = 0);

/// The column named, else the part category. Throws UsageError without either.
const Column& kind_column(const Layer& features, const std::string& named, const char* parameter);

/// Throws UsageError: no feature of the layer is of the kind; the advice names the nearest, else all.
[[noreturn]] void refuse_unknown_kind(const std::string& kind, const std::vector<std::string>& kinds,
                                      const std::string& layer);
/// That advice.
std::string kind_advice(const std::string& kind, const std::vector<std::string>& kinds);

inline constexpr std::size_t kMostKinds = 100;

}  // namespace yaan
