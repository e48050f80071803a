// The column stream and the feature loop give the same layer.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <fmt/format.h>

#include <tuple>

#include "load/gdal_layer.hpp"
#include "load/test_files.hpp"
#include "load/wkb.hpp"

namespace yaan::test {
namespace {

class Stream : public FileTest {
 protected:
  void expect_same(const std::filesystem::path& file) {
    ReadOptions one_by_one;
    one_by_one.column_stream = false;
    const ReadResult stream = read(file);
    const ReadResult loop = read(file, one_by_one);
    EXPECT_EQ(first_difference(everything(stream.layer), everything(loop.layer)), "") << file;
    ASSERT_EQ(stream.diagnostics.entries().size(), loop.diagnostics.entries().size());
    for (std::size_t i = 0; i < stream.diagnostics.entries().size(); ++i) {
      EXPECT_EQ(stream.diagnostics.entries()[i].code, loop.diagnostics.entries()[i].code);
      EXPECT_EQ(stream.diagnostics.entries()[i].count, loop.diagnostics.entries()[i].count);
      EXPECT_EQ(stream.diagnostics.entries()[i].features, loop.diagnostics.entries()[i].features);
    }
  }
};

std::vector<Row> many_rows(std::size_t count) {
  std::vector<Row> rows;
  for (std::size_t i = 0; i < count; ++i) {
    Row row{fmt::format("POINT ({} {})", 100 + 1e-6 * static_cast<double>(i), 13 - 1e-7 * static_cast<double>(i)),
            fmt::format("วัดที่ {}", i), static_cast<std::int64_t>(i) * 1'000'003, static_cast<double>(i) / 7};
    row.null_values = i % 11 == 3;
    if (i % 13 == 5) row.wkt = "";
    if (i % 17 == 2) row.name = "";
    rows.push_back(std::move(row));
  }
  return rows;
}

TEST_F(Stream, EqualsTheLoopOverSeveralBatches) {
  for (const auto& [driver, file, format] : {std::tuple{"GPKG", "a.gpkg", FileFormat::geopackage},
                                             std::tuple{"FlatGeobuf", "a.fgb", FileFormat::flatgeobuf}}) {
    FileSpec spec;
    spec.driver = driver;
    spec.geometry_type = 1;
    spec.date_times = false;
    spec.booleans = false;
    spec.dates = false;
    write_by_gdal(path(file), spec, many_rows(format == FileFormat::geopackage ? 70'000 : 2'000));
    expect_same(path(file));
  }
}

TEST_F(Stream, IsTakenForPlainTypesAndLeftForOthers) {
  using Take = FieldPlan::Take;
  const auto taken = [this](const FileSpec& spec) {
    std::filesystem::remove(path("a.gpkg"));
    write_by_gdal(path("a.gpkg"), spec, thai_points());
    GdalFile opened(path("a.gpkg"), "a.gpkg", FileFormat::geopackage, "");
    RawLayer raw;
    raw.has_shapes = true;
    raw.columns = {Column("fid", ColumnType::integer), Column("name", ColumnType::text),
                   Column("n", ColumnType::integer), Column("share", ColumnType::real)};
    std::vector<FieldPlan> plan = {{0, Take::text}, {1, Take::integer}, {2, Take::real}};
    if (spec.booleans) {
      raw.columns.emplace_back("open", ColumnType::integer);
      plan.push_back({3, Take::integer});
    }
    if (spec.dates) {
      raw.columns.emplace_back("day", ColumnType::date);
      plan.push_back({static_cast<int>(plan.size()), Take::date});
    }
    if (spec.date_times) {
      raw.columns.emplace_back("at", ColumnType::text);
      plan.push_back({static_cast<int>(plan.size()), Take::date_time});
    }
    Progress progress;
    const bool streamed = read_column_stream(*opened.layers().front().layer, plan, true, raw, {}, progress);
    EXPECT_EQ(raw.rows, streamed ? 3U : 0U);
    return streamed;
  };
  FileSpec spec;
  spec.driver = "GPKG";
  spec.geometry_type = 1;
  EXPECT_FALSE(taken(spec));
  spec.booleans = false;
  EXPECT_FALSE(taken(spec));
  spec.date_times = false;
  EXPECT_FALSE(taken(spec));
  spec.dates = false;
  EXPECT_TRUE(taken(spec));
}

TEST_F(Stream, BooleansAreRightInEveryFormat) {
  // GDAL 3.6.2 streams those of a GeoPackage wrongly.
  for (const auto& [driver, file] : {std::pair{"GPKG", "a.gpkg"}, {"FlatGeobuf", "a.fgb"}}) {
    FileSpec spec;
    spec.driver = driver;
    spec.geometry_type = 1;
    spec.date_times = false;
    spec.layer_options =
        driver == std::string("GPKG") ? std::vector<std::string>{} : std::vector<std::string>{"SPATIAL_INDEX=NO"};
    write_by_gdal(path(file), spec, many_rows(50));
    const Layer layer = read(path(file)).layer;
    std::size_t checked = 0;
    for (std::size_t row = 0; row < layer.size(); ++row) {
      if (layer.column("n").is_null(row)) continue;
      const std::int64_t n = layer.column("n").integers()[row];
      EXPECT_EQ(layer.column("open").integers()[row], n % 2 == 0 ? 1 : 0) << driver << " " << n;
      ++checked;
    }
    EXPECT_GT(checked, 30U);
    expect_same(path(file));
  }
}

TEST_F(Stream, ReadsAGeoPackageWithoutAnyColumn) {
  // GDAL 3.6 loses these geometries when the FID is left out.
  initialise_gdal();
  {
    GDALDriver* driver = GetGDALDriverManager()->GetDriverByName("GPKG");
    const GDALDatasetUniquePtr dataset(driver->Create(path("bare.gpkg").c_str(), 0, 0, 0, GDT_Unknown, nullptr));
    OGRSpatialReference reference;
    reference.importFromEPSG(4326);
    OGRLayer* layer = dataset->CreateLayer("bare", &reference, wkbPoint, nullptr);
    for (int i = 0; i < 10; ++i) {
      const OGRFeatureUniquePtr feature(OGRFeature::CreateFeature(layer->GetLayerDefn()));
      const OGRPoint point(100 + i, 13);
      feature->SetGeometry(&point);
      ASSERT_EQ(layer->CreateFeature(feature.get()), OGRERR_NONE);
    }
  }
  EXPECT_EQ(read(path("bare.gpkg")).layer.size(), 10U);
  expect_same(path("bare.gpkg"));
}

TEST_F(Stream, PolygonsAndDateTimes) {
  for (const bool date_times : {false, true}) {
    FileSpec spec;
    spec.driver = "GPKG";
    spec.date_times = date_times;
    spec.booleans = false;
    spec.dates = date_times;
    const auto file = path(date_times ? "with.gpkg" : "without.gpkg");
    write_by_gdal(file, spec,
                  {{"POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0),(1 1, 1 2, 2 2, 1 1))", "a", 1, 0.1},
                   {"MULTIPOLYGON (((5 5, 6 5, 6 6, 5 5)),((7 7, 8 7, 8 8, 7 7)))", "b", 2, 0.2},
                   {"POLYGON EMPTY", "c", 3, 0.3},
                   {"", "d", 4, 0.4},
                   {"POLYGON Z ((9 9 1, 10 9 1, 10 10 1, 9 9 1))", "e", 5, 0.5}});
    EXPECT_EQ(read(file).layer.size(), 3U);
    expect_same(file);
  }
}

TEST_F(Stream, SharedDistricts) {
  for (const char* name : {"data/boundaries/mapthai_tha1.gpkg", "data/boundaries/mapthai_tha2.gpkg",
                           "data/boundaries/mapthai_tha3.gpkg"}) {
    if (!std::filesystem::exists(shared(name))) GTEST_SKIP() << "no reference data: " << name;
    expect_same(shared(name));
  }
}

// Random layers through GeoPackage and FlatGeobuf.
TEST_F(Stream, EqualsTheLoopOnAnyLayer) {
  const bool held = rc::check([this](const std::vector<std::tuple<int, int, int>>& draws) {
    std::vector<Row> rows;
    for (const auto& [kind, x, y] : draws) {
      const double lon = (x % 190'000) / 1000.0;
      const double lat = (y % 91'000) / 1000.0;
      Row row{"", fmt::format("ชื่อ {}", x), y, lon / 3};
      switch (((kind % 7) + 7) % 7) {
        case 0: break;
        case 1: row.wkt = "POINT EMPTY"; break;
        case 2: row.wkt = fmt::format("MULTIPOINT (({0} {1}),({1} {0}))", lat, lat / 2); break;
        case 3: row.wkt = fmt::format("LINESTRING ({0} {1}, {1} {1})", lat, lat / 3); break;
        default: row.wkt = fmt::format("POINT ({} {})", lon, lat); break;
      }
      row.null_values = x % 5 == 0;
      rows.push_back(std::move(row));
    }
    FileSpec spec;
    spec.date_times = false;
    spec.booleans = false;
    spec.dates = rows.size() % 2 == 0;
    rows.push_back({"POINT (1 2)", "always one", 1, 1});
    spec.driver = "GPKG";
    std::filesystem::remove(path("r.gpkg"));
    write_by_gdal(path("r.gpkg"), spec, rows);
    expect_same(path("r.gpkg"));
    RC_ASSERT(!HasFailure());
  });
  EXPECT_TRUE(held);
}

TEST(WkbProperty, NoBytesReadBeyondTheSpan) {
  const bool held = rc::check([](std::vector<std::uint8_t> bytes, std::uint8_t type, bool little) {
    // A plausible head, so that the decoder goes deep.
    std::vector<std::uint8_t> wkb = {static_cast<std::uint8_t>(little), 0, 0, 0, 0};
    wkb[little ? 1 : 4] = static_cast<std::uint8_t>(type % 8);
    wkb.insert(wkb.end(), bytes.begin(), bytes.end());
    wkb.shrink_to_fit();  // the address sanitizer sees a step too far
    Shape shape;
    const WkbResult result = decode_wkb(wkb, shape);
    RC_ASSERT(shape.x.size() == shape.y.size());
    RC_ASSERT(shape.x.size() * 16 <= wkb.size() + 16 * shape.closed_rings);
    // RapidCheck takes the two sides of || apart and evaluates both.
    const bool ends_in_range = shape.ring_ends.empty() || shape.ring_ends.back() <= shape.x.size();
    RC_ASSERT(result != WkbResult::decoded || ends_in_range);
  });
  EXPECT_TRUE(held);
}

}  // namespace
}  // namespace yaan::test
