// Poisson's scan under the null: the p-value of the most likely cluster is uniform on 1,000 maps of 500 points, with 99
// simulations each; and its level where cases stand beside the places of the population.
#include "scan_null_maps.hpp"

#include <cstdio>

namespace yaan {
namespace {

TEST(ScanNull, HasUniformPValuesByPoisson) { expect_uniform_p_values(ScanModel::poisson); }

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
  constexpr std::size_t kSlopes = 200;
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
  EXPECT_NEAR(significant / kSlopes, 0.05, 0.05);  // 3.3 standard errors
}

}  // namespace
}  // namespace yaan
