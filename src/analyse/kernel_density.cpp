#include "yaan/analyse/kernel_density.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "analyse/kernel_mass.hpp"
#include "analyse/kernel_sums.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {

namespace {

constexpr std::size_t kBlock = std::size_t{1} << 14;
constexpr double kSquareMetresPerKm2 = 1e6;

}  // namespace

Grid kernel_density(std::span<const double> x, std::span<const double> y, std::span<const double> weights,
                    const Grid& window, Kernel kernel, Metres bandwidth, bool edge_correction, Progress& progress) {
  if (x.size() != y.size() || (!weights.empty() && weights.size() != x.size()))
    throw std::invalid_argument("kernel_density: x, y and weights differ in length");
  if (!(bandwidth.value > 0) || !std::isfinite(bandwidth.value))
    throw UsageError(fmt::format("bandwidth is {}, but must be more than 0", to_string(Length(bandwidth))));
  progress.throw_if_cancelled();
  const Lattice cells{window.origin_x, window.origin_y, window.cell, window.columns, window.rows};
  const bool gaussian = kernel == Kernel::gaussian;
  std::vector<double> sums = gaussian ? gaussian_sums(x, y, weights, cells, bandwidth.value, progress)
                                      : quartic_sums(x, y, weights, cells, bandwidth.value, progress);
  std::vector<double> inside;
  if (edge_correction) {
    const CellWindow study(window);
    const double reach = bandwidth.value / window.cell;
    inside = gaussian ? gaussian_mass(study, reach, progress) : quartic_mass(study, reach, progress);
  }
  parallel_blocks(sums.size(), kBlock, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t i = begin; i < end; ++i) {
      sums[i] *= kSquareMetresPerKm2;
      if (edge_correction) sums[i] /= inside[i];
      if (std::isnan(window.values[i])) sums[i] = std::numeric_limits<double>::quiet_NaN();
    }
  });
  Grid density;
  density.origin_x = window.origin_x;
  density.origin_y = window.origin_y;
  density.cell = window.cell;
  density.columns = window.columns;
  density.rows = window.rows;
  density.crs = window.crs;
  density.values = std::move(sums);
  density.unit = "1/km2";
  return density;
}

double mass(const Grid& density) {
  double sum = 0;
  for (const double value : density.values)
    if (!std::isnan(value)) sum += value;
  return sum * (density.cell * density.cell / kSquareMetresPerKm2);
}

Grid relative_risk(const Grid& first, const Grid& second, double least) {
  if (first.columns != second.columns || first.rows != second.rows || first.cell != second.cell ||
      first.origin_x != second.origin_x || first.origin_y != second.origin_y)
    throw std::invalid_argument("relative_risk: the grids differ");
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  double peak = 0;
  for (const double value : second.values)
    if (value > peak) peak = value;
  const double share = mass(second) / mass(first);
  Grid risk = first;
  risk.unit = "";
  for (std::size_t i = 0; i < risk.size(); ++i) {
    const bool told = std::isfinite(share) && share > 0 && second.values[i] > 0 && second.values[i] >= least * peak;
    risk.values[i] = told ? first.values[i] / second.values[i] * share : kNan;
  }
  return risk;
}

}  // namespace yaan
