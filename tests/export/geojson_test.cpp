#include "yaan/export/geojson.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <limits>
#include <nlohmann/json.hpp>

#include "export/sample_layers.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/sha256.hpp"

namespace yaan {
namespace {

using namespace testing;  // NOLINT: the sample layers
using Json = nlohmann::ordered_json;

std::string text_of(const Layer& layer, const GeoJsonOptions& options = {}, Diagnostics* diagnostics = nullptr) {
  StringSink sink;
  Progress progress;
  Diagnostics own;
  stream_geojson(sink, published(layer), open_record(), options, diagnostics ? *diagnostics : own, progress);
  return sink.text;
}
Json json_of(const Layer& layer, const GeoJsonOptions& options = {}, Diagnostics* diagnostics = nullptr) {
  return Json::parse(text_of(layer, options, diagnostics));
}
Json geometry_of(const Geometry& geometry) { return json_of(layer_of("shapes", geometry))["features"][0]["geometry"]; }

TEST(GeoJson, PointsWithTypedProperties) {
  Layer layer = layer_of("sites", Geometry::points({98.98525, 100.5, 0}, {18.79, -0.0, 0}));
  layer.set(text_column("id", {"a", "b", ""}));
  layer.set(text_column("name", {"น้ำปู่ \"ญู\"\n\t\\", std::string("bad \xE0\xB8 \xFF end"), "</script>"}));
  layer.set(real_column("share", {0.1, 1e20, std::numeric_limits<double>::infinity()}));
  layer.set(Column::of("rank", std::vector<std::int64_t>{1, -9223372036854775807LL, 3}));
  Column opened("opened", ColumnType::date);
  opened.push(Date{20780});
  opened.push_null();
  opened.push(Date{0});
  layer.set(opened);
  Column list("codes", ColumnType::text_list);
  list.push(StringList{"TH-50", "TH-51"});
  list.push(StringList{});
  list.push_null();
  layer.set(list);
  layer.roles.id = "id";
  Diagnostics diagnostics;
  const Json json = json_of(layer, {}, &diagnostics);
  EXPECT_EQ(json["type"], "FeatureCollection");
  EXPECT_EQ(json["name"], "sites");
  EXPECT_EQ(json["bbox"], Json::parse("[0,0,100.5,18.79]"));
  ASSERT_EQ(json["features"].size(), 3U);
  const Json& first = json["features"][0];
  EXPECT_EQ(first["id"], "a");
  EXPECT_EQ(first["geometry"], Json::parse(R"({"type":"Point","coordinates":[98.98525,18.79]})"));
  EXPECT_EQ(first["properties"]["name"], "น้ำปู่ \"ญู\"\n\t\\");
  EXPECT_EQ(first["properties"]["share"].dump(), "0.1");
  EXPECT_EQ(first["properties"]["opened"], "2026-11-23");
  EXPECT_EQ(first["properties"]["codes"], Json::parse(R"(["TH-50","TH-51"])"));
  const Json& second = json["features"][1];
  EXPECT_EQ(second["properties"]["name"], "bad \uFFFD\uFFFD \uFFFD end");
  EXPECT_EQ(second["properties"]["rank"].get<std::int64_t>(), -9223372036854775807LL);
  EXPECT_TRUE(second["properties"]["opened"].is_null());
  EXPECT_EQ(second["properties"]["codes"], Json::array());
  const Json& third = json["features"][2];
  EXPECT_FALSE(third.contains("id"));
  EXPECT_TRUE(third["properties"]["share"].is_null());
  EXPECT_TRUE(third["properties"]["codes"].is_null());
  EXPECT_EQ(diagnostics.count("infinite-number"), 1);
}

TEST(GeoJson, DecimalsAreRoundedAndTrimmed) {
  const Layer layer = layer_of("p", Geometry::points({98.123456789, -0.00000004, 100}, {-18.00000006, 0.1, 13.5}));
  EXPECT_NE(text_of(layer).find("[98.1234568,-18.0000001]"), std::string::npos);
  EXPECT_NE(text_of(layer).find("[0,0.1]"), std::string::npos);
  EXPECT_NE(text_of(layer, {2}).find("[98.12,-18]"), std::string::npos);
  EXPECT_NE(text_of(layer, {0}).find("[98,-18]"), std::string::npos);
  EXPECT_NE(text_of(layer, {12}).find("[98.123456789,-18.00000006]"), std::string::npos);
  EXPECT_THROW(text_of(layer, {13}), UsageError);
  EXPECT_THROW(text_of(layer, {-1}), UsageError);
}

TEST(GeoJson, RingsFollowTheRightHandRule) {
  // Outer clockwise, hole counter-clockwise: both turned.
  const Json geometry = geometry_of(polygons_of({{{0, 0, 0, 10, 10, 10, 10, 0, 0, 0}, {2, 2, 4, 2, 4, 4, 2, 2}}}));
  EXPECT_EQ(geometry, Json::parse(R"({"type":"Polygon","coordinates":[[[0,0],[10,0],[10,10],[0,10],[0,0]],
                                      [[2,2],[4,4],[4,2],[2,2]]]})"));
}

TEST(GeoJson, MultiPolygonsLinesAndEmptyFeatures) {
  Geometry shapes = Geometry::empty(GeometryKind::polygon);
  for (const double at : {0.0, 5.0}) {
    const std::vector<double> x{at, at + 1, at + 1, at};
    shapes.add_ring(x, std::vector<double>{0, 0, 1, 0});
    shapes.end_part();
  }
  shapes.end_feature();
  shapes.end_feature();
  const Json json = json_of(layer_of("shapes", shapes));
  EXPECT_EQ(json["features"][0]["geometry"]["type"], "MultiPolygon");
  EXPECT_EQ(json["features"][0]["geometry"]["coordinates"].size(), 2U);
  EXPECT_TRUE(json["features"][1]["geometry"].is_null());

  Geometry lines = Geometry::empty(GeometryKind::line);
  lines.add_ring(std::vector<double>{1, 2}, std::vector<double>{3, 4});
  lines.end_feature();
  lines.add_ring(std::vector<double>{1, 2}, std::vector<double>{3, 4});
  lines.add_ring(std::vector<double>{5, 6}, std::vector<double>{7, 8});
  lines.end_feature();
  const Json line_json = json_of(layer_of("lines", lines));
  EXPECT_EQ(line_json["features"][0]["geometry"], Json::parse(R"({"type":"LineString","coordinates":[[1,3],[2,4]]})"));
  EXPECT_EQ(line_json["features"][1]["geometry"]["type"], "MultiLineString");
  EXPECT_EQ(line_json["bbox"], Json::parse("[1,3,6,8]"));
}

TEST(GeoJson, TablesAndEmptyLayers) {
  Layer table = layer_of("table", Geometry{});
  table.geometry.rows = 2;
  table.set(text_column("a", {"x", "y"}));
  const Json json = json_of(table);
  EXPECT_FALSE(json.contains("bbox"));
  EXPECT_TRUE(json["features"][1]["geometry"].is_null());
  const Json none = json_of(layer_of("none", Geometry::points({}, {})));
  EXPECT_EQ(none["features"], Json::array());
  EXPECT_FALSE(none.contains("bbox"));
}

TEST(GeoJson, PolygonsAcrossTheAntimeridian) {
  const Layer layer = layer_of("fiji", polygons_of({{{177, -18, -179, -18, -179, -16, 177, -16, 177, -18}}}));
  const Json json = json_of(layer);
  EXPECT_EQ(json["features"][0]["geometry"]["type"], "MultiPolygon");
  EXPECT_EQ(json["bbox"], Json::parse("[177,-18,-179,-16]"));  // west > east, RFC 7946 section 5.2
}

TEST(GeoJson, BoundingBoxOfPointsIsTheSmallest) {
  EXPECT_EQ(json_of(layer_of("p", Geometry::points({179, -179, 178}, {1, 2, 3})))["bbox"],
            Json::parse("[178,1,-179,3]"));
  EXPECT_EQ(json_of(layer_of("p", Geometry::points({10, 20}, {1, 2})))["bbox"], Json::parse("[10,1,20,2]"));
  EXPECT_EQ(json_of(layer_of("p", Geometry::points({-90, 90}, {1, 2})))["bbox"], Json::parse("[-90,1,90,2]"));
  EXPECT_EQ(json_of(layer_of("p", Geometry::points({190}, {1})))["bbox"], Json::parse("[-170,1,-170,1]"));
  EXPECT_EQ(json_of(layer_of("w", polygons_of({{{-180, -90, 180, -90, 180, 90, -180, 90, -180, -90}}})))["bbox"],
            Json::parse("[-180,-90,180,90]"));
}

TEST(GeoJson, CollapsedRingsAreCounted) {
  Diagnostics diagnostics;
  const Layer layer =
      layer_of("tiny", polygons_of({{{0, 0, 1e-9, 0, 1e-9, 1e-9, 0, 0}},
                                    {{0, 0, 1, 0, 1, 1, 0, 0}, {0.5, 0.2, 0.5, 0.2, 0.5, 0.2, 0.5, 0.2}}}));
  const Json json = json_of(layer, {}, &diagnostics);
  EXPECT_TRUE(json["features"][0]["geometry"].is_null());
  EXPECT_EQ(json["features"][1]["geometry"]["coordinates"].size(), 1U);
  EXPECT_EQ(diagnostics.count("collapsed-ring"), 2);
}

TEST(GeoJson, PointsWithoutAPositionHaveNullGeometry) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_TRUE(geometry_of(Geometry::points({nan}, {1})).is_null());
}

