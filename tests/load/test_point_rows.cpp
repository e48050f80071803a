// The quick readers of Shapefiles and GeoPackages: the same layer as by GDAL, or none.
#include "load/point_rows.hpp"

#include "load/gdal_layer.hpp"
#include "load/point_geopackage.hpp"
#include "load/point_shapefile.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan::test {
namespace {

// Whether the rows of name, n, share and day are read directly.
bool is_plain(const std::filesystem::path& file, FileFormat format) {
  using Take = FieldPlan::Take;
  GdalFile opened(file, "sites", format, "");
  RawLayer raw;
  raw.has_shapes = true;
  raw.columns = {Column("name", ColumnType::text), Column("n", ColumnType::integer), Column("share", ColumnType::real),
                 Column("day", ColumnType::date)};
  const std::vector<FieldPlan> plan = {{0, Take::text}, {1, Take::integer}, {2, Take::real}, {3, Take::date}};
  Progress progress;
  OGRLayer& layer = *opened.layers().front().layer;
  if (format == FileFormat::shapefile) return read_point_shapefile(file, layer, plan, raw, {}, progress);
  raw.columns.insert(raw.columns.begin(), Column("fid", ColumnType::integer));
  return read_point_geopackage(file, opened.dataset(), layer, plan, true, raw, {}, progress);
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
  const std::string whole = whole_file(path("a.dbf"));
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
    const std::string whole = whole_file(path(part));
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
  const std::string whole = whole_file(path("a.gpkg"));
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

}  // namespace
}  // namespace yaan::test
