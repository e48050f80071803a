#pragma once
// Join counts: how often are neighbours of one kind, or of two?

#include <cstdint>
#include <span>
#include <vector>

#include "yaan/analyse/autocorrelation.hpp"
#include "yaan/analyse/multiple_testing.hpp"
#include "yaan/core/method.hpp"

namespace yaan {

/// Joins of the kinds a <= b: half the sum of weights between features of a and of b, both ways. Moments over all
/// orders of the kinds (Cliff and Ord 1981). NaN variance below four features.
struct JoinCount {
  std::uint32_t a = 0, b = 0;
  double count = 0;
  double expected = 0;
  double variance = 0;
};

/// `kind` of each feature, below `kinds`. One entry for each pair a <= b, by a, then b. O(links + kinds^2).
std::vector<JoinCount> join_counts(const SpatialWeights& weights, std::span<const std::uint32_t> kind,
                                   std::uint32_t kinds);

/// Of the joins of two kinds: chi-square of the two by two table of joins, each counted once, with Yates' correction,
/// at one degree of freedom. NaN where all joins are of one kind.
double chi_square(const std::vector<JoinCount>& joins);

struct JoinCountsOptions : AutocorrelationOptions {
  JoinCountsOptions() { style = WeightStyle::binary; }
  Correction correction = Correction::benjamini_hochberg;
  double significance = 0.05;
};

/// The verb `join-counts`: makes the table `join_counts`.
const Method& join_counts_method();

}  // namespace yaan
