#pragma once
// Getis and Ord's Gi and Gi*: hot and cold spots.

#include <span>
#include <vector>

#include "yaan/analyse/autocorrelation.hpp"
#include "yaan/core/method.hpp"

namespace yaan {

/// One entry for each feature. Values are any numbers for z; the shares `g` mean something for positive ones only.
struct LocalG {
  std::vector<double>
      g;  ///< share of the neighbours in the sum of the values: of the others, or of all (star); NaN of 0
  std::vector<double> expected;  ///< of g
  std::vector<double> variance;
  std::vector<double> z;  ///< Ord and Getis (1995); NaN where there is no variance
};

/// star false: Gi, the feature itself not counted. star true: Gi*, the feature is its own neighbour with the largest
/// weight of its row (1 for an island). n > 2. O(links). z does not depend on the scale of a row's weights.
LocalG local_g(const SpatialWeights& weights, std::span<const double> values, bool star);

struct LocalGOptions : LocalOptions {
  bool star = true;  ///< Gi*
};

/// The verb `local-g`.
const Method& local_g_method();

}  // namespace yaan
