#pragma once
// The two kinds of ground on which points are neighbours, as template arguments of the algorithms over a grid.

#include "analyse/index/cell_grid.hpp"
#include "analyse/index/globe_grid.hpp"
#include "analyse/index/neighbour_cells.hpp"
#include "analyse/index/radius_kernels.hpp"

namespace yaan {

/// A plane: two coordinates in its own unit.
struct Plane {
  using Grid = CellGrid;
  using Neighbours = PlaneNeighbours;
  static constexpr unsigned kDimensions = 2;
  static const PointKernels& kernels() { return radius_kernels().plane; }
};

/// The ellipsoid: earth-centred coordinates in metres, compared by chords.
struct Globe {
  using Grid = GlobeGrid;
  using Neighbours = GlobeNeighbours;
  static constexpr unsigned kDimensions = 3;
  static const PointKernels& kernels() { return radius_kernels().globe; }
};

}  // namespace yaan
