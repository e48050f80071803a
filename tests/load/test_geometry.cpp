// What is set aside or repaired, each with its count.
#include <gmock/gmock.h>

#include <array>
#include <bit>
#include <cmath>
#include <limits>

#include "load/shape_collector.hpp"
#include "load/test_files.hpp"
#include "load/wkb.hpp"

namespace yaan::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class SetAside : public FileTest {
 protected:
  // Through GeoPackage, read both ways.
  ReadResult through_geopackage(const std::vector<Row>& rows, int type = 0, const ReadOptions& options = {}) {
    FileSpec spec;
    spec.driver = "GPKG";
    spec.geometry_type = type;
    spec.date_times = false;
    std::filesystem::remove(path("a.gpkg"));
    write_by_gdal(path("a.gpkg"), spec, rows);
    return read(path("a.gpkg"), options);
  }
};

const Diagnostic& entry(const ReadResult& result, std::string_view code) {
  for (const Diagnostic& e : result.diagnostics.entries())
    if (e.code == code) return e;
  static const Diagnostic none{Severity::note, "no such entry", "", "", -1, {}};
  return none;
}

TEST_F(SetAside, NullEmptyAndOutOfRange) {
  const ReadResult result = through_geopackage({{"POINT (100 13)", "a", 1},
                                                {"", "b", 2},
                                                {"POINT EMPTY", "c", 3},
                                                {"POINT (361 13)", "d", 4},
                                                {"POINT (100 -90.5)", "e", 5},
                                                {"", "f", 6},
                                                {"POINT (180.0000001 13)", "g", 7}});
  EXPECT_THAT(result.layer.column("n").integers(), ElementsAre(1, 7));
  EXPECT_EQ(entry(result, "null-geometry").count, 2);
  EXPECT_EQ(entry(result, "null-geometry").severity, Severity::skipped);
  EXPECT_THAT(entry(result, "null-geometry").features, ElementsAre("#2", "#6"));
  EXPECT_EQ(entry(result, "null-geometry").where, "a.gpkg");
  EXPECT_EQ(entry(result, "empty-geometry").count, 1);
  EXPECT_THAT(entry(result, "out-of-range-coordinate").features, ElementsAre("#4", "#5"));
}

TEST_F(SetAside, OutOfRangeOnlyMattersInDegrees) {
  FileSpec spec;
  spec.driver = "GPKG";
  spec.geometry_type = 1;
  spec.epsg = 32647;
  write_by_gdal(path("u.gpkg"), spec, {{"POINT (500000 1500000)", "a", 1}});
  EXPECT_EQ(read(path("u.gpkg")).layer.size(), 1U);
}

TEST_F(SetAside, NonFinite) {
  const auto file = write("a.csv", "id,lon,lat\na,100,13\nb,inf,13\nc,100,NaN\nd,1e999,13\n");
  ReadOptions options;
  options.crs = "EPSG:4326";
  const ReadResult result = read(file, options);
  EXPECT_EQ(result.layer.size(), 1U);
  EXPECT_THAT(entry(result, "non-finite-coordinate").features, ElementsAre("b"));
  EXPECT_THAT(entry(result, "unreadable-coordinate").features, ElementsAre("c", "d"));
}

TEST(ShapeCollector, NonFiniteVertices) {
  const double infinity = std::numeric_limits<double>::infinity();
  ShapeCollector shapes(false, SwappedAxes::none, Parts::keep);
  shapes.add_point(infinity, 1);
  shapes.add_point(1, std::nan(""));
  shapes.add_point(1, 2);
  std::vector<std::uint8_t> line = {1, 2, 0, 0, 0, 2, 0, 0, 0};
  for (const double v : {0.0, 0.0, 1.0, -infinity}) {
    const auto bits = std::bit_cast<std::array<std::uint8_t, 8>>(v);
    line.insert(line.end(), bits.begin(), bits.end());
  }
  shapes.add_wkb(line);
  EXPECT_EQ(shapes.rows(), 4U);
  EXPECT_EQ(shapes.tally(ShapeNote::non_finite).count, 3);
  EXPECT_THAT(shapes.tally(ShapeNote::non_finite).first_rows, ElementsAre(0, 1, 3));
  EXPECT_THAT(shapes.kept(GeometryKind::point).rows, ElementsAre(2));
}

