#pragma once
// Density-based clusters: DBSCAN (Ester, Kriegel, Sander and Xu 1996; Schubert et al. 2017), exact.

#include <cstdint>
#include <span>
#include <vector>

#include "yaan/core/crs.hpp"
#include "yaan/core/method.hpp"
#include "yaan/core/progress.hpp"
#include "yaan/core/units.hpp"

namespace yaan {

struct DbscanOptions {
  Length radius = Metres{500};  ///< a neighbour is at this ground distance or nearer
  std::int64_t min_points = 5;  ///< points within the radius that make a core point, itself included
  bool weighted = false;        ///< whether a point counts as much as its weight, and not as one
};

/// One entry for each point, in the caller's order.
struct DbscanLabels {
  std::vector<std::int32_t> cluster;  ///< 1..k, or 0 for noise
  std::vector<std::uint8_t> core;     ///< 1 for a core point
  std::int64_t clusters = 0;
  std::int64_t noise = 0;
  std::int64_t core_count = 0;
  std::int64_t unusable = 0;  ///< points without a usable position; they are noise and nobody's neighbours
};

/// The clusters of the points (x, y) in `crs`.
///
/// A point with at least min_points points within the radius, itself included, is a core point. Core points within the
/// radius of each other share a cluster. Any other point within the radius of a core point is a border point and takes
/// the lowest-numbered cluster among its core neighbours; the rest is noise. Cluster numbers follow the smallest core
/// point of each cluster by (x, y). So the labels depend neither on the order of the points nor on the thread count.
///
/// Distance: in a plane, that of the plane: squared coordinate differences, added and compared without fused
/// operations, so that points at exactly the radius are neighbours. In a geographic CRS, true ground distance by
/// earth-centred chords, with a relative error in the radius below 1e-4 up to 100 km, across the antimeridian and the
/// poles.
///
/// Weighted: a point is core when the weights of the points within the radius, its own included, add up to min_points.
/// `weights` holds one for each point, from 0 to kMostWeight; they count in steps of 2^-20, so that the sum does not
/// depend on the order of the points. With weights of 1 the labels are those without weights.
///
/// Unusable are points that are not finite and, in a geographic CRS, latitudes beyond 90 and longitudes beyond 540.
/// No points give no clusters; coincident points count one by one.
/// Throws UsageError for a CRS of kind none, a radius that is not positive and finite, or bare or beyond 0.1 m to
/// 10,000 km on a geographic layer, and min_points below 1; InputError above 2^31 - 1 points and for a weight out of
/// range; std::invalid_argument for arrays of different lengths; Cancelled.
/// Expected time O(n) for points spread over many cells of the radius, O(n min_points) at worst but for chains of dense
/// cells that just miss each other, where a tree of boxes decides.
DbscanLabels dbscan(std::span<const double> x, std::span<const double> y, const Crs& crs, const DbscanOptions& options,
                    Progress& progress, std::span<const double> weights = {});
inline constexpr double kMostWeight = 1e6;

/// The verb `dbscan`: adds `cluster` and `core` to the points.
const Method& dbscan_method();

}  // namespace yaan
