// Expected numbers from places are counts, and tests that cannot tell anything say so.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>

#include "district/place_mass.hpp"
#include "district/significance_samples.hpp"
#include "yaan/core/geodesy.hpp"

namespace yaan {
namespace {

using samples::options_of;
using samples::points_of;

/// Clumps of sites, some places twice. In degrees they lie about the antimeridian.
Layer clumps(unsigned seed, std::size_t count, bool degrees) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> place(0, 1000);
  std::normal_distribution<double> scatter(0, 25);
  Layer points = points_of({}, {});
  double x = 0, y = 0;
  while (points.geometry.x.size() < count) {
    if (points.geometry.x.size() % 12 == 0) x = place(random), y = place(random);
    const double east = x + scatter(random), north = y + scatter(random);
    const double lon = 179.995 + east / 1e5;
    for (unsigned times = points.geometry.x.size() % 7 == 0 ? 2 : 1; times > 0; --times) {
      points.geometry.x.push_back(degrees ? (lon > 180 ? lon - 360 : lon) : east);
      points.geometry.y.push_back(degrees ? 18 + north / 1e5 : north);
    }
  }
  points.geometry = Geometry::points(std::move(points.geometry.x), std::move(points.geometry.y));
  if (degrees) points.crs = Crs::wgs84();
  return points;
}

/// By the measure of dbscan.
bool near(const Layer& a, std::size_t i, const Layer& b, std::size_t j, double radius) {
  const auto squared = [](double value) { return value * value; };
  if (!a.crs.is_geographic())
    return squared(a.geometry.x[i] - b.geometry.x[j]) + squared(a.geometry.y[i] - b.geometry.y[j]) <= squared(radius);
  const auto p = earth_centred(a.geometry.x[i], a.geometry.y[i]), q = earth_centred(b.geometry.x[j], b.geometry.y[j]);
  return squared(p[0] - q[0]) + squared(p[1] - q[1]) + squared(p[2] - q[2]) <= squared(chord_of(Metres{radius}));
}

/// Places of the background within the radius of a core point of the district.
double count_on_ground(const Layer& points, const std::vector<std::int32_t>& cluster, std::int32_t district,
                       const Layer& background, double radius, int min_points) {
  std::vector<std::size_t> core;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (cluster[i] != district) continue;
    int neighbours = 0;
    for (std::size_t j = 0; j < points.size(); ++j) neighbours += cluster[j] >= 0 && near(points, i, points, j, radius);
    if (neighbours >= min_points) core.push_back(i);
  }
  double count = 0;
  for (std::size_t p = 0; p < background.size(); ++p)
    count +=
        std::any_of(core.begin(), core.end(), [&](std::size_t i) { return near(points, i, background, p, radius); });
  return count;
}

TEST(PlaceMass, CountsPlacesAsTheDefinitionDoes) {
  for (const bool degrees : {false, true})
    for (unsigned round = 0; round < 20; ++round) {
      const Layer places = clumps(round, 300, degrees);
      const std::size_t n = places.size();
      const double radius = 5.0 + 4 * round;
      std::mt19937 random(round);
      std::vector<double> ones(n, 1.0), people(n);
      for (double& each : people) each = std::uniform_real_distribution<double>(0, 3)(random);
      Progress progress;
      const PlaceMass counts(places.geometry.x, places.geometry.y, ones, places.crs, radius, progress);
      const PlaceMass masses(places.geometry.x, places.geometry.y, people, places.crs, radius, progress);
      EXPECT_EQ(counts.total(), static_cast<double>(n));
      PlaceMass::Scratch scratch, other;
      for (int times = 0; times < 3; ++times) {
        std::vector<std::uint32_t> centres;
        for (int i = 0; i < 9; ++i) centres.push_back(static_cast<std::uint32_t>(random() % n));
        double count = 0, mass = 0;
        for (std::size_t p = 0; p < n; ++p)
          if (std::any_of(centres.begin(), centres.end(),
                          [&](std::uint32_t c) { return near(places, c, places, p, radius); }))
            ++count, mass += people[p];
        EXPECT_EQ(counts.near(centres, scratch), count);
        const double found = masses.near(centres, other);
        EXPECT_NEAR(found, mass, 1e-9);
        std::reverse(centres.begin(), centres.end());
        EXPECT_EQ(masses.near(centres, other), found);
      }
      EXPECT_EQ(counts.near({}, scratch), 0);
    }
  Progress progress;
  EXPECT_EQ(PlaceMass({}, {}, {}, Crs::local(), 5, progress).total(), 0);
}

