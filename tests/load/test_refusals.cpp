// What is not read, and what is said about it.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>

#include <cpl_error.h>

#include "load/gdal_session.hpp"
#include "load/test_files.hpp"
#include "yaan/core/error.hpp"

namespace yaan::test {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kPoint =
    R"({"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"ก"},"geometry":{"type":"Point","coordinates":[100,13]}}]})";

class Refusals : public FileTest {};

TEST_F(Refusals, NotAPlainPath) {
  struct Case {
    std::string path;
    std::string what;
  };
  for (const Case& c :
       {Case{"/vsizip/a.zip/b.geojson", "/vsizip/a.zip/b.geojson: virtual file systems are not read"},
        Case{"/vsicurl/http://example.com/a.geojson",
             "/vsicurl/http://example.com/a.geojson: virtual file systems are not read"},
        Case{"http://example.com/a.geojson",
             "http://example.com/a.geojson: \"http:\" names a service or a driver, not a file"},
        Case{"GEOJSON:a.geojson", "GEOJSON:a.geojson: \"GEOJSON:\" names a service or a driver, not a file"},
        Case{"pg:dbname=x password=top", "behind pg: stands something else than the name of a service"},
        Case{"pg:/run/postgresql", "behind pg: stands something else than the name of a service"},
        Case{"pg:my service", "behind pg: stands something else than the name of a service"},
        Case{"PG:heritage", "a database is named by pg:SERVICE, in small letters"},
        Case{"postgresql://somebody:top@host/db", "a database is named by pg:SERVICE, in small letters"},
        Case{R"({"type":"Point","coordinates":[1,2]})",
             R"("{"type":"Point","coordinates":[1,2]}" is inline text, not the path of a file)"},
        Case{"", "no file is named"}}) {
    const Refusal refused = refusal(c.path);
    EXPECT_EQ(refused.kind, "UsageError") << c.path;
    EXPECT_EQ(refused.what, c.what);
    EXPECT_FALSE(refused.advice.empty()) << c.path;
  }
}

TEST_F(Refusals, AColonInAFileNameIsAllowedBehindAFolder) {
  const auto file = write("report:2026.geojson", kPoint);
  EXPECT_EQ(read(file).layer.size(), 1U);
}

TEST_F(Refusals, MissingFileNamesTheNearest) {
  write("provinces.geojson", kPoint);
  const Refusal refused = refusal(path("province.geojson"));
  EXPECT_EQ(refused.kind, "InputError");
  EXPECT_EQ(refused.what, "there is no file " + path("province.geojson").string());
  EXPECT_EQ(refused.advice, "did you mean provinces.geojson?");
  EXPECT_THAT(refusal(path("no/such/folder.csv")).advice, HasSubstr("is not there"));
}

TEST_F(Refusals, FolderPipeAndEmptyFile) {
  std::filesystem::create_directory(path("folder.gpkg"));
  EXPECT_EQ(refusal(path("folder.gpkg")).what,
            "the folder " + path("folder.gpkg").string() + " holds no file that can be read");
  ASSERT_EQ(mkfifo(path("pipe.csv").c_str(), 0600), 0);
  EXPECT_EQ(refusal(path("pipe.csv")).what,
            path("pipe.csv").string() + " is a pipe, a socket or a device, not a plain file");
  EXPECT_EQ(refusal("/dev/null").what, "/dev/null is a pipe, a socket or a device, not a plain file");
  write("empty.geojson", "");
  EXPECT_EQ(refusal(path("empty.geojson")).what, path("empty.geojson").string() + " is empty (0 bytes)");
  for (const char* name : {"folder.gpkg", "pipe.csv", "empty.geojson"})
    EXPECT_EQ(refusal(path(name)).kind, "InputError");
}

TEST_F(Refusals, ContentThatIsNotWhatTheNameSays) {
  FileSpec spec;
  spec.driver = "GPKG";
  spec.geometry_type = 1;
  write_by_gdal(path("a.gpkg"), spec, thai_points());
  std::filesystem::rename(path("a.gpkg"), path("a.geojson"));
  const Refusal refused = refusal(path("a.geojson"));
  EXPECT_EQ(refused.kind, "InputError");
  EXPECT_EQ(refused.what, path("a.geojson").string() +
                              " is named like GeoJSON, but its content looks like a GeoPackage (an SQLite database)");
  EXPECT_EQ(refused.advice, "rename it to a.gpkg");

  write("b.gpkg", kPoint);
  EXPECT_THAT(refusal(path("b.gpkg")).what,
              HasSubstr("named like GeoPackage, but its content looks like a JSON document"));
  write("c.csv", "<!DOCTYPE html><html><body>404</body></html>");
  EXPECT_THAT(refusal(path("c.csv")).what, HasSubstr("a web page (HTML)"));
  write("d.geojson", R"({"objects":{},"type" : "Topology"})");
  EXPECT_THAT(refusal(path("d.geojson")).what, HasSubstr("a TopoJSON document"));
  write("e.geojson", std::string_view("\xff\xfei\0d\0", 6));
  EXPECT_THAT(refusal(path("e.geojson")).what, HasSubstr("UTF-16"));
  write("f.pdf", "%PDF-1.4");
  EXPECT_THAT(refusal(path("f.pdf")).what,
              HasSubstr("has the extension .pdf, which is not read; its content looks like a PDF"));
  EXPECT_THAT(refusal(path("f.pdf")).advice, HasSubstr(".gpkg"));
  write("g.geojson", " \n ");
  EXPECT_THAT(refusal(path("g.geojson")).what, HasSubstr("nothing but blanks"));
}