TEST_F(SetAside, NothingLeftIsAnError) {
  FileSpec spec;
  spec.driver = "GeoJSON";
  spec.geometry_type = 1;
  write_by_gdal(path("swapped.geojson"), spec, {{"POINT (13.75 100.5)", "a", 1}, {"", "b", 2}});
  const Refusal refused = refusal(path("swapped.geojson"));
  EXPECT_EQ(refused.kind, "InputError");
  EXPECT_EQ(refused.what, "none of the 2 features of " + path("swapped.geojson").string() +
                              " can be used: 1 null-geometry, 1 out-of-range-coordinate");
  EXPECT_THAT(refused.advice,
              HasSubstr("longitude and latitude seem to be exchanged; --swapped-axes all exchanges them"));
}

TEST_F(SetAside, NoFeaturesIsADoubt) {
  const auto file = write("none.geojson", R"({"type":"FeatureCollection","features":[]})");
  const ReadResult result = read(file);
  EXPECT_EQ(result.layer.size(), 0U);
  EXPECT_EQ(result.diagnostics.count("no-features"), 1);
}

TEST_F(SetAside, MultiPointsAreSplitAndCounted) {
  const ReadResult result = through_geopackage({{"MULTIPOINT ((1 2))", "one", 1},
                                                {"MULTIPOINT ((3 4),(5 6),(7 8))", "three", 2},
                                                {"MULTIPOINT ((9 10))", "last", 3}},
                                               4);
  EXPECT_THAT(result.layer.geometry.x, ElementsAre(1, 3, 5, 7, 9));
  EXPECT_THAT(result.layer.column("n").integers(), ElementsAre(1, 2, 2, 2, 3));
  EXPECT_EQ(entry(result, "split-multipoint").severity, Severity::repaired);
  EXPECT_EQ(entry(result, "split-multipoint").count, 1);
  EXPECT_THAT(entry(result, "split-multipoint").features, ElementsAre("#2"));
}

TEST_F(SetAside, TheMajorityKindStays) {
  const ReadResult result = through_geopackage({{"POINT (1 2)", "a", 1},
                                                {"LINESTRING (0 0, 1 1)", "b", 2},
                                                {"POLYGON ((0 0, 1 0, 1 1, 0 0))", "c", 3},
                                                {"LINESTRING (0 0, 2 2)", "d", 4},
                                                {"GEOMETRYCOLLECTION (POINT (1 1), LINESTRING (0 0, 1 1))", "e", 5},
                                                {"GEOMETRYCOLLECTION (LINESTRING (5 5, 6 6))", "f", 6}});
  EXPECT_EQ(result.layer.geometry.kind, GeometryKind::line);
  EXPECT_THAT(result.layer.column("n").integers(), ElementsAre(2, 4, 6));
  EXPECT_EQ(result.diagnostics.count("mixed-geometry"), 3);
}

TEST_F(SetAside, HeightsAndMeasuresGoWithANote) {
  const ReadResult result =
      through_geopackage({{"POINT Z (1 2 3)", "a", 1}, {"POINT ZM (4 5 6 7)", "b", 2}, {"POINT M (8 9 10)", "c", 3}});
  EXPECT_THAT(result.layer.geometry.x, ElementsAre(1, 4, 8));
  EXPECT_THAT(result.layer.geometry.y, ElementsAre(2, 5, 9));
  EXPECT_EQ(result.diagnostics.count("dropped-z"), 2);
  EXPECT_EQ(result.diagnostics.count("dropped-m"), 2);
  EXPECT_EQ(entry(result, "dropped-z").severity, Severity::note);
}

