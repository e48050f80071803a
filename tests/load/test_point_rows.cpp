// The quick readers of Shapefiles, GeoPackages, FlatGeobuf and CSV: the same layer as by the slow ways, or none.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>

#include <fstream>
#include <iterator>

#include "load/gdal_layer.hpp"
#include "load/point_flatgeobuf.hpp"
#include "load/point_geopackage.hpp"
#include "load/point_shapefile.hpp"
#include "load/read_here.hpp"
#include "load/test_files.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan::test {
namespace {

class PointRows : public FileTest {
 protected:
  // All that reading gives, or the error.
  [[nodiscard]] static std::string outcome(const std::filesystem::path& file, bool quick) {
    ReadOptions options;
    options.column_stream = quick;
    Progress progress;
    try {
      const ReadResult result = read_layer_here(file, options, progress);
      std::string all = everything(result.layer) + result.layer.name + result.layer.crs.wkt();
      for (const Diagnostic& entry : result.diagnostics.entries())
        all += fmt::format("\n{} {} {} {}", entry.code, entry.message, entry.count, fmt::join(entry.features, ","));
      return all;
    } catch (const Error& error) {
      return std::string("error: ") + error.what() + error.advice();
    }
  }
  static void expect_same(const std::filesystem::path& file, const std::string& what) {
    EXPECT_EQ(first_difference(outcome(file, true), outcome(file, false)), "") << what;
  }

  // Whether the rows of name, n, share and day are read directly.
  static bool is_plain(const std::filesystem::path& file, FileFormat format) {
    using Take = FieldPlan::Take;
    GdalFile opened(file, "sites", format, "");
    RawLayer raw;
    raw.has_shapes = true;
    raw.columns = {Column("name", ColumnType::text), Column("n", ColumnType::integer),
                   Column("share", ColumnType::real), Column("day", ColumnType::date)};
    const std::vector<FieldPlan> plan = {{0, Take::text}, {1, Take::integer}, {2, Take::real}, {3, Take::date}};
    Progress progress;
    OGRLayer& layer = *opened.layers().front().layer;
    if (format == FileFormat::shapefile) return read_point_shapefile(file, layer, plan, raw, {}, progress);
    raw.columns.insert(raw.columns.begin(), Column("fid", ColumnType::integer));
    return read_point_geopackage(file, opened.dataset(), layer, plan, true, raw, {}, progress);
  }

