#pragma once
// Kernel density: how many sites there are to the square kilometre about each place, as a smooth surface; and the
// relative risk of two layers.

#include <cstdint>
#include <span>
#include <string>

#include "yaan/core/grid.hpp"
#include "yaan/core/method.hpp"
#include "yaan/core/progress.hpp"
#include "yaan/core/units.hpp"

namespace yaan {

enum class Kernel {
  gaussian,  ///< 1 / (2 pi b^2) exp(-d^2 / (2 b^2)); the bandwidth b is the standard deviation along each axis
  quartic    ///< 3 / (pi b^2) (1 - d^2 / b^2)^2 for d < b; the bandwidth b is the radius of the support
};

/// How the bandwidth is found; see bandwidth.hpp.
enum class BandwidthRule { fixed, scott, diggle };

struct DensityOptions {
  Kernel kernel = Kernel::gaussian;
  BandwidthRule bandwidth_rule = BandwidthRule::fixed;
  Length bandwidth = Metres{2000};  ///< for the fixed rule, and where another finds nothing
  Length cell_size = Metres{500};
  std::int64_t bands = 5;          ///< contour bands at equal steps of density
  std::string levels;              ///< lower ends of the bands in 1/km2, "0.5, 1, 2"; "" for equal steps
  double hot_share = 0.5;          ///< share of the mass in the hot areas
  bool edge_correction = true;     ///< only with a study area
  double least_risk = 2;           ///< relative risk from which cells are outlined
  double least_background = 0.01;  ///< relative risk is told where the other surface reaches this share of its peak
};

/// The density of weighted points at the cell centres of `window`, in points per km2.
///
/// `x` and `y` are in metres of the plane of the window; an empty `weights` counts each point once; points that are not
/// finite are left out. Cells of the window that are NaN are outside the study area and stay NaN. Points outside the
/// window count as far as their kernel reaches in; an edge correction wants them left out by the caller.
///
/// The Gaussian has a relative error below 1e-6 in every term whose point lies within 8 bandwidths along both axes;
/// other terms may be left out, which is at most exp(-32) = 1.3e-14 of the value that all the weight on one spot
/// would have there. The quartic is exact to rounding. See src/analyse/kernel_sums.hpp for how and at what cost: with a
/// Gaussian O(n + cells), whatever the bandwidth.
///
/// With `edge_correction` each value is divided by the kernel's mass within the cells of the study area ("uniform"
/// correction: Berman and Diggle 1989), so that a uniform pattern has an even surface up to the edge; the mass is
/// integrated over the cells exactly.
///
/// The same bytes whatever the thread count and the order of the points. No points give zeros.
/// Throws UsageError for a bandwidth that is not positive and finite; std::invalid_argument for arrays of different
/// lengths; Cancelled.
Grid kernel_density(std::span<const double> x, std::span<const double> y, std::span<const double> weights,
                    const Grid& window, Kernel kernel, Metres bandwidth, bool edge_correction, Progress& progress);

/// Sum of density times cell area over the cells that are not NaN, in points.
double mass(const Grid& density);

/// The relative risk of two densities on one grid (Bithell 1990; Kelsall and Diggle 1995): each divided by its own
/// mass, then the first over the second: 1 where both have the same share of their points, 2 where the first has twice
/// the share. NaN outside the study area and where the second is below `least` times its own peak, because a ratio to
/// next to nothing says nothing; NaN everywhere when either has no mass.
/// Throws std::invalid_argument for grids of different shape.
Grid relative_risk(const Grid& first, const Grid& second, double least);

/// The verb `density`.
const Method& density_method();

}  // namespace yaan
