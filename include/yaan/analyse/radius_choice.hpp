#pragma once
// Choosing the radius: the k-distance curve with its knee, and how clusters and noise change with the radius.

#include <cstdint>
#include <span>
#include <vector>

#include "yaan/analyse/cluster_hierarchy.hpp"
#include "yaan/core/method.hpp"
#include "yaan/core/units.hpp"

namespace yaan {

/// Where an ascending curve bends most: the index of the point farthest below the straight line from its first to its
/// last point (Satopää, Albrecht, Irwin and Raghavan 2011, for a convex curve, without smoothing); the first of
/// several. 0 for fewer than three values. The values are finite.
std::size_t knee(std::span<const double> ascending);

struct KDistanceOptions {
  std::int64_t min_points = 5;  ///< the distance to this nearest point, itself counted: dbscan's min_points
};

/// The verb `k-distances`: adds `k_distance_m` to the points and makes the curve.
const Method& k_distances_method();

struct RadiusCurveOptions {
  std::int64_t min_points = 5;
  Metres radius_from{0};  ///< 0 with radius_to 0: from the 2nd to the 98th hundredth of the core distances
  Metres radius_to{0};
  std::int64_t steps = 40;
};

/// `steps` radii from `from` to `to` that grow by the same factor. Precondition: 0 < from <= to; one step gives `from`.
std::vector<Length> radius_steps(Metres from, Metres to, std::int64_t steps);

/// The verb `radius-curves`: makes a table of clusters, noise and the largest cluster for each radius.
const Method& radius_curves_method();

}  // namespace yaan
