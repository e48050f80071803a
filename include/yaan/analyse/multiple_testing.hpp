#pragma once
// Many tests at once: p-values that allow for their number.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace yaan {

enum class Correction {
  none,
  benjamini_hochberg,   ///< expected share of false discoveries, tests independent or positively dependent
  benjamini_yekutieli,  ///< the same under any dependence
  bonferroni            ///< chance of any false discovery
};

/// Adjusted p-values, comparable with the level that is wanted: at most 1, in the order of the raw ones. NaN stands for
/// a test that was not made: it stays NaN and is not counted. Benjamini, Y. and Hochberg, Y. (1995), Journal of the
/// Royal Statistical Society B 57, 289-300; Benjamini, Y. and Yekutieli, D. (2001), Annals of Statistics 29, 1165-1188.
/// O(n log n).
std::vector<double> adjusted_p(std::span<const double> p, Correction correction);

/// What a correction makes of p-values that are all equal: so many times as large. No adjusted p-value can be less than
/// the least raw one times this. O(tests).
double correction_factor(std::size_t tests, Correction correction);

}  // namespace yaan
