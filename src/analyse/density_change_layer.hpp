#pragma once
// Where a density changed, as a layer of polygons.

#include <vector>

#include "analyse/density_plane.hpp"
#include "yaan/analyse/density_change.hpp"

namespace yaan {

std::vector<OutputField> density_change_layer_fields();

struct DensityChangeLayer {
  Layer layer;
  std::int64_t grown = 0, shrunk = 0;              ///< polygons that are significant for the whole map
  std::int64_t maybe_grown = 0, maybe_shrunk = 0;  ///< and those that are for each cell alone
};

/// One polygon for each set of cells that share sides and changed the same way with a p-value of at most the level,
/// clipped to `area` where there is one: the grown ones first, each by their southernmost, westernmost cell.
DensityChangeLayer density_change_layer(const DensityChange& change, double significance, const Geometry* area,
                                        const DensityPlane& plane, const Progress& progress);

}  // namespace yaan
