#pragma once
// Clusters of varying density: HDBSCAN* (Campello, Moulavi and Sander 2013; Campello, Moulavi, Zimek and Sander 2015).

#include <cstdint>
#include <span>
#include <vector>

#include "yaan/analyse/cluster_hierarchy.hpp"
#include "yaan/core/crs.hpp"
#include "yaan/core/method.hpp"
#include "yaan/core/progress.hpp"
#include "yaan/core/units.hpp"

namespace yaan {

enum class ClusterSelection {
  excess_of_mass,  ///< the clusters that last: the most stable choice
  leaf             ///< the finest clusters
};

struct HdbscanOptions {
  std::int64_t min_points = 5;        ///< smoothing: the core distance is that to this nearest point, itself counted
  std::int64_t min_cluster_size = 5;  ///< smaller groups are points that fall away from a cluster
  ClusterSelection selection = ClusterSelection::excess_of_mass;
  Length selection_radius = Metres{0};  ///< clusters that part below it are taken together
  std::int64_t max_cluster_size = 0;    ///< larger clusters are not chosen; 0 for no limit
  bool allow_single_cluster = false;    ///< whether the whole layer may be one cluster
};

/// One entry for each point, in the caller's order.
struct HdbscanLabels {
  std::vector<std::int32_t> cluster;  ///< 1..k, or 0 for noise
  std::vector<double> probability;    ///< strength of membership, from 0 (noise) to 1
  std::vector<double> outlier_score;  ///< GLOSH, from 0 to 1; NaN for unusable points
  std::vector<double> stability;      ///< of clusters 1..k: excess of mass, in 1/m
  std::vector<std::int64_t> count;    ///< members of clusters 1..k
  std::int64_t clusters = 0;
  std::int64_t noise = 0;
  std::int64_t unusable = 0;
};

/// The clusters of a hierarchy that was built with options.min_points. options.selection_radius is in the unit of the
/// hierarchy's distances here: that of the plane, or metres.
///
/// With lambda = 1 / distance, a cluster is born where it parts from its parent and its points leave it at their own
/// lambda. Stability is the sum over its points of (lambda at leaving - lambda at birth). excess_of_mass chooses the
/// clusters, none within another, whose stabilities add up to the most; at equality the parent. leaf chooses those
/// without children. A chosen cluster that parts from its parent below selection_radius gives way to its nearest
/// ancestor that does not. The root, which is the whole layer, is chosen only where allow_single_cluster says so.
///
/// probability: lambda of the point over the greatest in its cluster. outlier_score: 1 - lambda of the point over the
/// greatest in the smallest cluster that it was ever in (GLOSH). Clusters are numbered by their smallest member by
/// (x, y).
///
/// All children that part at one distance part at once, so ties between edges of the spanning tree do not matter; a
/// program that takes them one by one, such as R dbscan, may name other clusters on layers full of ties. Joins at
/// distance 0 count as joins at the smallest positive distance. Fewer points than min_cluster_size, or than min_points,
/// are all noise. Throws UsageError for options out of range, Cancelled. O(n).
HdbscanLabels select_clusters(const ClusterHierarchy& hierarchy, const HdbscanOptions& options, Progress& progress);

/// Builds the hierarchy and selects. Throws what ClusterHierarchy and select_clusters throw.
HdbscanLabels hdbscan(std::span<const double> x, std::span<const double> y, const Crs& crs,
                      const HdbscanOptions& options, Progress& progress);

/// The verb `hdbscan`: adds `cluster`, `probability` and `outlier_score` to the points.
const Method& hdbscan_method();

}  // namespace yaan