  void write_points(const char* driver, const char* file, const std::vector<Row>& rows,
                    std::vector<std::string> layer_options = {}) const {
    FileSpec spec;
    spec.driver = driver;
    spec.geometry_type = 1;
    spec.date_times = false;
    spec.booleans = false;
    spec.layer_options = std::move(layer_options);
    write_by_gdal(path(file), spec, rows);
  }
};

std::vector<Row> many_rows(std::size_t count) {
  std::vector<Row> rows;
  for (std::size_t i = 0; i < count; ++i) {
    Row row{fmt::format("POINT ({} {})", 97.5 + 1e-5 * static_cast<double>(i), 20 - 1e-5 * static_cast<double>(i)),
            fmt::format("วัดที่ {}", i), static_cast<std::int64_t>(i) * 1'000'003, static_cast<double>(i) / 7};
    row.null_values = i % 11 == 3;
    if (i % 1013 == 5) row.wkt = "";
    if (i % 17 == 2) row.name = "";
    rows.push_back(std::move(row));
  }
  return rows;
}

TEST_F(PointRows, ShapefilesOfManyBlocks) {
  write_points("ESRI Shapefile", "a.shp", many_rows(70'000), {"ENCODING=UTF-8"});
  EXPECT_TRUE(is_plain(path("a.shp"), FileFormat::shapefile));
  expect_same(path("a.shp"), "many");
  set_thread_count(1);
  const std::string alone = outcome(path("a.shp"), true);
  set_thread_count(0);
  EXPECT_EQ(first_difference(alone, outcome(path("a.shp"), true)), "");
}

TEST_F(PointRows, CellsOfDbfTables) {
  write_points("ESRI Shapefile", "a.shp", thai_points(), {"ENCODING=UTF-8"});
  std::ifstream in(path("a.dbf"), std::ios::binary);
  const std::string whole{std::istreambuf_iterator<char>(in), {}};
  in.close();
  struct Place {
    std::size_t offset;
    std::size_t width;
  };
  constexpr std::size_t kHeader = 161;
  constexpr std::size_t kRecord = 131;
  constexpr Place kMark{0, 1}, kName{1, 80}, kN{81, 18}, kShare{99, 24}, kDay{123, 8};
  ASSERT_EQ(whole.size(), kHeader + 3 * kRecord + 1);
  using namespace std::string_literals;
  const struct {
    Place place;
    std::string cell;
    bool plain;
  } cases[] = {{kMark, "*", false},
               {kName, "  two  spaces ", true},
               {kName, "", true},
               {kName, "before\0behind"s, true},
               {kName, "padded\0\0\0"s, true},
               {kName, std::string(80, '\0'), true},
               {kName, "\xC7\xD1\xB4", true},
               {kN, "", true},
               {kN, "               007", true},
               {kN, "-0", true},
               {kN, "-999999999999999999"s.substr(0, 18), true},
               {kN, "999999999999999999", true},
               {kN, "******************", true},
               {kN, "12    *", false},
               {kN, "+5", false},
               {kN, "5.", false},
               {kN, "12.5", false},
               {kN, "1e5", false},
               {kN, "- 5", false},
               {kN, "5\r", false},
               {kN, "12\0\0"s, false},
               {kN, std::string(18, '\0'), false},
               {kN, "x", false},
               {kShare, "", true},
               {kShare, "-0", true},
               {kShare, "5.", true},
               {kShare, ".5", true},
               {kShare, "-.5", true},
               {kShare, "0005.25", true},
               {kShare, "1.5e+003", true},
               {kShare, "1E5", true},
               {kShare, "123456789012345678901.5", true},
               {kShare, "0.1234567890123456789", true},
               {kShare, "1e999", false},
               {kShare, "nan", false},
               {kShare, "-inf", false},
               {kShare, "0x10", false},
               {kShare, "1,5", false},
               {kShare, "1 5", false},
               {kDay, "20240229", true},
               {kDay, "00000000", true},
               {kDay, "", true},
               {kDay, "20230229", false},
               {kDay, "2026-2-8", false},
               {kDay, "99", false},
               {kDay, "00000101", false}};
  for (const auto& each : cases) {
    std::string changed = whole;
    std::string cell = each.cell;
    cell.resize(each.place.width, ' ');
    changed.replace(kHeader + kRecord + each.place.offset, each.place.width, cell);
    write("a.dbf", changed);
    EXPECT_EQ(is_plain(path("a.shp"), FileFormat::shapefile), each.plain) << each.cell;
    expect_same(path("a.shp"), each.cell);
  }
}

TEST_F(PointRows, OtherShapefilesAreLeftToGdal) {
  for (const char* wkt : {"POINT Z (100 13 5)", "MULTIPOINT ((100 13),(101 14))", "LINESTRING (100 13, 101 14)"}) {
    FileSpec spec;
    spec.driver = "ESRI Shapefile";
    spec.booleans = spec.date_times = false;
    spec.layer_options = {"ENCODING=UTF-8"};
    for (const char* part : {"b.shp", "b.shx", "b.dbf", "b.prj", "b.cpg"}) std::filesystem::remove(path(part));
    write_by_gdal(path("b.shp"), spec, {{wkt, "a", 1, 0.5}, {wkt, "b", 2, 1.5}});
    EXPECT_FALSE(is_plain(path("b.shp"), FileFormat::shapefile)) << wkt;
    expect_same(path("b.shp"), wkt);
  }
  // Damage in the parts beside the table: found by whoever reads them.
  write_points("ESRI Shapefile", "a.shp", thai_points(), {"ENCODING=UTF-8"});
  for (const char* part : {"a.shp", "a.shx"}) {
    std::ifstream in(path(part), std::ios::binary);
    const std::string whole{std::istreambuf_iterator<char>(in), {}};
    in.close();
    for (std::size_t at = 100; at < whole.size(); ++at)
      for (const char bit : {'\1', '\x80'}) {
        std::string changed = whole;
        changed[at] = static_cast<char>(changed[at] ^ bit);
        write(part, changed);
        try {
          if (!is_plain(path("a.shp"), FileFormat::shapefile)) continue;
        } catch (const Error&) {  // GDAL does not open it
          continue;
        }
        expect_same(path("a.shp"), fmt::format("{} {}", part, at));
      }
    write(part, whole);
  }
}

TEST_F(PointRows, SharedShapefiles) {
  const auto folder = shared("data/suites/shapelib/tests/shape_eg_data");
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no reference data: " << folder;
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".shp") continue;
    expect_same(entry.path(), entry.path().string());
    ++files;
  }
  EXPECT_GT(files, 10U);
}

TEST_F(PointRows, GeoPackagesOfManyBlocks) {
  write_points("GPKG", "a.gpkg", many_rows(140'000));
  EXPECT_TRUE(is_plain(path("a.gpkg"), FileFormat::geopackage));
  expect_same(path("a.gpkg"), "many");
  set_thread_count(1);
  const std::string alone = outcome(path("a.gpkg"), true);
  set_thread_count(0);
  EXPECT_EQ(first_difference(alone, outcome(path("a.gpkg"), true)), "");
}

TEST_F(PointRows, GeoPackagesAfterChanges) {
  const std::string kLong(10'000, 'x');
  const struct {
    std::string sql;
    bool plain;
  } cases[] = {{"DELETE FROM sites WHERE fid % 3 = 1", true},
               {"UPDATE sites SET fid = -fid WHERE fid % 2 = 0", true},
               {"UPDATE sites SET share = round(share)", true},
               {"UPDATE sites SET n = 9223372036854775807 WHERE fid = 7", true},
               {"UPDATE sites SET name = '' WHERE fid = 7", true},
               {"UPDATE sites SET geom = NULL WHERE fid = 7", true},
               {"UPDATE sites SET n = 'many' WHERE fid = 7", false},
               {"UPDATE sites SET n = 1.5 WHERE fid = 7", false},
               {"UPDATE sites SET name = 5 WHERE fid = 7", true},  // which becomes a text
               {"UPDATE sites SET name = x'00FF' WHERE fid = 7", false},
               {"UPDATE sites SET name = 'a' || char(0) || 'b' WHERE fid = 7", false},
               {"UPDATE sites SET name = '" + kLong + "' WHERE fid = 7", false},
               {"UPDATE sites SET share = 'half' WHERE fid = 7", false},
               {"UPDATE sites SET day = '2026-2-3' WHERE fid = 7", false},
               {"UPDATE sites SET day = '2026-02-30' WHERE fid = 7", false},
               {"UPDATE sites SET geom = x'00' WHERE fid = 7", false},
               {"ALTER TABLE sites RENAME COLUMN name TO \"na\"\"me\"", true},
               {"DELETE FROM sites", false}};
  for (const auto& each : cases) {
    std::filesystem::remove(path("b.gpkg"));
    write_points("GPKG", "b.gpkg", many_rows(500), {"SPATIAL_INDEX=NO"});
    {
      const GdalMessages quiet;
      const GDALDatasetUniquePtr dataset(GDALDataset::Open(path("b.gpkg").c_str(), GDAL_OF_VECTOR | GDAL_OF_UPDATE));
      dataset->ReleaseResultSet(dataset->ExecuteSQL(each.sql.c_str(), nullptr, nullptr));
      ASSERT_EQ(quiet.first(), "") << each.sql;
    }
    if (each.sql != "DELETE FROM sites") {
      EXPECT_EQ(is_plain(path("b.gpkg"), FileFormat::geopackage), each.plain) << each.sql.substr(0, 100);
    }
    expect_same(path("b.gpkg"), each.sql.substr(0, 100));
  }
}

// Whatever is written over a page: no crash, and never another layer than GDAL's in silence.
TEST_F(PointRows, DamagedGeoPackages) {
  write_points("GPKG", "a.gpkg", many_rows(2'000), {"SPATIAL_INDEX=NO"});
  std::ifstream in(path("a.gpkg"), std::ios::binary);
  const std::string whole{std::istreambuf_iterator<char>(in), {}};
  in.close();
  std::size_t plain = 0;
  std::uint64_t random = 20261125;
  for (int i = 0; i < 300; ++i) {
    std::string changed = whole;
    random = random * 6364136223846793005U + 1442695040888963407U;
    const std::size_t at = 4096 + (random >> 20) % (whole.size() - 4096);
    for (std::size_t b = at; b < std::min(at + 1 + i % 5, whole.size()); ++b)
      changed[b] = static_cast<char>(random >> 56);
    write("b.gpkg", changed);
    try {
      plain += is_plain(path("b.gpkg"), FileFormat::geopackage) ? 1U : 0U;
    } catch (const Error&) {  // GDAL does not open it
    }
  }
  EXPECT_GT(plain, 100U);
}

class FlatGeobufRows : public PointRows {
 protected:
  // Whether the rows of name, n, share and open are read directly.
  [[nodiscard]] static bool is_plain(const std::filesystem::path& file) {
    using Take = FieldPlan::Take;
    GdalFile opened(file, "sites", FileFormat::flatgeobuf, "");
    RawLayer raw;
    raw.has_shapes = true;
    raw.columns = {Column("name", ColumnType::text), Column("n", ColumnType::integer),
                   Column("share", ColumnType::real), Column("open", ColumnType::integer)};
    Progress progress;
    const auto layers = opened.layers();
    if (layers.empty()) return false;
    return read_point_flatgeobuf(file, *layers.front().layer,
                                 {{0, Take::text}, {1, Take::integer}, {2, Take::real}, {3, Take::integer}}, raw, {},
                                 progress);
  }
  std::string write_points(const char* file, const std::vector<Row>& rows, const char* index,
                           unsigned geometry_type = 1) const {
    FileSpec spec;
    spec.driver = "FlatGeobuf";
    spec.geometry_type = static_cast<int>(geometry_type);
    spec.dates = spec.date_times = false;
    spec.layer_options = {std::string("SPATIAL_INDEX=") + index};
    write_by_gdal(path(file), spec, rows);
    std::ifstream in(path(file), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
};

TEST_F(FlatGeobufRows, ManyBlocks) {
  for (const std::size_t count : {70'000U, 8'192U, 4'097U, 17U, 2U, 1U})
    for (const char* index : {"NO", "YES"}) {
      std::vector<Row> rows = many_rows(count);
      // An index has no place for a feature without a geometry.
      if (*index == 'Y')
        for (Row& row : rows)
          if (row.wkt.empty()) row.wkt = "POINT (100 13)";
      write_points("a.fgb", rows, index);
      EXPECT_TRUE(is_plain(path("a.fgb"))) << count << index;
      expect_same(path("a.fgb"), fmt::format("{} {}", count, index));
      set_thread_count(1);
      const std::string alone = outcome(path("a.fgb"), true);
      set_thread_count(0);
      EXPECT_EQ(first_difference(alone, outcome(path("a.fgb"), true)), "");
    }
}

TEST_F(FlatGeobufRows, OthersAreLeftToGdal) {
  constexpr unsigned kPointZ = 0x80000001U;
  const struct {
    const char* wkt;
    unsigned type;
  } cases[] = {{"POINT Z (100 13 5)", kPointZ},
               {"POINT (100 13)", 0},
               {"MULTIPOINT ((100 13),(101 14))", 4},
               {"LINESTRING (100 13, 101 14)", 2},
               {"POINT EMPTY", 1}};
  for (const auto& [wkt, type] : cases) {
    write_points("b.fgb", {{wkt, "a", 1, 0.5}, {wkt, "b", 2, 1.5}}, "NO", type);
    if (std::string_view(wkt) != "POINT EMPTY") {  // which GDAL writes as no geometry
      EXPECT_FALSE(is_plain(path("b.fgb"))) << wkt;
    }
    expect_same(path("b.fgb"), wkt);
  }
}

// Whatever is written over a file, or how much of it is missing: no crash, and never another layer than GDAL's in
// silence.
TEST_F(FlatGeobufRows, Damaged) {
  for (const char* index : {"YES", "NO"}) {
    const std::string whole = write_points("a.fgb", many_rows(3), index);
    std::size_t plain = 0;
    for (std::size_t at = 0; at < whole.size(); ++at) {
      std::string changed = whole;
      changed[at] = static_cast<char>(changed[at] ^ 1 << 5 * at % 8);
      write("b.fgb", changed);
      try {
        if (!is_plain(path("b.fgb"))) continue;
      } catch (const Error&) {  // GDAL does not open it
        continue;
      }
      ++plain;
      expect_same(path("b.fgb"), fmt::format("index {}, byte {}", index, at));
    }
    EXPECT_GT(plain, 50U);
    for (std::size_t size = 0; size < whole.size(); size += 7) {
      write("b.fgb", std::string_view(whole).substr(0, size));
      try {
        EXPECT_FALSE(is_plain(path("b.fgb"))) << size;
      } catch (const Error&) {
      }
    }
    write("b.fgb", whole + "more");
    EXPECT_FALSE(is_plain(path("b.fgb")));
  }
}

// A quoted cell is read as a text first, a plain one where it stands: they say the same.
TEST_F(PointRows, CsvCellsWithAndWithoutQuotes) {
  const std::vector<std::string> numbers = {"0",
                                            "7",
                                            "-7",
                                            "007",
                                            "00",
                                            "0.5",
                                            "00.5",
                                            "-0",
                                            "-0.0",
                                            ".5",
                                            "5.",
                                            "-",
                                            ".",
                                            "1e5",
                                            "1.5e5",
                                            "1e-5",
                                            "+5",
                                            "5 ",
                                            " 5",
                                            "1,5",
                                            "NA",
                                            "",
                                            "1.2.3",
                                            "--5",
                                            "123456789012345",
                                            "1234567890123456",
                                            "999999999999999999",
                                            "1000000000000000000",
                                            "9223372036854775807",
                                            "9223372036854775808",
                                            "0.1234567890123",
                                            "123456.789012345678",
                                            "12345678901234567890123"};
  for (const std::string& number : numbers)
    for (const char* kind : {"1", "1.5", "2020-01-01", "word"}) {
      std::string bare = "lon;lat;v\n";
      std::string in_quotes = bare;
      for (int row = 0; row < 5; ++row) {
        const std::string value = row == 3 ? number : kind;
        bare += fmt::format("10{}.5;13.25;{}\n", row, value);
        in_quotes += fmt::format("\"10{}.5\";\"13.25\";\"{}\"\n", row, value);
      }
      ReadOptions options;
      options.crs = "EPSG:4326";
      Progress progress;
      const ReadResult one = read_layer_here(write("a.csv", bare), options, progress);
      const ReadResult two = read_layer_here(write("b.csv", in_quotes), options, progress);
      EXPECT_EQ(first_difference(everything(one.layer), everything(two.layer)), "") << number << " among " << kind;
    }
}

// Several waves, with rows that cross every border between blocks, and quotes that do not come in pairs.
TEST_F(PointRows, LargeCsv) {
  ReadOptions options;
  options.crs = "EPSG:4326";
  Progress progress;
  for (const bool stray : {false, true}) {
    std::string text = "lon,lat,id,name\n";
    std::string expected;
    for (std::size_t i = 0; text.size() < (std::size_t{20} << 20); ++i) {
      std::string name = fmt::format("\"line one\nline, \"\"two\"\" {}\"", i);
      if (stray && i % 50'000 == 100) name = fmt::format("5\" pipe {}", i);
      text += fmt::format("{:.6f},13.25,{},{}\n", 97 + 1e-5 * static_cast<double>(i), i, name);
    }
    const auto file = write("large.csv", text);
    const ReadResult result = read_layer_here(file, options, progress);
    const Layer& layer = result.layer;
    ASSERT_EQ(layer.column("id").type(), ColumnType::integer);
    for (std::size_t i = 0; i < layer.size(); ++i) {
      ASSERT_EQ(layer.column("id").integers()[i], static_cast<std::int64_t>(i));
      ASSERT_EQ(layer.column("name").texts()[i], stray && i % 50'000 == 100
                                                     ? fmt::format("5\" pipe {}", i)
                                                     : fmt::format("line one\nline, \"two\" {}", i));
    }
    set_thread_count(1);
    const std::string alone = everything(read_layer_here(file, options, progress).layer);
    set_thread_count(0);
    EXPECT_EQ(first_difference(alone, everything(layer)), "");
  }
}

}  // namespace
}  // namespace yaan::test
