#pragma once
// How openly a site may be shown. Shapes and names made from sites (district outlines, centres, names) use only what
// may be shown; the filter of export/ applies the same rule to every layer before any writer.

#include <cstdint>
#include <string_view>
#include <vector>

#include "yaan/core/layer.hpp"

namespace yaan {

enum class Publication {
  open,       ///< as it is
  coarsened,  ///< position moved to the centre of a grid cell, name and id kept
  hidden      ///< counted in totals, never shown: no id, no name, no position
};

/// "open", "coarsened" or "hidden"; "" is open. Throws InputError on another word, which could hide a typing mistake.
Publication parse_publication(std::string_view text);

/// Level of every feature by the layer's publication column; all open without one.
std::vector<Publication> publication_levels(const Layer& layer);

/// Side of the grid to which coarsened sites are moved, in degrees of WGS 84: 0.05, about 5.5 km.
inline constexpr double kCoarseGridDegrees = 0.05;

/// Centre of the coarse cell that holds a WGS 84 position.
void coarsen(double& lon, double& lat);

}  // namespace yaan
