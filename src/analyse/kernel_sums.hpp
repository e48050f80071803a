#pragma once
// Sums of kernels over weighted points, at the centres of a lattice's cells.

#include <cstdint>
#include <span>
#include <vector>

#include "analyse/lattice_points.hpp"
#include "yaan/core/progress.hpp"

namespace yaan {

/// How far a Gaussian is followed along each axis, in standard deviations. What lies beyond is at most
/// exp(-8^2 / 2) = 1.3e-14 of the kernel's peak.
inline constexpr double kGaussReach = 8;

/// Sum over the points of w / (2 pi sigma^2) exp(-d^2 / (2 sigma^2)) at each cell centre, row-major.
///
/// Each term within 8 sigma along both axes has a relative error below 5e-7 (and is never negative); terms beyond may
/// be left out. Points far outside the lattice are allowed. Same bits whatever the order of the points and the threads.
///
/// A Gaussian is the convolution of two narrower ones: points are spread by the narrow one (variance v) onto nodes at
/// spacing h, and the nodes are summed by the wide one (variance sigma^2 - v), separably. As a function of the node,
/// the product of both is a Gaussian of standard deviation s, s^2 = v (sigma^2 - v) / sigma^2, about a place between
/// point and target, times the wanted value. So by Poisson's summation formula the sum over the nodes has the relative
/// error 2 exp(-2 pi^2 s^2 / h^2) at every distance: 3.7e-8 for s = 0.95 h, as used here. (Gaussian gridding: Dutt and
/// Rokhlin 1993, Greengard and Lee 2004; here there is no Fourier transform in between.)
///
/// With S = sigma / h (2.2 to 6, by estimated cost) the cost is O(n H^2) for a stencil of 2 H + 1 (15 to 21) nodes, and
/// O((nodes + cells) 16 S) for the sums, whatever the bandwidth. Where the bandwidth is about a cell or less, points
/// are added to the cells in reach one by one.
std::vector<double> gaussian_sums(std::span<const double> x, std::span<const double> y, std::span<const double> weights,
                                  const Lattice& targets, double sigma, const Progress& progress);

/// Sum over the points of 3 w / (pi R^2) (1 - d^2 / R^2)^2 within the radius R at each cell centre, term by term.
/// O(n (R / side)^2).
std::vector<double> quartic_sums(std::span<const double> x, std::span<const double> y, std::span<const double> weights,
                                 const Lattice& targets, double radius, const Progress& progress);

/// Weights of consecutive sources for each target of one axis.
struct AxisWeights {
  std::vector<std::uint32_t> first;   ///< first source of each target
  std::vector<std::uint32_t> offset;  ///< targets + 1: where its weights begin
  std::vector<double> weight;
};

/// out(row, column) = sum of weight(row, source) in(source, column); `in` has `columns` values a row.
void sum_rows(const AxisWeights& axis, const double* in, std::size_t columns, double* out, const Progress& progress);

}  // namespace yaan
