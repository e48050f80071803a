#pragma once
// Clusters that may become districts: those that keep a planner's rules. The others are rejected, and it is said by
// which rule.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "yaan/core/crs.hpp"
#include "yaan/core/method.hpp"

namespace yaan {

/// Rules with 0 reject nothing.
struct ConstrainOptions {
  std::int64_t min_count = 0;          ///< members at least
  std::int64_t max_count = 0;          ///< members at most
  std::int64_t min_kinds = 0;          ///< distinct categories among the members at least
  double min_weight = 0;               ///< sum of the members' weights at least
  std::int64_t max_per_area = 0;       ///< districts in one area at most
  Length link_distance = Metres{500};  ///< with barriers: members this near are joined unless a barrier lies between
};

/// Splits clusters at barriers. Two members of a cluster are linked when their ground distance is at most
/// `link_distance` and the straight segment between them, in the coordinates of `crs`, has no point in common with a
/// barrier, ends included; members on the same spot are always linked. The pieces of a cluster are the connected
/// components of its links. So a member exactly on a barrier is linked to nobody elsewhere. The crossing test is exact
/// for the coordinates given; in degrees a segment goes the short way round the globe.
///
/// `cluster` holds one label for each point; 0 is in no cluster. Positions of labelled points are usable (finite; in
/// degrees |lat| <= 90, |lon| <= 540). `barriers` are lines in the same CRS.
/// Distance is measured as dbscan does, so with the radius of the clustering a cluster of dbscan falls apart at
/// barriers alone.
struct Pieces {
  std::vector<std::uint32_t> piece;  ///< for each point: number of its piece from 0, kNone in no cluster
  std::uint32_t count = 0;
  std::int64_t loose = 0;  ///< clusters that fall into pieces even without the barriers: link_distance is short
  static constexpr std::uint32_t kNone = 0xffffffff;
};
/// Piece numbers follow no order. Throws UsageError as dbscan does for the length and the CRS; Cancelled.
/// Pairs near barriers are tried one by one; elsewhere expected O(n), with a logarithm in the number of barrier edges.
Pieces split_at_barriers(std::span<const double> x, std::span<const double> y, std::span<const std::int64_t> cluster,
                         const Crs& crs, const Geometry& barriers, const Length& link_distance,
                         const Progress& progress);

/// Keeps or rejects each cluster of a point layer with an integer column `cluster` (null, 0 or less: in none).
///
/// First barriers, when given, split the clusters as above; without them each cluster is one piece. Each piece is a
/// candidate. Candidates are numbered from 1 by their smallest member in the order of x, then y (then by cluster).
/// Then the rules are tried in this order, and the first that a candidate breaks rejects it: min_count, max_count (it
/// is rejected, not split), min_kinds (distinct texts of the role category; empty ones count for nothing), min_weight
/// (of the role weight; 1 without), max_per_area. The area of a candidate is the code in the column `area_code` with
/// the most of its members, ties going to the first in byte order; of the candidates of an area that kept all other
/// rules the best `max_per_area` stay: largest weight first, then most members, then the lowest number. A candidate
/// without a code belongs to no area and keeps that rule. Counts and weights are of all members, hidden ones included.
///
/// Adds to the points: `cluster` (the kept candidates numbered again from 1 in their order; null for noise and for
/// rejected ones), `cluster_before`, `rejected_by` (the rule's name; "no_position" for labelled points without a usable
/// position, which belong to no candidate; null for kept and noise). Makes the layer `candidates`, a convex hull for
/// each from the members that may be shown, with the figures, the rule that rejected it, its value and the limit.
///
/// Throws UsageError without an integer column `cluster`, for min_kinds without the role category, max_per_area without
/// `area_code`, max_count below min_count; InputError for a negative weight; Cancelled.
MethodResult constrain_districts(const Layer& points, const Layer* barriers, const ConstrainOptions& options,
                                 Progress& progress);

/// The method `constrain-districts`.
const Method& constrain_districts_method();

}  // namespace yaan
