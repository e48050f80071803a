#pragma once
// Which format a file has, by its extension and by its first bytes.

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace yaan {

/// zip: an archive, of which one file is read (archive.hpp). geotiff: a picture, no layer (raster_file.hpp). weights:
/// links between features (weights_file.hpp).
enum class FileFormat {
  geojson,
  topojson,
  geopackage,
  shapefile,
  dbf,
  flatgeobuf,
  kml,
  csv,
  xlsx,
  osm_xml,
  osm_pbf,
  zip,
  geotiff,
  weights
};

/// For people: "GeoPackage".
std::string_view to_string(FileFormat format);
/// GDAL's driver; "" for CSV, weights and archives, which the project reads itself.
std::string_view gdal_driver(FileFormat format);

/// By the extension alone, in any letter case; nothing for one that is not offered.
std::optional<FileFormat> format_by_name(const std::filesystem::path& file);

/// With its point, in small letters.
std::string lower_extension(const std::filesystem::path& file);
/// The first of those that say this format.
std::string_view usual_extension(FileFormat format);

/// The format of the file at `file`; `shown` is how messages call it. Throws InputError when the extension is not one
/// that is offered, or when the content is something else than the extension says; the message names what it looks
/// like.
FileFormat format_of(const std::filesystem::path& file, const std::string& shown);

/// Throws InputError when the file is cut short (brackets or quotes left open, fewer bytes than its header states),
/// when a part is missing, or when it breaks `max_nesting` or `max_unpacked_bytes`.
void check_whole(FileFormat format, const std::filesystem::path& file, const std::string& shown, int max_nesting,
                 std::uint64_t max_unpacked_bytes);

/// A part beside a Shapefile's .shp, in lower or upper case; an empty path when there is none.
std::filesystem::path shapefile_part(const std::filesystem::path& shp, std::string_view extension);

}  // namespace yaan
