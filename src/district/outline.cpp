#include "district/outline.hpp"

#include <fmt/format.h>

#include <cmath>

#include "district/density_outline.hpp"
#include "yaan/core/numbers.hpp"

namespace yaan {

namespace {

std::string words(Metres length) { return to_string(Length(length)); }

Outline discs(std::span<const double> x, std::span<const double> y, const DistrictOptions& options) {
  return {buffered_union(x, y, options.buffer_radius.value),
          fmt::format("buffered union, radius {}", words(options.buffer_radius))};
}

std::string enclosed(double share) {
  return share >= 1 ? std::string("every member") : fmt::format("{} % of the members", shortest(100 * share));
}

}  // namespace

Outline outline_of(std::span<const double> x, std::span<const double> y, const DistrictOptions& options) {
  Geometry hull;
  std::string method;
  switch (options.outline) {
    case OutlineMethod::concave:
      hull = concave_hull(x, y, options.max_edge.value);
      method = fmt::format("concave hull, edges up to {}", words(options.max_edge));
      break;
    case OutlineMethod::convex:
      hull = convex_hull(x, y);
      method = "convex hull";
      break;
    case OutlineMethod::density: {
      DensityContour contour = density_contour(x, y, options.bandwidth.value, options.member_share);
      hull = std::move(contour.polygons);
      method = fmt::format("density contour, bandwidth {}, around {}", words(options.bandwidth),
                           enclosed(options.member_share));
      break;
    }
    case OutlineMethod::buffer:
    case OutlineMethod::voronoi: return discs(x, y, options);
  }
  if (hull.bounds(0).empty()) return discs(x, y, options);
  if (options.margin.value > 0) hull = buffer(hull, options.margin.value);
  return {std::move(hull), fmt::format("{}, margin {}", method, words(options.margin))};
}

Outline outline_of_cells(Geometry cells, std::span<const double> x, std::span<const double> y,
                         const DistrictOptions& options) {
  if (cells.bounds(0).empty()) return discs(x, y, options);
  return {std::move(cells), fmt::format("Voronoi cells, up to {}", words(options.reach))};
}

}  // namespace yaan
