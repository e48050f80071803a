// Every format gives back what was written, Thai text included.
#include <gmock/gmock.h>

#include <fstream>

#include "load/test_files.hpp"
#include "yaan/core/sha256.hpp"

namespace yaan::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct Format {
  std::string driver;
  std::string file;
};

class EveryFormat : public FileTest, public ::testing::WithParamInterface<Format> {};

TEST_P(EveryFormat, GivesPointsAndThaiText) {
  const Format& format = GetParam();
  FileSpec spec;
  spec.driver = format.driver;
  spec.geometry_type = 1;
  spec.date_times = format.driver == "GeoJSON" || format.driver == "FlatGeobuf";
  if (format.driver == "ESRI Shapefile") {
    spec.layer = "places";
    spec.layer_options = {"ENCODING=UTF-8"};
  }
  write_by_gdal(path(format.file), spec, thai_points());
  const ReadResult result = read(path(format.file));
  const Layer& layer = result.layer;
  EXPECT_EQ(layer.name, "places");
  ASSERT_EQ(layer.size(), 3U);
  EXPECT_EQ(layer.geometry.kind, GeometryKind::point);
  EXPECT_THAT(layer.geometry.x, ElementsAre(100.4913, 99.7863, 98.9886));
  EXPECT_THAT(layer.geometry.y, ElementsAre(13.7501, 17.0072, 18.8025));
  EXPECT_TRUE(layer.crs.is_wgs84()) << layer.crs.name();
  const Column& names = layer.column(format.driver == "LIBKML" ? "Name" : "name");
  ASSERT_EQ(names.type(), ColumnType::text);
  for (std::size_t row = 0; row < 3; ++row) EXPECT_EQ(names.texts()[row], thai_points()[row].name);
  EXPECT_EQ(layer.column("n").display(1), "2");  // text in a KML
  EXPECT_THAT(layer.column("share").number(2), ::testing::Optional(1e-3));
  EXPECT_THAT(layer.column("open").integers(), ElementsAre(0, 1, 0));
  ASSERT_EQ(layer.sources.size(), 1U);
  EXPECT_EQ(layer.sources[0].path, path(format.file).string());
  EXPECT_EQ(layer.sources[0].sha256, sha256_of_source(path(format.file)));
  EXPECT_EQ(result.diagnostics.count("reader-warning"), 0);
}

INSTANTIATE_TEST_SUITE_P(Load, EveryFormat,
                         ::testing::Values(Format{"GeoJSON", "places.geojson"}, Format{"GeoJSON", "places.json"},
                                           Format{"GPKG", "places.gpkg"}, Format{"ESRI Shapefile", "places.shp"},
                                           Format{"FlatGeobuf", "places.fgb"}, Format{"LIBKML", "places.kml"}),
                         [](const auto& parameter) {
                           std::string name = parameter.param.file.substr(parameter.param.file.find('.') + 1);
                           return name;
                         });

class Formats : public FileTest {};

TEST_F(Formats, DatesAndTimes) {
  FileSpec spec;
  for (const auto& [driver, file] : {std::pair{"GeoJSON", "a.geojson"}, {"GPKG", "a.gpkg"}, {"FlatGeobuf", "a.fgb"}}) {
    spec.driver = driver;
    spec.geometry_type = 1;
    write_by_gdal(path(file), spec, thai_points());
    const Layer layer = read(path(file)).layer;
    if (driver == std::string("FlatGeobuf")) {
      EXPECT_EQ(layer.column("day").display(0), "2026-02-28T00:00:00") << "the format has no dates";
    } else {
      EXPECT_EQ(layer.column("day").type(), ColumnType::date) << driver;
      EXPECT_EQ(layer.column("day").display(0), "2026-02-28") << driver;
    }
    EXPECT_EQ(layer.column("at").display(0), "2026-02-28T13:05:07.250+07:00") << driver;
  }
}

TEST_F(Formats, LargeIntegersKeepEveryDigit) {
  FileSpec spec;
  spec.geometry_type = 1;
  for (const auto& [driver, file] : {std::pair{"GeoJSON", "a.geojson"}, {"GPKG", "a.gpkg"}, {"FlatGeobuf", "a.fgb"}}) {
    spec.driver = driver;
    write_by_gdal(path(file), spec, thai_points());
    EXPECT_EQ(read(path(file)).layer.column("n").integers()[2], 9007199254740993) << driver;
  }
}

TEST_F(Formats, ListsOfGeoJson) {
  const auto file = write("lists.geojson", R"({"type":"FeatureCollection","features":[
    {"type":"Feature","properties":{"t":["วัด","ตลาด"],"i":[1,2],"r":[0.5,2],"b":true},"geometry":{"type":"Point","coordinates":[100,13]}}]})");
  const Layer layer = read(file).layer;
  EXPECT_EQ(layer.column("t").type(), ColumnType::text_list);
  EXPECT_EQ(layer.column("t").display(0), "วัด; ตลาด");
  EXPECT_EQ(layer.column("i").type(), ColumnType::integer_list);
  EXPECT_EQ(layer.column("r").type(), ColumnType::real_list);
  EXPECT_EQ(layer.column("r").display(0), "0.5; 2");
  EXPECT_THAT(layer.column("b").integers(), ElementsAre(1));
}

