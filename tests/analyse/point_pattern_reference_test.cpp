// Statistics of point patterns against the numbers of spatstat and of papers.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "analyse/classic_patterns.hpp"
#include "analyse/pattern_window.hpp"
#include "yaan/analyse/nearest_neighbour_index.hpp"
#include "yaan/analyse/pair_correlation.hpp"
#include "yaan/analyse/quadrat_test.hpp"
#include "yaan/analyse/ripley_k.hpp"

namespace yaan {
namespace {

struct Pattern {
  std::vector<double> x, y;
};

Pattern pattern_of(const Places& places) {
  Pattern p;
  for (const auto& [x, y] : places) {
    p.x.push_back(x);
    p.y.push_back(y);
  }
  return p;
}

void expect_curves(const Places& places, const Box& box, const std::vector<CurvePoint>& curves) {
  const Pattern p = pattern_of(places);
  const Geometry window = rectangle_of(box);
  std::vector<double> distances;
  for (const CurvePoint& c : curves) distances.push_back(c.r);
  Progress progress;
  const auto k = [&](EdgeCorrection correction) { return ripley_k(p.x, p.y, window, distances, correction, progress); };
  const auto none = k(EdgeCorrection::none), isotropic = k(EdgeCorrection::isotropic);
  const auto translation = k(EdgeCorrection::translation), border = k(EdgeCorrection::border);
  const Metres h{stoyan_bandwidth(p.x.size(), 1)};
  const auto g = pair_correlation(p.x, p.y, window, distances, h, EdgeCorrection::isotropic, progress);
  const auto gt = pair_correlation(p.x, p.y, window, distances, h, EdgeCorrection::translation, progress);
  for (std::size_t i = 0; i < curves.size(); ++i) {
    EXPECT_NEAR(none[i], curves[i].none, 1e-10);
    EXPECT_NEAR(isotropic[i], curves[i].isotropic, 1e-10);
    EXPECT_NEAR(translation[i], curves[i].translation, 1e-10);
    EXPECT_NEAR(border[i], curves[i].border, 1e-10);
    EXPECT_NEAR(g[i], curves[i].g_isotropic, 1e-9);
    EXPECT_NEAR(gt[i], curves[i].g_translation, 1e-9);
  }
}

TEST(PointPattern, EqualsSpatstatOnClassicPatterns) {
  expect_curves(kCells, {0, 0, 1, 1}, kCellsCurves);
  expect_curves(kRedwood, {0, -1, 1, 0}, kRedwoodCurves);
  expect_curves(kJapanesePines, {0, 0, 1, 1}, kJapanesePinesCurves);
}

// Pairs at just 0.10, by decimals, fall on either side by rounding of their differences, and published values of
// K(0.10) count some of them: they must lie between K without such pairs and K with all of them.
TEST(RipleyK, BracketsPublishedValues) {
  const std::vector<double> distances = {0.1 - 1e-9, 0.1 + 1e-9};
  Progress progress;
  const auto expect = [&](const Places& places, const Box& box, EdgeCorrection correction, double published) {
    const Pattern p = pattern_of(places);
    const auto k = ripley_k(p.x, p.y, rectangle_of(box), distances, correction, progress);
    EXPECT_LE(k[0], published + 5e-9);
    EXPECT_GE(k[1], published - 5e-9);
  };
  expect(kCells, {0, 0, 1, 1}, EdgeCorrection::isotropic, .00116144);
  expect(kRedwood, {0, -1, 1, 0}, EdgeCorrection::isotropic, .06672189);
  expect(kRedwood, {0, -1, 1, 0}, EdgeCorrection::none, .06663141);
  expect(kRedwood, {0, -1, 1, 0}, EdgeCorrection::translation, .07213);
  expect(kJapanesePines, {0, 0, 1, 1}, EdgeCorrection::isotropic, .02640272);
}

TEST(NearestNeighbourIndex, EqualsSpatstatOnClassicPatterns) {
  Progress progress;
  const auto expect = [&](const Places& places, double plain, double donnelly) {
    const Pattern p = pattern_of(places);
    const auto index = nearest_neighbour_index(p.x, p.y, 1, 4, 1, progress);
    EXPECT_NEAR(index.plain.index, plain, 1e-12);
    EXPECT_NEAR(index.donnelly.index, donnelly, 1e-12);
    return index;
  };
  (void)expect(kCells, 1.67167951484140, 1.56042560611446);
  (void)expect(kJapanesePines, 1.06400205533431, 1.00750724319586);
  const auto redwood = expect(kRedwood, .618650157291248, .584990626589943);
  EXPECT_NEAR(redwood.plain.p, 9.222611e-09, 1e-14);
}

TEST(NearestNeighbourIndex, IsOneByChanceForEachOrder) {
  std::mt19937 random(1);
  std::uniform_real_distribution<double> place(0, 1000);
  Pattern p;
  for (int i = 0; i < 40000; ++i) {
    p.x.push_back(place(random));
    p.y.push_back(place(random));
  }
  Progress progress;
  for (const std::int64_t order : {1, 2, 5}) {
    const auto index = nearest_neighbour_index(p.x, p.y, 1e6, 4000, order, progress);
    EXPECT_NEAR(index.plain.index, 1, 0.02) << order;
    EXPECT_EQ(std::isnan(index.donnelly.index), order > 1);
  }
  EXPECT_TRUE(
      std::isnan(nearest_neighbour_index(std::vector{1.0, 2.0}, std::vector{1.0, 2.0}, 1, 4, 2, progress).mean));
}

TEST(QuadratTest, EqualsSpatstatOnRedwood) {
  std::vector<double> counts(9, 0);
  for (const auto& [x, y] : kRedwood)
    counts[static_cast<std::size_t>(std::min(2.0, 3 * (y + 1)) * 1) * 3 + static_cast<std::size_t>(3 * x)] += 1;
  const std::vector<double> expected(9, 62 / 9.0);
  const ChiSquareTest test = chi_square_test(counts, expected);
  EXPECT_NEAR(test.chi_square, 22.774193548387, 1e-11);
  EXPECT_EQ(test.degrees, 8);
  EXPECT_NEAR(test.p, 0.007333161, 1e-9);
}

TEST(QuadratTest, KnowsTheChiSquareDistribution) {
  EXPECT_NEAR(chi_square_above(3.841458820694124, 1), 0.05, 1e-14);
  EXPECT_NEAR(chi_square_above(2, 2), std::exp(-1), 1e-15);
  EXPECT_NEAR(chi_square_above(1000, 2) / std::exp(-500), 1, 1e-12);
  EXPECT_NEAR(chi_square_above(124.3421134, 100), 0.05, 1e-8);
  EXPECT_EQ(chi_square_above(0, 5), 1);
  EXPECT_TRUE(std::isnan(chi_square_test(std::vector{3.0}, std::vector{3.0}).p));
}

}  // namespace
}  // namespace yaan
