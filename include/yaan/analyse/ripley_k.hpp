#pragma once
// Ripley's K and L: how many other points lie within each distance of a point, against chance.

#include <span>
#include <string>
#include <vector>

#include "yaan/analyse/point_pattern.hpp"
#include "yaan/core/geometry.hpp"
#include "yaan/core/method.hpp"
#include "yaan/core/progress.hpp"

namespace yaan {

struct RipleyKOptions : CurveOptions {
  std::string kind;  ///< of the points that are looked at; "" for all points
};

/// K(r) in squared metres for each of the distances; pi r^2 for a random pattern. With n points on the area A and d the
/// distance of an ordered pair of different points,
///   none, isotropic, translation: A / (n (n - 1)) times the sum of the weights of pairs with d <= r;
///   border: A / n times the pairs with d <= r whose first point is at least r from the border, over the points that
///   are.
/// Points at one place are pairs at distance 0. NaN for fewer than two points, a window without area, and where no
/// point is that far from the border. The same bytes whatever the thread count and the order of the points. Isotropic
/// weights are exact to rounding, translation weights for rectangles; see src/analyse/set_covariance.hpp for other
/// windows. O(n + pairs within the last distance); for isotropic also border edges within that distance of the points.
/// Ripley, B. D. (1977): Modelling spatial patterns. Journal of the Royal Statistical Society B 39, 172-212.
/// Throws std::invalid_argument for arrays of different lengths or distances that fall, Cancelled.
std::vector<double> ripley_k(std::span<const double> x, std::span<const double> y, const Geometry& window,
                             std::span<const double> distances, EdgeCorrection correction, Progress& progress);

/// The verb `ripley-k`: makes the table `ripley_k` over the distances.
const Method& ripley_k_method();

}  // namespace yaan
