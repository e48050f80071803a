#pragma once
// From cluster labels to districts: who belongs, where the district lies, what it is made of, what it is called.

#include <cstdint>
#include <span>
#include <vector>

#include "yaan/core/method.hpp"

namespace yaan {

enum class OutlineMethod {
  concave,  ///< concave hull of the members, its border edges at most `max_edge` long where that leaves it whole
  buffer,   ///< union of discs of `buffer_radius` about the members
  convex,   ///< convex hull of the members
  density,  ///< where a quartic kernel sum of the members is at least the level that encloses `member_share` of them
  voronoi   ///< ground nearer to a member than to any other site of the layer, up to `reach` from the member
};

/// What happens to ground within the outlines of several districts.
enum class Overlap {
  keep,              ///< it belongs to all of them
  nearest_member,    ///< it belongs to the one whose nearest shown member is nearest
  lower_rank_yields  ///< it belongs to the one of highest rank
};

struct DistrictOptions {
  OutlineMethod outline = OutlineMethod::concave;
  Metres max_edge{1000};
  Metres margin{100};
  Metres buffer_radius{250};
  Metres bandwidth{500};    ///< of the density contour: where a member's kernel ends
  double member_share = 1;  ///< share of the members that the density contour encloses, 0 < share <= 1
  Metres reach{1000};       ///< how far Voronoi cells go from their site; 0.1 m to 1,000 km
  Overlap overlap = Overlap::keep;
};

/// Districts of labelled points.
///
/// Input: a point layer whose integer column `cluster` holds 1..k (null or 0: in no district), by dbscan or any other
/// method. Columns that are there are used: `area_code`, `area_name_en`, `area_name_th` (assign-areas) for the
/// provinces; the layer's roles for id, names, category, weight and publication level.
///
/// The layer `districts` has one feature for each cluster, in rank order: largest weight first, then most members, then
/// the lowest cluster number. It is in WGS 84, or in the points' own plane when that is a `local` one.
///
/// Shapes and names are made from what may be shown: outline, centre and name from the open members; where there are
/// none, from the coarsened members at their coarse positions; a district of hidden members alone has an empty outline
/// and no name. Counts, weights and shares are of all members.
///
/// Degenerate: a hull or contour without area (members on one line or one spot) is replaced by the union of discs of
/// `buffer_radius`, and `outline_method` says so. No clusters: a layer without features.
///
/// With a `boundary` (polygons; taken to the districts' CRS vertex by vertex, and made valid) each outline is cut to
/// their union. An outline without any ground there, as of an island that a simplified boundary leaves out, stays as it
/// is: `outside-boundary` counts it, and `member-outside-boundary` counts shown members beyond the border of an outline
/// that was cut. Then overlaps are resolved (of members on the same spot, the one of higher rank is nearest). Members
/// of a district whose ground went to another are counted as `member-on-other-ground`; a district that has no ground
/// left has an empty outline of area 0, and `no-ground-left` counts it. Areas are measured last. Overlays are done in
/// degrees (or in the local plane), so that outlines read from a file do not overlap or cross, to rounding; an outline
/// about a pole is left alone
/// (`about-pole`).
/// Voronoi cells: the sites are the shown members of all districts and the open points of none; of sites on the same
/// spot, the district of highest rank owns it. Cells of two districts meet exactly in a local plane; on the ellipsoid,
/// where each district has its own plane, to within a few millimetres for districts of 10 km.
///
/// With a `memory`, outlines of districts that have the same shown members as in the run before are not drawn again.
///
/// Throws UsageError when there is no `cluster` column or it is not of integers, or for an option out of its range;
/// InputError for a negative weight; Cancelled.
/// Complexity: O(n log n) for n members, and O(n sqrt n) expected for the mean nearest-neighbour distance; overlaps
/// O(k log k) for k districts and an overlay for each that meets another.
MethodResult find_districts(const Layer& points, const DistrictOptions& options, Progress& progress,
                            const Layer* boundary = nullptr, MethodMemory* memory = nullptr);

/// The method `districts`.
const Method& districts_method();

}  // namespace yaan
