#include "analyse/density_sites.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "analyse/point_set.hpp"
#include "yaan/core/parallel.hpp"
#include "yaan/core/publication.hpp"

namespace yaan {

namespace {

constexpr double kMargin = 4;  // Gaussian bandwidths about the points where there is no study area
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

}  // namespace

DensityGround::DensityGround(const Layer* areas, const DensityPlane& plane, std::size_t points) {
  if (areas == nullptr) return;
  area = plane.study_area(*areas);
  study.emplace(*area, points);
}

DensitySites density_sites(const Layer& layer, const DensityPlane& plane, const AreaGrid* study,
                           Diagnostics& diagnostics, const Progress& progress) {
  DensitySites sites;
  std::int64_t left_out = 0;
  sites.place = plane.points(shown_points(layer, NotOpen::coarsen, left_out), layer.crs, progress);
  if (left_out != 0)
    diagnostics.add(Severity::note, "hidden-left-out", layer.name,
                    "hidden points add to no density: its peaks would tell where they are", left_out);
  sites.weights = point_weights(layer, diagnostics);
  report_unusable(layer, "points without a usable position have no density and add to none", diagnostics);
  std::vector<double>& x = sites.place.x;
  std::vector<double>& y = sites.place.y;
  if (study != nullptr) {
    std::vector<std::uint8_t> out(x.size(), 0);
    parallel_blocks(x.size(), 1 << 12, [&](std::size_t begin, std::size_t end, std::size_t) {
      progress.throw_if_cancelled();
      for (std::size_t i = begin; i < end; ++i)
        out[i] = !std::isnan(x[i]) && study->first_holding(x[i], y[i]) == AreaGrid::kNone;
    });
    for (std::size_t i = 0; i < x.size(); ++i) {
      if (out[i] == 0) continue;
      x[i] = y[i] = kNan;
      ++sites.outside;
      diagnostics.add(Severity::skipped, "outside-study-area", layer.name,
                      "points outside the study area have no density and add to none", 1, layer.feature_id(i));
    }
  }
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (std::isnan(x[i])) continue;
    ++sites.used;
    sites.box.min_x = std::min(sites.box.min_x, x[i]);
    sites.box.max_x = std::max(sites.box.max_x, x[i]);
    sites.box.min_y = std::min(sites.box.min_y, y[i]);
    sites.box.max_y = std::max(sites.box.max_y, y[i]);
  }
  return sites;
}

Grid study_grid(const Geometry& area, const AreaGrid& study, double cell, const Crs& crs, const Progress& progress) {
  Grid window = Grid::covering(area.bounds(), cell, kMostDensityCells, crs);
  parallel_blocks(window.rows, 4, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t r = begin; r < end; ++r) {
      progress.throw_if_cancelled();
      for (std::size_t c = 0; c < window.columns; ++c)
        if (study.first_holding(window.centre_x(c), window.centre_y(r)) == AreaGrid::kNone) window.at(c, r) = kNan;
    }
  });
  return window;
}

Box joined(const Box& a, const Box& b) {
  return {std::min(a.min_x, b.min_x), std::min(a.min_y, b.min_y), std::max(a.max_x, b.max_x),
          std::max(a.max_y, b.max_y)};
}

Grid grid_about(const Box& box, Kernel kernel, double bandwidth, double cell, const Crs& crs) {
  const double margin = kernel == Kernel::gaussian ? kMargin * bandwidth : bandwidth;
  return Grid::covering({box.min_x - margin, box.min_y - margin, box.max_x + margin, box.max_y + margin}, cell,
                        kMostDensityCells, crs);
}

}  // namespace yaan
