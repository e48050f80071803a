#pragma once
// Rasters in this very process. The public functions send the call to yaan-reader, which alone should make these.

#include <filesystem>

#include "yaan/load/raster.hpp"

namespace yaan {

/// As read_raster and picture_of_raster, without isolation; the raster without a hash.
Raster read_raster_here(const std::filesystem::path& path, const ReadOptions& options, Progress& progress);
RasterPicture picture_of_raster_here(const std::filesystem::path& path, const ReadOptions& options,
                                     const Raster& raster, const RasterView& view, Progress& progress);

}  // namespace yaan
