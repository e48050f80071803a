// Features of several parts, and longitudes across the 180th meridian, as they are read.
#include <gmock/gmock.h>

#include <cmath>

#include "load/test_files.hpp"
#include "yaan/core/geodesy.hpp"

namespace yaan::test {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;

const Diagnostic& entry(const ReadResult& result, std::string_view code) {
  for (const Diagnostic& e : result.diagnostics.entries())
    if (e.code == code) return e;
  static const Diagnostic none{Severity::note, "no such entry", "", "", -1, {}};
  return none;
}

std::vector<std::string> texts(const Layer& layer, std::string_view column) {
  std::vector<std::string> all;
  for (std::size_t row = 0; row < layer.size(); ++row) all.push_back(layer.column(column).display(row));
  return all;
}

std::string collection(const std::vector<std::pair<std::string, std::string>>& id_and_geometry) {
  std::string text = R"({"type":"FeatureCollection","features":[)";
  for (const auto& [id, geometry] : id_and_geometry) {
    if (text.back() == '}') text += ',';
    text += R"({"type":"Feature","properties":{"id":")" + id + R"("},"geometry":)" + geometry + "}";
  }
  return text + "]}";
}

std::string polygon(const std::string& rings) { return R"({"type":"Polygon","coordinates":)" + rings + "}"; }
std::string line(const std::string& path) { return R"({"type":"LineString","coordinates":)" + path + "}"; }
std::string point(const std::string& at) { return R"({"type":"Point","coordinates":)" + at + "}"; }

double square_degrees(const Geometry& g) {
  double sum = 0;
  for (std::size_t ring = 0; ring + 1 < g.ring_vertices.size(); ++ring)
    sum += ring_area(g.ring_x(ring), g.ring_y(ring));
  return sum;
}

double square_metres(const Geometry& g) {
  double sum = 0;
  for (std::size_t ring = 0; ring + 1 < g.ring_vertices.size(); ++ring)
    sum += geodesic_ring_area(g.ring_x(ring), g.ring_y(ring));
  return sum;
}

class PartsOfFeatures : public FileTest {
 protected:
  ReadResult split(const std::string& geojson, Parts parts = Parts::split) {
    ReadOptions options;
    options.parts = parts;
    return read(write("parts.geojson", geojson), options);
  }
};

const std::string kTwoSquares =
    R"({"type":"MultiPolygon","coordinates":[[[[0,0],[4,0],[4,4],[0,4],[0,0]],[[1,1],[1,2],[2,2],[2,1],[1,1]]],)"
    R"([[[10,0],[11,0],[11,1],[10,1],[10,0]]]]})";

TEST_F(PartsOfFeatures, StayTogetherWithoutBeingAsked) {
  const ReadResult result = split(collection({{"a", kTwoSquares}}), Parts::keep);
  EXPECT_THAT(texts(result.layer, "id"), ElementsAre("a"));
  EXPECT_EQ(result.diagnostics.count("split-parts"), 0);
}

TEST_F(PartsOfFeatures, BecomeRowsWithIdsOfTheirOwn) {
  const ReadResult result = split(collection({{"a", kTwoSquares}, {"b", polygon("[[[20,0],[21,0],[21,1],[20,0]]]")}}));
  EXPECT_THAT(texts(result.layer, "id"), ElementsAre("a", "a-2", "b"));
  EXPECT_EQ(result.layer.geometry.part_rings.size(), 4U);
  EXPECT_NEAR(square_degrees(result.layer.geometry.select({0})), 15, 1e-12) << "with its hole";
  EXPECT_EQ(entry(result, "split-parts").count, 1);
  EXPECT_EQ(entry(result, "split-parts").severity, Severity::repaired);
  EXPECT_THAT(entry(result, "split-parts").features, ElementsAre("a"));
}

TEST_F(PartsOfFeatures, OfLinesAndPoints) {
  const ReadResult lines =
      split(collection({{"7", R"({"type":"MultiLineString","coordinates":[[[0,0],[1,1]],[[2,2],[3,3],[4,2]]]})"}}));
  EXPECT_THAT(texts(lines.layer, "id"), ElementsAre("7", "7-2"));
  EXPECT_EQ(lines.layer.geometry.feature_parts, (std::vector<std::uint64_t>{0, 1, 2}));
  const std::string points = collection({{"p", R"({"type":"MultiPoint","coordinates":[[1,2],[3,4]]})"}});
  EXPECT_THAT(texts(split(points).layer, "id"), ElementsAre("p", "p-2"));
  EXPECT_THAT(texts(split(points, Parts::keep).layer, "id"), ElementsAre("p", "p"));
}

TEST_F(PartsOfFeatures, OfCollectionsGoToTheirKinds) {
  const std::string geojson =
      collection({{"a", R"({"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,1]},)" +
                            kTwoSquares + R"(,{"type":"LineString","coordinates":[[0,0],[1,1]]}]})"},
                  {"b", polygon("[[[20,0],[21,0],[21,1],[20,0]]]")}});
  const ReadResult result = split(geojson);
  EXPECT_EQ(result.layer.geometry.kind, GeometryKind::polygon);
  EXPECT_THAT(texts(result.layer, "id"), ElementsAre("a", "a-2", "b"));
  EXPECT_EQ(entry(result, "split-collection").count, 1);
  EXPECT_EQ(result.diagnostics.count("mixed-geometry"), 2) << "the point and the line";
  const ReadResult kept = split(geojson, Parts::keep);
  EXPECT_THAT(texts(kept.layer, "id"), ElementsAre("b"));
  EXPECT_EQ(kept.diagnostics.count("mixed-geometry"), 1);
}

