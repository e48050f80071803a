#include "yaan/load/read.hpp"

#include <fmt/format.h>

#include <array>
#include <fstream>
#include <optional>
#include <utility>

#include "load/csv_table.hpp"
#include "load/file_format.hpp"
#include "load/gdal_layer.hpp"
#include "load/geojson_rules.hpp"
#include "load/plain_path.hpp"
#include "load/point_geojson.hpp"
#include "load/read_here.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/parallel.hpp"
#include "yaan/core/sha256.hpp"

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
  GdalFile opened(file, shown, format);
  return opened.read(opened.choose(options.layer), options, !options.table, progress);
}

// A file that holds features, but none that can be used, is a wrong file or a wrong CRS.
void check_any_left(const ReadResult& result, const std::string& shown, bool axes_exchanged) {
  const Layer& layer = result.layer;
  std::string reasons;
  std::int64_t lost = 0;
  for (const Diagnostic& entry : result.diagnostics.entries()) {
    if (entry.severity != Severity::skipped || entry.code == "long-row") continue;
    lost += entry.count;
    reasons += fmt::format("{}{} {}", reasons.empty() ? "" : ", ", entry.count, entry.code);
  }
  if (layer.size() > 0 || lost == 0) return;
  throw InputError(fmt::format("none of the {} features of {} can be used: {}", lost, shown, reasons),
                   axes_exchanged ? "longitude and latitude seem to be exchanged; --swapped-axes all exchanges them"
                                  : "look at it with yaan inspect; the CRS or the coordinate columns may be wrong");
}

ReadResult read_features_here(const fs::path& file, FileFormat format, const std::string& shown,
                              const ReadOptions& options, Progress& progress) {
  std::optional<RawLayer> plain;
  if (format == FileFormat::geojson && options.column_stream)
    plain = read_point_geojson(file, shown, options, progress);
  if (!plain) check_whole(format, file, shown, options.max_nesting, options.max_unpacked_bytes);
  RawLayer raw = plain ? *std::move(plain) : read_rows(file, format, shown, options, progress);
  if (format == FileFormat::geojson && !plain) check_geojson_rules(file, raw.where, raw.diagnostics);
  if (raw.is_table && !options.plain_table) place_table(raw, options, !options.table);
  const std::string layer_name = raw.name;
  const bool axes_exchanged = raw.shapes.in_range_when_swapped() > 0;
  ReadResult result = finish(std::move(raw), options);
  check_any_left(result, shown, axes_exchanged);
  result.layer.name = options.layer.empty() ? fs::path(shown).stem().string() : layer_name;
  return result;
}

}  // namespace

ReadResult read_layer_here(const fs::path& path, const ReadOptions& options, Progress& progress) {
  const fs::path file = plain_file(path, options);
  const FileFormat format = format_of(file, path.string());
  ReadResult result;
  Source source;
  source.path = path.string();
  source.layer = options.layer;
  const WatchedFile watched(file, path.string());
  parallel_blocks(2, 1, [&](std::size_t task, std::size_t, std::size_t) {
    if (task == 0) {
      result = read_features_here(file, format, path.string(), options, progress);
    } else {
      source.sha256 = sha256_of_source(path);
    }
  });
  watched.throw_if_changed();
  result.layer.sources.push_back(std::move(source));
  return result;
}

std::string sha256_of_source(const fs::path& path) {
  const std::string extension = path.extension().string();
  if (extension != ".shp" && extension != ".SHP") return sha256_of_file(path);
  Sha256 hash;
  std::vector<char> buffer(1 << 20);
  for (const std::string_view part : {"cpg", "dbf", "prj", "shp", "shx"}) {
    const fs::path file = shapefile_part(path, part);
    if (file.empty()) continue;
    std::ifstream in(file, std::ios::binary);
    if (!in) throw InputError(fmt::format("cannot read {}", file.string()), "check its permissions");
    while (in) {
      in.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
      hash.update({buffer.data(), static_cast<std::size_t>(in.gcount())});
    }
  }
  return hash.hex();
}

}  // namespace yaan
