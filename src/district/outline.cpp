#include "district/outline.hpp"

#include <cmath>

namespace yaan {

Outline outline_of(std::span<const double> x, std::span<const double> y, const DistrictOptions& options) {
  const double margin = options.margin.value;
  Geometry hull;
  std::string method;
  switch (options.outline) {
    case OutlineMethod::concave:
      hull = concave_hull(x, y, options.max_edge.value);
      method = "concave hull";
      break;
    case OutlineMethod::convex:
      hull = convex_hull(x, y);
      method = "convex hull";
      break;
    case OutlineMethod::buffer: break;
  }
  if (options.outline == OutlineMethod::buffer || hull.bounds(0).empty())
    return {buffered_union(x, y, options.buffer_radius.value), "buffered union"};
  if (margin > 0) hull = buffer(hull, margin);
  return {std::move(hull), std::move(method)};
}

}  // namespace yaan
