#pragma once
// Fit once, cut often: the clusters of a layer for every radius at once.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "yaan/analyse/dbscan.hpp"
#include "yaan/core/crs.hpp"
#include "yaan/core/progress.hpp"
#include "yaan/core/units.hpp"

namespace yaan {

/// One cluster of a cut.
struct CutCluster {
  std::uint32_t begin = 0;  ///< its core points are order()[begin .. end)
  std::uint32_t end = 0;
  std::int64_t count = 0;      ///< members, border points included
  std::uint64_t identity = 0;  ///< equal for two cuts of one hierarchy when the members are the same (a 64-bit hash of
                               ///< the core points' range and the border points): what was drawn or counted for a
                               ///< cluster serves again while its identity stays
};

struct ClusterCut {
  DbscanLabels labels;
  std::vector<CutCluster> clusters;  ///< cluster number k is clusters[k - 1]
};

enum class BorderPoints {
  labelled,  ///< DBSCAN
  noise      ///< DBSCAN*: clusters of core points alone
};

/// The clusters of a point layer for one number of minimum points and every radius.
///
/// cut(radius) is equal to dbscan() with the same points, CRS, radius and min_points: the same core points, clusters,
/// numbers, border points and noise, to the last bit of a distance. Why: a point is core at a radius exactly when its
/// core distance (to the point with which min_points are within reach, itself counted) is at most the radius; two core
/// points share a cluster exactly when a path of core points with steps of at most the radius joins them, which is when
/// no edge between them in the minimum spanning tree of mutual reachability is longer; and the points within the radius
/// of a point that is not core are among its min_points - 2 nearest, which are kept. Distances are the squares that
/// dbscan() compares, computed by the same operations.
///
/// The points stand in an order in which the clusters of every radius are runs, with the length of the step that
/// closes each gap. So a cut reads the steps once, O(n), and additive statistics of a cluster follow from running sums
/// over order().
///
/// Memory: about 60 bytes a point, and 4 min_points more while it is built. Building takes O(n min_points) expected
/// time for points in two dimensions.
/// Campello, R. J. G. B., Moulavi, D. and Sander, J. (2013): Density-based clustering based on hierarchical density
/// estimates. PAKDD 2013, 160-172.
class ClusterHierarchy {
 public:
  /// Unusable points (see dbscan) take no part. Throws UsageError for a CRS of kind none and min_points below 1 or
  /// above kMostMinPoints, InputError above 2^31 - 1 points, std::invalid_argument for x and y of different lengths;
  /// Cancelled.
  ClusterHierarchy(std::span<const double> x, std::span<const double> y, const Crs& crs, std::int64_t min_points,
                   Progress& progress);
  ClusterHierarchy(ClusterHierarchy&&) noexcept;
  ClusterHierarchy& operator=(ClusterHierarchy&&) noexcept;
  ~ClusterHierarchy();

  static constexpr std::int64_t kMostMinPoints = 1000;  ///< each costs 4 bytes a point while the hierarchy is built

  /// Throws UsageError for a radius that dbscan() refuses.
  [[nodiscard]] ClusterCut cut(const Length& radius, BorderPoints borders = BorderPoints::labelled) const;

  struct Counts {
    std::int64_t clusters = 0;
    std::int64_t noise = 0;  ///< unusable points included, as in dbscan()
    std::int64_t core = 0;
  };
  /// What cut() would count at each radius, without labels. O(n log m) for m radii.
  [[nodiscard]] std::vector<Counts> counts(std::span<const Length> radii) const;

  [[nodiscard]] std::int64_t min_points() const;
  /// Points of the layer, unusable ones included.
  [[nodiscard]] std::size_t points() const;
  [[nodiscard]] std::size_t unusable() const;
  /// The caller's numbers of the usable points in the order of the hierarchy.
  [[nodiscard]] std::span<const std::uint32_t> order() const;
  /// For each place of order(), the rank of the point among the usable ones by (x, y), then number.
  [[nodiscard]] std::span<const std::uint32_t> position_rank() const;
  /// For each place of order(), the radius from which on the point is core: metres on the ground, or units of the
  /// plane; infinite where there are fewer than min_points points.
  [[nodiscard]] std::vector<double> core_distances() const;
  /// For each place of order() but the last, the radius from which on it shares a cluster with the next place.
  [[nodiscard]] std::vector<double> join_distances() const;
  /// Sum of the edges of the minimum spanning tree, as chords or in units of the plane.
  [[nodiscard]] double tree_weight() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> m_parts;
};

}  // namespace yaan
