#pragma once
// Cross-K and cross-L: how many points of one kind lie within each distance of a point of another kind.

#include <span>
#include <string>
#include <vector>

#include "yaan/analyse/multiple_testing.hpp"
#include "yaan/analyse/point_pattern.hpp"
#include "yaan/core/geometry.hpp"
#include "yaan/core/method.hpp"
#include "yaan/core/progress.hpp"

namespace yaan {

struct CrossKOptions : CurveOptions {
  std::string from_kind;                                     ///< "" for each kind
  std::string to_kind;                                       ///< "" for each other kind
  Correction p_correction = Correction::benjamini_hochberg;  ///< for the number of pairs
  CrossKOptions() { null_model = NullModel::random_labelling; }
};

struct PlaneXY {
  std::span<const double> x, y;
};

/// Cross-K in squared metres for each of the distances; pi r^2 for kinds that are independent of each other. As
/// ripley_k(), with pairs of a point of `from` and one of `to`, and their numbers multiplied in place of n (n - 1); the
/// border correction looks from points of `from`. Not symmetric but for none and translation. NaN where either has no
/// point. Cost, guarantees and errors as for ripley_k().
/// Lotwick, H. W. and Silverman, B. W. (1982): Methods for analysing spatial processes of several types of points.
/// Journal of the Royal Statistical Society B 44, 406-413.
std::vector<double> cross_k(const PlaneXY& from, const PlaneXY& to, const Geometry& window,
                            std::span<const double> distances, EdgeCorrection correction, Progress& progress);

/// The verb `cross-k`: makes the table `cross_k` over pairs of kinds and distances.
const Method& cross_k_method();

}  // namespace yaan
