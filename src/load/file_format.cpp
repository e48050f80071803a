#include "load/file_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "load/input_file.hpp"
#include "load/source_name.hpp"
#include "load/text_encoding.hpp"
#include "yaan/core/error.hpp"

namespace yaan {

namespace fs = std::filesystem;

namespace {

struct Content {
  std::optional<FileFormat> format;
  std::string looks_like;  // "a GeoPackage", "a PDF document"
};

std::string_view without_bom_and_space(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const std::size_t at = text.find_first_not_of(" \t\r\n");
  return at == std::string_view::npos ? std::string_view() : text.substr(at);
}

// The outermost object says of itself that it is a Topology; a property of a GeoJSON may say so of something else.
bool is_topology(std::string_view json) {
  int depth = 0;
  std::string before;  // the last string of the outermost object
  for (std::size_t at = 0; at < json.size(); ++at) {
    const char c = json[at];
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    if (c != '"') continue;
    const std::size_t begin = ++at;
    while (at < json.size() && json[at] != '"') at += json[at] == '\\' ? 2 : 1;
    if (depth != 1 || at >= json.size()) continue;
    const std::string_view word = json.substr(begin, at - begin);
    if (before == "type" && word == "Topology") return true;
    before = word;
  }
  return false;
}

Content text_content(std::string_view text) {
  const std::string_view body = without_bom_and_space(text);
  if (body.empty()) return {std::nullopt, "nothing but blanks"};
  if (body.front() == '<') {
    if (body.find("<kml") != std::string_view::npos || body.find(":kml") != std::string_view::npos)
      return {FileFormat::kml, "a KML document"};
    if (body.find("<osm ") != std::string_view::npos) return {FileFormat::osm_xml, "an OpenStreetMap document"};
    const bool html = body.starts_with("<!DOCTYPE html") || body.starts_with("<html") || body.starts_with("<HTML");
    return {std::nullopt, html ? "a web page (HTML), perhaps an error page saved under this name" : "an XML document"};
  }
  const std::string_view inner = without_bom_and_space(body.substr(1));
  const bool object = body.front() == '{' && (inner.empty() || inner.front() == '"' || inner.front() == '}');
  const bool array =
      body.front() == '[' && (inner.empty() || inner.front() == '{' || inner.front() == '[' || inner.front() == ']');
  if (object || array) {
    if (is_topology(text)) return {FileFormat::topojson, "a TopoJSON document"};
    return {FileFormat::geojson, "a JSON document"};
  }
  return {FileFormat::csv, "plain text"};
}

// A dBASE table states its version, a date, and a header of 32 bytes with as many for each column and an end; two of
// its bytes are always zero.
bool is_dbf(std::string_view bytes) {
  if (bytes.size() < 33) return false;
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(bytes[at]); };
  constexpr std::array<unsigned char, 8> kVersions = {0x02, 0x03, 0x30, 0x31, 0x43, 0x83, 0x8B, 0xF5};
  const std::size_t header = byte(8) | static_cast<std::size_t>(byte(9)) << 8U;
  const std::size_t row = byte(10) | static_cast<std::size_t>(byte(11)) << 8U;
  return std::find(kVersions.begin(), kVersions.end(), byte(0)) != kVersions.end() && byte(2) <= 12 && byte(3) <= 31 &&
         header >= 33 && row >= 1 && byte(12) == 0 && byte(13) == 0;
}

Content content_of(std::string_view bytes) {
  struct Signature {
    std::string_view start;
    std::optional<FileFormat> format;
    std::string_view looks_like;
  };
  using namespace std::string_view_literals;
  static constexpr std::array kSignatures = {
      Signature{"SQLite format 3\0"sv, FileFormat::geopackage, "a GeoPackage (an SQLite database)"},
      Signature{"fgb\x03"
                "fgb"sv,
                FileFormat::flatgeobuf, "a FlatGeobuf"},
      Signature{"\x00\x00\x27\x0a"sv, FileFormat::shapefile, "a Shapefile"},
      Signature{"PK\x05\x06"sv, FileFormat::zip, "an empty zip archive"},
      Signature{"II*\0"sv, FileFormat::geotiff, "a TIFF picture"},
      Signature{"MM\0*"sv, FileFormat::geotiff, "a TIFF picture"},
      Signature{"II+\0"sv, FileFormat::geotiff, "a TIFF picture (BigTIFF)"},
      Signature{"MM\0+"sv, FileFormat::geotiff, "a TIFF picture (BigTIFF)"},
      Signature{"\x1f\x8b"sv, std::nullopt, "a gzip archive"},
      Signature{"%PDF"sv, std::nullopt, "a PDF document"},
      Signature{"\x89PNG"sv, std::nullopt, "a PNG picture"},
      Signature{"\xff\xd8\xff"sv, std::nullopt, "a JPEG picture"},
      Signature{"\xd0\xcf\x11\xe0"sv, std::nullopt, "an old Office document (.xls, .doc)"},
      Signature{"PAR1"sv, std::nullopt, "a Parquet file"},
      Signature{"\xff\xfe"sv, FileFormat::csv, "text in UTF-16; save it as UTF-8"},
      Signature{"\xfe\xff"sv, FileFormat::csv, "text in UTF-16; save it as UTF-8"}};
  for (const Signature& signature : kSignatures)
    if (bytes.starts_with(signature.start)) return {signature.format, std::string(signature.looks_like)};
  if (bytes.starts_with("PK\x03\x04")) {
    // Office writes its parts in any order, and the names stand in plain bytes before each.
    for (const std::string_view name : {"[Content_Types].xml"sv, "xl/"sv, "_rels/"sv})
      if (bytes.find(name) != std::string_view::npos)
        return {FileFormat::xlsx, "a spreadsheet (XLSX) or another Office document"};
    return {FileFormat::zip, bytes.find(".kml") != std::string_view::npos ? "a KMZ (zipped KML)" : "a zip archive"};
  }
  if (bytes.substr(0, 24).find("\x0a\x09OSMHeader") != std::string_view::npos)
    return {FileFormat::osm_pbf, "an OpenStreetMap extract (PBF)"};
  if (is_dbf(bytes)) return {FileFormat::dbf, "a dBASE table (the .dbf part of a Shapefile)"};
  // The texts of a table in UTF-16 have a zero in every other byte; nothing else has them so evenly.
  const TextEncoding encoding = decide_encoding(bytes, "", "").encoding;
  if (encoding == TextEncoding::utf_16_le || encoding == TextEncoding::utf_16_be)
    return {FileFormat::csv, "text in UTF-16; save it as UTF-8"};
  if (bytes.find('\0') != std::string_view::npos) return {std::nullopt, "binary data of an unknown kind"};
  return text_content(bytes);
}

}  // namespace

