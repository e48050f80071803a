#include "yaan/load/inspect.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>
#include <set>
#include <tuple>

#include "load/archive.hpp"
#include "load/csv_table.hpp"
#include "load/extent.hpp"
#include "load/file_format.hpp"
#include "load/gdal_layer.hpp"
#include "load/geojson_rules.hpp"
#include "load/guess_roles.hpp"
#include "load/osm_sites.hpp"
#include "load/pg_layer.hpp"
#include "load/plain_path.hpp"
#include "load/raster_here.hpp"
#include "load/read_here.hpp"
#include "load/weights_file.hpp"
#include "yaan/core/database_name.hpp"
#include "yaan/core/error.hpp"
#include "yaan/load/read_settings.hpp"

namespace yaan {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kSamples = 3;

FieldReport describe(const Column& column) {
  FieldReport field;
  field.name = column.name;
  field.type = column.type();
  field.nulls = column.null_count();
  const bool ordered =
      field.type == ColumnType::integer || field.type == ColumnType::real || field.type == ColumnType::date;
  std::size_t low = column.size();
  std::size_t high = column.size();
  const auto less = [&](std::size_t a, std::size_t b) {
    if (field.type == ColumnType::date) return column.dates()[a] < column.dates()[b];
    if (field.type == ColumnType::integer) return column.integers()[a] < column.integers()[b];
    return column.reals()[a] < column.reals()[b];
  };
  for (std::size_t row = 0; row < column.size(); ++row) {
    if (column.is_null(row)) continue;
    if (ordered) {
      if (low == column.size() || less(row, low)) low = row;
      if (high == column.size() || less(high, row)) high = row;
      continue;
    }
    if (field.samples.size() == kSamples) break;
    std::string text = column.display(row);
    if (std::find(field.samples.begin(), field.samples.end(), text) == field.samples.end())
      field.samples.push_back(std::move(text));
  }
  if (low < column.size()) {
    field.minimum = column.display(low);
    field.maximum = column.display(high);
  }
  return field;
}

void doubt_columns(RawLayer& raw) {
  for (const Column& column : raw.columns) {
    if (column.size() > 0 && column.null_count() == column.size())
      raw.diagnostics.add(Severity::doubt, "empty-column", raw.where, "columns without a single value", 1, column.name);
  }
}

void doubt_crs(const Crs& crs, const Box& extent, const std::string& where, Diagnostics& diagnostics) {
  const bool degrees = looks_like_degrees(extent);
  if (crs.kind() == Crs::Kind::none)
    diagnostics.add(Severity::doubt, "no-crs", where,
                    degrees ? "the coordinate reference system is unknown; the numbers would fit --crs EPSG:4326"
                            : "the coordinate reference system is unknown; give it with --crs");
  if (crs.kind() == Crs::Kind::projected && degrees)
    diagnostics.add(Severity::doubt, "degrees-in-plane", where,
                    fmt::format("the coordinates look like degrees, but the CRS is {}", crs.name()));
}

void doubt_positions(const Layer& layer, const std::string& where, Diagnostics& diagnostics) {
  if (layer.geometry.kind != GeometryKind::point) return;
  const std::vector<double>& x = layer.geometry.x;
  const std::vector<double>& y = layer.geometry.y;
  std::vector<std::uint32_t> order(x.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(),
            [&](std::uint32_t a, std::uint32_t b) { return std::tie(x[a], y[a], a) < std::tie(x[b], y[b], b); });
  std::vector<std::uint32_t> repeated;
  for (std::size_t i = 1; i < order.size(); ++i)
    if (x[order[i]] == x[order[i - 1]] && y[order[i]] == y[order[i - 1]]) repeated.push_back(order[i]);
  std::sort(repeated.begin(), repeated.end());
  for (const std::uint32_t f : repeated)
    diagnostics.add(Severity::doubt, "repeated-position", where, "points at exactly the place of an earlier one", 1,
                    layer.feature_id(f));
}

LayerReport report_on(RawLayer&& raw, const ReadOptions& options) {
  if (raw.is_table) place_table(raw, options, false);
  keep_fields(raw, options);
  LayerReport report;
  report.name = raw.name;
  report.features = raw.rows;
  report.placed_by = raw.placed_by;
  report.x_column = raw.x_column;
  report.y_column = raw.y_column;
  report.crs = raw.crs;
  for (const Column& column : raw.columns) report.fields.push_back(describe(column));
  report.roles = guess_roles(raw);
  doubt_columns(raw);
  const std::int64_t swapped = raw.shapes.in_range_when_swapped();
  const std::string where = raw.where;
  const bool has_shapes = raw.has_shapes;
  ReadResult result = finish(std::move(raw), options);
  Layer& layer = result.layer;
  layer.roles.id = options.id_column.empty() ? "id" : options.id_column;
  report.kind = layer.geometry.kind;
  report.usable = layer.size();
  report.vertices = layer.geometry.x.size();
  report.extent = layer.geometry.bounds();
  report.diagnostics = std::move(result.diagnostics);
  if (const std::int64_t left = swapped - report.diagnostics.count("swapped-axes"); left > 0)
    report.diagnostics.add(
        Severity::doubt, "swapped-axes", where,
        "out of range as they are, in range with longitude and latitude exchanged (--swapped-axes all)", left);
  if (has_shapes) {
    doubt_crs(report.crs, report.extent, where, report.diagnostics);
    doubt_positions(layer, where, report.diagnostics);
    if (report.features > 0 && report.usable == 0)
      report.diagnostics.add(Severity::doubt, "no-usable-features", where, "not one feature can be used");
  }
  return report;
}

std::vector<LayerReport> describe_layers(const fs::path& file, FileFormat format, const std::string& shown,
                                         const ReadOptions& options, Progress& progress) {
  check_whole(format, file, shown, options.max_nesting, options.max_unpacked_bytes);
  refuse_idle_tags(format, shown, options);
  std::vector<LayerReport> layers;
  if (is_osm(format) && !options.tags.empty()) {
    layers.push_back(report_on(read_osm_sites(file, format, shown, options, progress), options));
    return layers;
  }
  if (format == FileFormat::weights) {
    layers.push_back(report_on(read_weights(file, shown, options, progress), options));
    return layers;
  }
  if (format == FileFormat::csv) {
    layers.push_back(report_on(read_csv(file, shown, options, progress), options));
    return layers;
  }
  GdalFile opened(file, shown, format, options.encoding);
  const std::vector<GdalFile::Entry> entries =
      options.layer.empty() ? opened.layers() : std::vector<GdalFile::Entry>{opened.choose(options.layer)};
  for (const GdalFile::Entry& entry : entries)
    layers.push_back(report_on(opened.read(entry, options, false, progress), options));
  if (format == FileFormat::geojson && !layers.empty())
    check_geojson_rules(file, fs::path(shown).filename().string(), layers.front().diagnostics);
  return layers;
}

// Every file on offer, under names that --layer takes; `report` gets their formats as well.
void describe_archive(const fs::path& file, const ReadOptions& options, FileReport& report, Progress& progress) {
  Archive archive(file, report.path, options);
  std::vector<Archive::Choice> choices;
  if (options.layer.empty()) {
    for (const Archive::Member& member : archive.members()) choices.push_back({member, {}});
  } else {
    choices.push_back(archive.choose(options.layer));
  }
  std::set<std::string> formats;
  for (const Archive::Choice& choice : choices) {
    ReadOptions of_member = options;
    of_member.layer = choice.layer;
    const std::string shown = archive.shown(choice.member);
    const fs::path unpacked = archive.unpack(choice.member, progress);
    const FileFormat format = format_of(unpacked, shown);
    formats.emplace(to_string(format));
    std::vector<LayerReport> layers = describe_layers(unpacked, format, shown, of_member, progress);
    for (LayerReport& layer : layers) {
      if (archive.members().size() > 1)
        layer.name = layers.size() == 1 ? choice.member.label : choice.member.label + "/" + layer.name;
      report.layers.push_back(std::move(layer));
    }
  }
  if (choices.size() == 1 && !report.layers.empty())
    archive.note_others(choices.front().member, report.layers.front().diagnostics);
  if (!report.layers.empty()) report.layers.front().diagnostics.merge(archive.diagnostics());
  report.format = fmt::format("zip archive ({})", fmt::join(formats, ", "));
}

FileReport report_of_file(const fs::path& path, const ReadOptions& options, Progress& progress) {
  FileReport report;
  report.path = path.string();
  if (names_database(report.path)) {
    PgLayer read = read_pg_layer(report.path, options, progress);
    report.format = read.server;
    report.sha256 = read.sha256;
    report.layers.push_back(report_on(std::move(read.raw), options));
    return report;
  }
  const fs::path file = plain_file(path, options);
  const FileFormat format = format_of(file, report.path);
  if (format == FileFormat::geotiff) {
    report.rasters.push_back(read_raster_here(path, options, progress));
    report.format = to_string(format);
    report.bytes = report.rasters.front().bytes;
    return report;
  }
  report.format = to_string(format);
  report.bytes = fs::file_size(file);
  if (format == FileFormat::zip) {
    describe_archive(file, options, report, progress);
  } else {
    report.layers = describe_layers(file, format, report.path, options, progress);
  }
  return report;
}

}  // namespace

FileReport inspect_file_here(const fs::path& path, const ReadOptions& options, Progress& progress) {
  FileReport report = report_of_file(path, options, progress);
  std::vector<GivenSetting> given;
  for (const ReadSetting& setting : read_settings())
    if (std::string value = setting.get(options); !value.empty())
      given.push_back({std::string(setting.key), std::move(value)});
  for (LayerReport& layer : report.layers) layer.settings = given;
  return report;
}

}  // namespace yaan
