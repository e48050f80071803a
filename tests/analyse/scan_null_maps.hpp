#pragma once
// Maps of a scan statistic without clusters, or with a planted one, and the p-values of their most likely clusters.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "yaan/analyse/scan_statistic.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {

/// 500 gathered places without cases.
inline ScanPlaces places_of(std::mt19937& random) {
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
inline ScanPlaces map_of(std::mt19937& random, ScanModel model, double chance) {
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

struct ScanOutcome {
  double p = 1;           ///< as reported
  double randomised = 1;  ///< with ties broken at random
};

inline std::vector<ScanOutcome> outcomes(ScanModel model, double chance, std::size_t maps) {
  std::vector<ScanOutcome> all(maps);
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

/// On 1,000 maps without clusters.
inline void expect_uniform_p_values(ScanModel model) {
  constexpr int kMaps = 1000;
  std::vector<double> classes(10, 0);
  double significant = 0;
  for (const ScanOutcome& outcome : outcomes(model, 0.2, kMaps)) {
    classes[std::min<std::size_t>(static_cast<std::size_t>(outcome.randomised * 10), 9)] += 1;
    significant += outcome.p <= 0.05;
  }
  double chi_square = 0;
  for (const double count : classes) chi_square += (count - kMaps / 10.0) * (count - kMaps / 10.0) / (kMaps / 10.0);
  ::testing::Test::RecordProperty("chi_square", std::to_string(chi_square));
  ::testing::Test::RecordProperty("significant", std::to_string(significant / kMaps));
  EXPECT_LT(chi_square, 27.88);                   // the 0.1 % point on 9 degrees
  EXPECT_NEAR(significant / kMaps, 0.05, 0.023);  // 3.3 standard errors
}

}  // namespace yaan
