#pragma once
// Who belongs to each cluster, and what of it may be shown.

#include <cstdint>
#include <span>
#include <vector>

#include "district/ground.hpp"
#include "yaan/core/diagnostics.hpp"
#include "yaan/core/layer.hpp"
#include "yaan/core/publication.hpp"

namespace yaan {

struct Members {
  std::int64_t cluster = 0;
  double weight = 0;
  std::vector<std::uint32_t> rows;
};

/// The column `cluster` of a layer. Throws UsageError when there is none or it is not of integers.
const Column& cluster_column(const Layer& points);

/// Rows in the order of their position, then of their weight, names and id, so that sums over them add up in the same
/// order whatever the order of the layer.
void sort_by_place(std::vector<std::uint32_t>& rows, const Layer& points, const Positions& positions,
                   std::span<const double> weights);

/// Clusters (labels above 0) with their members in that order: largest weight first, then most members, then the lowest
/// cluster number. Labelled points without a usable position belong to none and are counted as `unusable-position`.
std::vector<Members> ranked_clusters(const Layer& points, const Positions& positions, std::span<const double> weights,
                                     Diagnostics& diagnostics);

/// What may be shown of some members: rows, where each of them may be shown, and the same on flat ground. The open
/// members; where there are none the coarsened ones at their coarse positions.
struct Shown {
  std::vector<std::uint32_t> rows;
  Positions positions;
  std::vector<double> plane_x;
  std::vector<double> plane_y;
};
Shown shown_members(std::span<const std::uint32_t> rows, const std::vector<Publication>& levels,
                    const Positions& positions);
/// Fills the plane coordinates.
Ground lay_flat(Shown& shown);

}  // namespace yaan