TEST_F(Refusals, EveryFormatCutShort) {
  struct Case {
    std::string driver;
    std::string file;
    std::string what;
  };
  std::vector<Row> rows;
  for (int i = 0; i < 600; ++i) rows.push_back({"POINT (100 " + std::to_string(10 + i * 0.01) + ")", "วัดกู่เต้า", i, 0.5});
  for (const Case& c : {Case{"GeoJSON", "a.geojson", "is cut short: the JSON ends with"},
                        Case{"GPKG", "a.gpkg", "is cut short: the database has"},
                        Case{"ESRI Shapefile", "a.shp", "is cut short: the .shp has"}, Case{"FlatGeobuf", "a.fgb", ""},
                        Case{"LIBKML", "a.kml", "is cut short: the closing </kml> is missing"},
                        Case{"XLSX", "a.xlsx", "is cut short: the directory at its end is missing"}}) {
    FileSpec spec;
    spec.driver = c.driver;
    spec.layer = "a";
    spec.date_times = false;
    spec.geometry_type = c.driver == "XLSX" ? 100 : 1;
    spec.epsg = c.driver == "XLSX" ? 0 : 4326;
    write_by_gdal(path(c.file), spec, rows);
    const auto size = std::filesystem::file_size(path(c.file));
    for (const std::uintmax_t part : {3U, 6U, 9U}) {
      // From the whole file again: cut back step by step.
      cut(path(c.file), size * (10 - part) / 10);
      const Refusal refused = refusal(path(c.file));
      EXPECT_EQ(refused.kind, "InputError") << c.file << " " << part << " " << refused.what;
      EXPECT_THAT(refused.what, HasSubstr(path(c.file).string()));
      EXPECT_THAT(refused.what, HasSubstr(c.what)) << c.file;
    }
  }
}

TEST_F(Refusals, ShapefileTableCutShort) {
  FileSpec spec;
  spec.driver = "ESRI Shapefile";
  spec.layer = "a";
  spec.geometry_type = 1;
  spec.date_times = false;
  write_by_gdal(path("a.shp"), spec, thai_points());
  cut(path("a.dbf"), std::filesystem::file_size(path("a.dbf")) - 100);
  EXPECT_THAT(refusal(path("a.shp")).what, HasSubstr("is cut short: the .dbf has"));
}

TEST_F(Refusals, MissingCrs) {
  const std::string advice =
      "say it with --crs: --crs EPSG:4326 for longitude and latitude in degrees, EPSG:32647 or EPSG:32648 for UTM in "
      "Thailand, local for a plane of its own";
  const auto csv = write("a.csv", "id,lon,lat\n1,100,13\n");
  FileSpec spec;
  spec.driver = "ESRI Shapefile";
  spec.layer = "a";
  spec.epsg = 0;
  spec.geometry_type = 1;
  spec.date_times = false;
  write_by_gdal(path("a.shp"), spec, thai_points());
  spec.driver = "GPKG";
  write_by_gdal(path("a.gpkg"), spec, thai_points());
  for (const auto& file : {csv, path("a.shp"), path("a.gpkg")}) {
    const Refusal refused = refusal(file);
    EXPECT_EQ(refused.kind, "InputError");
    EXPECT_EQ(refused.what, file.string() + " does not say in which coordinate reference system its coordinates are");
    EXPECT_EQ(refused.advice, advice);
    ReadOptions options;
    options.crs = "EPSG:4326";
    EXPECT_TRUE(read(file, options).layer.crs.is_wgs84());
    options.crs = "EPSG:999999";
    EXPECT_EQ(refusal(file, options).kind, "UsageError");
  }
}

