#pragma once
// Points in the order of Hilbert's curve: points that follow each other lie near each other.

#include <cstdint>
#include <span>

#include "analyse/index/scratch.hpp"
#include "yaan/core/progress.hpp"

namespace yaan {

/// Numbers of the points along Hilbert's curve through their bounding square. Where many points share one of the
/// curve's finest steps, a curve of their own orders them, so any unevenness is resolved; points on one spot keep the
/// caller's order. The order of points at different places does not depend on the caller's order, nor any of it on the
/// thread count. Coordinates are finite; n < 2^31. O(n) for points spread evenly, O(n log n) at worst.
/// Hilbert, D. (1891): Ueber die stetige Abbildung einer Linie auf ein Flächenstück. Math. Annalen 38, 459-460.
Scratch<std::uint32_t> hilbert_order(std::span<const double> x, std::span<const double> y, const Progress& progress);

}  // namespace yaan
