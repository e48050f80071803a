#pragma once
// Bandwidths chosen from the points themselves. Each is the standard deviation of a Gaussian along each axis.

#include <cstdint>
#include <optional>
#include <span>

#include "yaan/core/grid.hpp"
#include "yaan/core/progress.hpp"
#include "yaan/core/units.hpp"

namespace yaan {

/// A quartic kernel of radius sqrt(8) b has the variance b^2 along each axis that a Gaussian of bandwidth b has.
inline constexpr double kQuarticPerGaussian = 2.8284271247461903;

/// Scott's rule for two dimensions (Scott 1992, p. 152), one bandwidth for both axes: the geometric mean of the
/// standard deviations along x and y times n^(-1/6). With weights n is Kish's effective number (sum w)^2 / sum w^2 and
/// the deviations are weighted, so that equal weights change nothing. Empty weights count 1 each. Nothing where it
/// would be 0: fewer than two places, or all on a line along an axis.
/// O(n log n). Throws Cancelled.
std::optional<Metres> scott_bandwidth(std::span<const double> x, std::span<const double> y,
                                      std::span<const double> weights, const Progress& progress);

struct DiggleBandwidth {
  Metres bandwidth;
  bool at_end = false;  ///< the least error lies at an end of the range that was searched: no bandwidth stands out
};

/// Diggle's choice (Diggle 1985; Berman and Diggle 1989): the bandwidth of least mean square error under a stationary
/// Cox process, estimated from Ripley's K. For a disc of radius h, up to a constant,
///   M(h) = (1 / lambda - 2 K(h)) / (pi h^2) + 1 / (pi h^2)^2 integral from 0 to 2 h of lens(t, h) dK(t),
/// where lens is the area that two discs of radius h at distance t share, and lambda = n / |W|. The result is h / 2,
/// the standard deviation of the disc along each axis.
///
/// K(r) = |W|^2 / (n (n - 1)) sum over ordered pairs within r of 1 / |W and W shifted by their difference| (translation
/// correction: Ohser 1983); the shared areas are those of the window's cells, exact for shifts by whole cells and
/// interpolated between (exact for a full rectangle; beyond 64 cells a multiple of the cell is taken as the step).
/// Distances are counted in 2,048 bins up to r_max = min(shorter side / 4, sqrt(1000 / (pi lambda))), Ripley's rule; h
/// is searched from 4 bins to r_max / 2. Above 20,000 points K comes from a sample of that size by a counter-based hash
/// of the rank (thinning leaves K unchanged); lambda is that of all points.
///
/// Points outside the window are left out; points count one by one, weights play no part. Nothing below 3 points within
/// it or without pairs within r_max. Same answer whatever the order of the points and the threads.
/// O(n + pairs within r_max + 2048^2).
std::optional<DiggleBandwidth> diggle_bandwidth(std::span<const double> x, std::span<const double> y,
                                                const Grid& window, Progress& progress);

}  // namespace yaan
