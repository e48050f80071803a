// Site lists as they arrive, against the truth beside them.
#include <gmock/gmock.h>

#include <array>
#include <cmath>
#include <fstream>
#include <map>

#include "load/test_files.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/numbers.hpp"

namespace yaan::test {
namespace {

struct Truth {
  std::string defect;
  double latitude = 0;
  double longitude = 0;
};

std::vector<Truth> truth_table() {
  std::ifstream in(shared("data/dirty/heritage_dirty_truth.csv"));
  std::vector<Truth> rows;
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    std::array<std::string, 5> cells;
    std::size_t begin = 0;
    for (std::string& cell : cells) {
      const std::size_t end = std::min(line.find(',', begin), line.size());
      cell = line.substr(begin, end - begin);
      begin = end + 1;
    }
    rows.push_back({cells[1], parse_double(cells[2]).value_or(NAN), parse_double(cells[3]).value_or(NAN)});
  }
  return rows;
}

class DirtySites : public ::testing::TestWithParam<std::string> {};

TEST_P(DirtySites, EveryDefectIsFoundAndNoOther) {
  const auto file = shared("data/dirty/" + GetParam());
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "no reference data: " << file;
  const std::vector<Truth> truth = truth_table();
  ASSERT_EQ(truth.size(), 208U);
  std::map<std::string, std::int64_t> stated;
  for (const Truth& row : truth) ++stated[row.defect];

  ReadOptions options;
  options.crs = "EPSG:4326";
  const ReadResult result = read(file, options);
  const Diagnostics& found = result.diagnostics;
  EXPECT_EQ(found.count("swapped-axes"), stated["swapped"]);
  EXPECT_EQ(found.count("null-geometry"), stated["missing"]);
  // The duplicate of a row with a defect has that defect too.
  std::map<std::string, std::int64_t> repeated;
  for (std::size_t i = 1; i < truth.size(); ++i)
    if (truth[i].defect == "duplicate of previous") ++repeated[truth[i - 1].defect];
  EXPECT_EQ(found.count("degrees-minutes"), stated["dms"] + repeated["dms"]);
  EXPECT_EQ(found.count("decimal-comma"), stated["decimal comma"] + repeated["decimal comma"]);
  EXPECT_EQ(found.count("thai-digits"), stated["thai digits (lat)"] + repeated["thai digits (lat)"]);
  EXPECT_EQ(found.count("unreadable-coordinate") + found.count("out-of-range-coordinate"), 0);
  EXPECT_EQ(found.count("lost-symbols"), GetParam().find("cp874") == std::string::npos ? 0 : stated["dms"]);
  EXPECT_EQ(found.count("guessed-encoding"), GetParam().find("cp874") == std::string::npos ? 0 : 1);

  std::size_t feature = 0;
  for (std::size_t row = 0; row < truth.size(); ++row) {
    if (truth[row].defect == "missing") continue;
    ASSERT_LT(feature, result.layer.size());
    // One metre is 0.000009 degrees here.
    EXPECT_NEAR(result.layer.geometry.y[feature], truth[row].latitude, 9e-6) << "row " << row + 1;
    EXPECT_NEAR(result.layer.geometry.x[feature], truth[row].longitude, 9e-6) << "row " << row + 1;
    ++feature;
  }
  EXPECT_EQ(feature, result.layer.size());
  EXPECT_EQ(result.layer.column("ชื่อแหล่ง").texts()[0], "พระบรมมหาราชวัง");
}

INSTANTIATE_TEST_SUITE_P(Load, DirtySites,
                         ::testing::Values("heritage_dirty_bom_thaihdr.csv", "heritage_dirty_cp874.csv"),
                         [](const auto& p) { return p.param.substr(0, p.param.find('.')); });

class TablePositions : public FileTest {
 protected:
  ReadResult table(std::string_view text, ReadOptions options = {}) {
    if (options.crs.empty()) options.crs = "EPSG:4326";
    return read(write("t.csv", text), options);
  }
};

TEST_F(TablePositions, BothCoordinatesInOneText) {
  for (const char* text : {"name,พิกัด\na,\"17.018174, 99.704116\"\nb,17°0′26″N 99°47′23″E\n",
                           "name,coordinates\na,\"99.704116, 17.018174\"\nb,E99°47′23″ N17°0′26″\n"}) {
    const ReadResult result = table(text);
    ASSERT_EQ(result.layer.size(), 2U) << text;
    EXPECT_NEAR(result.layer.geometry.x[0], 99.704116, 1e-9) << text;
    EXPECT_NEAR(result.layer.geometry.y[1], 17.00722, 1e-4) << text;
    EXPECT_EQ(result.layer.columns.size(), 1U) << "no second copy of a position";
  }
}

TEST_F(TablePositions, GeometriesAsText) {
  const ReadResult points = table("name,wkt\na,POINT (100.5 13.75)\nb,nonsense\n");
  ASSERT_EQ(points.layer.size(), 1U);
  EXPECT_EQ(points.diagnostics.count("unreadable-geometry"), 1);
  const ReadResult areas = table("name;geom\na;POLYGON ((100 13, 101 13, 101 14, 100 13))\n");
  EXPECT_EQ(areas.layer.geometry.kind, GeometryKind::polygon);
}

TEST_F(TablePositions, TheHemisphereSaysWhichIsWhich) {
  const ReadResult result = table("name,lat,lon\na,100.5 E,13.75 N\nb,13.75,100.5\n");
  ASSERT_EQ(result.layer.size(), 2U);
  EXPECT_DOUBLE_EQ(result.layer.geometry.x[0], 100.5);
  EXPECT_EQ(result.diagnostics.count("swapped-axes"), 1);
  EXPECT_EQ(table("name,lat,lon\na,13 N,14 N\nb,13.75,100.5\n").diagnostics.count("unreadable-coordinate"), 1);
}

TEST_F(TablePositions, SwappedAxesByOption) {
  const char* text = "name,lat,lon\na,13.7,100.5\nb,100.6,13.8\nc,98,-33\nd,14,101\n";
  const ReadResult fitting = table(text);
  EXPECT_EQ(fitting.layer.size(), 3U);
  EXPECT_EQ(fitting.diagnostics.count("swapped-axes"), 1);
  EXPECT_EQ(fitting.diagnostics.count("out-of-range-coordinate"), 1) << "far from the others: not a swap";
  EXPECT_EQ(fitting.layer.column("name").texts()[1], "b") << "rows keep their order";
  EXPECT_DOUBLE_EQ(fitting.layer.geometry.x[1], 100.6);
  ReadOptions options;
  options.swapped_axes = SwappedAxes::none;
  EXPECT_EQ(table(text, options).diagnostics.count("out-of-range-coordinate"), 2);
  options.swapped_axes = SwappedAxes::all;
  EXPECT_EQ(table(text, options).diagnostics.count("swapped-axes"), 2);
}

TEST_F(TablePositions, EastingsInColumnsOfDegrees) {
  const char* text = "name,lat,lon\na,13.7,100.5\nb,1519337.6,661956.5\n";
  const ReadResult doubted = table(text);
  EXPECT_EQ(doubted.layer.size(), 1U);
  EXPECT_EQ(doubted.diagnostics.count("projected-coordinate"), 1);
  ReadOptions options;
  options.plane_crs = "EPSG:32647";
  const ReadResult repaired = table(text, options);
  ASSERT_EQ(repaired.layer.size(), 2U);
  EXPECT_NEAR(repaired.layer.geometry.x[1], 100.4982, 1e-3);
  EXPECT_NEAR(repaired.layer.geometry.y[1], 13.7387, 1e-3);
}

TEST_F(TablePositions, EncodingsByBytesAndByName) {
  const std::string utf16 = [] {
    std::u16string text = u"\uFEFFname,lat,lon\nวัด,13.7,100.5\n";
    std::string bytes;
    for (const char16_t unit : text) {
      bytes += static_cast<char>(unit & 0xFF);
      bytes += static_cast<char>(unit >> 8);
    }
    return bytes;
  }();
  EXPECT_EQ(table(utf16).layer.column("name").texts()[0], "วัด");
  EXPECT_EQ(table(utf16.substr(2)).layer.column("name").texts()[0], "วัด") << "without its mark";
  EXPECT_EQ(table(utf16.substr(2)).diagnostics.count("guessed-encoding"), 1);
  ReadOptions options;
  options.encoding = "TIS-620";
  const ReadResult asked = table("name,lat,lon\n\xC7\xD1\xB4,13.7,100.5\n", options);
  EXPECT_EQ(asked.layer.column("name").texts()[0], "วัด");
  EXPECT_EQ(asked.diagnostics.count("guessed-encoding"), 0);
  options.encoding = "Latin-1";
  EXPECT_EQ(table("name,lat,lon\n\xC7\xD1\xB4,13.7,100.5\n", options).layer.column("name").texts()[0], "ÇÑ´");
  options.encoding = "KOI-8";
  EXPECT_THROW(table("name,lat,lon\na,13.7,100.5\n", options), UsageError);
}

class ShapefileText : public FileTest {
 protected:
  /// Thai points in the encoding, with the .cpg replaced; none is left where `cpg` is null.
  ReadResult shapefile(const char* encoding, const char* cpg, const ReadOptions& options = {}) {
    FileSpec spec{
        .driver = "ESRI Shapefile", .layer = "sites", .date_times = false, .booleans = false, .layer_options = {}};
    spec.layer_options = {std::string("ENCODING=") + encoding};
    const auto file = path("sites.shp");
    write_by_gdal(file, spec, thai_points());
    std::filesystem::remove(path("sites.cpg"));
    if (cpg != nullptr) write("sites.cpg", cpg);
    return read(file, options);
  }
};

TEST_F(ShapefileText, AWrongCpgIsOverruledByTheBytes) {
  const std::string name = thai_points().front().name;
  struct Case {
    const char* encoding;
    const char* cpg;
    std::int64_t wrong;
  };
  for (const Case& c : {Case{"CP874", "UTF-8", 1}, Case{"CP874", "ISO-8859-1\r\n", 1}, Case{"CP874", "874", 0},
                        Case{"CP874", "TIS-620", 0}, Case{"UTF-8", "UTF-8", 0}, Case{"UTF-8", "CP874", 1}}) {
    const ReadResult result = shapefile(c.encoding, c.cpg);
    EXPECT_EQ(result.layer.column("name").texts()[0], name) << c.encoding << " as " << c.cpg;
    EXPECT_EQ(result.diagnostics.count("wrong-encoding") > 0, c.wrong > 0) << c.encoding << " as " << c.cpg;
  }
  ReadOptions options;
  options.encoding = "windows-874";
  EXPECT_EQ(shapefile("CP874", "UTF-8", options).diagnostics.count("wrong-encoding"), 0) << "the user knows";
}

TEST_F(ShapefileText, ACpgThatNobodyKnowsLeavesItToTheBytes) {
  for (const char* cpg : {"MS874", "Thai"}) {
    const ReadResult guessed = shapefile("CP874", cpg);
    EXPECT_EQ(guessed.layer.column("name").texts()[0], thai_points()[0].name) << cpg;
    EXPECT_GT(guessed.diagnostics.count("guessed-encoding"), 0) << cpg;
    ReadOptions options;
    options.encoding = "windows-874";
    const ReadResult asked = shapefile("CP874", cpg, options);
    EXPECT_EQ(asked.layer.column("name").texts()[0], thai_points()[0].name) << cpg;
    EXPECT_EQ(asked.diagnostics.count("guessed-encoding"), 0) << cpg;
  }
}

TEST_F(ShapefileText, AnEncodingThatWasAskedForWinsOverOneThatGdalKnows) {
  ReadOptions options;
  options.encoding = "windows-874";
  EXPECT_EQ(shapefile("CP874", "CP1251", options).layer.column("name").texts()[0], thai_points()[0].name);
}

TEST_F(ShapefileText, RowsMarkedAsDeletedAreCounted) {
  FileSpec spec;
  spec.driver = "ESRI Shapefile";
  spec.geometry_type = 1;
  spec.date_times = spec.booleans = false;
  write_by_gdal(path("sites.shp"), spec, thai_points());
  std::fstream dbf(path("sites.dbf"), std::ios::in | std::ios::out | std::ios::binary);
  std::array<char, 12> head{};
  dbf.read(head.data(), head.size());
  const auto number = [&](std::size_t at) {
    return static_cast<unsigned char>(head[at]) | static_cast<unsigned char>(head[at + 1]) << 8U;
  };
  dbf.seekp(number(8) + number(10));
  dbf.put('*');
  dbf.close();
  const ReadResult sites = read(path("sites.shp"));
  EXPECT_EQ(sites.layer.size(), 2U);
  EXPECT_EQ(sites.diagnostics.count("deleted-row"), 1);
  EXPECT_EQ(sites.diagnostics.count("feature-count"), 0);
  for (const char* part : {"sites.shp", "sites.shx"}) std::filesystem::remove(path(part));
  ReadOptions options;
  options.table = true;
  EXPECT_EQ(read(path("sites.dbf"), options).diagnostics.count("deleted-row"), 1);
}

TEST_F(ShapefileText, TextCutInsideACharacter) {
  FileSpec spec{
      .driver = "ESRI Shapefile", .layer = "cut", .date_times = false, .booleans = false, .layer_options = {}};
  spec.layer_options = {"ENCODING=UTF-8"};
  std::string longest;
  while (longest.size() < 300) longest += "วัด";
  write_by_gdal(path("cut.shp"), spec, {{"POINT (100 13)", "ab" + longest, 1}});
  // A field of a DBF ends after so many bytes, whatever character is there.
  std::string bytes;
  {
    std::ifstream in(path("cut.dbf"), std::ios::binary);
    bytes.assign(std::istreambuf_iterator<char>(in), {});
  }
  const std::size_t at = bytes.find("ab" + longest.substr(0, 30));
  ASSERT_NE(at, std::string::npos);
  const std::size_t width = static_cast<unsigned char>(bytes[32 + 16]);
  const std::string padded = ("xab" + longest).substr(0, width);  // GDAL itself cuts between characters
  bytes.replace(at, width, padded);
  write("cut.dbf", bytes);
  const ReadResult result = read(path("cut.shp"));
  const std::string_view text = result.layer.column("name").texts()[0];
  EXPECT_EQ(result.diagnostics.count("cut-text"), 1) << width;
  EXPECT_EQ(text, padded.substr(0, text.size()));
  EXPECT_LT(padded.size() - text.size(), 3U);
  EXPECT_EQ(result.diagnostics.count("invalid-utf8") + result.diagnostics.count("wrong-encoding"), 0);
}

}  // namespace
}  // namespace yaan::test
