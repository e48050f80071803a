#pragma once
// The table of one row in which a statistic of the whole map is told.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "analyse/weighted_features.hpp"
#include "yaan/core/method.hpp"

namespace yaan {

struct GlobalWords {
  const char* column;      ///< of the statistic: moran_i
  const char* definition;  ///< one sentence
  Localized title;
  const char* above;   ///< the verdict where the statistic is above what chance gives
  const char* below;   ///< and below
  bool normal = true;  ///< its variance for normal values is known
};

std::vector<OutputField> global_fields(const GlobalWords& words);

/// The table and the summary. `statistic` is null where nothing could be computed: then there are counts alone. `test`
/// holds no permutations where none were asked for.
MethodResult global_result(const Method& method, const GlobalWords& words, const Layer& features,
                           const Observations& observations, const AutocorrelationOptions& options,
                           const std::string& variable, const GlobalStatistic* statistic, const PermutationTest& test);

/// As permute(), of the values themselves: statistic(values in another order).
template <class Statistic>
PermutationTest permute_values(std::span<const double> values, const AutocorrelationOptions& options, double observed,
                               const Statistic& statistic, Progress& progress) {
  return permute(
      values.size(), options.permutations, options.seed, observed,
      [&](std::span<const std::uint32_t> order) {
        std::vector<double> moved(order.size());
        for (std::size_t i = 0; i < order.size(); ++i) moved[i] = values[order[i]];
        return statistic(std::span<const double>(moved));
      },
      progress);
}

/// A variance as the difference of terms that add up to `terms` without their signs: 0 where it is no more than their
/// rounding (1e-12 of them), and where it is negative.
double variance_of_terms(double difference, double terms);

/// Doubts a statistic that every order of the values leaves as it is, say by a value that stands out on a map whose
/// features all have the same weights: there is nothing to test.
void doubt_constant(const GlobalStatistic& statistic, const PermutationTest& test, const Layer& features,
                    Diagnostics& diagnostics);

/// What `choice` is called in the parameter of that name.
std::string choice_name(const Method& method, const char* parameter, std::size_t choice);

}  // namespace yaan
