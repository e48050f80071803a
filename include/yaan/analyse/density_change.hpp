#pragma once
// Where sites gathered or went between two snapshots: two kernel densities on one grid, and a test by random labelling.

#include <cstdint>
#include <span>
#include <vector>

#include "yaan/analyse/kernel_density.hpp"
#include "yaan/core/grid.hpp"
#include "yaan/core/method.hpp"
#include "yaan/core/progress.hpp"

namespace yaan {

/// Places in metres of the plane of a grid; an empty `weights` counts each once. Places that are not finite are left
/// out.
struct DensityPoints {
  std::span<const double> x, y, weights;
};

struct DensityChange {
  Grid before, after;  ///< 1/km2, by kernel_density
  /// Two-sided p-value of each cell: is the later share of what lies about it more, or less, than by chance? NaN
  /// outside the study area and where both densities together are below kLeastChangeDensity of their peak.
  Grid p;
  /// Of each cell for itself but allowing for all of them: the rank of its residual's size among the largest of the
  /// permuted maps. NaN where p is.
  Grid p_global;
  Grid residual;                ///< see density_change
  std::vector<double> largest;  ///< size of the largest residual of each permutation
};

/// Of the peak of the pooled density: less is not looked at.
inline constexpr double kLeastChangeDensity = 1e-6;

/// In 1/km2: below it a density is next to nothing, and no ratio is made of it. kLeastChangeDensity times the peak of
/// both densities together; 0 without cells.
double least_change_density(const Grid& before, const Grid& after);

struct DensityChangeOptions {
  Kernel kernel = Kernel::gaussian;
  Length bandwidth = Metres{2000};
  Length cell_size = Metres{500};
  bool edge_correction = true;
  std::int64_t permutations = 199;
  double significance = 0.05;
  std::int64_t seed = 1;
  bool match_ids = false;  ///< of the verb: test only what opened and closed, by the ids
};

/// Under the null of random labelling the points of both snapshots are one pattern of n, of which any n1 are as likely
/// to be the later ones (with their weights). So the growth of the whole is held: only where the growth differs is a
/// change. With f the later density and g that of both without edge correction, the residual of a cell is
/// (f - g n1 / n) / sqrt(g), about as variable everywhere. Each p-value is (1 + permutations that are as extreme) /
/// (permutations + 1); values that are equal to 1e-9 are as extreme. For one cell the difference, the ratio and the
/// later density itself have the same p-value, since g is the same in all permutations.
///
/// Permutation s depends on (seed, s) alone, and nothing on the order of the points. Without permutations, or without
/// points in one of them, all p-values are NaN. Throws as kernel_density does. O(permutations (n + cells)) with a
/// Gaussian kernel. Kelsall, J. E. and Diggle, P. J. (1995): Statistics in Medicine 14, 2335-2342.
DensityChange density_change(const DensityPoints& before, const DensityPoints& after, const Grid& window,
                             Metres bandwidth, const DensityChangeOptions& options, Progress& progress);

/// The verb `density-change`.
const Method& density_change_method();

}  // namespace yaan