TEST_F(SetAside, HeightsInGeoJsonLeavePlainWgs84) {
  const auto file = write("z.geojson", R"({"type":"Point","coordinates":[100,13,250]})");
  const ReadResult result = read(file);
  EXPECT_EQ(result.layer.crs.code(), "EPSG:4326");
  EXPECT_TRUE(result.layer.crs.is_wgs84());
}

TEST_F(SetAside, CurvesBecomeStraight) {
  const ReadResult result = through_geopackage({{"CURVEPOLYGON (CIRCULARSTRING (0 0, 1 1, 2 0, 1 -1, 0 0))", "a", 1}});
  ASSERT_EQ(result.layer.size(), 1U);
  EXPECT_EQ(result.diagnostics.count("linearised-curve"), 1);
  const double area = ring_area(result.layer.geometry.ring_x(0), result.layer.geometry.ring_y(0));
  EXPECT_NEAR(area, std::acos(-1.0), 0.01) << "a circle of radius 1, counter-clockwise";
}

TEST_F(SetAside, InvalidPolygonsAreRepaired) {
  const ReadResult result = through_geopackage({{"POLYGON ((0 0, 4 4, 4 0, 0 4, 0 0))", "bow tie", 1},
                                                {"POLYGON ((0 0, 0 1, 1 1, 1 0, 0 0))", "clockwise", 2},
                                                {"POLYGON ((5 5, 6 6, 7 7, 5 5))", "flat", 3}});
  EXPECT_THAT(result.layer.column("n").integers(), ElementsAre(1, 2));
  EXPECT_EQ(result.diagnostics.count("invalid-polygon"), 2);
  EXPECT_EQ(entry(result, "invalid-polygon").severity, Severity::repaired);
  EXPECT_THAT(entry(result, "invalid-polygon").message, HasSubstr("Self-intersection"));
  EXPECT_THAT(entry(result, "invalid-polygon").features, ElementsAre("#1", "#3"));
  EXPECT_EQ(result.diagnostics.count("unrepairable-polygon"), 1);
  for (std::size_t part = 0; part + 1 < result.layer.geometry.part_rings.size(); ++part) {
    const std::size_t ring = result.layer.geometry.part_rings[part];
    EXPECT_GT(ring_area(result.layer.geometry.ring_x(ring), result.layer.geometry.ring_y(ring)), 0);
  }
}

TEST_F(SetAside, RepairsSayWhatBecameOfTheArea) {
  FileSpec spec;
  spec.driver = "GPKG";
  spec.epsg = 32647;
  spec.date_times = false;
  // A square kilometre with a spike of no width, and a bow tie of two triangles, whose signed area is nothing.
  write_by_gdal(path("a.gpkg"), spec,
                {{"POLYGON ((0 0, 1000 0, 1000 500, 2000 500, 1000 500, 1000 1000, 0 1000, 0 0))", "spike", 1},
                 {"POLYGON ((5000 0, 6000 1000, 6000 0, 5000 1000, 5000 0))", "bow tie", 2},
                 {"POLYGON ((9000 0, 9001 0, 9001 1, 9000 0))", "good", 3}});
  const Diagnostic area = entry(read(path("a.gpkg")), "repaired-area");
  EXPECT_EQ(area.count, 2);
  EXPECT_EQ(area.message,
            "area of the invalid polygons: 1.000000 km2 before the repair, 1.500000 km2 after it; most changed by "
            "0.500000 km2: #2");
  EXPECT_THAT(area.features, ElementsAre("#2"));
}

