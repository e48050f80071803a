#pragma once
// The table by area: what lies in each province.

#include "yaan/core/diagnostics.hpp"
#include "yaan/core/layer.hpp"

namespace yaan {

/// One row for each area code, in the order of the areas; a layer without geometry, with the columns of
/// docs/outputs.md. Sites belong to the area that their column area_code names (assign-areas adds it); a site lies in a
/// district when its column district_id, or without one cluster, is not null. Sites without an area are counted as
/// `outside-every-area-row`. Throws UsageError when the points have no area_code.
Layer area_table(const Layer& areas, const Layer& points, Diagnostics& diagnostics);

/// Area of a polygon feature on the WGS 84 ellipsoid, or in the plane of a local CRS, in km2.
std::vector<double> areas_km2(const Layer& polygons);

}  // namespace yaan
