#pragma once
// The tree of clusters that HDBSCAN* chooses from.

#include <cstdint>
#include <span>
#include <vector>

#include "yaan/core/progress.hpp"

namespace yaan {

struct CondensedCluster {
  static constexpr std::uint32_t kNoParent = 0xffffffff;
  std::uint32_t begin = 0;  ///< its points are a run of the hierarchy's order
  std::uint32_t end = 0;
  std::uint32_t parent = kNoParent;
  std::uint32_t children = 0;
  double birth = 0;            ///< 1 / distance at which it splits off its parent; 0 for the root
  double greatest_lambda = 0;  ///< largest lambda of its points
  double stability = 0;        ///< sum over its points of (lambda at which the point leaves it - birth)
  [[nodiscard]] std::uint32_t size() const { return end - begin; }
};

struct CondensedTree {
  std::vector<CondensedCluster> clusters;  ///< children before parents, so the root, which has no parent, is the last;
                                           ///< empty below min_size points
  std::vector<std::uint32_t> cluster;      ///< for each place, the smallest cluster that it was ever in
  std::vector<double> lambda;              ///< 1 / distance at which it left it
};

/// Points that fall away from a cluster in groups below min_size leave it; where two or more groups of at least
/// min_size part at the same distance, all of them are children. So ties between joins do not matter: the tree depends
/// on the clusters at each distance alone. `join` holds the distance between each place and the next (one fewer than
/// places). A join at distance 0 counts as one at the smallest positive distance (at 1 when there is none), so that
/// lambda stays finite. Throws Cancelled. O(n).
CondensedTree condense(std::span<const double> join, std::size_t places, std::int64_t min_size,
                       const Progress& progress);

}  // namespace yaan
