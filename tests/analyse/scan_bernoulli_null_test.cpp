// Bernoulli's scan under the null: the p-value of the most likely cluster is uniform on 1,000 maps of 500 points, with
// 99 simulations each. And how often a planted cluster is found.
#include "scan_null_maps.hpp"

#include <cstdio>

namespace yaan {
namespace {

TEST(ScanNull, HasUniformPValuesByBernoulli) { expect_uniform_p_values(ScanModel::bernoulli); }

TEST(ScanPower, FindsAPlantedCluster) {
  constexpr std::size_t kPlanted = 300;
  double found = 0;
  for (const ScanOutcome& outcome : outcomes(ScanModel::bernoulli, 0.5, kPlanted)) found += outcome.p <= 0.05;
  RecordProperty("power", std::to_string(found / kPlanted));
  std::printf("of %zu maps with a chance of .5 within 150 of the middle, .2 elsewhere, %.1f %% have p <= .05\n",
              kPlanted, 100 * found / kPlanted);
  EXPECT_GT(found / kPlanted, 0.5);
}

}  // namespace
}  // namespace yaan