TEST_F(Formats, Spreadsheet) {
  FileSpec spec;
  spec.driver = "XLSX";
  spec.epsg = 0;
  spec.geometry_type = 100;  // none: the coordinates are columns
  spec.date_times = false;
  write_by_gdal(path("a.xlsx"), spec, {{"", "วัดกู่เต้า", 99, 18.5}, {"", "ตลาดน้ำ", 100, 13.25}});
  ReadOptions options;
  options.x_column = "n";
  options.y_column = "share";
  options.crs = "EPSG:4326";
  const Layer layer = read(path("a.xlsx"), options).layer;
  EXPECT_THAT(layer.geometry.x, ElementsAre(99, 100));
  EXPECT_THAT(layer.geometry.y, ElementsAre(18.5, 13.25));
  EXPECT_EQ(layer.column("name").texts()[1], "ตลาดน้ำ");
  EXPECT_EQ(layer.find("n"), nullptr) << "the coordinate columns are the geometry now";

  spec.append = true;
  spec.layer = "second";
  write_by_gdal(path("a.xlsx"), spec, {{"", "x", 1, 1}});
  const Refusal refused = refusal(path("a.xlsx"), options);
  EXPECT_EQ(refused.kind, "UsageError");
  EXPECT_EQ(refused.what, path("a.xlsx").string() + " holds 2 layers");
  EXPECT_EQ(refused.advice, "name one with --layer: sites, second");
  options.layer = "second";
  EXPECT_EQ(read(path("a.xlsx"), options).layer.name, "second");
}

TEST_F(Formats, SeveralLayersMustBeNamed) {
  FileSpec spec;
  spec.driver = "GPKG";
  spec.geometry_type = 1;
  write_by_gdal(path("a.gpkg"), spec, thai_points());
  EXPECT_EQ(read(path("a.gpkg")).layer.name, "a");
  spec.append = true;
  spec.layer = "a_table";
  spec.geometry_type = 100;
  write_by_gdal(path("a.gpkg"), spec, {{"", "x", 1, 1}});
  EXPECT_EQ(read(path("a.gpkg")).layer.size(), 3U) << "one spatial layer beside a table";
  spec.layer = "roads";
  spec.geometry_type = 2;
  write_by_gdal(path("a.gpkg"), spec, {{"LINESTRING (100 13, 101 14)", "x", 1, 1}});
  const Refusal refused = refusal(path("a.gpkg"));
  EXPECT_EQ(refused.kind, "UsageError");
  EXPECT_EQ(refused.advice, "name one with --layer: sites, roads");
  ReadOptions options;
  options.layer = "roads";
  const Layer roads = read(path("a.gpkg"), options).layer;
  EXPECT_EQ(roads.name, "roads");
  EXPECT_EQ(roads.sources[0].layer, "roads");
  EXPECT_EQ(roads.geometry.kind, GeometryKind::line);
  options.layer = "road";
  const Refusal unknown = refusal(path("a.gpkg"), options);
  EXPECT_EQ(unknown.kind, "UsageError");
  EXPECT_EQ(unknown.what, path("a.gpkg").string() + " has no layer \"road\"");
  EXPECT_EQ(unknown.advice, "did you mean roads? the layers are sites, roads");
}

TEST_F(Formats, ShapefileHashCoversItsParts) {
  FileSpec spec;
  spec.driver = "ESRI Shapefile";
  spec.layer = "p";
  spec.geometry_type = 1;
  spec.date_times = false;
  write_by_gdal(path("p.shp"), spec, thai_points());
  std::string all;
  for (const char* part : {"p.cpg", "p.dbf", "p.prj", "p.shp", "p.shx"}) {
    std::ifstream in(path(part), std::ios::binary);
    all.append(std::istreambuf_iterator<char>(in), {});
  }
  EXPECT_EQ(sha256_of_source(path("p.shp")), sha256_hex(all));
  EXPECT_EQ(read(path("p.shp")).layer.sources[0].sha256, sha256_hex(all));
  std::ofstream(path("p.dbf"), std::ios::app) << ' ';
  EXPECT_NE(sha256_of_source(path("p.shp")), sha256_hex(all));
}

TEST_F(Formats, ShapefileWithoutItsTableIsGeometryAlone) {
  FileSpec spec;
  spec.driver = "ESRI Shapefile";
  spec.layer = "p";
  spec.geometry_type = 1;
  spec.date_times = false;
  write_by_gdal(path("p.shp"), spec, thai_points());
  std::filesystem::remove(path("p.dbf"));
  const ReadResult result = read(path("p.shp"));
  EXPECT_EQ(result.layer.size(), 3U);
  EXPECT_EQ(result.diagnostics.count("missing-dbf"), 1);
  std::filesystem::remove(path("p.shx"));
  const Refusal refused = refusal(path("p.shp"));
  EXPECT_EQ(refused.kind, "InputError");
  EXPECT_THAT(refused.what, HasSubstr("the .shx part of the Shapefile is missing"));
}

TEST_F(Formats, GeoJsonCrsMemberIsHonoured) {
  const auto file = write("utm.geojson", R"({"type":"FeatureCollection",
    "crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::32647"}},
    "features":[{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[500000,1500000]}}]})");
  const Layer layer = read(file).layer;
  EXPECT_EQ(layer.crs.code(), "EPSG:32647");
  EXPECT_EQ(layer.geometry.x[0], 500000);
  ReadOptions options;
  options.crs = "EPSG:32648";
  const ReadResult overridden = read(file, options);
  EXPECT_EQ(overridden.layer.crs.code(), "EPSG:32648");
  EXPECT_EQ(overridden.diagnostics.count("crs-overridden"), 1);
}

TEST_F(Formats, CrsFromTheWebIsNotFetched) {
  const auto file = write("web.geojson", R"({"type":"FeatureCollection",
    "crs":{"type":"link","properties":{"href":"http://127.0.0.1:9/crs","type":"ogcwkt"}},
    "features":[{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[100,13]}}]})");
  const Refusal refused = refusal(file);
  EXPECT_EQ(refused.kind, "InputError") << refused.what;
}

}  // namespace
}  // namespace yaan::test