TEST(GeoJson, ProjectedLayersAreReprojected) {
  Layer layer = layer_of("utm", Geometry::points({500000}, {2076543}));
  layer.crs = Crs::from_text("EPSG:32647");
  const Json json = json_of(layer);
  EXPECT_NEAR(json["features"][0]["geometry"]["coordinates"][0].get<double>(), 99.0, 1e-7);
  EXPECT_NEAR(json["features"][0]["geometry"]["coordinates"][1].get<double>(), 18.7808, 1e-3);
}

TEST(GeoJson, LocalPlanesAreRefused) {
  Layer layer = layer_of("plan", Geometry::points({5}, {5}));
  layer.crs = Crs::local();
  EXPECT_THROW(text_of(layer), UsageError);
}

TEST(GeoJson, SameLayerSameBytes) { EXPECT_EQ(text_of(sites()), text_of(sites())); }

TEST(GeoJson, RecordStandsAtTheEndWithTheHashOfTheRest) {
  const std::string text = text_of(sites());
  const Json json = Json::parse(text);
  const std::string hash = json["yaan"]["content_sha256"];
  ASSERT_EQ(hash.size(), 64U);
  std::string blanked = text;
  blanked.erase(blanked.rfind(hash), 64);
  EXPECT_EQ(sha256_hex(blanked), hash);
  EXPECT_EQ(json["yaan"]["record"], 1);
}

