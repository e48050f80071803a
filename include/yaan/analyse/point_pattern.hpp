#pragma once
// What the statistics of point patterns share: the correction for what lies beyond the border of the window, the chance
// that a pattern is compared with, and envelopes of simulated curves.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "yaan/core/units.hpp"

namespace yaan {

// Places are in metres of one plane, all finite. A window is one valid polygon feature of that plane with oriented
// rings (outer ones counter-clockwise); it may have holes and several parts. Points outside of it are the caller's to
// leave out. Distances rise from 0 or above.

/// How a pair of points stands for pairs that the border of the window hides.
enum class EdgeCorrection {
  none,         ///< each pair counts once
  isotropic,    ///< Ripley: over the share of the circle about the first point, through the second, within the window
  translation,  ///< Ohser: the window's area over that of its overlap with itself shifted by the pair
  border        ///< only points at least that far from the border look around
};

/// Weights above this count as this, as in spatstat: one pair shall not decide about a curve.
inline constexpr double kMostEdgeWeight = 100;

/// What happens by chance, with the number of points as it is.
enum class NullModel {
  automatic,            ///< background where a background layer is given, else complete_randomness
  complete_randomness,  ///< each point anywhere in the window
  random_labelling,     ///< the places stay, kinds change places
  background            ///< places drawn from those of another layer, none twice
};

/// Which ground is looked at when no layer says.
enum class WindowRule {
  ripley_rasson,  ///< the convex hull, grown about its centroid by 1 / sqrt(1 - m / n) for m corners
  rectangle       ///< the bounding rectangle, grown about its centre by (n + 1) / (n - 1)
};

struct PatternOptions {
  WindowRule window_rule = WindowRule::ripley_rasson;
  NullModel null_model = NullModel::automatic;
  std::int64_t simulations = 99;
  double significance = 0.05;
  std::int64_t seed = 1;
};

/// Options of the statistics that are curves over the distance.
struct CurveOptions : PatternOptions {
  std::string category;             ///< column of the kinds; "" for the one in the part category
  Length max_distance = Metres{0};  ///< 0: a rule
  std::int64_t steps = 50;          ///< distances above 0, equally spaced
  EdgeCorrection correction = EdgeCorrection::isotropic;
};

/// An observed curve among simulated ones.
struct Envelope {
  std::vector<double> low, high;  ///< pointwise: the k-th lowest and highest simulated value at each distance
  std::vector<double> expected;   ///< mean of the simulated curves
  std::vector<double> global_low, global_high;  ///< expected less and plus `critical`
  double critical = 0;                          ///< the largest deviation from `expected` that is not significant
  double deviation = 0;                         ///< the observed curve's largest deviation from `expected`
  std::size_t at = 0;                           ///< where that is
  bool above = false;                           ///< whether the observed curve lies above `expected` there
  double p = 1;                     ///< of the largest deviation: its rank among the simulated ones, ties against it
  std::int64_t pointwise_rank = 0;  ///< the k of `low` and `high`
  std::int64_t global_rank = 0;     ///< `critical` is the k-th largest simulated deviation
};

/// Ranks for a level a and s simulations: a (s + 1) / 2 pointwise and a (s + 1) global, rounded down. Where the
/// pointwise one is 0, there are too few simulations for that level.
struct EnvelopeRanks {
  std::int64_t pointwise = 0;
  std::int64_t global = 0;
};
EnvelopeRanks envelope_ranks(std::int64_t simulations, double significance);

/// The envelope of curves of one length. Each curve is compared with the mean of all others; under the null all curves
/// are exchangeable, so the p-value is exact: rank of the maximum absolute deviation over (simulations + 1). Places
/// from `first` on where every curve is finite count; elsewhere the bounds are NaN. No such place: p and the deviation
/// are NaN. Needs a simulated curve and ranks of at least 1. O(curves length). Ripley, B. D. (1981): Spatial
/// Statistics. New York, Wiley; Davison, A. C. and Hinkley, D. V. (1997): Bootstrap Methods and their Application.
/// Cambridge University Press, section 4.2.
Envelope envelope(std::span<const double> observed, const std::vector<std::vector<double>>& simulated,
                  const EnvelopeRanks& ranks, std::size_t first);

}  // namespace yaan
