#pragma once
// Where cases gather more than what could have been explains, wherever and however large: Kulldorff's circular scan.

#include <cstdint>
#include <string>
#include <vector>

#include "yaan/core/crs.hpp"
#include "yaan/core/method.hpp"
#include "yaan/core/progress.hpp"
#include "yaan/core/units.hpp"

namespace yaan {

enum class ScanModel {
  poisson,   ///< cases fall on a population; each part of it is equally likely to have one
  bernoulli  ///< each of the population is a case or is none
};

enum class ScanFor {
  high,  ///< more cases than expected
  low,   ///< fewer
  both
};

struct ScanSearch {
  ScanModel model = ScanModel::poisson;
  ScanFor look_for = ScanFor::high;
  double max_share = 0.5;         ///< largest share of the population in a window, at most 0.5
  Length max_radius = Metres{0};  ///< 0: as far as the share allows
  std::int64_t simulations = 999;
  std::int64_t seed = 1;
  double significance = 0.05;
};

/// Places with what was counted there and what could have been. All positions are usable, no two are the same. Chance
/// puts cases on population alone: a place with cases and without population would stand out on the observed map only,
/// and the test would not hold its level.
struct ScanPlaces {
  std::vector<double> x, y;
  std::vector<std::int64_t> cases;  ///< not negative
  std::vector<double> population;   ///< finite, not negative; for Bernoulli whole, with the cases among it, and below
                                    ///< 4e9 in all
};

struct ScanCluster {
  std::uint32_t centre = 0;           ///< number of the place in the middle
  std::vector<std::uint32_t> places;  ///< nearest first
  double radius = 0;                  ///< distance of the last of them, in metres on the ground (or units of a plane)
  double next = 0;                    ///< distance of the nearest place beyond; infinite without one
  bool high = true;                   ///< more cases than expected
  std::int64_t observed = 0;
  double population = 0;
  double expected = 0;       ///< all cases times the window's share of the population
  double relative_risk = 0;  ///< rate within over the rate outside; infinite without cases outside
  double log_likelihood_ratio = 0;
  double p = 1;
};

struct ScanResult {
  std::vector<ScanCluster> clusters;  ///< the most likely first; none overlaps with one before it
  std::vector<double> maxima;         ///< largest log likelihood ratio of each simulation
};

/// The windows are circles about each place: it and its nearest places, for each distance at which a place is met, up
/// to max_share of the population and max_radius. Windows without population are none. With c of C cases in a window
/// where e are expected, the log likelihood ratio is c ln(c / e) + (C - c) ln((C - c) / (C - e)) for Poisson; for
/// Bernoulli, with n of N of the population there, that of two rates against one. Each place has one most likely
/// window; by falling ratio those become clusters that share no place with one before. p is the rank of the ratio among
/// the largest ratios of maps on which the same number of cases falls by chance, (1 + maxima at least as large) /
/// (simulations + 1), for secondary clusters as well, for which it is too large if anything. Clusters up to the
/// significance are given, and always the most likely one. None without cases, or where all of the population is a
/// case.
///
/// Same answer whatever the threads and the order of the places (but for their numbers). Time: n^2 log n, and windows
/// times simulations / 32. Memory: 128 bytes for each place and 32 simulations, at most 512 MiB. Throws
/// std::invalid_argument for arrays of different lengths, UsageError for a radius that the CRS does not take,
/// Cancelled. Kulldorff, M. (1997): A spatial scan statistic. Communications in Statistics: Theory and Methods 26,
/// 1481-1496.
ScanResult scan(const ScanPlaces& places, const Crs& crs, const ScanSearch& search, Progress& progress);

/// The ratio of one window; 0 when it holds as much as expected. Preconditions as above.
double scan_likelihood_ratio(ScanModel model, double cases_in, double population_in, double cases, double population);

enum class ScanModelChoice { automatic, poisson, bernoulli };

struct ScanOptions : ScanSearch {
  /// In place of `model`; automatic: Poisson for columns of events and population, Bernoulli for points.
  ScanModelChoice model_choice = ScanModelChoice::automatic;
  std::string events;      ///< column of cases
  std::string population;  ///< column
  std::string category;    ///< column of the kinds; "" for the one in the part category
  std::string kind;        ///< the kind that is a case
};

/// The verb `scan-statistic`: adds cluster, p and relative risk, makes the layer `scan_clusters` of circles.
const Method& scan_statistic_method();

}  // namespace yaan
