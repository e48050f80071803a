#pragma once
// Is any point of one set within the radius of any point of another?

#include "analyse/index/cell_grid.hpp"
#include "analyse/index/radius_kernels.hpp"

namespace yaan {

/// Whether a pair of points, one of each run, has a squared distance of at most `limit`, by the very arithmetic of the
/// kernels. Small sets are compared pair by pair; large ones by two trees of boxes, so that dense cells side by side do
/// not cost the product of their sizes.
bool any_pair_within(const CellGrid& grid, unsigned dimensions, const PointKernels& kernels, Run a, Run b,
                     double limit);

}  // namespace yaan
