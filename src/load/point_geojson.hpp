#pragma once
// GeoJSON of points as programs write it, in parallel.

#include <filesystem>
#include <optional>
#include <string>

#include "load/raw_layer.hpp"

namespace yaan {

/// Reads a FeatureCollection by simdjson when all of it is plain: points of two coordinates or null geometries; the
/// same properties in the same order, though some may be missing; each property a number, a text that is no date, true
/// or false, or null throughout; no crs but longitude and latitude on WGS 84; nothing but type, properties and geometry
/// in a feature. The layer is the one that GDAL would give (by test). Nothing when anything is unusual or wrong: then
/// GDAL reads the file, and says what is wrong.
///
/// The text is cut into blocks where a feature seems to begin; a cut at a wrong place leaves a bracket open in its
/// block, so it is seen. Same layer whatever the threads. Complexity: linear. Memory: the columns, and 24 MiB. Throws
/// InputError for more rows or fields than the options allow, Cancelled.
std::optional<RawLayer> read_point_geojson(const std::filesystem::path& file, const std::string& shown,
                                           const ReadOptions& options, Progress& progress);

}  // namespace yaan
