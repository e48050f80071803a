#include "yaan/core/crs.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <numbers>
#include <utility>
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

// The parameters of the Royal Thai Survey Department, by the formulas of EPSG Guidance Note 7-2 (geocentric
// translations) on the Everest ellipsoid of the datum, a = 6377276.345 m, 1/f = 300.8017.
TEST(Crs, Indian1975IsShiftedByTheThaiParameters) {
  const auto earth_centred = [](double lon, double lat, double a, double rf) {
    const double degree = std::numbers::pi / 180;
    const double e2 = (2 - 1 / rf) / rf;
    const double n = a / std::sqrt(1 - e2 * std::sin(lat * degree) * std::sin(lat * degree));
    return std::array{n * std::cos(lat * degree) * std::cos(lon * degree),
                      n * std::cos(lat * degree) * std::sin(lon * degree), n * (1 - e2) * std::sin(lat * degree)};
  };
  for (const auto& [lon, lat] : {std::pair{100.5, 13.75}, std::pair{98.98, 18.79}, std::pair{104.9, 15.2}}) {
    double x = lon;
    double y = lat;
    const Transformer transformer(Crs::from_text("EPSG:4240"), Crs::wgs84());
    ASSERT_EQ(transformer.apply({&x, 1}, {&y, 1}), 0U);
    const auto before = earth_centred(lon, lat, 6377276.345, 300.8017);
    const auto after = earth_centred(x, y, 6378137, 298.257223563);
    // The height over the ellipsoid changes as well: what is left of the difference stands upright.
    const double up_x = std::cos(y * std::numbers::pi / 180) * std::cos(x * std::numbers::pi / 180);
    const double up_y = std::cos(y * std::numbers::pi / 180) * std::sin(x * std::numbers::pi / 180);
    const double up_z = std::sin(y * std::numbers::pi / 180);
    std::array<double, 3> left{};
    for (std::size_t i = 0; i < 3; ++i) left[i] = before[i] + kThaiShift[i] - after[i];
    const double height = left[0] * up_x + left[1] * up_y + left[2] * up_z;
    EXPECT_NEAR(left[0], height * up_x, 0.01) << lon << " " << lat;
    EXPECT_NEAR(left[1], height * up_y, 0.01) << lon << " " << lat;
    EXPECT_NEAR(left[2], height * up_z, 0.01) << lon << " " << lat;
  }
}

TEST(Crs, AnotherShiftByChoice) {
  const Crs utm = Crs::from_text("EPSG:24047");
  ASSERT_TRUE(utm.datum_shift());
  EXPECT_EQ(*utm.datum_shift(), kThaiShift);
  const auto place = [](const Crs& from) {
    double x = 661000;
    double y = 1519000;
    const Transformer transformer(from, Crs::from_text("EPSG:32647"));
    transformer.apply({&x, 1}, {&y, 1});
    return std::pair{x, y};
  };
  const auto thai = place(utm);
  const Crs other = utm.with_shift({204.64, 834.74, 293.8});  // EPSG:1537
  EXPECT_NEAR(place(other).first, place(utm.with_operation("EPSG:1537")).first, 1e-3);
  EXPECT_THROW(utm.with_operation("EPSG:1151"), UsageError) << "another datum";
  EXPECT_THROW(utm.with_operation("EPSG:32647"), UsageError) << "no operation";
  EXPECT_FALSE(other.datum_shift());
  EXPECT_EQ(other.metres_per_unit(), 1);
  const auto moved = place(other);
  const double apart = std::hypot(moved.first - thai.first, moved.second - thai.second);
  EXPECT_GT(apart, 0.1);
  EXPECT_LT(apart, 1);
  const auto proj = place(utm.with_operation("EPSG:1812"));
  EXPECT_NEAR(std::hypot(proj.first - thai.first, proj.second - thai.second), 188, 10);
  // The same datum on both sides: no shift at all.
  double x = 661000;
  double y = 1519000;
  const Transformer there(utm, Crs::from_text("EPSG:24048"));
  const Transformer back(Crs::from_text("EPSG:24048"), utm);
  there.apply({&x, 1}, {&y, 1});
  back.apply({&x, 1}, {&y, 1});
  EXPECT_NEAR(x, 661000, 1e-3);
  EXPECT_NEAR(y, 1519000, 1e-3);
}

}  // namespace
}  // namespace yaan
