#pragma once
// What every statistic of autocorrelation starts from: the features in an order of their own, their weights, their
// values.

#include <cstdint>
#include <string>
#include <vector>

#include "yaan/analyse/autocorrelation.hpp"
#include "yaan/core/layer.hpp"

namespace yaan {

/// Features by their places (x, then y, then id), so that sums and random numbers do not depend on the order of the
/// rows. Those that are not open for publication take no part: a neighbour's result would tell where they are and
/// what value they have. They are counted as `not-open-left-out`.
struct WeightedFeatures {
  std::vector<std::uint32_t> row;  ///< of the layer, for each item
  SpatialWeights weights;          ///< among the items, in no style yet
};

/// By the table of weights where one is given (null: none), else by the options. The table names features by their ids
/// (see stable_ids), or by row numbers where the layer has no id column: from 0 when a 0 is among them, else from 1.
/// Throws UsageError for a table without the columns from, to and weight, InputError for an id that no feature has and
/// for a weight that is negative.
WeightedFeatures weighted_features(const Layer& features, const Layer* table, const WeightsOptions& options,
                                   Diagnostics& diagnostics, Progress& progress);

/// The column of numbers called so. Throws UsageError for a name that is empty or of a column that holds no numbers,
/// with the parameter's name and advice that lists those that do.
const Column& numbers_named(const Layer& features, const std::string& name, const char* parameter);

/// The same with the values of a variable. Features without a value are left out and counted as `missing-value`, their
/// links with them; then islands go by their rule, and the weights get their style.
struct Observations {
  std::vector<std::uint32_t> row;
  std::vector<double> value;
  std::vector<double> second;  ///< where a second variable was named
  SpatialWeights weights;
  std::vector<std::uint32_t> islands;  ///< among the items: features without neighbours
  double counted = 0;                  ///< n of the formulas: less the islands where they are not counted
  std::int64_t missing = 0;
  std::int64_t islands_left_out = 0;  ///< features without neighbours that are no items
  Localized weights_title;            ///< the weights in a few words

  [[nodiscard]] std::size_t size() const { return value.size(); }
};

/// `second`: name of another variable, or "". Throws UsageError as numbers_named does.
Observations observe(const Layer& features, const Layer* table, const AutocorrelationOptions& options,
                     const std::string& second, Diagnostics& diagnostics, Progress& progress);

/// The same with a variable of the neighbours, which must be named: UsageError otherwise.
Observations observe_two(const Layer& features, const Layer* table, const AutocorrelationOptions& options,
                         const std::string& second, Diagnostics& diagnostics, Progress& progress);

/// Says so and returns false when the second variable is the same everywhere.
bool may_vary(const Observations& observations, const Layer& features, const std::string& second,
              Diagnostics& diagnostics);

/// Says why nothing can be computed and returns false: fewer than `least` features, no links at all, a constant
/// variable, or weights by which each feature has all others alike as neighbours, so that no order of the values
/// changes anything.
bool can_compute(const Observations& observations, const Layer& features, const std::string& variable,
                 std::size_t least, Diagnostics& diagnostics);

/// The same everywhere, but for rounding: the deviations are a few units in the last place of the largest value.
bool is_constant(std::span<const double> values);
/// Whether each has all others as neighbours, all with one weight.
bool links_all_alike(const SpatialWeights& weights);
double mean_of(std::span<const double> values);
/// Values less their mean.
std::vector<double> deviations(std::span<const double> values);
/// Values with mean 0 and variance 1 (divided by their number).
std::vector<double> standardised(std::span<const double> values);

}  // namespace yaan
