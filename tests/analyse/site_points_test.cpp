#include "yaan/analyse/site_points.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "yaan/core/error.hpp"
#include "yaan/core/geodesy.hpp"

namespace yaan {
namespace {

Layer compounds(GeometryKind kind, const std::vector<std::vector<std::pair<double, double>>>& paths) {
  Layer layer;
  layer.name = "compounds";
  layer.crs = Crs::wgs84();
  layer.geometry = Geometry::empty(kind);
  Column id("id", ColumnType::text);
  Column level("publication", ColumnType::text);
  for (const auto& path : paths) {
    std::vector<double> x;
    std::vector<double> y;
    for (const auto& [px, py] : path) {
      x.push_back(px);
      y.push_back(py);
    }
    if (!path.empty()) layer.geometry.add_ring(x, y);
    if (!path.empty() && kind == GeometryKind::polygon) layer.geometry.end_part();
    layer.geometry.end_feature();
    id.push("s" + std::to_string(layer.geometry.size()));
    level.push(layer.geometry.size() == 1 ? "hidden" : "open");
  }
  layer.columns.push_back(std::move(id));
  layer.columns.push_back(std::move(level));
  layer.roles.id = "id";
  layer.roles.publication = "publication";
  layer.sources.push_back({"compounds.geojson", "", "abc", {}, "CC0-1.0", "Somebody"});
  return layer;
}

Layer points_of(const Layer& sites, SitePointRule rule = SitePointRule::inside) {
  Progress progress;
  return site_points(sites, {rule}, progress);
}

// A horseshoe, whose centroid lies in its opening, and a square.
const std::vector<std::vector<std::pair<double, double>>> kShapes = {
    {{100, 13},
     {100.03, 13},
     {100.03, 13.03},
     {100.02, 13.03},
     {100.02, 13.005},
     {100.01, 13.005},
     {100.01, 13.03},
     {100, 13.03},
     {100, 13}},
    {{101, 14}, {101.01, 14}, {101.01, 14.01}, {101, 14.01}, {101, 14}}};

TEST(SitePoints, LieInsideByDefault) {
  const Layer sites = compounds(GeometryKind::polygon, kShapes);
  const Layer points = points_of(sites);
  ASSERT_EQ(points.geometry.kind, GeometryKind::point);
  ASSERT_EQ(points.size(), 2U);
  for (std::size_t row = 0; row < 2; ++row)
    EXPECT_EQ(locate(sites.geometry, row, points.geometry.x[row], points.geometry.y[row]), Inside::inside) << row;
  const Layer centroids = points_of(sites, SitePointRule::centroid);
  EXPECT_EQ(locate(sites.geometry, 0, centroids.geometry.x[0], centroids.geometry.y[0]), Inside::outside);
  EXPECT_NEAR(centroids.geometry.x[0], 100.015, 1e-12);
  EXPECT_NEAR(centroids.geometry.x[1], 101.005, 1e-12);
  EXPECT_NEAR(centroids.geometry.y[1], 14.005, 1e-12);
}

TEST(SitePoints, KeepColumnsPartsSourcesAndLevels) {
  const Layer sites = compounds(GeometryKind::polygon, kShapes);
  const Layer points = points_of(sites);
  EXPECT_EQ(points.roles, sites.roles);
  EXPECT_EQ(points.column("id").display(1), "s2");
  EXPECT_EQ(points.column("publication").display(0), "hidden");
  EXPECT_EQ(points.sources.front().attribution, "Somebody");
  EXPECT_EQ(points.column("site_shape").display(0), "polygon");
  const std::vector<double> x = {101, 101.01, 101.01, 101};
  const std::vector<double> y = {14, 14, 14.01, 14.01};
  EXPECT_NEAR(points.column("site_area_m2").reals()[1] / geodesic_ring_area(x, y), 1, 1e-6);
  EXPECT_TRUE(points.column("site_length_m").is_null(0));
}

TEST(SitePoints, OfLinesLieHalfWayOnTheGround) {
  const Layer lines = compounds(GeometryKind::line, {{{100, 13}, {100.01, 13}, {100.01, 13.03}}, {}});
  const Layer points = points_of(lines);
  const double east = geodesic_distance(100, 13, 100.01, 13).value;
  const double north = geodesic_distance(100.01, 13, 100.01, 13.03).value;
  EXPECT_NEAR(points.column("site_length_m").reals()[0], east + north, 1e-6);
  EXPECT_EQ(points.geometry.x[0], 100.01);
  EXPECT_NEAR(geodesic_distance(100.01, 13, 100.01, points.geometry.y[0]).value, (north - east) / 2, 0.01);
  EXPECT_TRUE(std::isnan(points.geometry.x[1])) << "a line without vertices";
}

TEST(SitePoints, AcrossThe180thMeridian) {
  Layer sites = compounds(GeometryKind::polygon, {});
  const auto half = [&](double west, double east) {
    sites.geometry.add_ring(std::vector<double>{west, east, east, west, west}, std::vector<double>{0, 0, 1, 1, 0});
    sites.geometry.end_part();
  };
  half(179, 180);
  half(-180, -177);
  sites.geometry.end_feature();
  sites.columns.clear();
  sites.roles = {};
  EXPECT_NEAR(points_of(sites, SitePointRule::centroid).geometry.x[0], -179, 1e-9);
  const Layer inside = points_of(sites);
  EXPECT_EQ(locate(sites.geometry, 0, inside.geometry.x[0], inside.geometry.y[0]), Inside::inside);
}

TEST(SitePoints, PointsStayAndTablesAreRefused) {
  Layer points;
  points.crs = Crs::wgs84();
  points.geometry = Geometry::points({100}, {13});
  EXPECT_EQ(points_of(points).geometry.x, std::vector<double>{100});
  Layer table;
  table.geometry.rows = 1;
  EXPECT_THROW(points_of(table), UsageError);
}

}  // namespace
}  // namespace yaan
