#pragma once
// Which districts are more than chance makes of the same background, the search for them included.

#include <cstdint>
#include <string>
#include <vector>

#include "yaan/analyse/dbscan.hpp"
#include "yaan/analyse/point_pattern.hpp"
#include "yaan/core/diagnostics.hpp"
#include "yaan/core/layer.hpp"
#include "yaan/core/method.hpp"

namespace yaan {

/// What chance means for a district.
enum class DistrictNull {
  automatic,            ///< the first of population, background, random_labelling whose data are named; else
                        ///< complete_randomness
  complete_randomness,  ///< each point anywhere in the window
  background,           ///< places drawn from those of a background layer and of the points, none twice
  population,           ///< a person drawn from areas or points with a population, then a place in that area
  random_labelling      ///< the places of all points stay, the kind changes places
};

struct SignificanceOptions : DbscanOptions {
  DistrictNull null_model = DistrictNull::automatic;
  WindowRule window_rule = WindowRule::ripley_rasson;
  std::string population;  ///< column of the window or, where one is given, of the background layer
  std::string category;    ///< column of the kinds; "" for the one in the part category
  std::string kind;        ///< only points of this kind are clustered; "" for all
  std::int64_t simulations = 999;
  double significance = 0.05;
  std::int64_t seed = 1;
};

/// A district of the observed points.
struct TestedDistrict {
  std::int32_t cluster = 0;  ///< its number, as dbscan gives it
  std::int64_t count = 0;    ///< members
  std::int64_t counted = 0;  ///< members that chance could have put elsewhere: those in the window
  double expected = 0;       ///< of those, on its ground, by the background; not 0
  double excess = 0;         ///< log-likelihood ratio of `counted` against `expected`; 0 where there is no excess
  double p = 1;              ///< allows for all districts that could have been found; NaN where counted is 0
  double false_discovery_rate =
      1;  ///< expected share of chance among the districts with an excess as large; NaN likewise
};

struct DistrictSignificance {
  std::vector<TestedDistrict> districts;  ///< by cluster
  std::vector<std::int32_t> cluster;      ///< of each row; 0 for none, and for rows that were not clustered
  std::vector<double> largest;            ///< the largest excess of each simulation; 0 without a district. Empty where
                                          ///< chance moves no point
  std::int64_t without_a_district = 0;    ///< simulations that have none with a point that was moved
  DistrictNull null_model = DistrictNull::complete_randomness;  ///< never automatic
  std::int64_t clustered = 0;                                   ///< points that take part
  std::int64_t counted = 0;                                     ///< of those, points that chance moves
};

/// Kulldorff's log-likelihood ratio (1997), for more than expected: n ln(n / mu) + (N - n) ln((N - n) / (N - mu)) where
/// n > mu, else 0. 0 <= n <= total; expected > 0.
double excess_of(double n, double expected, double total);

/// The districts that dbscan finds among the points, each with its excess and what chance makes of it.
///
/// The ground of a district is what lies within the radius of one of its core points. Expected there are N (points that
/// chance moves) times the background's share on that ground; of a background of points at least half a point, so that
/// ground where the background is unknown is no proof. A place of a background is on that ground where dbscan calls it
/// a neighbour of the core point. In every simulation the N points are placed anew by the null model, clustered by the
/// same dbscan in the same coordinates, and the largest excess of its districts is kept. The p of a district is the
/// rank of its excess among those: (1 + simulations whose largest is as large) / (1 + simulations). Under the null the
/// largest observed excess and the simulated ones are exchangeable, so the chance that any district has p <= a is at
/// most a (max-T, Westfall and Young 1993). The false discovery rate at an excess t is (1
/// + simulated districts with t or more) / (1 + simulations), over the districts observed with t or more; each district
/// has the least of those at its own excess or less, but no less than 1 / (1 + simulations) and at most 1.
///
/// What that takes: given what chance draws from, each choice of N places is as likely as the observed one. With
/// random_labelling it is, where kinds do not depend on places. With complete_randomness it is, where the window was
/// not made from the points. With `background` the places are those of the layer and of each point that stands on none
/// of them (in the same millimetre; `not-in-background` counts these); each counts as one. So it is, both where the
/// points are some of the background and where they are others of the same distribution. Without the added places a
/// member would count in what is expected in simulated maps and not in the observed one. With `population` places are
/// drawn independently and by people; it is where sites stand as people do: in each area evenly, or at the very places
/// of a background of people. Sites that stand beside those places are an approximation, and so is any p then.
///
/// Points outside the window (with random_labelling: places outside it) stay where they are in all simulations: they
/// help to make districts, and are not counted. All publication levels are clustered. What is expected tells nothing of
/// the places of points that are not open: they are in no pool, and no window is made by them. So with random_labelling
/// they stay where they are as well; with `background` those do that stand on no place of it.
///
/// Of a population, areas and points without a number take no part: areas are no ground of the window then.
///
/// `window` and `background` may be null. Throws UsageError for a null model whose data are not there, for a kind or
/// column that is not there, a background without a usable point in the window, and what dbscan throws; InputError for
/// a window without ground, a negative population or none at all; Cancelled. The same answer in any order of the rows
/// and with any number of threads. Time: that of dbscan, and of m log m for m core points or of the places about
/// them, for each simulation.
DistrictSignificance district_significance(const Layer& points, const Layer* window, const Layer* background,
                                           const SignificanceOptions& options, Diagnostics& diagnostics,
                                           Progress& progress);

/// The method `district-significance`.
const Method& district_significance_method();

}  // namespace yaan
