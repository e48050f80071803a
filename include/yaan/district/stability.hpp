#pragma once
// Which districts hold over a range of settings, and which of their edges are disputed.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "yaan/core/crs.hpp"
#include "yaan/core/method.hpp"
#include "yaan/core/units.hpp"

namespace yaan {

struct StabilityOptions {
  Metres radius_from{0};  ///< 0 with radius_to 0: from the 10th to the 75th hundredth of the core distances
  Metres radius_to{0};
  std::int64_t radius_steps = 8;
  std::int64_t min_points_from = 4;
  std::int64_t min_points_to = 10;
  std::int64_t min_points_steps = 4;
  Metres reference_radius{0};             ///< 0: the recommended setting is the reference
  std::int64_t reference_min_points = 0;  ///< 0 likewise
  double core_share = 0.8;                ///< members with this share or more are the core of their district
  double edge_share = 0.2;                ///< members with this share or more are its disputed edge
  Metres disc_radius{250};                ///< outlines are unions of discs of this radius about the assets
};

/// One setting of the grid.
struct StabilitySetting {
  Length radius;
  std::int64_t min_points = 0;
  std::int64_t clusters = 0;
  std::int64_t noise = 0;
  double agreement = 0;  ///< mean adjusted Rand index with the settings beside it in the grid
};

struct StabilityMap {
  std::vector<StabilitySetting> settings;  ///< by min_points, then radius
  std::size_t recommended = 0;             ///< index into settings
  Length reference_radius;
  std::int64_t reference_min_points = 0;
  std::int64_t districts = 0;          ///< of the reference
  std::vector<std::int32_t> district;  ///< for each point the district of the reference, or, outside all of them, the
                                       ///< one that holds it in most settings; 0 for none
  std::vector<double> share;           ///< share of the settings in which that district holds the point
  std::vector<std::uint8_t> in_reference;  ///< 1 where the point lies in a district of the reference
};

/// Chance-corrected agreement of two labellings of the same points (Hubert and Arabie 1985): 1 for the same groups, 0
/// as by chance. Noise (0) counts as one group. 1 for fewer than two points, and for two labellings of one group each.
double adjusted_rand_index(std::span<const std::int32_t> a, std::span<const std::int32_t> b);

/// The stability of the districts that dbscan finds.
///
/// Every pair of a radius (growing by the same factor) and a number of minimum points (evenly spread whole numbers) is
/// a setting. The recommended one agrees best with the settings beside it in the grid, of those that find a cluster
/// and leave at most nine tenths of the points as noise (of all, if there is none); the first of several. The
/// reference is that setting, or the one given. In each
/// setting its clusters are matched one to one to the districts of the reference, the pairs with the largest overlap
/// (common points over points of either) first; a district without a match is gone in that setting. The share of a
/// point is the share of settings in which it lies in the cluster that matches its district.
///
/// No settings, when the points suggest no range of radii: every share is 0. Throws UsageError for options out of range
/// and what dbscan throws; Cancelled. One hierarchy for each number of minimum points, then O(n log n) a setting.
StabilityMap stability_map(std::span<const double> x, std::span<const double> y, const Crs& crs,
                           const StabilityOptions& options, Progress& progress);

/// The method `stability`.
const Method& stability_method();

}  // namespace yaan
