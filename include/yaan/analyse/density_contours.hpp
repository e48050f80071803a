#pragma once
// A surface as polygons: where it is above a level, and the smallest area that holds a share of its mass.

#include <vector>

#include "yaan/core/geometry.hpp"
#include "yaan/core/grid.hpp"
#include "yaan/core/progress.hpp"

namespace yaan {

/// Where the surface is at least `level`, as one feature (empty where it is nowhere) in metres of the grid's plane.
///
/// Marching squares between the cell centres (Lorensen and Cline 1987), linear along the edges; a saddle joins its high
/// corners when the mean of the four is at least the level. Crossings keep 1e-4 of a cell away from the centres, so
/// every ring is simple, no two rings touch, and a higher level's polygons lie strictly within a lower one's. Holes are
/// holes. Past the edge of the study area the surface goes on level for two cells and falls off beyond, so that
/// polygons cover the cells at the edge whole; clip them with the study area. Precondition: level > 0.
/// O(cells + v log v) for v vertices. Throws Cancelled.
Geometry area_above(const Grid& density, double level, const Progress& progress);

/// The cells whose value is at least `level`, as one feature outlined along the cells. O(cells). Throws Cancelled.
Geometry cells_above(const Grid& grid, double level, const Progress& progress);

/// The highest density region (Hyndman 1996) of a surface, in whole cells.
struct HotAreas {
  Geometry polygons;               ///< one feature for each piece of cells that share sides, outlined along the cells
  std::vector<double> mass_share;  ///< of each piece, of the whole surface
  std::vector<double> peak;        ///< highest density in each piece
  double threshold = 0;            ///< least density inside; every cell at least as dense is inside
  double total_share = 0;          ///< of all pieces together: at least the share asked for
  std::size_t cells = 0;
};

/// The cells at or above the highest threshold whose cells together hold `share` of the mass: the smallest set of cells
/// that does, cells as dense as the last one included. Pieces come by mass, the largest first, then by the
/// southernmost, westernmost cell. In metres of the grid's plane. A surface without mass gives none. Precondition: 0 <
/// share <= 1. O(cells) expected. Throws Cancelled.
HotAreas hot_areas(const Grid& density, double share, const Progress& progress);

}  // namespace yaan
