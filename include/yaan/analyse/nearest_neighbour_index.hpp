#pragma once
// The nearest-neighbour index of Clark and Evans: are nearest neighbours closer than by chance?

#include <cstdint>
#include <span>

#include "yaan/analyse/point_pattern.hpp"
#include "yaan/core/method.hpp"
#include "yaan/core/progress.hpp"

namespace yaan {

struct NearestNeighbourIndexOptions : PatternOptions {
  std::int64_t order = 1;  ///< 1: the nearest other point, 2: the second nearest, ...
};

/// One way to tell the mean distance by chance.
struct IndexAgainst {
  double expected = 0;        ///< mean distance by chance
  double standard_error = 0;  ///< of the mean distance by chance
  double index = 0;           ///< mean over expected: below 1 gathered, above 1 spread
  double z = 0;
  double p = 0;  ///< two-sided, of z
};

struct NearestNeighbourIndex {
  double mean = 0;        ///< distance to the neighbour of that order
  IndexAgainst plain;     ///< Clark and Evans (1954), and of order k Thompson (1956): no border
  IndexAgainst donnelly;  ///< Donnelly (1978): with the border's length; NaN for orders above 1
};

/// The index of n points on a window of that area and perimeter, in metres.
///   plain: k-th neighbour: expected Gamma(k + 1/2) / ((k - 1)! sqrt(pi n / A)), variance of one distance k A / (pi n)
///   less its square; for k = 1 that is 0.5 sqrt(A / n) and the standard error 0.26136 sqrt(A) / n.
///   donnelly: expected 0.5 sqrt(A / n) + (0.0514 + 0.0412 / sqrt(n)) P / n, variance of the mean
///   0.070 A / n^2 + 0.037 P sqrt(A / n^5).
/// Everything is NaN where n is at most the order, or the area is 0. O(n order) expected.
/// Clark, P. J. and Evans, F. C. (1954): Distance to nearest neighbor as a measure of spatial relationships in
/// populations. Ecology 35, 445-453.
NearestNeighbourIndex nearest_neighbour_index(std::span<const double> x, std::span<const double> y, double area,
                                              double perimeter, std::int64_t order, Progress& progress);

/// The verb `nearest-neighbour-index`: makes the table `nearest_neighbour_index` of one row.
const Method& nearest_neighbour_index_method();

}  // namespace yaan
