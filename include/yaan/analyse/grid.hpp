#pragma once
// Hexagons or squares of one size over the ground of a layer, to count in.

#include "yaan/core/layer.hpp"
#include "yaan/core/method.hpp"
#include "yaan/core/progress.hpp"
#include "yaan/core/units.hpp"

namespace yaan {

enum class CellShape { hexagon, square };
enum class CellEdge {
  whole,   ///< cells that touch the areas, as they are
  clipped  ///< cut to the areas
};

/// One of `side` and `cell_area` says how large a cell is; with neither about 400 cells lie over the features, their
/// side 1, 2 or 5 times a power of ten.
struct GridOptions {
  CellShape shape = CellShape::hexagon;
  Length side = Metres{0};
  double cell_area = 0;  ///< km2
  CellEdge edge = CellEdge::clipped;
};

/// The cells that meet the box of the features, from south to north, then west to east, with the columns cell_id,
/// cell_share and area_km2. They lie in a Lambert azimuthal equal-area plane whose centre is that of the box in whole
/// degrees, and are numbered from there, so that the same cells come back, with the same ids, when a few features are
/// added; features in a local plane keep their plane. Neighbours share the very coordinates of their corners. `areas`
/// may be null; given, cells outside of it are left out, and the others are cut to it or kept whole.
///
/// Points that are not open for publication do not say where the grid ends: coarsened ones count at the centre of their
/// coarse cell, hidden ones, and other shapes that are not open, not at all. No usable feature gives no cell, which is
/// noted. Throws UsageError for a table, an unknown CRS, a size that is not positive and finite, both sizes at once,
/// and more than a million cells; InputError for areas that cannot be taken to the plane; Cancelled. O(cells + v log v)
/// for v vertices of the areas. Source: Snyder, J. P. (1987): Map projections, a working manual.
Layer grid_cells(const Layer& features, const Layer* areas, const GridOptions& options, Diagnostics& diagnostics,
                 Progress& progress);

/// The verb `grid`: makes the layer `cells`.
const Method& grid_method();

}  // namespace yaan
