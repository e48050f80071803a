#pragma once
// The walk of OPTICS over a tree of boxes.

#include <cstdint>
#include <span>
#include <vector>

#include "analyse/index/point_tree.hpp"
#include "yaan/core/progress.hpp"

namespace yaan {

/// All in the order of the walk; points are those of the tree.
struct OpticsWalk {
  std::vector<std::uint32_t> point;
  std::vector<double> squared_reachability;  ///< infinite at a start
  std::vector<std::uint32_t> predecessor;    ///< point, or NearestLists::kNone
};

/// `squared_core` of each point of the tree, infinite beyond the limit; `rank` of each point decides starts and ties.
OpticsWalk walk(const PointTree& tree, const double* squared_core, std::span<const std::uint32_t> rank, double limit,
                Progress& progress);

}  // namespace yaan
