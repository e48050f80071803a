// Which districts make a city, and what it is called.
#include "study/cities.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace yaan {
namespace {

struct District {
  double lon;
  double lat;
  std::string name;
  std::string province;
};

Layer layer_of(const std::vector<District>& districts) {
  Layer layer;
  layer.crs = Crs::wgs84();
  layer.geometry = Geometry::empty(GeometryKind::polygon);
  Column lon("centre_lon", ColumnType::real);
  Column lat("centre_lat", ColumnType::real);
  Column name("name_en", ColumnType::text);
  Column province("province_en", ColumnType::text);
  for (const District& d : districts) {
    const double r = 0.005;
    const std::vector<double> x = {d.lon - r, d.lon + r, d.lon + r, d.lon - r, d.lon - r};
    const std::vector<double> y = {d.lat - r, d.lat - r, d.lat + r, d.lat + r, d.lat - r};
    layer.geometry.add_ring(x, y);
    layer.geometry.end_part();
    layer.geometry.end_feature();
    lon.push(d.lon);
    lat.push(d.lat);
    name.push(d.name);
    if (d.province.empty())
      province.push_null();
    else
      province.push(d.province);
  }
  for (Column* column : {&lon, &lat, &name, &province}) layer.columns.push_back(std::move(*column));
  return layer;
}

TEST(Cities, JoinDistrictsWithinReachOfOneAnother) {
  // A degree of latitude is about 110.6 km here: 0.13 degrees are 14.4 km, 0.14 are 15.5 km.
  const auto cities = cities_of(
      layer_of({{99, 18.0, "A", "P"}, {101, 18.0, "far", "Q"}, {99, 18.26, "C", "P"}, {99, 18.13, "B", "R"}}));
  ASSERT_EQ(cities.size(), 2U);
  EXPECT_THAT(cities[0].districts, ::testing::ElementsAre(0U, 2U, 3U));
  EXPECT_EQ(cities[0].name.en, "P");
  EXPECT_EQ(cities[1].name.en, "Q");
  EXPECT_EQ(cities_of(layer_of({{99, 18.0, "A", "P"}, {99, 18.14, "B", "P"}})).size(), 2U);
}

TEST(Cities, AreToldApartByTheirDistrict) {
  const auto cities = cities_of(layer_of({{99, 18, "Old Town", "Chiang Rai"},
                                          {100, 19, "Wat Phra Buat", "Chiang Rai"},
                                          {101, 17, "Ban Chiang", ""},
                                          {102, 17, "ย่าน", ""},
                                          {103, 17, "Chiang-Rai", ""}}));
  ASSERT_EQ(cities.size(), 5U);
  EXPECT_EQ(cities[1].name.en, "Chiang Rai: Wat Phra Buat");
  EXPECT_EQ(cities[2].name.en, "Ban Chiang");
  std::vector<std::string> slugs;
  for (const City& city : cities) slugs.push_back(city.slug);
  EXPECT_THAT(slugs,
              ::testing::ElementsAre("chiang-rai", "chiang-rai-wat-phra-buat", "ban-chiang", "city-4", "chiang-rai-2"));
}

TEST(Cities, ShowTheirDistrictsWithRoomAboutThem) {
  const auto cities = cities_of(layer_of({{99, 18, "A", "P"}}));
  ASSERT_EQ(cities.size(), 1U);
  const Box& box = cities[0].extent;
  EXPECT_LT(box.min_x, 98.995 - 0.009);
  EXPECT_GT(box.max_x, 99.005 + 0.009);
  EXPECT_LT(box.min_y, 17.995 - 0.0089);
  EXPECT_GT(box.max_y, 18.005 + 0.0089);
  EXPECT_LT(box.width(), 0.05);
}

TEST(Cities, NeedCentres) {
  EXPECT_TRUE(cities_of(Layer{}).empty());
  Layer hidden = layer_of({{99, 18, "A", "P"}});
  Column none("centre_lon", ColumnType::real);
  none.push_null();
  hidden.set(std::move(none));
  EXPECT_TRUE(cities_of(hidden).empty());
}

}  // namespace
}  // namespace yaan
