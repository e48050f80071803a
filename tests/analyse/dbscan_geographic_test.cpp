// DBSCAN on the ellipsoid, against PROJ's geodesics.

#include <geodesic.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <random>
#include <string>

#include "analyse/dbscan_oracle.hpp"
#include "yaan/analyse/dbscan.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {
namespace {

const geod_geodesic& wgs84() {
  static const geod_geodesic ellipsoid = [] {
    geod_geodesic g;
    geod_init(&g, 6378137, 1 / 298.257223563);
    return g;
  }();
  return ellipsoid;
}

double geodesic(double lon1, double lat1, double lon2, double lat2) {
  double distance = 0;
  geod_inverse(&wgs84(), lat1, lon1, lat2, lon2, &distance, nullptr, nullptr);
  return distance;
}

struct Place {
  double lon, lat;
};

Place away(Place from, double azimuth, double metres) {
  Place to{};
  geod_direct(&wgs84(), from.lat, from.lon, azimuth, metres, &to.lat, &to.lon, nullptr);
  return to;
}

DbscanLabels run(const oracle::Points& points, double radius, std::int64_t min_points) {
  Progress progress;
  DbscanOptions options;
  options.radius = Metres{radius};
  options.min_points = min_points;
  return dbscan(points.first, points.second, Crs::wgs84(), options, progress);
}

bool neighbours(Place a, Place b, double radius) {
  return run({{a.lon, b.lon}, {a.lat, b.lat}}, radius, 2).clusters == 1;
}

TEST(DbscanGeographic, RadiusIsAGroundDistanceToOneInTenThousand) {
  int pairs = 0;
  for (const double radius : {50.0, 5000.0, 100000.0}) {
    const double degrees = radius / 111320;
    // At the equator, 18 N, 70 N, just short of 180, just short of either pole, and across longitude 0.
    for (const Place from :
         {Place{101.5, 0}, Place{99, 18}, Place{25, 70}, Place{180 - degrees / 3, 15}, Place{-180 + degrees / 4, -52},
          Place{40, 90 - degrees / 2}, Place{-100, -90 + degrees / 3}, Place{0, 90}, Place{degrees / 5, 51}}) {
      for (double azimuth = 0; azimuth < 360; azimuth += 7.5) {
        const Place in = away(from, azimuth, radius * (1 - 1.2e-4));
        const Place out = away(from, azimuth, radius * (1 + 1.2e-4));
        EXPECT_TRUE(neighbours(from, in, radius))
            << radius << " m from " << from.lon << " " << from.lat << " at " << azimuth;
        EXPECT_FALSE(neighbours(from, out, radius))
            << radius << " m from " << from.lon << " " << from.lat << " at " << azimuth;
        ++pairs;
      }
    }
  }
  EXPECT_EQ(pairs, 3 * 9 * 48);
}

TEST(DbscanGeographic, EqualsTheDefinitionByGeodesics) {
  std::mt19937_64 random(18);
  const auto draw = [&](double low, double high) { return std::uniform_real_distribution<double>(low, high)(random); };
  std::int64_t clusters = 0, border = 0;
  int compared = 0;
  for (int round = 0; round < 400; ++round) {
    const double radius = std::pow(10, draw(1, 5));
    const std::array<double, 7> latitudes{0, 18, 70, -89.99, 90, -90, 45};
    const double lat0 = latitudes[random() % latitudes.size()];
    const double lon0 = std::array<double, 4>{180, 0, 100, -180}[random() % 4];
    oracle::Points points;
    for (int i = 0; i < 50; ++i) {
      const Place place = away({lon0, lat0}, draw(0, 360), radius * draw(0, 6));
      points.first.push_back(round % 4 == 0 ? place.lon + 360 * std::round(draw(-0.6, 0.6)) : place.lon);
      points.second.push_back(place.lat);
      if (std::abs(points.first.back()) > 540) points.first.back() = place.lon;
    }
    bool doubtful = false;  // a pair so near the radius that either answer is allowed
    for (std::size_t i = 0; i < 50; ++i)
      for (std::size_t j = 0; j < i; ++j) {
        const double d = geodesic(points.first[i], points.second[i], points.first[j], points.second[j]);
        doubtful = doubtful || std::abs(d / radius - 1) < 1.2e-4;
      }
    if (doubtful) continue;
    const oracle::Near near = [&](std::size_t i, std::size_t j) {
      return geodesic(points.first[i], points.second[i], points.first[j], points.second[j]) <= radius;
    };
    const auto min_points = static_cast<std::int64_t>(2 + random() % 5);
    const DbscanLabels labels = run(points, radius, min_points);
    SCOPED_TRACE(testing::Message() << "round " << round << " radius " << radius << " at " << lon0 << " " << lat0);
    ASSERT_EQ(oracle::complaint(points, near, min_points, labels), "");
    ASSERT_EQ(labels.cluster, oracle::brute_force(points, near, min_points).cluster);
    clusters += labels.clusters;
    border += 50 - labels.noise - labels.core_count;
    ++compared;
  }
  EXPECT_GT(compared, 250);
  EXPECT_GT(clusters, 300);
  EXPECT_GT(border, 300);
}

TEST(DbscanGeographic, WholeGlobe) {
  // Even points over the globe, with radii from one to many cells: every neighbour must be found wherever it lies.
  oracle::Points points;
  for (int i = 0; i < 600; ++i) {
    points.first.push_back(std::fmod(i * 137.50776405003785, 360) - 180);
    points.second.push_back(std::asin(1 - (2 * i + 1) / 600.0) * 57.29577951308232);
  }
  for (const double radius : {500e3, 1000e3, 1500e3, 4000e3}) {
    // Beyond 100 km the rule is the chord itself.
    const double chord = 2 * 6371008.8 * std::sin(radius / 2 / 6371008.8);
    std::vector<std::array<double, 3>> centred;
    for (std::size_t i = 0; i < points.first.size(); ++i) {
      const double lon = points.first[i] / 57.29577951308232, lat = points.second[i] / 57.29577951308232;
      const double e2 = (2 - 1 / 298.257223563) / 298.257223563;
      const double normal = 6378137 / std::sqrt(1 - e2 * std::sin(lat) * std::sin(lat));
      centred.push_back({normal * std::cos(lat) * std::cos(lon), normal * std::cos(lat) * std::sin(lon),
                         normal * (1 - e2) * std::sin(lat)});
    }
    const oracle::Near near = [&](std::size_t i, std::size_t j) {
      return std::hypot(centred[i][0] - centred[j][0], centred[i][1] - centred[j][1], centred[i][2] - centred[j][2]) <=
             chord;
    };
    for (const std::int64_t min_points : {3, 6, 30})
      EXPECT_EQ(oracle::complaint(points, near, min_points, run(points, radius, min_points)), "")
          << radius << " " << min_points;
  }
  EXPECT_EQ(run(points, 10e6, 2).clusters, 1);
}

TEST(DbscanGeographic, ThreadsDoNotChangeTheAnswer) {
  std::mt19937_64 random(5);
  oracle::Points points;
  for (int i = 0; i < 40000; ++i) {
    const Place place = away({static_cast<double>(i % 30) * 12 - 180, 85 - (i % 7) * 25.0}, (i * 37) % 360,
                             std::abs(std::normal_distribution<double>(0, 3000)(random)));
    points.first.push_back(place.lon);
    points.second.push_back(place.lat);
  }
  set_thread_count(1);
  const DbscanLabels one = run(points, 150, 6);
  EXPECT_GT(one.clusters, 30);
  for (const unsigned threads : {2U, 8U}) {
    set_thread_count(threads);
    const DbscanLabels many = run(points, 150, 6);
    EXPECT_EQ(many.cluster, one.cluster);
    EXPECT_EQ(many.core, one.core);
  }
  set_thread_count(0);
}

}  // namespace
}  // namespace yaan