TEST_F(PartsOfFeatures, OfCollectionsThatCannotBeUsedAreCounted) {
  const ReadResult result =
      split(collection({{"a", R"({"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,1]},)" +
                                  line("[[0,0],[0,95]]") + "]}"},
                        {"b", R"({"type":"GeometryCollection","geometries":[)" + line("[[0,0],[0,95]]") + "," +
                                  polygon("[[[0,0],[1,0],[1,95],[0,0]]]") + "]}"},
                        {"c", point("[2,2]")}}));
  EXPECT_THAT(texts(result.layer, "id"), ElementsAre("a", "c"));
  EXPECT_EQ(entry(result, "split-collection").count, 1);
  EXPECT_EQ(entry(result, "out-of-range-coordinate").count, 3);
  EXPECT_EQ(result.diagnostics.count("mixed-geometry"), 0);
  for (const PositionNote& note : result.position_notes) EXPECT_EQ(note.id, "b") << "a has its point";
}

TEST_F(PartsOfFeatures, OfCollectionsWithCurves) {
  FileSpec spec;
  spec.driver = "GPKG";
  spec.layer = "mixed";
  spec.date_times = spec.booleans = spec.dates = false;
  write_by_gdal(path("mixed.gpkg"), spec,
                {{"GEOMETRYCOLLECTION (POINT (1 1), CIRCULARSTRING (0 0, 1 1, 2 0))", "a", 1},
                 {"LINESTRING (0 0, 1 1)", "b", 2}});
  ReadOptions options;
  options.parts = Parts::split;
  const ReadResult result = read(path("mixed.gpkg"), options);
  EXPECT_THAT(result.layer.column("n").integers(), ElementsAre(1, 2));
  EXPECT_EQ(result.layer.geometry.kind, GeometryKind::line);
  EXPECT_GT(result.layer.geometry.ring_vertices[1], 10U) << "an arc of straight pieces";
  EXPECT_EQ(entry(result, "linearised-curve").count, 1);
  EXPECT_EQ(entry(result, "split-collection").count, 1);
}

