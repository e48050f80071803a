#pragma once
// What a ClusterHierarchy keeps: cluster_hierarchy.cpp makes it, cluster_cut.cpp reads it.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "analyse/index/point_tree.hpp"
#include "analyse/spanning_tree.hpp"
#include "yaan/analyse/cluster_hierarchy.hpp"
#include "yaan/core/geodesy.hpp"

namespace yaan {

/// Places that one thread takes at a time.
inline constexpr std::size_t kHierarchyBlock = std::size_t{1} << 14;

struct ClusterHierarchy::Parts {
  Crs crs;
  std::int64_t min_points = 1;
  std::size_t points = 0;
  double tree_weight = 0;
  // All in the order of the hierarchy.
  Scratch<std::uint32_t> order;
  Scratch<double> core;         // squared core distance
  Scratch<double> join;         // squared reachability of the next place; infinite at the last
  Scratch<std::uint32_t> rank;  // by position
  // What a point that is not core can belong to: from a squared radius on, the cluster of the point at a place. Sorted
  // by radius; entries that lead to the same cluster as an earlier one are left out.
  Scratch<std::uint32_t> entry_begin;  // places + 1
  Scratch<double> entry_from;
  Scratch<std::uint32_t> entry_place;

  /// Returns the points of the tree in the order of the hierarchy.
  Scratch<std::uint32_t> merge(const PointTree& tree, const Scratch<TreeEdge>& edges, const Progress& progress);
  void list_entries(const PointTree& tree, const NearestLists& lists, const Scratch<std::uint32_t>& tree_order,
                    Progress& progress);
  [[nodiscard]] double squared_limit(const Length& radius) const;
  [[nodiscard]] double distance(double squared) const {
    const double length = std::sqrt(squared);
    return crs.is_geographic() && std::isfinite(length) ? ground_distance_of(length).value : length;
  }
  [[nodiscard]] std::vector<double> distances(const Scratch<double>& squared, std::size_t n) const;
  /// From this squared radius on the place is no noise.
  [[nodiscard]] double noise_until(std::size_t place) const {
    return entry_begin[place] < entry_begin[place + 1] ? std::min(core[place], entry_from[entry_begin[place]])
                                                       : core[place];
  }
};

}  // namespace yaan
