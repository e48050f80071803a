#pragma once
// Sites out of an OpenStreetMap extract: the features that rules about tags choose, as points with a category.

#include <filesystem>
#include <string>
#include <vector>

#include "load/file_format.hpp"
#include "load/raw_layer.hpp"
#include "yaan/core/progress.hpp"
#include "yaan/load/read.hpp"

namespace yaan {

/// Rows of the features that `options.tags` chooses (osm_tags.hpp), in the order of GDAL's driver: nodes, then
/// relations and closed ways that are areas, each at a point within it. The columns are id (n, w or r and the number of
/// OpenStreetMap), category, name, name_th, name_en and one for each key of the rules; name_th is name:th, else a name
/// in Thai letters, name_en is name:en, else a name in Latin letters. A closed way with a key of the rules is an area,
/// unless the key says nothing of that (highway, railway, waterway, barrier, power, route, names) or it says area=no.
/// Chosen features that are no areas are counted (`osm-line`).
///
/// Throws UsageError when a layer is named as well, InputError when nothing is chosen, or for what GDAL calls a
/// failure, Cancelled.
RawLayer read_osm_sites(const std::filesystem::path& file, FileFormat format, const std::string& shown,
                        const ReadOptions& options, Progress& progress);

[[nodiscard]] constexpr bool is_osm(FileFormat format) {
  return format == FileFormat::osm_xml || format == FileFormat::osm_pbf;
}

/// Throws UsageError when tags are given for another format.
void refuse_idle_tags(FileFormat format, const std::string& shown, const ReadOptions& options);

/// How GDAL's driver opens an extract without writing a temporary file: its open options, as KEY=VALUE.
std::vector<std::string> osm_open_options(const std::filesystem::path& file, FileFormat format);

}  // namespace yaan