TEST_F(PartsOfFeatures, InEveryFormatAndByEveryWayOfReading) {
  struct Format {
    std::string driver;
    std::string file;
  };
  ReadOptions options;
  options.parts = Parts::split;
  for (const Format& format :
       {Format{"GPKG", "areas.gpkg"}, Format{"FlatGeobuf", "areas.fgb"}, Format{"ESRI Shapefile", "areas.shp"},
        Format{"LIBKML", "areas.kml"}, Format{"GeoJSON", "areas.geojson"}})
    for (const bool column_stream : {true, false}) {
      SCOPED_TRACE(format.driver + (column_stream ? " in columns" : " in features"));
      std::filesystem::remove(path(format.file));
      FileSpec spec;
      spec.driver = format.driver;
      spec.layer = "areas";
      spec.geometry_type = format.driver == "ESRI Shapefile" ? 3 : 6;
      spec.date_times = spec.booleans = spec.dates = false;
      write_by_gdal(path(format.file), spec,
                    {{"MULTIPOLYGON (((0 0,4 0,4 4,0 0)),((10 0,11 0,11 1,10 0)))", "a", 1},
                     {"MULTIPOLYGON (((20 0,21 0,21 1,20 0)))", "b", 2}});
      options.column_stream = column_stream;
      const ReadResult result = read(path(format.file), options);
      ASSERT_EQ(result.layer.size(), 3U);
      EXPECT_EQ(entry(result, "split-parts").count, 1);
    }
  options.geometry_column = "wkt";
  options.crs = "EPSG:4326";
  const ReadResult table =
      read(write("areas.csv", "id,wkt\na,\"MULTIPOLYGON (((0 0,4 0,4 4,0 0)),((10 0,11 0,11 1,10 0)))\"\n"), options);
  EXPECT_THAT(texts(table.layer, "id"), ElementsAre("a", "a-2"));
}

class Meridian180 : public FileTest {};

// Two by two degrees about the 180th meridian at 16 to 18 degrees south, in the ways in which people write them.
const std::vector<std::pair<std::string, std::string>> kWays = {
    {"wrapped", polygon("[[[179,-18],[-179,-18],[-179,-16],[179,-16],[179,-18]]]")},
    {"beyond", polygon("[[[179,-18],[181,-18],[181,-16],[179,-16],[179,-18]]]")},
    {"westward", polygon("[[[-181,-18],[-179,-18],[-179,-16],[-181,-16],[-181,-18]]]")}};

TEST_F(Meridian180, PolygonsAreCutInEveryWayOfWritingThem) {
  for (const auto& [way, geometry] : kWays) {
    SCOPED_TRACE(way);
    const ReadResult result = read(write("fiji.geojson", collection({{way, geometry}})));
    ASSERT_EQ(result.layer.size(), 1U);
    const Geometry& g = result.layer.geometry;
    EXPECT_EQ(entry(result, "antimeridian").count, 1);
    EXPECT_EQ(entry(result, "antimeridian").severity, Severity::repaired);
    EXPECT_EQ(g.part_rings.size(), 3U) << "one part on either side";
    EXPECT_EQ(g.bounds(), (Box{-180, -18, 180, -16}));
    EXPECT_NEAR(square_degrees(g), 4, 1e-12);
    EXPECT_NEAR(square_metres(g) / 1e6, 47171, 60) << "km2: 2 x 110.7 km by 2 x 106.5 km";
    EXPECT_EQ(locate(g, 0, 179.5, -17), Inside::inside);
    EXPECT_EQ(locate(g, 0, -179.5, -17), Inside::inside);
    EXPECT_EQ(locate(g, 0, 0, -17), Inside::outside);
  }
}

TEST_F(Meridian180, PolygonsThatAreCutAlreadyStay) {
  const ReadResult result = read(
      write("cut.geojson",
            collection({{"a", R"({"type":"MultiPolygon","coordinates":[[[[179,0],[180,0],[180,1],[179,1],[179,0]]],)"
                              R"([[[-180,0],[-179,0],[-179,1],[-180,1],[-180,0]]]]})"}})));
  EXPECT_EQ(result.diagnostics.count("antimeridian"), 0);
  EXPECT_NEAR(square_degrees(result.layer.geometry), 2, 1e-12);
}

