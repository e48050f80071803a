#pragma once
// The minimum spanning tree of points under mutual reachability, exact.

#include <cstdint>
#include <vector>

#include "analyse/index/point_tree.hpp"
#include "yaan/core/progress.hpp"

namespace yaan {

struct TreeEdge {
  double squared = 0;   ///< squared mutual reachability distance
  std::uint32_t a = 0;  ///< points of the tree
  std::uint32_t b = 0;
};

/// The edges of a minimum spanning tree of the complete graph in which two points are as far apart as the largest of
/// their distance and their core distances (0 each: the Euclidean minimum spanning tree). `lists` are of the same tree;
/// their core distances are finite.
///
/// Boruvka's algorithm: in each round every component takes its shortest edge outwards, the first of them by the number
/// of its own point where several are as short, and edges that would close a ring are left out. So the tree is the same
/// whatever the thread count and the caller's order. Points on one spot are joined beforehand, each to the next: no
/// edge of theirs is shorter. The lists answer most searches of the first rounds, because no edge of a point is
/// shorter than its core distance; for the rest, the tree of boxes is searched outwards from each leaf, leaving out
/// subtrees that lie within the component, or that are farther than the component's best edge so far.
///
/// points - 1 edges, in no particular order; none for no points. O(n log n) expected for points in two dimensions.
/// Campello, R. J. G. B., Moulavi, D. and Sander, J. (2013): Density-based clustering based on hierarchical density
/// estimates. PAKDD 2013. March, W. B., Ram, P. and Gray, A. G. (2010): Fast Euclidean minimum spanning tree. KDD-10.
std::vector<TreeEdge> spanning_tree(const PointTree& tree, const NearestLists& lists, Progress& progress);

/// Shortest first, then by their points. O(n).
Scratch<TreeEdge> sorted_edges(const std::vector<TreeEdge>& edges, const Progress& progress);

}  // namespace yaan
