#include "load/gdal_layer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>

#include "load/gdal_crs.hpp"
#include "load/geojson_rules.hpp"
#include "load/input_file.hpp"
#include "load/layer_encoding.hpp"
#include "load/osm_sites.hpp"
#include "load/point_flatgeobuf.hpp"
#include "load/point_geopackage.hpp"
#include "load/point_shapefile.hpp"
#include "load/text_encoding.hpp"
#include "load/unknown_name.hpp"
#include "load/xlsx_sheet.hpp"
#include "yaan/core/error.hpp"

namespace yaan {

namespace fs = std::filesystem;

namespace {

GDALDatasetUniquePtr open_dataset(const std::string& file, FileFormat format, bool raw_text) {
  initialise_gdal();
  // Triggers and views of a stranger's database may only call functions that SQLite holds harmless.
  const GdalOption pragma("OGR_SQLITE_PRAGMA", "trusted_schema=OFF");
  // Sheets come without names and as texts: their heads and types are found as those of a CSV.
  const GdalOption headers("OGR_XLSX_HEADERS", "DISABLE");
  const GdalOption types("OGR_XLSX_FIELD_TYPES", "STRING");
  const std::string driver(gdal_driver(format));
  const char* drivers[] = {driver.c_str(), nullptr};
  std::vector<std::string> options;
  if (raw_text) options.emplace_back("ENCODING=");
  if (is_osm(format)) options = osm_open_options(file, format);
  std::vector<const char*> words;
  words.reserve(options.size() + 1);
  for (const std::string& option : options) words.push_back(option.c_str());
  words.push_back(nullptr);
  GDALDatasetUniquePtr dataset(GDALDataset::Open(
      file.c_str(), GDAL_OF_VECTOR | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR, drivers, words.data(), nullptr));
  // A sheet is parsed when it is first looked at, and must see the options above then.
  if (dataset && format == FileFormat::xlsx)
    for (OGRLayer* sheet : dataset->GetLayers()) sheet->GetFeatureCount(1);
  return dataset;
}

Crs crs_of(OGRLayer& layer, RawLayer& raw) {
  Crs crs = crs_of_reference(layer.GetSpatialRef(), raw.unusable_crs);
  if (!raw.unusable_crs.empty())
    raw.diagnostics.add(Severity::doubt, "unusable-crs", raw.where,
                        fmt::format("the stated CRS {} cannot be used", raw.unusable_crs));
  return crs;
}

// GDAL takes the .prj for the WKT of ESRI; other programs write the WKT of ISO 19162 there.
Crs crs_of_prj(const fs::path& shp, RawLayer& raw) {
  constexpr std::size_t kLongest = 65'536;
  const fs::path prj = shapefile_part(shp, "prj");
  if (prj.empty() || !raw.unusable_crs.empty()) return {};
  std::string text = bytes_at(prj, 0, kLongest);
  if (text.find_first_not_of(std::string_view(" \t\r\n\0", 5)) == std::string::npos) return {};
  if (text.find('[') == std::string::npos) text.clear();  // codes and PROJ's own texts do not belong there
  try {
    if (!text.empty()) return Crs::from_text(text);
  } catch (const UsageError&) {
  }
  raw.unusable_crs = "in its .prj";
  raw.diagnostics.add(Severity::doubt, "unusable-crs", raw.where, "the CRS that the .prj states cannot be understood");
  return {};
}

// What a Shapefile says of its text: the .cpg beside it, else the language byte of the DBF.
std::string stated_encoding(const fs::path& shp) {
  if (const fs::path cpg = shapefile_part(shp, "cpg"); !cpg.empty()) {
    const std::string text = bytes_at(cpg, 0, 64);
    return text.substr(0, text.find_first_of("\r\n"));
  }
  const std::string byte = bytes_at(shapefile_part(shp, "dbf"), 29, 1);
  const int language = byte.empty() ? 0 : static_cast<unsigned char>(byte.front());
  // dBASE's table of language drivers; 0x57 ("ANSI") is written by programs of every country and says nothing.
  if (language == 0x50 || language == 0x7C) return "CP874";
  if (language == 0x03 || language == 0x59) return "CP1252";
  return {};
}

// Programs mark rows as deleted, and leave them in the file until somebody packs it.
std::int64_t deleted_rows(const fs::path& dbf) {
  constexpr std::size_t kBlock = std::size_t{1} << 20;
  const std::string head = bytes_at(dbf, 0, 12);
  if (head.size() < 12) return 0;
  const auto byte = [&](std::size_t at) { return std::uint64_t{static_cast<unsigned char>(head[at])}; };
  const std::uint64_t rows = byte(4) | byte(5) << 8U | byte(6) << 16U | byte(7) << 24U;
  const std::uint64_t header = byte(8) | byte(9) << 8U;
  const std::uint64_t row_size = std::max<std::uint64_t>(byte(10) | byte(11) << 8U, 1);
  const std::uint64_t at_once = std::max<std::uint64_t>(kBlock / row_size, 1);
  std::int64_t deleted = 0;
  for (std::uint64_t row = 0; row < rows; row += at_once) {
    const std::string block =
        bytes_at(dbf, header + row * row_size, static_cast<std::size_t>(std::min(at_once, rows - row) * row_size));
    for (std::size_t at = 0; at < block.size(); at += row_size) deleted += block[at] == '*' ? 1 : 0;
  }
  return deleted;
}

std::int64_t network_links(const fs::path& kml) {
  const auto in = open_input(kml);
  std::int64_t links = 0;
  for (std::string line; std::getline(*in, line, '<');)
    if (line.starts_with("NetworkLink>") || line.starts_with("NetworkLink ")) ++links;
  return links;
}

// LIBKML gives every layer the same display settings as columns; they say nothing where no value was set.
void drop_display_columns(RawLayer& raw) {
  constexpr std::array<std::string_view, 11> kDisplay = {"description",  "timestamp",  "begin",   "end",
                                                         "altitudeMode", "tessellate", "extrude", "visibility",
                                                         "drawOrder",    "icon",       "snippet"};
  std::vector<Column> kept;
  for (Column& column : raw.columns) {
    const bool display = std::find(kDisplay.begin(), kDisplay.end(), column.name) != kDisplay.end();
    bool says_something = !display;
    for (std::size_t row = 0; row < column.size() && !says_something; ++row) {
      const auto number = column.number(row);
      says_something = !column.is_null(row) && (!number || (*number != -1 && *number != 0));
    }
    if (says_something) kept.push_back(std::move(column));
  }
  raw.columns = std::move(kept);
}

}  // namespace

GdalFile::GdalFile(const fs::path& file, std::string shown, FileFormat format, const std::string& encoding)
    : m_file(file.string()), m_shown(std::move(shown)), m_format(format) {
  const bool has_dbf = format == FileFormat::shapefile || format == FileFormat::dbf;
  if (has_dbf) {
    // An encoding beyond the project's own table is left to GDAL, which knows many.
    m_stated_encoding = stated_encoding(file);
    m_raw_text = !encoding.empty() || m_stated_encoding.empty() || encoding_named(m_stated_encoding).has_value();
  }
  if (format == FileFormat::kml) m_kml = KmlWithPlainNames::of(file);
  m_dataset = open_dataset(m_kml ? m_kml->place() : m_file, format, m_raw_text);
  // Where GDAL knows it no better, it hands the bytes on as they are.
  if (m_dataset && has_dbf && m_dataset->GetLayerCount() > 0)
    m_raw_text = m_raw_text || m_dataset->GetLayer(0)->TestCapability(OLCStringsAsUTF8) == 0;
  if (m_dataset && format == FileFormat::xlsx) m_book = read_xlsx_book(file);
  if (m_dataset) return;
  std::string reason = without_place(m_messages.first());
  if (reason.find("not recognized as a supported file format") != std::string::npos)
    reason = fmt::format("its content is not that of a {}", to_string(format));
  if (const std::string fault = format == FileFormat::geojson ? geojson_fault(file) : std::string(); !fault.empty())
    reason += (reason.empty() ? "" : "; ") + fault;
  throw InputError(
      fmt::format("{} cannot be read as {}{}{}", m_shown, to_string(format), reason.empty() ? "" : ": ", reason),
      "the file may be damaged; get it again from where it came");
}

std::string GdalFile::without_place(std::string text) const {
  if (m_kml)
    for (std::size_t at = text.find(m_kml->place()); at != std::string::npos; at = text.find(m_kml->place(), at + 1))
      text.replace(at, m_kml->place().size(), m_file);
  for (std::size_t at = text.find(m_file); at != std::string::npos; at = text.find(m_file, at + m_shown.size()))
    text.replace(at, m_file.size(), m_shown);
  const std::string folder = fs::path(m_file).parent_path().string() + "/";
  for (std::size_t at = text.find(folder); folder.size() > 1 && at != std::string::npos; at = text.find(folder, at))
    text.erase(at, folder.size());
  return text;
}

std::vector<GdalFile::Entry> GdalFile::layers() {
  std::vector<Entry> all;
  for (OGRLayer* layer : m_dataset->GetLayers())
    all.push_back({layer->GetName(), layer, layer->GetGeomType() != wkbNone});
  const auto keep_if_any = [&all](auto&& wanted) {
    std::vector<Entry> chosen;
    std::copy_if(all.begin(), all.end(), std::back_inserter(chosen), wanted);
    if (!chosen.empty()) all = std::move(chosen);
  };
  keep_if_any([](const Entry& entry) { return entry.spatial; });
  if (m_format == FileFormat::kml) keep_if_any([](const Entry& entry) { return entry.layer->GetFeatureCount(1) > 0; });
  if (m_format == FileFormat::xlsx) {
    keep_if_any([&](const Entry& entry) { return !is_hidden(entry.name); });
    keep_if_any([](const Entry& entry) { return entry.layer->GetFeatureCount(1) > 1; });  // more than a head
  }
  return all;
}

GdalFile::Entry GdalFile::choose(const std::string& name) {
  const std::vector<Entry> offered = layers();
  std::vector<std::string> names;
  names.reserve(offered.size());
  for (const Entry& entry : offered) names.push_back(entry.name);
  if (name.empty()) {
    if (offered.size() == 1) return offered.front();
    if (offered.empty()) throw InputError(fmt::format("{} holds no layer", m_shown), "check that it is the right file");
    throw UsageError(fmt::format("{} holds {} layers", m_shown, offered.size()),
                     fmt::format("name one with --layer: {}", fmt::join(names, ", ")));
  }
  if (OGRLayer* layer = m_dataset->GetLayerByName(name.c_str()); layer != nullptr && name == layer->GetName())
    return {name, layer, layer->GetGeomType() != wkbNone};
  throw unknown_name(m_shown, "layer", name, names);
}

RawLayer GdalFile::read(const Entry& entry, const ReadOptions& options, bool crs_needed, Progress& progress) {
  OGRLayer& layer = *entry.layer;
  RawLayer raw;
  raw.name = entry.name;
  raw.shown = m_shown;
  raw.where = fs::path(m_shown).filename().string();
  if (m_dataset->GetLayerCount() > 1) raw.where += fmt::format(" ({})", entry.name);
  raw.is_table = !entry.spatial;
  Crs stated = crs_of(layer, raw);
  if (m_format == FileFormat::shapefile && stated.kind() == Crs::Kind::none) stated = crs_of_prj(m_file, raw);
  if (m_format == FileFormat::geojson && complains_of_crs(raw)) stated = {};
  raw.crs = choose_crs(stated, options, raw.where, raw.diagnostics);
  if (entry.spatial && crs_needed && raw.crs.kind() == Crs::Kind::none) throw_missing_crs(raw);
  if (entry.spatial && !(options.x_column.empty() && options.y_column.empty()))
    throw UsageError(fmt::format("{} has geometries of its own, so coordinate columns have no use", m_shown),
                     "leave --x and --y out");
  if (m_format == FileFormat::shapefile && shapefile_part(m_file, "dbf").empty())
    raw.diagnostics.add(Severity::doubt, "missing-dbf", raw.where, "the .dbf part is missing, so there are no columns");

  check_fields(static_cast<std::size_t>(layer.GetLayerDefn()->GetFieldCount()), m_shown, options);
  if (m_format == FileFormat::xlsx) {
    report_hidden_sheets(options, raw);
    const XlsxSheet* sheet = m_book.find(entry.name);
    const XlsxCells special = sheet != nullptr ? scan_xlsx_sheet(m_file, m_book, *sheet) : XlsxCells{};
    read_sheet(layer, m_book, special, raw, options, progress);
    report_messages(raw);
    return raw;
  }
  // GDAL takes a GeoJSON's property "id" as the number of the feature as well; it stays one column.
  const bool with_fid = *layer.GetFIDColumn() != '\0' && layer.GetLayerDefn()->GetFieldIndex(layer.GetFIDColumn()) < 0;
  const std::vector<FieldPlan> plan = plan_columns(layer, with_fid, raw);
  if (m_kml)
    for (Column& column : raw.columns) column.name = m_kml->name_of(column.name);
  raw.shapes = ShapeCollector(raw.crs.is_geographic(), options.swapped_axes, options.parts);
  raw.has_shapes = entry.spatial;
  const bool quick =
      !is_osm(m_format) && options.column_stream && read_quickly(layer, plan, with_fid, raw, options, progress);
  if (!quick)
    read_features(layer, plan, with_fid, raw, options, progress, is_osm(m_format) ? m_dataset.get() : nullptr);
  report_messages(raw);
  report_missing_rows(layer, raw);
  settle_encoding(raw, m_raw_text, m_stated_encoding, options);
  if (m_format == FileFormat::kml) {
    drop_display_columns(raw);
    if (const std::int64_t links = network_links(m_file); links > 0)
      raw.diagnostics.add(Severity::doubt, "network-link", raw.where,
                          "links to other documents were not followed; download what they lead to", links);
  }
  return raw;
}

// Where the file states how many there are.
void GdalFile::report_missing_rows(OGRLayer& layer, RawLayer& raw) const {
  const bool has_dbf = m_format == FileFormat::shapefile || m_format == FileFormat::dbf;
  if (!has_dbf && m_format != FileFormat::flatgeobuf && m_format != FileFormat::geopackage) return;
  const GIntBig stated = layer.GetFeatureCount(0);
  const auto read = static_cast<GIntBig>(raw.rows);
  if (stated < 0 || stated == read) return;
  if (m_format == FileFormat::flatgeobuf && stated > read)
    throw InputError(fmt::format("{} is cut short: {} of {} features can be read", m_shown, raw.rows, stated),
                     "get the file again from where it came");
  const std::int64_t deleted = has_dbf ? deleted_rows(shapefile_part(m_file, "dbf")) : 0;
  if (deleted > 0)
    raw.diagnostics.add(Severity::note, "deleted-row", raw.where,
                        "rows that the .dbf marks as deleted were left out, as other programs do", deleted);
  if (stated != read + deleted)
    raw.diagnostics.add(Severity::doubt, "feature-count", raw.where,
                        fmt::format("the file states {} features, but holds {}", stated, read + deleted));
}

bool GdalFile::is_hidden(const std::string& sheet) const {
  const XlsxSheet* found = m_book.find(sheet);
  return found != nullptr && found->hidden;
}

void GdalFile::report_hidden_sheets(const ReadOptions& options, RawLayer& raw) const {
  if (!options.layer.empty() || is_hidden(raw.name)) return;
  for (const XlsxSheet& sheet : m_book.sheets)
    if (sheet.hidden)
      raw.diagnostics.add(Severity::note, "hidden-sheet", raw.where,
                          "sheets that the workbook hides were left out; --layer reads one", 1, sheet.name);
}

// GDAL says so when it opens the file, and then takes WGS 84.
bool GdalFile::complains_of_crs(RawLayer& raw) {
  const auto about_crs = [](const GdalMessage& message) {
    const std::string_view text = message.text;
    return text.find("crs not found") != text.npos || text.find("given URL") != text.npos ||
           text.find("network is not used") != text.npos;
  };
  const auto& all = m_messages.all();
  if (std::none_of(all.begin(), all.end(), about_crs)) return false;
  m_messages.drop(about_crs);
  raw.unusable_crs = "in its member crs";
  raw.diagnostics.add(Severity::doubt, "unusable-crs", raw.where,
                      "the CRS that the member crs names is not known, or would have to be fetched from the network");
  return true;
}

// By what knows more of the format than the feature loop; it gives the same rows, or nothing.
bool GdalFile::read_quickly(OGRLayer& layer, const std::vector<FieldPlan>& plan, bool with_fid, RawLayer& raw,
                            const ReadOptions& options, Progress& progress) {
  const bool on_disk = !is_in_memory(m_file);
  if (m_format == FileFormat::shapefile && on_disk)
    return m_raw_text && !with_fid && read_point_shapefile(m_file, layer, plan, raw, options, progress);
  if (m_format == FileFormat::geopackage && on_disk &&
      read_point_geopackage(m_file, *m_dataset, layer, plan, with_fid, raw, options, progress))
    return true;
  if (m_format == FileFormat::flatgeobuf && on_disk && !with_fid &&
      read_point_flatgeobuf(m_file, layer, plan, raw, options, progress))
    return true;
  return read_column_stream(layer, plan, with_fid, raw, options, progress);
}

// A failure stops the run, because features may be missing behind it; only a GeoJSON goes on after one bad geometry.
void GdalFile::report_messages(RawLayer& raw) {
  for (const GdalMessage& message : m_messages.all()) {
    const std::string text = without_place(message.text);
    if (text.starts_with("Non closed ring detected")) continue;  // counted by the decoder, feature by feature
    const bool one_geometry = m_format == FileFormat::geojson && text.starts_with("Invalid ");
    if (message.failure && !one_geometry)
      throw InputError(fmt::format("reading {} failed: {}", m_shown, text),
                       "the file may be damaged; get it again from where it came");
    raw.diagnostics.add(Severity::doubt, "reader-warning", raw.where, text);
  }
  if (m_messages.more() > 0)
    raw.diagnostics.add(Severity::doubt, "reader-warning", raw.where, "further warnings of the reader",
                        static_cast<std::int64_t>(m_messages.more()));
  m_messages.clear();
}

}  // namespace yaan
