#pragma once
// K and the pair correlation of patterns that already stand in cells.

#include <span>
#include <vector>

#include "analyse/pattern_pairs.hpp"

namespace yaan {

/// Two patterns and what lies between them and the window. `same`: both are one pattern, and no point is paired with
/// itself.
struct PatternPair {
  const CellPoints& from;
  const CellPoints& to;
  bool same;
};

/// K at rising distances, the last of which is the reach of the weights. NaN where it is not defined: no pairs are
/// possible, or no point is that far from the border. `threads` as for pair_sums.
std::vector<double> k_curve(const PatternPair& pair, const PairWeights& weights, std::span<const double> distances,
                            bool threads, const Progress& progress);

/// The pair correlation by Epanechnikov's kernel of half-width `bandwidth` > 0; the weights reach as far as the last
/// distance and the bandwidth together. NaN at distance 0.
std::vector<double> pair_correlation_curve(const PatternPair& pair, const PairWeights& weights,
                                           std::span<const double> distances, double bandwidth, bool threads,
                                           const Progress& progress);

/// L = sqrt(K / pi), the distance within which a random pattern would have that K.
std::vector<double> l_of_k(std::span<const double> k);

}  // namespace yaan