TEST_F(SetAside, RepairKeepsTheStructureOfRings) {
  // The hole reaches out of its outer ring. By structure the part outside adds nothing; by lines it would be ground.
  const ReadResult result =
      through_geopackage({{"POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0), (8 4, 8 6, 12 6, 12 4, 8 4))", "notch", 1}});
  ASSERT_EQ(result.layer.size(), 1U);
  EXPECT_EQ(result.layer.geometry.bounds(), (Box{0, 0, 10, 10}));
  EXPECT_NEAR(ring_area(result.layer.geometry.ring_x(0), result.layer.geometry.ring_y(0)), 96, 1e-9);
}

TEST_F(SetAside, OpenRingsAreClosed) {
  const auto file = write("open.geojson", R"({"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1]]]})");
  const ReadResult result = read(file);
  EXPECT_EQ(result.layer.geometry.x.size(), 5U);
  EXPECT_EQ(result.diagnostics.count("unclosed-ring"), 1);
  EXPECT_EQ(result.diagnostics.count("reader-warning"), 0);
}

TEST_F(SetAside, OneBadGeometryOfAGeoJsonIsNotTheEnd) {
  const auto file = write("bad.geojson", R"({"type":"FeatureCollection","features":[
    {"type":"Feature","properties":{"id":"good"},"geometry":{"type":"Point","coordinates":[100,13]}},
    {"type":"Feature","properties":{"id":"bad"},"geometry":{"type":"Point","coordinates":["100","13"]}}]})");
  const ReadResult result = read(file);
  EXPECT_EQ(result.layer.size(), 1U);
  EXPECT_THAT(entry(result, "null-geometry").features, ElementsAre("bad"));
  EXPECT_GE(result.diagnostics.count("reader-warning"), 1);
}

TEST(Wkb, HolesAndParts) {
  // MULTIPOLYGON of two parts, the first with a hole, big-endian, as PostGIS writes with an SRID.
  Shape shape;
  std::vector<std::uint8_t> bytes;
  const auto word = [&](std::uint32_t v) {
    for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<std::uint8_t>(v >> shift));
  };
  const auto number = [&](double v) {
    const auto bits = std::bit_cast<std::uint64_t>(v);
    for (int shift = 56; shift >= 0; shift -= 8) bytes.push_back(static_cast<std::uint8_t>(bits >> shift));
  };
  const auto ring = [&](double low, double high) {
    word(4);
    for (const auto& [x, y] : {std::pair{low, low}, {high, low}, {high, high}, {low, low}}) {
      number(x);
      number(y);
    }
  };
  bytes.push_back(0);
  word(0x20000006);
  word(4326);
  word(2);
  bytes.push_back(0);
  word(3);
  word(2);
  ring(0, 10);
  ring(2, 3);
  bytes.push_back(0);
  word(3);
  word(1);
  ring(20, 30);
  ASSERT_EQ(decode_wkb(bytes, shape), WkbResult::decoded);
  EXPECT_EQ(shape.kind(), GeometryKind::polygon);
  EXPECT_THAT(shape.ring_ends, ElementsAre(4, 8, 12));
  EXPECT_THAT(shape.part_ends, ElementsAre(2, 3));
  EXPECT_EQ(shape.x[9], 30);
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    shape.clear();
    EXPECT_EQ(decode_wkb({bytes.data(), length}, shape), WkbResult::malformed) << length;
  }
}

TEST(Wkb, CountsBeyondTheBytesAreRefused) {
  Shape shape;
  const std::vector<std::uint8_t> line = {1, 2, 0, 0, 0, 0xff, 0xff, 0xff, 0xff};
  EXPECT_EQ(decode_wkb(line, shape), WkbResult::malformed);
  EXPECT_LT(shape.x.capacity(), 100U);
  std::vector<std::uint8_t> nested;
  for (int i = 0; i < 1000; ++i)
    for (const int byte : {1, 7, 0, 0, 0, 1, 0, 0, 0}) nested.push_back(static_cast<std::uint8_t>(byte));
  shape.clear();
  EXPECT_EQ(decode_wkb(nested, shape), WkbResult::malformed);
}

}  // namespace
}  // namespace yaan::test