TEST(DistrictSignificancePlaces, ExpectAllMembersWhereEveryPointIsOfTheKind) {
  for (const bool degrees : {false, true})
    for (const double radius : {10.0, 17.0, 30.0}) {
      Layer points = clumps(4, 240, degrees);
      samples::add_kinds(points, std::vector<std::string>(points.size(), "a"));
      SignificanceOptions options = options_of(radius, 3, 19);
      options.kind = "a";
      Diagnostics diagnostics;
      Progress progress;
      const auto found = district_significance(points, nullptr, nullptr, options, diagnostics, progress);
      ASSERT_GT(found.districts.size(), 3U);
      for (const TestedDistrict& district : found.districts) {
        const auto counted = static_cast<double>(district.counted);
        EXPECT_NEAR(district.expected, counted, 1e-12 * counted);
        EXPECT_NEAR(counted / district.expected, 1, 1e-12);
        EXPECT_NEAR(district.excess, 0, 1e-9);
      }
      EXPECT_EQ(diagnostics.count("all-cases"), 1);
    }
}

TEST(DistrictSignificancePlaces, ExpectWhatACountOfTheBackgroundGives) {
  for (const bool degrees : {false, true}) {
    Layer points = clumps(5, 360, degrees);
    std::vector<std::string> kinds;
    std::vector<std::uint32_t> of_kind;
    for (std::uint32_t i = 0; i < points.size(); ++i) {
      kinds.emplace_back(i % 3 == 0 ? "b" : "a");
      if (i % 3 != 0) of_kind.push_back(i);
    }
    const Layer cases = points.select(of_kind);
    samples::add_kinds(points, kinds);
    SignificanceOptions options = options_of(20, 3, 19);
    options.kind = "a";
    const auto compare = [&](const DistrictSignificance& found, const std::vector<std::int32_t>& cluster,
                             const Layer& background) {
      ASSERT_GT(found.districts.size(), 3U);
      for (const TestedDistrict& district : found.districts) {
        const double count = count_on_ground(cases, cluster, district.cluster, background, 20, 3);
        EXPECT_GE(count, static_cast<double>(district.counted));
        EXPECT_NEAR(district.expected,
                    static_cast<double>(found.counted) * count / static_cast<double>(background.size()), 1e-9);
      }
    };
    const DistrictSignificance labelled = samples::tested(points, nullptr, nullptr, options);
    std::vector<std::int32_t> cluster;
    for (const std::uint32_t i : of_kind) cluster.push_back(labelled.cluster[i]);
    compare(labelled, cluster, points);
    // A background of its own: the cases are added to its places.
    options.kind.clear();
    const Layer others = clumps(6, 500, degrees);
    const DistrictSignificance drawn = samples::tested(cases, nullptr, &others, options);
    Layer all = others;
    all.geometry.x.insert(all.geometry.x.end(), cases.geometry.x.begin(), cases.geometry.x.end());
    all.geometry.y.insert(all.geometry.y.end(), cases.geometry.y.begin(), cases.geometry.y.end());
    all.geometry = Geometry::points(std::move(all.geometry.x), std::move(all.geometry.y));
    compare(drawn, drawn.cluster, all);
  }
}

Diagnostics doubts(const Layer& points, const Layer* background, const SignificanceOptions& options) {
  Diagnostics diagnostics;
  Progress progress;
  (void)district_significance(points, nullptr, background, options, diagnostics, progress);
  return diagnostics;
}

TEST(DistrictSignificancePlaces, DoubtPlacesThatAreAllTaken) {
  Layer points = clumps(7, 120, false);
  std::vector<std::string> kinds(points.size(), "a");
  SignificanceOptions options = options_of(20, 3, 19);
  options.kind = "a";
  Layer alone = points;
  samples::add_kinds(alone, kinds);
  const Diagnostics all = doubts(alone, nullptr, options);
  ASSERT_EQ(all.count("all-cases"), 1);
  for (const auto& entry : all.entries())
    if (entry.code == "all-cases") {
      EXPECT_EQ(entry.severity, Severity::doubt);
    }
  kinds[5] = "b";
  Layer mixed = points;
  samples::add_kinds(mixed, kinds);
  EXPECT_EQ(doubts(mixed, nullptr, options).count("all-cases"), 0);
  options.kind.clear();
  EXPECT_EQ(doubts(points, &points, options).count("all-cases"), 1);
  const Layer wider = clumps(8, 300, false);
  EXPECT_EQ(doubts(points, &wider, options).count("all-cases"), 0);
  EXPECT_EQ(doubts(points, nullptr, options).count("all-cases"), 0);
}

TEST(DistrictSignificancePlaces, DoubtTooFewSimulationsForTheLevel) {
  const Layer points = clumps(7, 36, false);
  const auto doubted = [&](std::int64_t simulations, double significance, double radius = 20) {
    SignificanceOptions options = options_of(radius, 3, simulations);
    options.significance = significance;
    return doubts(points, nullptr, options).count("few-simulations");
  };
  EXPECT_EQ(doubted(1, 0.05), 1);
  EXPECT_EQ(doubted(99, 0.001), 1);
  EXPECT_EQ(doubted(999, 0.05), 0);
  EXPECT_EQ(doubted(19, 0.05), 0);
  EXPECT_EQ(doubted(18, 0.05), 1);
  EXPECT_EQ(doubted(1, 0.05, 0.001), 0);  // no district, no test
}

}  // namespace
}  // namespace yaan
