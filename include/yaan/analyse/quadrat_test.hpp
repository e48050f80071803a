#pragma once
// The quadrat test: do the counts of points in equal rectangles differ more than by chance?

#include <cstdint>
#include <span>

#include "yaan/analyse/point_pattern.hpp"
#include "yaan/core/method.hpp"

namespace yaan {

struct QuadratTestOptions : PatternOptions {
  std::int64_t columns = 5;  ///< rectangles from west to east
  std::int64_t rows = 5;     ///< from south to north
};

struct ChiSquareTest {
  double chi_square = 0;
  std::int64_t degrees = 0;  ///< of freedom: quadrats less 1
  double p_clustered = 1;    ///< of a chi-square at least as large
  double p_regular = 1;      ///< of one at most as large
  double p = 1;              ///< two-sided: twice the smaller of them, at most 1
};

/// Pearson's chi-square of counts against expected counts, all positive. Fewer than two quadrats: NaN. O(quadrats).
ChiSquareTest chi_square_test(std::span<const double> counts, std::span<const double> expected);

/// P(X >= value) of a chi-square variable; relative error below 1e-12 above 1e-250. degrees >= 1, value >= 0.
double chi_square_above(double value, double degrees);

/// The verb `quadrat-test`: makes the layer `quadrats`.
const Method& quadrat_test_method();

}  // namespace yaan
