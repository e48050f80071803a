#pragma once
// Which kinds gather with which: colocation quotients of a whole map.

#include <cstdint>
#include <span>
#include <vector>

#include "yaan/analyse/autocorrelation.hpp"
#include "yaan/core/method.hpp"

namespace yaan {

/// Whom a point has around it.
enum class ColocationRule {
  nearest,  ///< the k nearest; those that share the last places share their weight (Leslie and Kronenfeld 2011)
  distance  ///< all within a distance
};
/// How a neighbour's weight falls off before the weights of a point are made to add up to 1.
enum class ColocationDecay {
  none,
  gaussian  ///< exp(-d^2 / (2 b^2)), b the distance of the last of the nearest, or the distance
};

/// `nearest` and `distance` are those of WeightsOptions; of the rest of LocalOptions the permutations, seed, p_value,
/// draws, correction and significance count.
struct ColocationOptions : LocalOptions {
  ColocationOptions() {
    nearest = 1;
    distance = Metres{1000};
  }
  ColocationRule around = ColocationRule::nearest;
  ColocationDecay decay = ColocationDecay::none;
};

/// Neighbours of points, the weights of each row adding up to 1. Points that share the k-th distance (to 1e-9 of it)
/// share the places that are left; of more than 128 beyond the k nearest only 128 share, counted as `ties-cut`. A k of
/// n or more becomes n - 1, counted as `fewer-neighbours`. Positions are usable. Throws UsageError for k below 1 or
/// above 500 and a distance that dbscan refuses as a radius; Cancelled.
SpatialWeights colocation_weights(std::span<const double> x, std::span<const double> y, const Crs& crs,
                                  const ColocationOptions& options, const std::string& layer, Diagnostics& diagnostics,
                                  Progress& progress);

/// For each pair of kinds a, b, at a x kinds + b: the weights of neighbours of kind b, summed over the points of kind
/// a. With one nearest neighbour and no ties the number of points of a whose nearest is a b. O(links + kinds^2).
std::vector<double> colocations(const SpatialWeights& weights, std::span<const std::uint32_t> kind,
                                std::uint32_t kinds);

/// Which kinds change places in a permutation.
enum class ColocationShuffle {
  others,  ///< the points of kind a keep theirs, the other kinds are shuffled over the other points
  all      ///< all kinds over all points
};

/// From a to b. NaN where there is nothing to compare.
struct ColocationQuotient {
  std::uint32_t a = 0, b = 0;
  std::int64_t members = 0;  ///< of a
  std::int64_t others = 0;   ///< points of b that a point of a can have as neighbours: less itself where b is a
  double count = 0;          ///< colocations
  double expected = 0;       ///< members with neighbours x others / (n - 1)
  double quotient = 0;       ///< count / expected
  ColocationShuffle shuffle = ColocationShuffle::others;  ///< what was done for its p-value
  double mean_permuted = 0;
  double p = 0;
};

/// All pairs, by a, then b. Of a with itself, and where all other points are of kind b, nothing is left to shuffle
/// among the others: there all kinds are. Draw d depends on (seed, kind, d) alone; counts within 1e-10 of the members
/// of the observed one are equal to it. Below 3 points or 2 kinds there are no p-values. O(permutations (links + kinds
/// x points)), or without `others` O(permutations (links + points)).
std::vector<ColocationQuotient> colocation_quotients(const SpatialWeights& weights, std::span<const std::uint32_t> kind,
                                                     std::uint32_t kinds, ColocationShuffle shuffle,
                                                     const ColocationOptions& options, Progress& progress);

struct GlobalColocationOptions : ColocationOptions {
  ColocationShuffle shuffle = ColocationShuffle::others;
};

/// The verb `colocation-quotient`: makes the table `colocations` of kind by kind.
const Method& colocation_quotient_method();

}  // namespace yaan
