#include "yaan/core/geodesy.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "yaan/core/tangent_plane.hpp"

namespace yaan {
namespace {

double chord_between(double lon1, double lat1, double lon2, double lat2) {
  const auto a = earth_centred(lon1, lat1);
  const auto b = earth_centred(lon2, lat2);
  return std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

TEST(Geodesy, KnownGeodesic) {
  // Karney 2013, table 2 neighbourhood: a quarter meridian of WGS 84 is 10,001,965.729 m.
  EXPECT_NEAR(geodesic_distance(0, 0, 0, 90).value, 10001965.729, 1e-3);
  EXPECT_EQ(geodesic_distance(180, 10, -180, 10).value, 0);
}

TEST(Geodesy, ChordsMeasureTheGroundToOnePartInTenThousand) {
  std::mt19937_64 random(20261123);
  std::uniform_real_distribution<double> bearing(0, 360);
  double worst = 0;
  for (const double distance : {50.0, 5000.0, 100000.0})
    for (const double lat : {0.0, 18.0, 70.0, 89.9, -89.99})
      for (const double lon : {101.0, 179.999, -180.0})
        for (int i = 0; i < 200; ++i) {
          const double angle = bearing(random) * std::acos(-1.0) / 180;
          double lat2 = lat + distance / 111000 * std::cos(angle);
          double lon2 =
              lon + distance / 111000 / std::max(1e-3, std::cos(lat * std::acos(-1.0) / 180)) * std::sin(angle);
          if (lat2 > 90) lat2 = 180 - lat2, lon2 += 180;
          if (lat2 < -90) lat2 = -180 - lat2, lon2 += 180;
          const double truth = geodesic_distance(lon, lat, lon2, lat2).value;
          if (truth < 1 || truth > 100000) continue;
          const double measured = ground_distance_of(chord_between(lon, lat, lon2, lat2)).value;
          worst = std::max(worst, std::abs(measured - truth) / truth);
        }
  EXPECT_LT(worst, 1e-4);
  EXPECT_LT(worst, 1e-6) << "the header promises more room than is needed; say so if the formula changes";
}

TEST(Geodesy, ChordOfIsMonotoneAndInvertible) {
  double previous = -1;
  for (const double metres : {0.0, 1.0, 50.0, 1e5, 1e6, 2e7}) {
    const double chord = chord_of(Metres{metres});
    EXPECT_GT(chord, previous);
    previous = chord;
    if (metres < 2e7) {
      EXPECT_NEAR(ground_distance_of(chord).value, metres, 1e-6 * std::max(1.0, metres));
    }
  }
}

TEST(Geodesy, RingAreaOfAnOctant) {
  // An eighth of the ellipsoid: 510,065,621,724,088 m2 / 8 (WGS 84).
  const std::vector<double> lon = {0, 90, 0};
  const std::vector<double> lat = {0, 0, 90};
  EXPECT_NEAR(geodesic_ring_area(lon, lat), 510065621724088.0 / 8, 1e3);
  const std::vector<double> lon_back(lon.rbegin(), lon.rend());
  const std::vector<double> lat_back(lat.rbegin(), lat.rend());
  EXPECT_LT(geodesic_ring_area(lon_back, lat_back), 0);
  EXPECT_EQ(geodesic_ring_area(std::vector<double>{1, 2}, std::vector<double>{1, 2}), 0);
}

TEST(TangentPlane, MeasuresTheGroundAndComesBack) {
  for (const auto& [lon, lat] :
       std::vector<std::pair<double, double>>{{100.5, 13.7}, {180, 0}, {-179.99, 70}, {0, 90}}) {
    const TangentPlane plane(lon, lat);
    for (int degrees = 0; degrees < 360; degrees += 30) {
      const double x = 10000 * std::cos(degrees * std::acos(-1.0) / 180);
      const double y = 10000 * std::sin(degrees * std::acos(-1.0) / 180);
      const auto there = plane.to_degrees(x, y);
      EXPECT_NEAR(geodesic_distance(lon, lat, there.x, there.y).value, 10000, 0.05) << lon << ' ' << degrees;
      const auto back = plane.to_plane(there.x, there.y);
      EXPECT_NEAR(back.x, x, 1e-5);
      EXPECT_NEAR(back.y, y, 1e-5);
    }
  }
  EXPECT_TRUE(std::isnan(TangentPlane(0, 0).to_plane(180, 0).x));
  EXPECT_TRUE(std::isnan(TangentPlane(0, 0).to_degrees(7e6, 0).x));
}

TEST(TangentPlane, CentresItselfAcrossTheAntimeridian) {
  const std::vector<double> lon = {179.9, -179.9};
  const std::vector<double> lat = {10, 10};
  const auto west = TangentPlane::around(lon, lat).to_plane(lon[0], lat[0]);
  const auto east = TangentPlane::around(lon, lat).to_plane(lon[1], lat[1]);
  EXPECT_NEAR(west.x, -east.x, 1e-6);
  EXPECT_NEAR(west.x, -10960, 20);
}

}  // namespace
}  // namespace yaan
