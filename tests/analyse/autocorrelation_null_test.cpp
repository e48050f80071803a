// Under the null hypothesis p-values are uniform, and corrections keep their promise; a planted cluster is found.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "yaan/analyse/local_g.hpp"
#include "yaan/analyse/local_moran.hpp"

namespace yaan {
namespace {

constexpr std::size_t kMaps = 1000;
constexpr std::size_t kPoints = 500;
constexpr std::int64_t kDraws = 99;

struct Map {
  SpatialWeights weights;
  Places places;
  std::vector<double> values;
};

/// Points and values of their own in each map: skewed values, so that a normal approximation would fail.
Map random_map(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> place(0, 1000);
  std::exponential_distribution<double> value(1);
  Map map;
  for (std::size_t i = 0; i < kPoints; ++i) {
    map.places.x.push_back(place(random));
    map.places.y.push_back(place(random));
    map.values.push_back(value(random));
  }
  WeightsOptions options;
  options.neighbours = NeighbourRule::nearest;
  options.nearest = 8;
  Diagnostics diagnostics;
  Progress progress;
  map.weights = make_weights(Geometry::points(map.places.x, map.places.y), map.places, Crs::local(), options, "map",
                             diagnostics, progress);
  return map;
}

std::vector<TailCounts> tails_of(const Map& map, std::uint64_t seed, DrawMode mode) {
  Progress progress;
  return conditional_tails(map.weights, map.values, kDraws, static_cast<std::int64_t>(seed), mode, progress);
}

/// Distance of Kolmogorov and Smirnov from the uniform distribution, times the root of the number.
double distance_from_uniform(std::vector<double> p) {
  std::sort(p.begin(), p.end());
  double most = 0;
  const auto n = static_cast<double>(p.size());
  for (std::size_t i = 0; i < p.size(); ++i)
    most = std::max({most, static_cast<double>(i + 1) / n - p[i], p[i] - static_cast<double>(i) / n});
  return most * std::sqrt(n);
}

constexpr double kMostDistance = 1.95;  // reached once in a thousand

TEST(Null, TheTailOfOnePlaceIsUniform) {
  for (const DrawMode mode : {DrawMode::independent, DrawMode::shared}) {
    std::mt19937_64 random(99);
    std::uniform_real_distribution<double> share(0, 1);
    std::vector<double> upper, spatial_moran;
    for (std::size_t m = 0; m < kMaps; ++m) {
      const Map map = random_map(m);
      const std::size_t place = m % kPoints;
      const TailCounts tail = tails_of(map, m, mode)[place];
      // Among the permuted lags and the observed one, with ties in random order.
      const auto ties = static_cast<double>(tail.at_least + tail.at_most - kDraws);
      const double above = static_cast<double>(tail.at_least) - ties;
      upper.push_back((above + share(random) * (ties + 1)) / (kDraws + 1));
      // The value of the place turns the tail round: that of local Moran.
      spatial_moran.push_back(map.values[place] > 1 ? upper.back() : 1 - upper.back());
    }
    EXPECT_LT(distance_from_uniform(upper), kMostDistance);          // Gi and Gi*
    EXPECT_LT(distance_from_uniform(spatial_moran), kMostDistance);  // local Moran
  }
}

TEST(Null, MarksAreAsRareAsTheCorrectionPromises) {
  std::size_t uncorrected = 0, any_bonferroni = 0, any_hochberg = 0;
  constexpr std::size_t kFewer = 200;
  for (std::size_t m = 0; m < kFewer; ++m) {
    const Map map = random_map(5000 + m);
    Progress progress;
    const auto tails = conditional_tails(map.weights, map.values, 19999, 3, DrawMode::shared, progress);
    std::vector<double> p;
    for (const TailCounts& tail : tails) p.push_back(p_of_counts(tail, 19999, PValue::two_sided));
    uncorrected += static_cast<std::size_t>(std::count_if(p.begin(), p.end(), [](double v) { return v <= 0.05; }));
    const auto any = [&](Correction correction) {
      const auto adjusted = adjusted_p(p, correction);
      return std::any_of(adjusted.begin(), adjusted.end(), [](double v) { return v <= 0.05; });
    };
    any_bonferroni += any(Correction::bonferroni);
    any_hochberg += any(Correction::benjamini_hochberg);
  }
  const double share = static_cast<double>(uncorrected) / static_cast<double>(kFewer * kPoints);
  EXPECT_NEAR(share, 0.05, 0.004);
  // Three standard errors above 5 % of 200 maps.
  EXPECT_LE(any_bonferroni, 19U);
  EXPECT_LE(any_hochberg, 19U);
}

TEST(Power, APlantedClusterIsFound) {
  std::size_t found = 0;
  constexpr std::size_t kFewer = 100;
  for (std::size_t m = 0; m < kFewer; ++m) {
    Map map = random_map(9000 + m);
    std::size_t centre = 0;
    for (std::size_t i = 0; i < kPoints; ++i) {
      const auto away = [&](std::size_t p) { return std::hypot(map.places.x[p] - 500, map.places.y[p] - 500); };
      if (away(i) < away(centre)) centre = i;
      if (away(i) < 100) map.values[i] += 2;
    }
    Progress progress;
    const auto tails = conditional_tails(map.weights, map.values, 9999, 3, DrawMode::shared, progress);
    std::vector<double> p;
    for (const TailCounts& tail : tails) p.push_back(p_of_counts(tail, 9999, PValue::two_sided));
    found += adjusted_p(p, Correction::benjamini_hochberg)[centre] <= 0.05;
  }
  // The power that is reported; seeds are fixed, so that any change of a draw or a correction shows here.
  EXPECT_EQ(found, 57U);
}

}  // namespace
}  // namespace yaan
