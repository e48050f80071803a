#pragma once
// The middle of a set of weighted points.

#include <cstddef>
#include <span>

namespace yaan {

/// Index of the point nearest to the weighted geometric median (the place with the least weighted sum of distances,
/// found by Weiszfeld's iteration as mended by Vardi and Zhang, "The multivariate L1-median and associated data depth",
/// PNAS 97, 2000). Ties go to the smallest (x, y). A member, not the median itself, because a centre should be a place
/// that one can visit. Weights are not negative; when all are 0 every point counts the same. Precondition: not empty.
/// Complexity: O(n) for each of at most 200 iterations.
std::size_t central_member(std::span<const double> x, std::span<const double> y, std::span<const double> weight);

}  // namespace yaan
