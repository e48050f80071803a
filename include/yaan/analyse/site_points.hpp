#pragma once
// Sites that are drawn as lines or polygons, such as temple compounds, as points.

#include "yaan/core/method.hpp"

namespace yaan {

enum class SitePointRule {
  inside,   ///< a point within the polygon; of a line half way along its longest part
  centroid  ///< the centroid, which may lie outside
};

struct SitePointsOptions {
  SitePointRule rule = SitePointRule::inside;
};

/// A layer of points, one for each feature in its order, with all columns, roles, sources and levels of publication of
/// the layer, and site_shape, site_area_m2 and site_length_m. Points stay where they are; a feature without a shape has
/// no position (NaN). In degrees a shape wider than 180 is taken across the 180th meridian. Throws UsageError for a
/// layer without geometry; Cancelled. O(v log v).
Layer site_points(const Layer& sites, const SitePointsOptions& options, Progress& progress);

/// The verb `site-points`.
const Method& site_points_method();

}  // namespace yaan
