#pragma once
// Who is near: the k nearest points, all pairs within a distance, the nearest point of another layer.

#include <cstdint>
#include <span>
#include <vector>

#include "yaan/core/crs.hpp"
#include "yaan/core/method.hpp"
#include "yaan/core/progress.hpp"
#include "yaan/core/units.hpp"

namespace yaan {

// Distances are in metres on the ground in a geographic CRS (by chords, as for dbscan), else in units of the plane.
// Points without a usable position have no neighbours and are nobody's. All throw UsageError for a CRS of kind none,
// std::invalid_argument for arrays of different lengths, Cancelled. Same answer whatever the thread count.

inline constexpr std::uint32_t kNoNeighbour = 0xffffffff;

struct NearestPoints {
  std::uint32_t count = 0;
  std::vector<std::uint32_t> row;  ///< points x count, nearest first; kNoNeighbour where there are no more points
  std::vector<double> distance;    ///< likewise; infinite
};

/// The `count` nearest other points of every point; points on the same spot are at distance 0. Of several at the
/// distance of the last place, which of them are listed depends on their positions alone. UsageError for a count of 0
/// or above 1000. O(n count) expected, however unevenly the points lie.
NearestPoints nearest_points(std::span<const double> x, std::span<const double> y, const Crs& crs, std::int64_t count,
                             Progress& progress);

struct PointPair {
  std::uint32_t a = 0;  ///< a < b
  std::uint32_t b = 0;
  double distance = 0;
  bool operator==(const PointPair&) const = default;
};

/// All pairs of points at the distance or nearer, by a, then b. UsageError for a distance that dbscan refuses as a
/// radius; InputError when there are more than `most` pairs. O(n + pairs) and the sort of the pairs.
std::vector<PointPair> pairs_within(std::span<const double> x, std::span<const double> y, const Crs& crs,
                                    const Length& distance, Progress& progress,
                                    std::size_t most = std::size_t{1} << 28);

struct JoinedPoint {
  std::uint32_t row = kNoNeighbour;  ///< of `to`
  double distance = 0;               ///< infinite without one
};

/// For each point of one layer the nearest of another within the distance: of several at the same distance the smallest
/// by (x, y), then row. Both in `crs`. O(log n) expected a point.
std::vector<JoinedPoint> nearest_join(std::span<const double> x, std::span<const double> y,
                                      std::span<const double> to_x, std::span<const double> to_y, const Crs& crs,
                                      const Length& within, Progress& progress);

struct NearestOptions {
  Length within = Metres{10000};  ///< how far the nearest point may be
};

/// The verb `nearest`: adds `nearest_id` and `nearest_distance_m` to the points.
const Method& nearest_method();

}  // namespace yaan