FileFormat format_of(const fs::path& file, const std::string& shown) {
  const std::string extension = lower_extension(shown);
  const auto claimed = format_by_name(shown);
  const std::string start = bytes_at(file, 0, 65'536);
  // An archive's own directory says what is in it, which its first bytes may only suggest.
  if (claimed == FileFormat::zip && start.starts_with("PK\x03\x04")) return FileFormat::zip;
  const Content content = content_of(start);
  if (!claimed) {
    const std::string name = extension.empty() ? "no extension" : fmt::format("the extension {}", extension);
    throw InputError(
        fmt::format("{} has {}, which is not read; its content looks like {}", shown, name, content.looks_like),
        "the extensions read are .geojson, .json, .topojson, .gpkg, .shp, .dbf, .fgb, .kml, .csv, .tsv, .txt, .xlsx, "
        ".osm, .pbf, .zip, .kmz, .tif, .tiff, .gal, .gwt and .kwt");
  }
  // GDAL would open the other parts as well.
  if (claimed == FileFormat::dbf && !shapefile_part(file, "shp").empty())
    throw InputError(fmt::format("{} is the table of a Shapefile", shown),
                     fmt::format("name {}", fs::path(shown).replace_extension(".shp").string()));
  if (content.format == claimed) return *claimed;
  if (claimed == FileFormat::weights && content.format == FileFormat::csv) return FileFormat::weights;
  // JSON documents of both kinds are called .json.
  if (content.format == FileFormat::topojson && extension == ".json") return FileFormat::topojson;
  std::string advice = "get the file again, or save it in the format that its name says";
  if (content.format)
    advice = fmt::format("rename it to {}{}", fs::path(shown).stem().string(), usual_extension(*content.format));
  throw InputError(
      fmt::format("{} is named like {}, but its content looks like {}", shown, to_string(*claimed), content.looks_like),
      advice);
}

fs::path shapefile_part(const fs::path& shp, std::string_view extension) {
  for (const fs::path& part : part_names(shp, extension))
    if (is_input(part)) return part;
  return {};
}

}  // namespace yaan
