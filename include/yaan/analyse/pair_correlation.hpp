#pragma once
// The pair correlation function: how common pairs of points at just each distance are, against chance.

#include <span>
#include <string>
#include <vector>

#include "yaan/analyse/point_pattern.hpp"
#include "yaan/core/geometry.hpp"
#include "yaan/core/method.hpp"
#include "yaan/core/progress.hpp"
#include "yaan/core/units.hpp"

namespace yaan {

struct PairCorrelationOptions : CurveOptions {
  std::string kind;              ///< of the points that are looked at; "" for all points
  Length bandwidth = Metres{0};  ///< half-width of the kernel; 0 for Stoyan's rule
};

/// Half-width of the kernel by Stoyan's rule: 0.15 / sqrt(n / area).
double stoyan_bandwidth(std::size_t n, double area);

/// g(r) for each of the distances; 1 for a random pattern: A / (n (n - 1) 2 pi r) times the sum over ordered pairs of
/// weight times kernel(r - d), with Epanechnikov's kernel 3 / (4 h) (1 - (u / h)^2) for |u| < h = bandwidth.
/// Corrections none, isotropic and translation. NaN at r = 0, for fewer than two points and for a window without area.
/// Biased upwards where r is less than the bandwidth or points share places. Cost and guarantees as for ripley_k().
/// Stoyan, D. and Stoyan, H. (1994): Fractals, Random Shapes and Point Fields. Chichester, Wiley, chapter 15.
/// Throws std::invalid_argument as ripley_k(), for the correction border and a bandwidth that is not positive;
/// Cancelled.
std::vector<double> pair_correlation(std::span<const double> x, std::span<const double> y, const Geometry& window,
                                     std::span<const double> distances, Metres bandwidth, EdgeCorrection correction,
                                     Progress& progress);

/// The verb `pair-correlation`: makes the table `pair_correlation` over the distances.
const Method& pair_correlation_method();

}  // namespace yaan