TEST_F(Meridian180, PolygonsAboutAPoleCloseOverIt) {
  // As RFC 7946 wants it, as a ring about the pole, and as a ring from -180 to 180.
  for (const char* rings : {"[[[-180,-90],[180,-90],[180,-80],[0,-80],[-180,-80],[-180,-90]]]",
                            "[[[-135,-80],[135,-80],[45,-80],[-45,-80],[-135,-80]]]",
                            "[[[-180,-80],[-90,-80],[0,-80],[90,-80],[180,-80],[-180,-80]]]"}) {
    SCOPED_TRACE(rings);
    const ReadResult result = read(write("pole.geojson", collection({{"cap", polygon(rings)}})));
    ASSERT_EQ(result.layer.size(), 1U);
    const Geometry& g = result.layer.geometry;
    EXPECT_NEAR(square_degrees(g), 3600, 1e-9);
    for (const double lon : {-179.0, -90.5, 0.5, 100.0, 179.0}) {
      EXPECT_EQ(locate(g, 0, lon, -85), Inside::inside) << lon;
      EXPECT_EQ(locate(g, 0, lon, -75), Inside::outside) << lon;
    }
    EXPECT_EQ(g.bounds(), (Box{-180, -90, 180, -80}));
  }
}

TEST_F(Meridian180, LinesAreCut) {
  for (const char* path : {"[[178,0],[-178,4]]", "[[178,0],[182,4]]", "[[-182,0],[-178,4]]"}) {
    SCOPED_TRACE(path);
    const ReadResult result = read(write("line.geojson", collection({{"a", line(path)}})));
    ASSERT_EQ(result.layer.size(), 1U);
    EXPECT_THAT(result.layer.geometry.x, ElementsAre(178, 180, -180, -178));
    EXPECT_THAT(result.layer.geometry.y, ElementsAre(0, 2, 2, 4));
    EXPECT_EQ(result.layer.geometry.feature_parts, (std::vector<std::uint64_t>{0, 2}));
    EXPECT_EQ(result.diagnostics.count("antimeridian"), 1);
  }
}

TEST_F(Meridian180, PointsFromZeroTo360AreTurnedWhereNoneLiesWest) {
  const ReadResult turned =
      read(write("pacific.geojson",
                 collection({{"a", point("[178,-17]")}, {"b", point("[185.5,-14]")}, {"c", point("[360,0]")}})));
  EXPECT_THAT(turned.layer.geometry.x, ElementsAre(178, -174.5, 0));
  EXPECT_THAT(turned.layer.geometry.y, ElementsAre(-17, -14, 0));
  EXPECT_THAT(texts(turned.layer, "id"), ElementsAre("a", "b", "c"));
  EXPECT_EQ(entry(turned, "turned-longitude").count, 2);
  EXPECT_EQ(entry(turned, "turned-longitude").severity, Severity::repaired);
  EXPECT_THAT(entry(turned, "turned-longitude").features, ElementsAre("b", "c"));
  // A layer with western longitudes counts them from -180: a larger one is a mistake.
  const ReadResult mixed =
      read(write("mixed.geojson", collection({{"a", point("[-17,5]")}, {"b", point("[185.5,-14]")}})));
  EXPECT_THAT(texts(mixed.layer, "id"), ElementsAre("a"));
  EXPECT_THAT(entry(mixed, "out-of-range-coordinate").features, ElementsAre("b"));
}

TEST_F(Meridian180, PolygonsAndLinesFromZeroTo360) {
  const ReadResult result = read(
      write("world.geojson", collection({{"samoa", polygon("[[[187,-15],[188,-15],[188,-14],[187,-14],[187,-15]]]")},
                                         {"britain", polygon("[[[355,50],[2,50],[2,58],[355,58],[355,50]]]")}})));
  ASSERT_EQ(result.layer.size(), 2U);
  EXPECT_EQ(result.layer.geometry.bounds(0), (Box{-173, -15, -172, -14}));
  EXPECT_EQ(result.layer.geometry.bounds(1), (Box{-5, 50, 2, 58}));
  EXPECT_EQ(entry(result, "antimeridian").count, 2);
}

TEST_F(Meridian180, WhatIsNoLongitudeIsSetAside) {
  const ReadResult result =
      read(write("far.geojson", collection({{"a", polygon("[[[100,1],[101,1],[101,2],[100,1]]]")},
                                            {"b", polygon("[[[400,1],[401,1],[401,2],[400,1]]]")},
                                            {"c", polygon("[[[190,91],[191,91],[191,92],[190,91]]]")}})));
  EXPECT_THAT(texts(result.layer, "id"), ElementsAre("a"));
  EXPECT_THAT(entry(result, "out-of-range-coordinate").features, ElementsAre("b", "c"));
}

}  // namespace
}  // namespace yaan::test
