#include "yaan/load/read.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "load/any_left.hpp"
#include "load/archive.hpp"
#include "load/csv_table.hpp"
#include "load/extent.hpp"
#include "load/file_format.hpp"
#include "load/gdal_layer.hpp"
#include "load/geojson_rules.hpp"
#include "load/osm_sites.hpp"
#include "load/pg_layer.hpp"
#include "load/plain_path.hpp"
#include "load/point_geojson.hpp"
#include "load/raster_file.hpp"
#include "load/read_here.hpp"
#include "load/watched_source.hpp"
#include "load/weights_file.hpp"
#include "yaan/core/database_name.hpp"
#include "yaan/core/error.hpp"

namespace yaan {

namespace fs = std::filesystem;

namespace {

RawLayer read_rows(const fs::path& file, FileFormat format, const std::string& shown, const ReadOptions& options,
                   Progress& progress) {
  if (format == FileFormat::csv) {
    if (!options.layer.empty() && options.layer != fs::path(shown).stem())
      throw UsageError(fmt::format("{} has no layer \"{}\"", shown, options.layer),
                       "a CSV is one table; leave --layer out");
    return read_csv(file, shown, options, progress);
  }
  if (format == FileFormat::weights) return read_weights(file, shown, options, progress);
  if (is_osm(format) && !options.tags.empty()) return read_osm_sites(file, format, shown, options, progress);
  GdalFile opened(file, shown, format, options.encoding);
  return opened.read(opened.choose(options.layer), options, !options.table, progress);
}

ReadResult read_archived(const fs::path& file, const std::string& shown, const ReadOptions& options,
                         Progress& progress);

// A table of links has no place of its own.
bool is_weights_table(const RawLayer& raw) {
  return raw.columns.size() == 3 && raw.find("from") != nullptr && raw.find("to") != nullptr &&
         raw.find("weight") != nullptr;
}

// From rows to a layer that somebody wants to compute with.
ReadResult finish_rows(RawLayer&& raw, const ReadOptions& options) {
  if (raw.is_table && !options.plain_table) place_table(raw, options, !is_weights_table(raw));
  keep_fields(raw, options);
  const std::string shown = raw.shown;
  const bool axes_exchanged = raw.shapes.in_range_when_swapped() > 0;
  ReadResult result = finish(std::move(raw), options);
  if (!options.may_be_empty) check_any_left(result, shown, options, axes_exchanged);
  return result;
}

ReadResult read_features_here(const fs::path& file, FileFormat format, const std::string& shown,
                              const ReadOptions& options, Progress& progress) {
  if (format == FileFormat::zip) return read_archived(file, shown, options, progress);
  refuse_idle_tags(format, shown, options);
  std::optional<RawLayer> plain;
  if (format == FileFormat::geojson && options.column_stream)
    plain = read_point_geojson(file, shown, options, progress);
  if (!plain) check_whole(format, file, shown, options.max_nesting, options.max_unpacked_bytes);
  const bool was_plain = plain.has_value();
  RawLayer raw = was_plain ? *std::move(plain) : read_rows(file, format, shown, options, progress);
  if (format == FileFormat::geojson && !was_plain) check_geojson_rules(file, raw.where, raw.diagnostics);
  const std::string layer_name = options.layer.empty() ? fs::path(shown).stem().string() : raw.name;
  ReadResult result = finish_rows(std::move(raw), options);
  if (is_osm(format)) {
    result.layer.sources.emplace_back();
    result.layer.sources.front().licence = "ODbL-1.0";
    result.layer.sources.front().attribution = "© OpenStreetMap contributors";
  }
  result.layer.name = layer_name;
  return result;
}

ReadResult read_database_layer(const std::string& name, const ReadOptions& options, Progress& progress) {
  PgLayer read = read_pg_layer(name, options, progress);
  Source source{name, read.raw.name, read.sha256, {}, {}, {}};
  const std::string layer_name = read.raw.name;
  ReadResult result = finish_rows(std::move(read.raw), options);
  result.layer.name = layer_name;
  result.layer.sources.push_back(std::move(source));
  return result;
}

ReadResult read_archived(const fs::path& file, const std::string& shown, const ReadOptions& options,
                         Progress& progress) {
  Archive archive(file, shown, options);
  const Archive::Choice choice = archive.choose(options.layer);
  const std::string shown_member = archive.shown(choice.member);
  const fs::path unpacked = archive.unpack(choice.member, progress);
  ReadOptions of_member = options;
  of_member.layer = choice.layer;
  try {
    ReadResult result =
        read_features_here(unpacked, format_of(unpacked, shown_member), shown_member, of_member, progress);
    result.diagnostics.merge(archive.diagnostics());
    archive.note_others(choice.member, result.diagnostics);
    return result;
  } catch (const UsageError& error) {
    if (archive.members().size() == 1 || error.advice().find("--layer") == std::string::npos) throw;
    throw UsageError(error.what(), fmt::format("{}, written {}/LAYER", error.advice(), choice.member.label));
  }
}

}  // namespace

void prepare_reading() { initialise_gdal(); }

ReadResult read_unhashed_here(const fs::path& path, const ReadOptions& options, Progress& progress) {
  if (names_database(path.string())) return read_database_layer(path.string(), options, progress);
  const fs::path file = plain_file(path, options);
  const FileFormat format = format_of(file, path.string());
  if (format == FileFormat::geotiff)
    throw UsageError(fmt::format("{} is a picture (GeoTIFF), not a layer of points, lines or areas", path.string()),
                     "a picture lies under the maps of a study, and yaan view shows it; name a file of features here");
  ReadResult result = read_features_here(file, format, path.string(), options, progress);
  if (result.layer.sources.empty()) result.layer.sources.emplace_back();
  Source& source = result.layer.sources.front();
  source.path = path.string();
  source.layer = options.layer;
  return result;
}

ReadResult read_layer_here(const fs::path& path, const ReadOptions& options, Progress& progress) {
  if (names_database(path.string())) return read_unhashed_here(path, options, progress);
  plain_file(path, options);
  WatchedSource source(path);
  ReadResult result = read_unhashed_here(path, options, progress);
  result.layer.sources.back().sha256 = source.settle();
  return result;
}

}  // namespace yaan
