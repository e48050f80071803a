#pragma once
// Points in the order of density: OPTICS (Ankerst, Breunig, Kriegel and Sander 1999), exact.

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "yaan/core/crs.hpp"
#include "yaan/core/method.hpp"
#include "yaan/core/progress.hpp"
#include "yaan/core/units.hpp"

namespace yaan {

enum class OpticsExtraction {
  dbscan,  ///< clusters of one radius
  xi       ///< clusters between a steep fall and a steep rise of the reachability
};

struct OpticsOptions {
  Length radius = Metres{5000};  ///< how far neighbours are looked for; no cluster is looser
  std::int64_t min_points = 5;   ///< points within reach that make a core point, itself included
  OpticsExtraction extraction = OpticsExtraction::xi;
  Length cut = Metres{500};           ///< radius of the extraction dbscan, at most `radius`
  double xi = 0.05;                   ///< least relative fall and rise at the ends of a cluster, 0 < xi < 1
  std::int64_t min_cluster_size = 5;  ///< of the extraction xi
};

/// The points in the order in which they were reached.
struct OpticsOrdering {
  static constexpr std::uint32_t kNone = 0xffffffff;
  std::vector<std::uint32_t> order;        ///< rows of the usable points
  std::vector<double> reachability;        ///< of each place of the order: metres or units of the plane; infinite where
                                           ///< a new start was made
  std::vector<double> core_distance;       ///< infinite beyond the radius
  std::vector<std::uint32_t> predecessor;  ///< place of the point from which it was reached, or kNone
};

/// The ordering of the points (x, y).
///
/// From each start the point with the least reachability among those reached so far comes next: the smallest by (x, y)
/// of several. Reachability is the larger of the distance to a point that came before and that point's core distance,
/// the least over all of them, and predecessor the first that gave it. Starts are made in the order of (x, y). So the
/// ordering does not depend on the order of the rows. Distances as for dbscan.
///
/// Throws as dbscan does for radius, CRS and min_points (at most 1000); Cancelled. The search of each point leaves out
/// every part of a tree of boxes that it cannot improve: O(n log n) expected, whatever the radius.
OpticsOrdering optics_ordering(std::span<const double> x, std::span<const double> y, const Crs& crs,
                               const OpticsOptions& options, Progress& progress);

/// A cluster of the ordering: places begin..end, both included.
struct XiCluster {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  bool operator==(const XiCluster&) const = default;
};

/// The clusters of Ankerst et al. (1999, figure 19), inner ones before those around them, with the correction of
/// Schubert and Gertz (2018): a cluster ends with a point whose predecessor lies in it, or at a rise.
/// Precondition: 0 < xi < 1, min_points >= 2, min_cluster_size >= 2. O(n) for each steep area that stays open.
std::vector<XiCluster> xi_clusters(std::span<const double> reachability, std::span<const std::uint32_t> predecessor,
                                   double xi, std::int64_t min_points, std::int64_t min_cluster_size);

/// For each place a label: 1..k for the clusters of one radius (in the unit of the ordering), 0 for noise, numbered in
/// the order of the places. Core points are grouped as by dbscan; a border point goes with the cluster that reached it,
/// and one that comes before its cluster is noise.
std::vector<std::int32_t> cut_ordering(const OpticsOrdering& ordering, double radius);

struct OpticsLabels {
  OpticsOrdering ordering;
  std::vector<std::int32_t> cluster;  ///< of each row: 1..k numbered by the smallest member by (x, y), or 0
  std::int64_t clusters = 0;
  std::int64_t noise = 0;
  std::int64_t unusable = 0;
};

/// Orders and extracts; of nested xi clusters a point takes the innermost. Throws UsageError for options out of range.
OpticsLabels optics(std::span<const double> x, std::span<const double> y, const Crs& crs, const OpticsOptions& options,
                    Progress& progress);

/// The verb `optics`: adds `cluster`, `optics_order`, `reachability_m` and `core_distance_m` to the points.
const Method& optics_method();

}  // namespace yaan
