// On maps made by chance p is uniform and a district is called significant on one in twenty: 1,000 maps of 500 points,
// 99 simulations each. And how often a planted district is found.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <functional>
#include <random>
#include <string>

#include "district/significance_samples.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {
namespace {

constexpr int kMaps = 1000;
constexpr int kPoints = 500;
constexpr std::int64_t kSimulations = 99;
const Box kSquare{0, 0, 1000, 1000};

struct Tally {
  double found = 0;        // maps with a district
  double significant = 0;  // with one of p <= 0.05
  double discovered = 0;   // with one of a false discovery rate <= 0.05
  std::array<double, 10> classes{};
  [[nodiscard]] double chi_square(int maps) const {
    double sum = 0;
    for (const double count : classes) sum += (count - maps / 10.0) * (count - maps / 10.0) / (maps / 10.0);
    return sum;
  }
};

using Map = std::function<DistrictSignificance(std::mt19937& random, SignificanceOptions options)>;

/// The largest excess of each map among its simulated ones; of those equal, by lot. A map without a district is below
/// all that have one, and equal to those that have none.
Tally tally(int maps, const Map& map) {
  struct Of {
    bool found = false;
    double p = 1, rate = 1, place = 1;
  };
  std::vector<Of> all(static_cast<std::size_t>(maps));
  parallel_blocks(all.size(), 1, [&](std::size_t begin, std::size_t, std::size_t) {
    const OnThisThread stay;
    std::mt19937 random(static_cast<unsigned>(begin) + 1);
    SignificanceOptions options;
    options.simulations = kSimulations;
    options.seed = static_cast<std::int64_t>(begin);
    const DistrictSignificance tested = map(random, options);
    Of& of = all[begin];
    of.found = !tested.districts.empty();
    double largest = 0;
    for (const TestedDistrict& district : tested.districts) {
      of.p = std::min(of.p, district.p);
      of.rate = std::min(of.rate, district.false_discovery_rate);
      largest = std::max(largest, district.excess);
    }
    const auto above =
        std::count_if(tested.largest.begin(), tested.largest.end(), [&](double l) { return l > largest; });
    const auto equal = std::count(tested.largest.begin(), tested.largest.end(), largest);
    std::uniform_real_distribution<double> lot(0, 1);
    of.place = (static_cast<double>(above) + lot(random) * static_cast<double>(equal + 1)) / (kSimulations + 1);
  });
  Tally tally;
  for (const Of& of : all) {
    tally.found += of.found;
    tally.significant += of.p <= 0.05 + 1e-9;
    tally.discovered += of.rate <= 0.05 + 1e-9;
    tally.classes[std::min<std::size_t>(9, static_cast<std::size_t>(of.place * 10))] += 1;
  }
  return tally;
}

void report(const char* what, const Tally& tally, int maps) {
  std::printf(
      "%s: %d maps, %.0f with a district; p <= 0.05 on %.1f %%, false discovery rate <= 0.05 on %.1f %%; "
      "chi-square %.1f on 9\n",
      what, maps, tally.found, 100 * tally.significant / maps, 100 * tally.discovered / maps, tally.chi_square(maps));
  ::testing::Test::RecordProperty(std::string(what) + "_significant", std::to_string(tally.significant / maps));
}

Layer random_points(std::mt19937& random, int count) {
  std::uniform_real_distribution<double> place(0, 1000);
  Layer points = samples::points_of({}, {});
  for (int i = 0; i < count; ++i) {
    points.geometry.x.push_back(place(random));
    points.geometry.y.push_back(place(random));
  }
  return points;
}

void expect_chance(const char* what, const Tally& tally, int maps = kMaps) {
  report(what, tally, maps);
  EXPECT_LT(tally.chi_square(maps), 27.88) << what;  // the 0.1 % point on 9 degrees
  const double most = maps * 0.05 + 3.3 * std::sqrt(maps * 0.05 * 0.95);
  EXPECT_LT(tally.significant, most) << what;
  EXPECT_LT(tally.discovered, most) << what;
}

TEST(DistrictSignificanceUnderTheNull, IsUniformInAWindow) {
  const Layer window = samples::window_of(kSquare);
  const Tally many = tally(kMaps, [&](std::mt19937& random, SignificanceOptions options) {
    options.radius = Metres{30};
    options.min_points = 5;
    return samples::tested(random_points(random, kPoints), &window, nullptr, options);
  });
  expect_chance("complete_randomness", many);
  EXPECT_NEAR(many.significant, 50, 23);  // continuous: neither more nor fewer
}

// So few neighbours that many maps have no district.
TEST(DistrictSignificanceUnderTheNull, HoldsItsLevelWhereMapsHaveNoDistrict) {
  const Layer window = samples::window_of(kSquare);
  const Tally few = tally(kMaps, [&](std::mt19937& random, SignificanceOptions options) {
    options.radius = Metres{15};
    options.min_points = 4;
    return samples::tested(random_points(random, kPoints), &window, nullptr, options);
  });
  expect_chance("few_districts", few);
  EXPECT_LT(few.found, kMaps * 0.95);
  EXPECT_GT(few.found, kMaps * 0.05);
  EXPECT_NEAR(few.significant, 50, 23);
}

/// Gathered places: 1,500, of which 500 are drawn.
Layer gathered(std::mt19937& random) {
  std::uniform_real_distribution<double> place(0, 1000);
  std::normal_distribution<double> scatter(0, 20);
  Layer points = samples::points_of({}, {});
  while (points.geometry.x.size() < 1500) {
    const double cx = place(random), cy = place(random);
    for (int i = 0; i < 10; ++i) {
      points.geometry.x.push_back(cx + scatter(random));
      points.geometry.y.push_back(cy + scatter(random));
    }
  }
  return points;
}

TEST(DistrictSignificanceUnderTheNull, IsUniformByABackgroundAndByLabels) {
  const auto drawn = [](std::mt19937& random, Layer& all) {
    std::vector<std::uint32_t> rows(all.size());
    for (std::uint32_t i = 0; i < rows.size(); ++i) rows[i] = i;
    std::shuffle(rows.begin(), rows.end(), random);
    rows.resize(kPoints);
    return rows;
  };
  expect_chance("background", tally(kMaps, [&](std::mt19937& random, SignificanceOptions options) {
                  Layer all = gathered(random);
                  options.radius = Metres{20};
                  options.min_points = 5;
                  return samples::tested(all.select(drawn(random, all)), nullptr, &all, options);
                }));
  expect_chance("random_labelling", tally(kMaps, [&](std::mt19937& random, SignificanceOptions options) {
                  Layer all = gathered(random);
                  std::vector<std::string> kinds(all.size(), "temple");
                  for (const std::uint32_t row : drawn(random, all)) kinds[row] = "craft";
                  samples::add_kinds(all, kinds);
                  options.kind = "craft";
                  options.radius = Metres{20};
                  options.min_points = 5;
                  return samples::tested(all, nullptr, nullptr, options);
                }));
}

// Points that stand on no place of the background, but come from where it comes from: all of one distribution.
TEST(DistrictSignificanceUnderTheNull, IsUniformByABackgroundWithoutThePoints) {
  constexpr int kFew = 300;
  for (const int places : {60, 180, 1000}) {
    const auto what = "independent_background_" + std::to_string(places);
    expect_chance(what.c_str(),
                  tally(kFew,
                        [&](std::mt19937& random, SignificanceOptions options) {
                          const Layer background = random_points(random, places);
                          options.radius = Metres{70};
                          options.min_points = 4;
                          return samples::tested(random_points(random, 60), nullptr, &background, options);
                        }),
                  kFew);
  }
}

TEST(DistrictSignificanceUnderTheNull, FindsAPlantedDistrict) {
  constexpr int kPlanted = 200;
  const Layer window = samples::window_of(kSquare);
  double power[3] = {};
  int at = 0;
  for (const int members : {8, 12, 18}) {
    const Tally planted = tally(kPlanted, [&](std::mt19937& random, SignificanceOptions options) {
      Layer points = random_points(random, kPoints - members);
      std::uniform_real_distribution<double> middle(100, 900);
      std::normal_distribution<double> scatter(0, 15);
      const double cx = middle(random), cy = middle(random);
      for (int i = 0; i < members; ++i) {
        points.geometry.x.push_back(cx + scatter(random));
        points.geometry.y.push_back(cy + scatter(random));
      }
      options.radius = Metres{30};
      options.min_points = 5;
      return samples::tested(points, &window, nullptr, options);
    });
    report(("planted_" + std::to_string(members)).c_str(), planted, kPlanted);
    power[at++] = planted.significant / kPlanted;
  }
  EXPECT_GT(power[0], 0.05);
  EXPECT_GT(power[1], power[0]);
  EXPECT_GT(power[2], 0.9);
}

}  // namespace
}  // namespace yaan
