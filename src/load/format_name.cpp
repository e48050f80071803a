// What names say of a format; without GDAL.
#include <algorithm>
#include <array>

#include "load/file_format.hpp"

namespace yaan {

namespace fs = std::filesystem;

std::string_view to_string(FileFormat format) {
  switch (format) {
    case FileFormat::geojson: return "GeoJSON";
    case FileFormat::topojson: return "TopoJSON";
    case FileFormat::geopackage: return "GeoPackage";
    case FileFormat::shapefile: return "Shapefile";
    case FileFormat::dbf: return "dBASE table";
    case FileFormat::flatgeobuf: return "FlatGeobuf";
    case FileFormat::kml: return "KML";
    case FileFormat::csv: return "CSV";
    case FileFormat::xlsx: return "XLSX";
    case FileFormat::osm_xml: return "OSM XML";
    case FileFormat::osm_pbf: return "OSM PBF";
    case FileFormat::zip: return "zip archive";
    case FileFormat::geotiff: return "GeoTIFF";
    case FileFormat::weights: return "spatial weights";
  }
  return "";
}

std::string_view gdal_driver(FileFormat format) {
  switch (format) {
    case FileFormat::geojson: return "GeoJSON";
    case FileFormat::topojson: return "TopoJSON";
    case FileFormat::geopackage: return "GPKG";
    case FileFormat::shapefile:
    case FileFormat::dbf: return "ESRI Shapefile";
    case FileFormat::flatgeobuf: return "FlatGeobuf";
    case FileFormat::kml: return "LIBKML";
    case FileFormat::xlsx: return "XLSX";
    case FileFormat::osm_xml:
    case FileFormat::osm_pbf: return "OSM";
    case FileFormat::geotiff: return "GTiff";
    case FileFormat::csv:
    case FileFormat::weights:
    case FileFormat::zip: return "";
  }
  return "";
}

namespace {

struct Extension {
  std::string_view text;
  FileFormat format;
};
constexpr std::array kExtensions = {
    Extension{".geojson", FileFormat::geojson},   Extension{".json", FileFormat::geojson},
    Extension{".topojson", FileFormat::topojson}, Extension{".gpkg", FileFormat::geopackage},
    Extension{".shp", FileFormat::shapefile},     Extension{".dbf", FileFormat::dbf},
    Extension{".fgb", FileFormat::flatgeobuf},    Extension{".kml", FileFormat::kml},
    Extension{".csv", FileFormat::csv},           Extension{".tsv", FileFormat::csv},
    Extension{".txt", FileFormat::csv},           Extension{".xlsx", FileFormat::xlsx},
    Extension{".osm", FileFormat::osm_xml},       Extension{".pbf", FileFormat::osm_pbf},
    Extension{".zip", FileFormat::zip},           Extension{".kmz", FileFormat::zip},
    Extension{".tif", FileFormat::geotiff},       Extension{".tiff", FileFormat::geotiff},
    Extension{".gal", FileFormat::weights},       Extension{".gwt", FileFormat::weights},
    Extension{".kwt", FileFormat::weights}};

}  // namespace

std::string lower_extension(const fs::path& file) {
  std::string extension = file.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c); });
  return extension;
}

std::optional<FileFormat> format_by_name(const fs::path& file) {
  const std::string extension = lower_extension(file);
  for (const Extension& known : kExtensions)
    if (known.text == extension) return known.format;
  return std::nullopt;
}

std::string_view usual_extension(FileFormat format) {
  const auto* const known =
      std::find_if(kExtensions.begin(), kExtensions.end(), [format](const Extension& e) { return e.format == format; });
  return known->text;
}

}  // namespace yaan
