#include "yaan/district/districts.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "yaan/core/error.hpp"
#include "yaan/core/geodesy.hpp"
#include "yaan/core/publication.hpp"

namespace yaan {
namespace {

constexpr double kDegreeAtEquator = 111319.49;  // metres of longitude on the equator of WGS 84

Column texts(const char* name, const std::vector<std::string>& values) {
  Column column(name, ColumnType::text);
  for (const std::string& value : values) column.push(std::string_view(value));
  return column;
}

// A square of side 1 km with a member in its middle (cluster 2), a pair far away (cluster 1) and one point of noise.
Layer square_and_pair() {
  const double side = 1000 / kDegreeAtEquator;
  const double side_north = 1000 / 110574.28;  // metres of latitude on the equator
  Layer layer;
  layer.name = "sites";
  layer.crs = Crs::wgs84();
  layer.geometry = Geometry::points({0, side, side, 0, side / 2, 5, 5 + side, 20},
                                    {0, 0, side_north, side_north, side_north / 2, 0, 0, 0});
  layer.set(texts("id", {"a", "b", "c", "d", "middle", "p", "q", "far"}));
  layer.set(texts("en", {"A", "B", "C", "D", "Middle", "P", "Q", "Far"}));
  layer.set(texts("th", {"ก", "ข", "ค", "ง", "กลาง", "", "จ", "ไกล"}));
  layer.set(texts("kind", {"temple", "temple", "market", "craft", "temple", "market", "craft", "craft"}));
  layer.set(texts("area_code", {"X", "X", "X", "Y", "X", "Y", "Y", "Y"}));
  layer.set(texts("area_name_en", {"Ex", "Ex", "Ex", "Why", "Ex", "Why", "Why", "Why"}));
  layer.set(texts("area_name_th", {"เอ็กซ์", "เอ็กซ์", "เอ็กซ์", "วาย", "เอ็กซ์", "วาย", "วาย", "วาย"}));
  Column cluster("cluster", ColumnType::integer);
  for (const std::int64_t label : {2, 2, 2, 2, 2, 1, 1}) cluster.push(label);
  cluster.push_null();
  layer.set(cluster);
  layer.roles.id = "id";
  layer.roles.name_en = "en";
  layer.roles.name_th = "th";
  layer.roles.category = "kind";
  return layer;
}

DistrictOptions bare_convex() {
  DistrictOptions options;
  options.outline = OutlineMethod::convex;
  options.margin = Metres{0};
  return options;
}

TEST(Districts, DescribeAKnownSquare) {
  Progress progress;
  const MethodResult result = find_districts(square_and_pair(), bare_convex(), progress);
  const Layer& districts = result.layers.at(0);
  ASSERT_EQ(districts.size(), 2U);
  EXPECT_EQ(districts.column("district_id").display(0), "D1");
  EXPECT_EQ(districts.column("cluster").integers(), (std::vector<std::int64_t>{2, 1}));
  EXPECT_EQ(districts.column("count").integers(), (std::vector<std::int64_t>{5, 2}));
  EXPECT_EQ(districts.column("name_en").display(0), "Middle");
  EXPECT_EQ(districts.column("name_th").display(0), "กลาง");
  EXPECT_EQ(districts.column("centre_id").display(0), "middle");
  EXPECT_NEAR(districts.column("area_km2").reals()[0], 1, 1e-4);
  EXPECT_NEAR(districts.column("density_per_km2").reals()[0], 5, 1e-3);
  EXPECT_NEAR(districts.column("mean_nn_distance_m").reals()[0], 1000 / std::sqrt(2.0), 0.1);
  EXPECT_NEAR(districts.column("shannon_diversity").reals()[0], -(0.6 * std::log(0.6) + 2 * 0.2 * std::log(0.2)),
              1e-12);
  EXPECT_EQ(districts.column("dominant_category").display(0), "temple");
  EXPECT_EQ(districts.column("categories").display(0), "temple; craft; market");
  EXPECT_EQ(districts.column("category_counts").display(0), "3; 1; 1");
  EXPECT_EQ(districts.column("province_codes").display(0), "X; Y");
  EXPECT_EQ(districts.column("province_shares").display(0), "0.8; 0.2");
  EXPECT_EQ(districts.column("province_th").display(0), "เอ็กซ์");
}

TEST(Districts, APairHasNoHullAndSaysSo) {
  Progress progress;
  const MethodResult result = find_districts(square_and_pair(), bare_convex(), progress);
  const Layer& districts = result.layers.at(0);
  EXPECT_EQ(districts.column("outline_method").display(0), "convex hull, margin 0m");
  EXPECT_EQ(districts.column("outline_method").display(1), "buffered union, radius 250m");
  EXPECT_EQ(districts.column("name_th").display(1), "P") << "without a Thai name the English one stands in";
  EXPECT_EQ(districts.column("dominant_category").display(1), "craft") << "ties go to the first in byte order";
}

TEST(Districts, PointsLearnTheirDistrict) {
  Progress progress;
  const MethodResult result = find_districts(square_and_pair(), bare_convex(), progress);
  ASSERT_EQ(result.columns.size(), 2U);
  EXPECT_EQ(result.columns[0].display(4), "D1");
  EXPECT_EQ(result.columns[0].display(5), "D2");
  EXPECT_TRUE(result.columns[0].is_null(7));
  EXPECT_EQ(result.columns[1].null_count(), 1U);
}

TEST(Districts, WeightRanksBeforeCount) {
  Layer layer = square_and_pair();
  layer.set(Column::of("w", std::vector<double>{1, 1, 1, 1, 1, 10, 10, 1}));
  layer.roles.weight = "w";
  Progress progress;
  const Layer districts = find_districts(layer, bare_convex(), progress).layers.at(0);
  EXPECT_EQ(districts.column("cluster").integers(), (std::vector<std::int64_t>{1, 2}));
  EXPECT_EQ(districts.column("weight").reals()[0], 20);
  layer.set(Column::of("w", std::vector<double>{1, 1, 1, -1, 1, 10, 10, 1}));
  EXPECT_THROW(find_districts(layer, bare_convex(), progress), InputError);
}

TEST(Districts, NeverDrawAHiddenMember) {
  Layer layer = square_and_pair();
  layer.set(texts("level", {"hidden", "", "", "", "hidden", "hidden", "hidden", ""}));
  layer.roles.publication = "level";
  Progress progress;
  const MethodResult result = find_districts(layer, bare_convex(), progress);
  const Layer& districts = result.layers.at(0);
  EXPECT_EQ(districts.column("count").integers(), (std::vector<std::int64_t>{5, 2})) << "counts are of all members";
  EXPECT_NE(districts.column("name_en").display(0), "Middle");
  EXPECT_EQ(locate(districts.geometry, 0, 0.0005, 0.0005), Inside::outside) << "the hidden corner is not enclosed";
  EXPECT_TRUE(districts.geometry.bounds(1).empty());
  EXPECT_TRUE(districts.column("name_en").is_null(1) && districts.column("area_km2").is_null(1));
  EXPECT_EQ(result.diagnostics.count("district-not-shown"), 1);
}

TEST(Districts, CoarsenedMembersStandInWhenNothingIsOpen) {
  Layer layer = square_and_pair();
  layer.set(texts("level", {"", "", "", "", "", "coarsened", "hidden", ""}));
  layer.roles.publication = "level";
  Progress progress;
  const Layer districts = find_districts(layer, bare_convex(), progress).layers.at(0);
  double lon = 5;
  double lat = 0;
  coarsen(lon, lat);
  EXPECT_EQ(districts.column("centre_lon").reals()[1], lon);
  EXPECT_EQ(districts.column("name_en").display(1), "P");
}

TEST(Districts, AreaIsTheSameInUtmAndAcrossTheAntimeridian) {
  Progress progress;
  Layer layer = square_and_pair();
  const double area = find_districts(layer, bare_convex(), progress).layers.at(0).column("area_km2").reals()[0];
  for (double& x : layer.geometry.x) x = x > 4 ? x : x - 180.004 < -180 ? x + 179.996 : x - 180.004;
  const Layer crossing = find_districts(layer, bare_convex(), progress).layers.at(0);
  EXPECT_NEAR(crossing.column("area_km2").reals()[0], area, 1e-6);
  Layer shifted = square_and_pair();
  for (double& x : shifted.geometry.x) x += 99;
  const Layer utm = reprojected(shifted, Crs::from_text("EPSG:32647"));
  const Layer from_utm = find_districts(utm, bare_convex(), progress).layers.at(0);
  EXPECT_NEAR(from_utm.column("area_km2").reals()[0], area, 1e-6);
  EXPECT_TRUE(from_utm.crs.is_wgs84());
}

TEST(Districts, LocalPlaneStaysInItsPlane) {
  Layer layer;
  layer.name = "t";
  layer.crs = Crs::local();
  layer.geometry = Geometry::points({0, 1000, 0}, {0, 0, 1000});
  layer.set(Column::of("cluster", std::vector<std::int64_t>{1, 1, 1}));
  Progress progress;
  const Layer districts = find_districts(layer, bare_convex(), progress).layers.at(0);
  EXPECT_EQ(districts.crs.kind(), Crs::Kind::local);
  EXPECT_NEAR(districts.column("area_km2").reals()[0], 0.5, 1e-12);
  EXPECT_TRUE(districts.column("categories").is_null(0));
}

TEST(Districts, NoClusterColumnAndNoClusters) {
  Progress progress;
  Layer layer = square_and_pair();
  Column none("cluster", ColumnType::integer);
  for (std::size_t i = 0; i < layer.size(); ++i) none.push_null();
  layer.set(none);
  EXPECT_EQ(find_districts(layer, bare_convex(), progress).layers.at(0).size(), 0U);
  layer.columns.clear();
  layer.roles = {};
  EXPECT_THROW(find_districts(layer, bare_convex(), progress), UsageError);
  layer.crs = Crs();
  EXPECT_THROW(find_districts(layer, bare_convex(), progress), UsageError);
}

}  // namespace
}  // namespace yaan