TEST(GeoJson, FilesAreCountedBack) {
  const TemporaryFolder folder;
  Progress progress;
  Diagnostics diagnostics;
  WholeFile file(folder / "sites.geojson");
  EXPECT_EQ(write_geojson(file, published(sites()), open_record(), {}, diagnostics, progress), 4U);
  file.commit();
  EXPECT_EQ(count_features(folder / "sites.geojson"), 4U);
  const std::string text = bytes_of(folder / "sites.geojson");
  write_bytes(folder / "cut.geojson", text.substr(0, text.size() / 2));
  EXPECT_THROW(count_features(folder / "cut.geojson"), OutputError);
  std::string fewer = text;
  fewer.replace(fewer.find(",\n{\"type\":\"Feature\""), 2, "],\"rest\":[");
  write_bytes(folder / "text.geojson", R"({"name":"{[\"","features":[{"a":[{}]},{}],"yaan":{"inputs":[{}]}})");
  EXPECT_EQ(count_features(folder / "text.geojson"), 2U);
}

TEST(GeoJson, InterruptLeavesNothing) {
  const TemporaryFolder folder;
  Progress progress;
  progress.cancel();
  Diagnostics diagnostics;
  EXPECT_THROW(
      {
        WholeFile file(folder / "sites.geojson");
        write_geojson(file, published(sites()), open_record(), {}, diagnostics, progress);
      },
      Cancelled);
  EXPECT_EQ(folder.entries(), 0U);
}

TEST(GeoJson, HundredThousandPointsAreQuick) {
  std::vector<double> x;
  std::vector<double> y;
  std::vector<std::string> names;
  for (int i = 0; i < 100'000; ++i) {
    x.push_back(97.5 + i * 1e-5 + 1e-7);
    y.push_back(6 + i * 1.1e-4);
    names.push_back("วัด " + std::to_string(i));
  }
  Layer layer = layer_of("many", Geometry::points(x, y));
  layer.set(text_column("name", names));
  layer.set(real_column("value", x));
  const PublishedLayer shown = published(layer);
  const TemporaryFolder folder;
  Progress progress;
  Diagnostics diagnostics;
  const auto start = std::chrono::steady_clock::now();
  WholeFile file(folder / "many.geojson");
  write_geojson(file, shown, open_record(), {}, diagnostics, progress);
  file.commit();
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  RecordProperty("seconds", std::to_string(seconds.count()));
  EXPECT_LT(seconds.count(), 5.0);  // about 0.1 s alone on a machine; the bound holds under sanitizers
}

}  // namespace
}  // namespace yaan