TEST_F(Refusals, Bounds) {
  const auto file = write("a.geojson", kPoint);
  ReadOptions options;
  options.max_file_bytes = 10;
  EXPECT_THAT(refusal(file, options).what, HasSubstr("bytes, more than the bound of 10"));
  options = {};
  options.max_nesting = 4;
  EXPECT_THAT(refusal(file, options).what, HasSubstr("nests brackets deeper than the bound of 4"));
  options = {};
  options.max_fields = 0;
  EXPECT_THAT(refusal(file, options).what, HasSubstr("1 columns, more than the bound of 0"));
  options = {};
  options.max_features = 0;
  EXPECT_THAT(refusal(file, options).what, HasSubstr("more features than the bound of 0"));
  const auto csv = write("a.csv", "lon,lat\n1,2\n3,4\n");
  options.crs = "EPSG:4326";
  options.max_features = 1;
  EXPECT_THAT(refusal(csv, options).what, HasSubstr("more features than the bound of 1"));
  options.max_features = 2;
  EXPECT_EQ(read(csv, options).layer.size(), 2U);
  FileSpec spec;
  spec.driver = "XLSX";
  spec.epsg = 0;
  spec.geometry_type = 100;
  write_by_gdal(path("a.xlsx"), spec, thai_points());
  options = {};
  options.max_unpacked_bytes = 1000;
  EXPECT_THAT(refusal(path("a.xlsx"), options).what, HasSubstr("bytes, more than the bound of 1,000"));
}

TEST_F(Refusals, DeepNestingDoesNotCrash) {
  std::string deep =
      R"({"type":"FeatureCollection","features":)" + std::string(200'000, '[') + std::string(200'000, ']') + "}";
  const auto file = write("deep.geojson", deep);
  EXPECT_THAT(refusal(file).what, HasSubstr("nests brackets deeper than the bound of 64"));
}

TEST_F(Refusals, CrsThatIsNoMap) {
  FileSpec spec;
  spec.driver = "GPKG";
  spec.geometry_type = 1;
  spec.epsg = 4978;  // geocentric
  write_by_gdal(path("a.gpkg"), spec, thai_points());
  const Refusal refused = refusal(path("a.gpkg"));
  EXPECT_EQ(refused.kind, "InputError");
  EXPECT_EQ(refused.what,
            path("a.gpkg").string() + " states the coordinate reference system WGS 84, which cannot be used");
  ReadOptions options;
  options.crs = "EPSG:4326";
  EXPECT_EQ(read(path("a.gpkg"), options).diagnostics.count("unusable-crs"), 1);
}

// Changed bytes anywhere: a layer or a stated reason, never a crash or another exception.
TEST_F(Refusals, DamagedFilesEndInAReason) {
  std::mt19937 random(20261123);
  int rounds = 30;
  if (const char* more = std::getenv("YAAN_FUZZ_ROUNDS")) rounds = std::atoi(more);
  for (const auto& [driver, file] : {std::pair{"GeoJSON", "a.geojson"},
                                     {"GPKG", "a.gpkg"},
                                     {"ESRI Shapefile", "a.shp"},
                                     {"FlatGeobuf", "a.fgb"},
                                     {"LIBKML", "a.kml"},
                                     {"XLSX", "a.xlsx"}}) {
    FileSpec spec;
    spec.driver = driver;
    spec.layer = "a";
    spec.date_times = false;
    spec.booleans = driver != std::string("GPKG");
    const bool table = driver == std::string("XLSX");
    spec.geometry_type = table ? 100 : 0;
    if (driver == std::string("ESRI Shapefile")) spec.geometry_type = 3;
    spec.epsg = table ? 0 : 4326;
    std::vector<Row> rows = {{"POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0),(1 1, 1 2, 2 2, 1 1))", "วัด", 1, 0.1},
                             {"MULTIPOLYGON (((5 5, 6 5, 6 6, 5 5)),((7 7, 8 7, 8 8, 7 7)))", "ตลาด", 2, 0.2}};
    write_by_gdal(path(file), spec, rows);
    std::ifstream in(path(file), std::ios::binary);
    const std::string whole(std::istreambuf_iterator<char>(in), {});
    ReadOptions options;
    options.crs = "EPSG:4326";
    options.table = true;
    for (int round = 0; round < rounds; ++round) {
      std::string damaged = whole;
      const std::uint32_t changes = 1 + random() % 8;
      for (std::uint32_t i = 0; i < changes; ++i) damaged[random() % damaged.size()] = static_cast<char>(random());
      if (random() % 4 == 0) damaged.resize(1 + random() % damaged.size());
      write(file, damaged);
      const Refusal refused = refusal(path(file), options);
      EXPECT_NE(refused.kind, "other") << file << " round " << round << ": " << refused.what;
    }
  }
}

TEST_F(Refusals, CancelStopsTheRun) {
  const auto file = write("a.geojson", kPoint);
  Progress progress;
  progress.cancel();
  EXPECT_THROW(read_layer(file, {}, progress), Cancelled);
}

TEST(GdalMessages, TheLastFailureIsHeardBehindAnyNumberOfWarnings) {
  GdalMessages messages;
  for (int i = 0; i < 1'500; ++i) CPLError(CE_Warning, CPLE_AppDefined, "a warning");
  for (int i = 0; i < 3; ++i) CPLError(CE_Failure, CPLE_AppDefined, "failure %d", i);
  EXPECT_EQ(messages.first(), "failure 2");
  EXPECT_TRUE(messages.all().back().failure);
  EXPECT_EQ(messages.all().size() + messages.more(), 1'503U);
}

}  // namespace
}  // namespace yaan::test
