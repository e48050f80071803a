#pragma once
// DBSCAN over the cells of a grid: the steps between the index and the labels.

#include <cstdint>
#include <span>

#include "analyse/index/cell_grid.hpp"
#include "analyse/index/globe_grid.hpp"
#include "yaan/analyse/dbscan.hpp"

namespace yaan {

/// What decides whether two sorted points are neighbours, and which of two points is smaller.
struct ClusterRule {
  double limit = 0;  ///< squared radius, or squared chord
  std::uint64_t min_points = 1;
  std::span<const std::uint64_t> weight;  ///< of each point, in the unit of min_points; empty: all count 1
  std::span<const double> x;  ///< in the layer's own coordinates and order: cluster numbers follow the smallest
  std::span<const double> y;
};

/// Labels in the order of the layer. The grid's points are put in a new order within their cells: core points first.
DbscanLabels cluster_cells(CellGrid& plane, const ClusterRule& rule, Progress& progress);
DbscanLabels cluster_cells(GlobeGrid& globe, const ClusterRule& rule, Progress& progress);

}  // namespace yaan
