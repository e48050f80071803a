#pragma once
// What names say of the files of a source. No GDAL here: programs that leave reading to yaan-reader need these.

#include <array>
#include <filesystem>
#include <string_view>

namespace yaan {

/// What a part beside a Shapefile's .shp may be called: with its extension in lower or upper case.
std::array<std::filesystem::path, 2> part_names(const std::filesystem::path& shp, std::string_view extension);

/// The part that there is on disk; an empty path when there is none.
std::filesystem::path part_on_disk(const std::filesystem::path& shp, std::string_view extension);

/// The world file beside a GeoTIFF (.tfw, .tifw, .tiffw, .wld, in lower or upper case); an empty path without one.
std::filesystem::path world_file(const std::filesystem::path& tif);

}  // namespace yaan
