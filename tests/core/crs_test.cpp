#include "yaan/core/crs.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "yaan/core/error.hpp"

namespace yaan {
namespace {

TEST(Crs, KnowsKindUnitAndCode) {
  const Crs utm = Crs::from_text("EPSG:32647");
  EXPECT_EQ(utm.kind(), Crs::Kind::projected);
  EXPECT_EQ(utm.code(), "EPSG:32647");
  EXPECT_EQ(utm.name(), "WGS 84 / UTM zone 47N");
  EXPECT_EQ(utm.metres_per_unit(), 1);
  EXPECT_TRUE(Crs::from_text("EPSG:4326").is_wgs84());
  EXPECT_TRUE(Crs::wgs84().is_wgs84());
  EXPECT_FALSE(Crs::from_text("EPSG:4240").is_wgs84());
  EXPECT_NEAR(Crs::from_text("EPSG:2263").metres_per_unit(), 0.3048006096, 1e-9);  // US survey foot
  EXPECT_EQ(Crs::from_text("local").kind(), Crs::Kind::local);
  EXPECT_EQ(Crs().kind(), Crs::Kind::none);
}

TEST(Crs, RefusesNonsense) {
  for (const char* text : {"", "EPSG:999999", "hello", "EPSG:5773" /* heights only */, "+proj=geocent +type=crs"})
    EXPECT_THROW(Crs::from_text(text), UsageError) << text;
}

TEST(Crs, SameSystemWhateverTheAxisOrder) {
  EXPECT_TRUE(Crs::from_text("EPSG:4326").same_as(Crs::wgs84()));
  EXPECT_FALSE(Crs::from_text("EPSG:32647").same_as(Crs::from_text("EPSG:32648")));
  EXPECT_FALSE(Crs().same_as(Crs::local()));
  const Crs laea = Crs::laea(Degrees{101.5}, Degrees{13});
  EXPECT_TRUE(Crs::from_text(laea.text()).same_as(laea));
}

TEST(Transformer, ProjectsKnownPoint) {
  // EPSG Guidance Note 7-2 style check against the zone's definition: the central meridian lies at 500 km east.
  std::vector<double> x = {99.0};
  std::vector<double> y = {0.0};
  EXPECT_EQ(Transformer(Crs::from_text("EPSG:4326"), Crs::from_text("EPSG:32647")).apply(x, y), 0U);
  EXPECT_NEAR(x[0], 500000, 1e-6);
  EXPECT_NEAR(y[0], 0, 1e-6);
}

TEST(Transformer, CountsWhatItCannotTake) {
  std::vector<double> x = {100, 100, std::nan("")};
  std::vector<double> y = {13, 95, 13};
  EXPECT_EQ(Transformer(Crs::wgs84(), Crs::from_text("EPSG:32647")).apply(x, y), 2U);
  EXPECT_TRUE(std::isfinite(x[0]));
  EXPECT_TRUE(std::isnan(y[1]) && std::isnan(x[2]));
}

TEST(Transformer, NeedsTwoKnownSides) {
  EXPECT_THROW(Transformer(Crs(), Crs::wgs84()), InputError);
  EXPECT_THROW(Transformer(Crs::local(), Crs::wgs84()), InputError);
}

TEST(Length, OnAGeographicLayerNeedsItsUnit) {
  EXPECT_THROW(static_cast<void>(Length::bare(0.5).on(Crs::wgs84(), "radius")), UsageError);
  EXPECT_EQ(Length(Metres{500}).on(Crs::wgs84(), "radius"), Metres{500});
  EXPECT_NEAR(Length::bare(10).on(Crs::from_text("EPSG:2263"), "radius").value, 3.048006096, 1e-8);
}

TEST(Transformer, GivesManyPointsWhatItGivesEach) {
  // Indian 1975: PROJ chooses among several operations by place.
  for (const char* code : {"EPSG:32647", "EPSG:24047", "EPSG:3857"}) {
    const Transformer transformer(Crs::from_text(code), Crs::wgs84());
    std::vector<double> x, y;
    for (int i = 0; i < 100000; ++i) {
      x.push_back(400000 + 3.7 * (i % 1000));
      y.push_back(800000 + 11.3 * (i / 50));
    }
    std::vector<double> all_x = x, all_y = y;
    ASSERT_EQ(transformer.apply(all_x, all_y), 0U) << code;
    for (std::size_t i = 0; i < x.size(); i += 997) {
      ASSERT_EQ(transformer.apply(std::span(x).subspan(i, 1), std::span(y).subspan(i, 1)), 0U);
      ASSERT_EQ(x[i], all_x[i]) << code << " " << i;
      ASSERT_EQ(y[i], all_y[i]) << code << " " << i;
    }
  }
}

}  // namespace
}  // namespace yaan
