// Under the null the p-value of the most likely cluster is uniform: 1,000 maps of 500 points, 99 simulations each. And
// how often a planted cluster is found.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <random>

#include "yaan/analyse/scan_statistic.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {
namespace {

constexpr int kMaps = 1000;

/// 500 gathered places without cases.
ScanPlaces places_of(std::mt19937& random) {
  std::uniform_real_distribution<double> place(0, 1000);
  std::normal_distribution<double> scatter(0, 30);
  ScanPlaces places;
  while (places.x.size() < 500) {
    const double cx = place(random), cy = place(random);
    for (int i = 0; i < 5; ++i) {
      places.x.push_back(cx + scatter(random));
      places.y.push_back(cy + scatter(random));
      places.population.push_back(1);
      places.cases.push_back(0);
    }
  }
  return places;
}

/// Bernoulli: each place is a case with that chance within 150 of the middle, and with 0.2 elsewhere. Poisson: 100
/// cases, each on any place.
ScanPlaces map_of(std::mt19937& random, ScanModel model, double chance) {
  std::uniform_real_distribution<double> share(0, 1);
  ScanPlaces places = places_of(random);
  for (std::size_t i = 0; i < places.x.size() && model == ScanModel::bernoulli; ++i) {
    const bool within = std::hypot(places.x[i] - 500, places.y[i] - 500) < 150;
    places.cases[i] = share(random) < (within ? chance : 0.2) ? 1 : 0;
  }
  for (int c = 0; c < 100 && model == ScanModel::poisson; ++c)
    ++places.cases[std::min<std::size_t>(static_cast<std::size_t>(share(random) * 500), 499)];
  return places;
}

struct Outcome {
  double p = 1;           ///< as reported
  double randomised = 1;  ///< with ties broken at random
};

std::vector<Outcome> outcomes(ScanModel model, double chance, std::size_t maps) {
  std::vector<Outcome> all(maps);
  parallel_blocks(maps, 1, [&](std::size_t begin, std::size_t, std::size_t) {
    const OnThisThread alone;
    std::mt19937 random(static_cast<unsigned>(begin) + 1);
    const ScanPlaces places = map_of(random, model, chance);
    ScanSearch search;
    search.model = model;
    search.simulations = 99;
    search.seed = static_cast<std::int64_t>(begin);
    Progress progress;
    const ScanResult found = scan(places, Crs::local(), search, progress);
    if (found.clusters.empty()) return;
    const double ratio = found.clusters.front().log_likelihood_ratio;
    double larger = 0, same = 0;
    for (const double most : found.maxima) {
      const bool tie = std::abs(most - ratio) < 1e-9;
      same += tie;
      larger += !tie && most > ratio;
    }
    all[begin] = {found.clusters.front().p,
                  (larger + std::uniform_real_distribution<double>(0, 1)(random) * (same + 1)) / 100};
  });
  return all;
}

class ScanNull : public ::testing::TestWithParam<ScanModel> {};

TEST_P(ScanNull, HasUniformPValues) {
  std::vector<double> classes(10, 0);
  double significant = 0;
  for (const Outcome& outcome : outcomes(GetParam(), 0.2, kMaps)) {
    classes[std::min<std::size_t>(static_cast<std::size_t>(outcome.randomised * 10), 9)] += 1;
    significant += outcome.p <= 0.05;
  }
  double chi_square = 0;
  for (const double count : classes) chi_square += (count - kMaps / 10.0) * (count - kMaps / 10.0) / (kMaps / 10.0);
  RecordProperty("chi_square", std::to_string(chi_square));
  RecordProperty("significant", std::to_string(significant / kMaps));
  EXPECT_LT(chi_square, 27.88);                   // the 0.1 % point on 9 degrees
  EXPECT_NEAR(significant / kMaps, 0.05, 0.023);  // 3.3 standard errors
}

INSTANTIATE_TEST_SUITE_P(Models, ScanNull, ::testing::Values(ScanModel::bernoulli, ScanModel::poisson));

TEST(ScanPower, FindsAPlantedCluster) {
  constexpr std::size_t kPlanted = 300;
  double found = 0;
  for (const Outcome& outcome : outcomes(ScanModel::bernoulli, 0.5, kPlanted)) found += outcome.p <= 0.05;
  RecordProperty("power", std::to_string(found / kPlanted));
  std::printf("of %zu maps with a chance of .5 within 150 of the middle, .2 elsewhere, %.1f %% have p <= .05\n",
              kPlanted, 100 * found / kPlanted);
  EXPECT_GT(found / kPlanted, 0.45);
}

/// 16 x 16 places with the density of a slope, and 100 cases from that density, which stand on none of them.
struct Slope {
  Layer blocks, cases;
  static double density(double x, double y) { return (0.2 + 1.6 * x) * (0.5 + y); }
  explicit Slope(std::mt19937& random) {
    constexpr int kSide = 16;
    std::uniform_real_distribution<double> share(0, 1);
    std::vector<double> weights;
    for (Layer* layer : {&blocks, &cases}) {
      layer->crs = Crs::local();
      layer->geometry = Geometry::points({}, {});
    }
    const auto add = [](Layer& layer, double x, double y) {
      layer.geometry.x.push_back(1000 * x);
      layer.geometry.y.push_back(1000 * y);
    };
    for (int i = 0; i < kSide * kSide; ++i) {
      const double x = (i % kSide + 0.5) / kSide, y = (i / kSide + 0.5) / kSide;
      add(blocks, x, y);
      weights.push_back(density(x, y));
    }
    while (cases.geometry.x.size() < 100) {
      const double x = share(random), y = share(random);
      if (share(random) * density(1, 1) < density(x, y)) add(cases, x, y);
    }
    blocks.columns = {Column::of("weight", weights)};
    blocks.roles.weight = "weight";
  }
};

// Cases that have nothing to do with where the background's places are: were they left where they stand, on ground
// without population, nearly every map would be significant.
TEST(ScanNullOfPoints, HoldsItsLevelOnABackgroundOfWeightedPlaces) {
  constexpr std::size_t kSlopes = 150;
  std::vector<double> p(kSlopes, 1);
  parallel_blocks(kSlopes, 1, [&](std::size_t begin, std::size_t, std::size_t) {
    const OnThisThread alone;
    std::mt19937 random(static_cast<unsigned>(begin) + 1);
    const Slope slope(random);
    MethodInputs inputs;
    inputs.layers = {{"features", &slope.cases}, {"background", &slope.blocks}};
    ScanOptions options;
    options.model_choice = ScanModelChoice::poisson;
    options.simulations = 99;
    options.seed = static_cast<std::int64_t>(begin);
    Progress progress;
    const MethodResult result = scan_statistic_method().run(inputs, options, progress);
    if (result.layers.front().size() > 0) p[begin] = result.layers.front().column("p").reals()[0];
  });
  const auto significant = static_cast<double>(std::count_if(p.begin(), p.end(), [](double v) { return v <= 0.05; }));
  std::printf("of %zu maps without clusters %.1f %% have p <= .05\n", kSlopes, 100 * significant / kSlopes);
  RecordProperty("significant", std::to_string(significant / kSlopes));
  EXPECT_NEAR(significant / kSlopes, 0.05, 0.059);  // 3.3 standard errors
}

}  // namespace
}  // namespace yaan
