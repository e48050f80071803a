#pragma once
// A density surface as a layer of polygons: contour bands, hot areas and outlined risk.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analyse/density_plane.hpp"
#include "yaan/analyse/kernel_density.hpp"
#include "yaan/core/grid.hpp"

namespace yaan {

struct DensitySurfaces {
  Grid density;              ///< without cells when there is nothing to draw
  std::optional<Grid> risk;  ///< relative to a background
};

/// "0.5, 1, 2" as numbers. Throws UsageError unless they are positive and ascending; "" gives none.
std::vector<double> levels_from(const std::string& text);

std::vector<OutputField> density_layer_fields();

struct DensityLayer {
  Layer layer;
  double peak = 0;
  std::int64_t hot_areas = 0;
  double hot_share = 0;  ///< of the mass, in the hot areas: at least the share asked for
  double hot_km2 = 0;
};

/// `levels` empty: options.bands equal steps. Polygons are clipped to `area`, or to the grid without one.
DensityLayer density_layer(const DensitySurfaces& surfaces, const Geometry* area, const std::vector<double>& levels,
                           const DensityOptions& options, const DensityPlane& plane, const Progress& progress);

}  // namespace yaan
