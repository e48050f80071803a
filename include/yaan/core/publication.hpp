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

/// What a method does with points that may not be shown where they are.
enum class NotOpen {
  coarsen,   ///< coarsened ones stand at the centre of their coarse cell, hidden ones nowhere
  leave_out  ///< both have no position
};

/// The places of the points of a layer, in its CRS, from which a surface or a distance may be computed that will be
/// shown: NaN for a point that has none. A local plane has no coarse cells, so coarsened points have no place there.
/// `left_out` is raised by those that lose their place.
Geometry shown_points(const Layer& points, NotOpen rule, std::int64_t& left_out);

/// Side of the grid to which coarsened sites are moved, in degrees of WGS 84: 0.05, about 5.5 km.
inline constexpr double kCoarseGridDegrees = 0.05;

/// Centre of the coarse cell that holds a WGS 84 position.
void coarsen(double& lon, double& lat);

}  // namespace yaan
