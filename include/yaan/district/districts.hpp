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
  convex    ///< convex hull of the members
};

struct DistrictOptions {
  OutlineMethod outline = OutlineMethod::concave;
  Metres max_edge{1000};
  Metres margin{100};
  Metres buffer_radius{250};
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
/// Degenerate: a hull without area (members on one line or one spot) is replaced by the union of discs of
/// `buffer_radius`, and `outline_method` says so. No clusters: a layer without features.
/// Throws UsageError when there is no `cluster` column or it is not of integers, InputError for a negative weight.
/// Complexity: O(n log n) for n members, and O(n sqrt n) expected for the mean nearest-neighbour distance.
MethodResult find_districts(const Layer& points, const DistrictOptions& options, Progress& progress);

/// The method `districts`.
const Method& districts_method();

}  // namespace yaan
