#pragma once
// A tree of boxes over points along Hilbert's curve: the index of every method that asks for the nearest points,
// however unevenly they lie. (Where the radius is given, the grid is faster.)

#include <array>
#include <bit>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "analyse/index/cell_grid.hpp"
#include "analyse/index/radius_kernels.hpp"
#include "analyse/index/scratch.hpp"
#include "yaan/core/progress.hpp"

namespace yaan {

/// Each leaf holds kLeaf consecutive points (the last one fewer); each node above it kFan neighbours of the level below
/// (the last one fewer). No pointers: a node is its level and its number, and the boxes of the children of a node stand
/// side by side, to be looked at together.
struct PointTree {
  static constexpr std::uint32_t kLeaf = 16;
  static constexpr std::uint32_t kFan = 8;

  unsigned dimensions = 2;
  std::uint32_t points = 0;
  std::uint32_t levels = 0;                   ///< level 0 holds the leaves, the last one node; 0 without points
  std::array<Scratch<double>, 3> coordinate;  ///< in the order of the tree, kReadPast doubles may be read past the end
  Scratch<std::uint32_t> point;               ///< the caller's number of each point of the tree
  std::vector<std::uint32_t> nodes;           ///< of each level
  std::vector<std::uint32_t> level_begin;     ///< levels + 1: first node of each level in the arrays; multiples of kFan
  std::array<std::vector<double>, 3> least;   ///< box of each node
  std::array<std::vector<double>, 3> most;

  [[nodiscard]] std::uint32_t leaves() const { return levels == 0 ? 0 : nodes[0]; }
  [[nodiscard]] Run points_of_leaf(std::uint32_t leaf) const {
    const std::uint32_t begin = leaf * kLeaf;
    return {begin, begin + kLeaf < points ? begin + kLeaf : points};
  }
  [[nodiscard]] std::array<const double*, 3> coordinates() const {
    return {coordinate[0].data(), coordinate[1].data(), coordinate[2].data()};
  }
  [[nodiscard]] BoxArrays boxes() const {
    return {{least[0].data(), least[1].data(), least[2].data()}, {most[0].data(), most[1].data(), most[2].data()}};
  }
  [[nodiscard]] const PointKernels& kernels() const {
    return dimensions == 2 ? radius_kernels().plane : radius_kernels().globe;
  }
  /// Calls body(node in the arrays, its first child, end of its children) for the nodes above the leaves, level by
  /// level upwards, each level in parallel.
  void for_inner_nodes(const std::function<void(std::size_t, std::size_t, std::size_t)>& body) const;
};

/// Over points in a plane, or over longitude and latitude in degrees, which become earth-centred. All are usable
/// (see UsablePoints). O(n log n) at worst, O(n) for points spread evenly.
PointTree point_tree(std::span<const double> x, std::span<const double> y, bool geographic, const Progress& progress);

/// A lower bound of the squared distances between a place and the points of a node of the arrays, by the very
/// arithmetic of the kernels: never above what they compute.
inline double least_squared(const PointTree& tree, const double* place, std::size_t node) {
  double sum = 0;
  for (unsigned axis = 0; axis < tree.dimensions; ++axis) {
    const double below = tree.least[axis][node] - place[axis];
    const double above = place[axis] - tree.most[axis][node];
    const double gap = below > above ? below : above;
    sum += gap > 0 ? gap * gap : 0;
  }
  return sum;
}

/// A search from a leaf up to the root, at each level into the other children, the nearest first: those leaves that
/// matter to the place between `least` and `most` are visited, the leaf itself before all. Search has
///   double limit();                                    squared distance beyond which nothing matters; may shrink
///   unsigned admits(std::size_t first);                which of the eight nodes from `first` on matter (a bit for
///   each) bool open(double squared, std::size_t node);       whether this one still matters, just before it is entered
///   void visit(std::uint32_t leaf);
template <class Search>
class OutwardSearch {
 public:
  OutwardSearch(const PointTree& tree, Search& search)
      : m_tree(tree), m_search(search), m_near_boxes(tree.kernels().near_boxes), m_boxes(tree.boxes()) {}

  /// The same for a place that lies in no leaf.
  void run_from_root(const double* least, const double* most) {
    m_place_least = least;
    m_place_most = most;
    if (m_tree.levels == 1) m_search.visit(0);
    if (m_tree.levels > 1) enter(m_tree.levels - 1, 0, ~0U);
  }

  void run(std::uint32_t leaf, const double* least, const double* most) {
    m_place_least = least;
    m_place_most = most;
    m_search.visit(leaf);
    std::uint32_t node = leaf;
    for (std::uint32_t level = 1; level < m_tree.levels; ++level) {
      enter(level, node / PointTree::kFan, ~(1U << node % PointTree::kFan));
      node /= PointTree::kFan;
    }
  }

 private:
  void enter(std::uint32_t level, std::uint32_t node, unsigned wanted) {
    const std::uint32_t first_child = node * PointTree::kFan;
    const std::size_t first = m_tree.level_begin[level - 1] + first_child;
    const std::uint32_t there = m_tree.nodes[level - 1] - first_child;
    if (there < PointTree::kFan) wanted &= (1U << there) - 1;
    double squared[PointTree::kFan];
    unsigned mask = m_near_boxes(m_boxes, first, m_place_least, m_place_most, m_search.limit(), squared) & wanted;
    if (mask == 0) return;
    mask &= m_search.admits(first);
    while (mask != 0) {
      auto nearest = static_cast<unsigned>(std::countr_zero(mask));
      for (unsigned rest = mask & (mask - 1); rest != 0; rest &= rest - 1) {
        const auto child = static_cast<unsigned>(std::countr_zero(rest));
        if (squared[child] < squared[nearest]) nearest = child;
      }
      mask &= ~(1U << nearest);
      if (!m_search.open(squared[nearest], first + nearest)) continue;
      if (level == 1) {
        m_search.visit(first_child + nearest);
      } else {
        enter(level - 1, first_child + nearest, ~0U);
      }
    }
  }

  const PointTree& m_tree;
  Search& m_search;
  decltype(PointKernels::near_boxes) m_near_boxes;
  BoxArrays m_boxes;
  const double* m_place_least = nullptr;
  const double* m_place_most = nullptr;
};

/// The `count` nearest other points of every point.
struct NearestLists {
  std::uint32_t count = 0;       ///< 0 < count
  Scratch<std::uint32_t> point;  ///< points x count, in the order of the tree, nearest first; kNone where there are
                                 ///< no more points
  Scratch<double> squared_core;  ///< squared distance to the nearest other point number `core_rank`; infinite
                                 ///< without one
  static constexpr std::uint32_t kNone = 0xffffffff;
};

/// Of several at the same distance, the nearest points that come first in the order of the search (which depends on the
/// positions alone) are listed. core_rank is 0 (squared_core is 0 then) to count. Expected O(n count) for points in
/// two dimensions.
NearestLists nearest_lists(const PointTree& tree, std::uint32_t count, std::uint32_t core_rank,
                           const Progress& progress);

}  // namespace yaan
