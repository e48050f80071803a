#pragma once
// Pictures under the map of the window.

#include "app/viewer/session.hpp"

namespace yaan::viewer {

/// The pictures of the backdrops in the plane of the project's map (map_plane), at most kMostTexturePixels on a side:
/// of the part around the layers, or of the whole where there are none. One that lies elsewhere is left out and noted
/// in the project's diagnostics. Throws as picture_of_raster.
void add_backdrops(Project& project, const std::vector<Backdrop>& backdrops, Progress& progress);
inline constexpr int kMostTexturePixels = 4096;

}  // namespace yaan::viewer
