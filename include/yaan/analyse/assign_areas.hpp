#pragma once
// Which area holds each point.

#include <cstdint>
#include <span>
#include <vector>

#include "yaan/core/crs.hpp"
#include "yaan/core/geometry.hpp"
#include "yaan/core/method.hpp"
#include "yaan/core/progress.hpp"
#include "yaan/core/units.hpp"

namespace yaan {

struct AssignAreasOptions {
  Length within = Metres{5000};  ///< how far outside every area a point may lie and still take the nearest
};

/// One entry for each point, in the caller's order.
struct AreaAssignment {
  std::vector<std::int32_t> area;  ///< feature of the areas, or -1
  std::vector<double> distance;    ///< metres on the ground to that area: 0 inside, NaN without an area
  std::int64_t inside = 0;
  std::int64_t nearest = 0;  ///< outside every area, assigned to the nearest
  std::int64_t outside = 0;  ///< too far from every area, or without a usable position
};

/// Assigns points to polygons, both in `crs`.
///
/// A point belongs to the first area, in the order of the areas, whose closed region holds it: exact (see locate), so a
/// point on a shared edge or vertex has one owner. A point outside every area takes the nearest one within
/// options.within, the first of several at the same distance. Edges are straight in the coordinates of `crs`. The
/// distance to an edge is that of the plane, or in a geographic CRS the geodesic to the nearest place on it (relative
/// error below 1e-4 up to 100 km and 85 degrees of latitude; edges are found across the antimeridian). Longitudes that
/// differ by a whole turn are the same place.
///
/// Throws UsageError for a CRS of kind none, for areas that are not polygons, and for a distance that is negative, not
/// finite, or bare or beyond 100 km in a geographic CRS; std::invalid_argument for x and y of different lengths;
/// Cancelled. Empty areas hold nothing. O(1) expected for a point away from borders, else that of the
/// edges in one strip of an area; the index takes O(edges + points / 2) memory.
AreaAssignment assign_areas(std::span<const double> x, std::span<const double> y, const Geometry& areas, const Crs& crs,
                            const AssignAreasOptions& options, Progress& progress);

/// The verb `assign-areas`: adds area_code, area_name_en, area_name_th and area_distance_m to the points.
const Method& assign_areas_method();

}  // namespace yaan
