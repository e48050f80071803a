#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>
#include <numeric>

#include "district/centre.hpp"
#include "district/composition.hpp"
#include "district/outline.hpp"
#include "district/spacing.hpp"

namespace yaan {
namespace {

double sum_of_distances(const std::vector<double>& x, const std::vector<double>& y, const std::vector<double>& w,
                        double px, double py) {
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += w[i] * std::hypot(x[i] - px, y[i] - py);
  return sum;
}

TEST(CentralMember, IsTheMiddleOfThreeOnALine) {
  const std::vector<double> x = {0, 1, 100};
  const std::vector<double> y = {0, 0, 0};
  EXPECT_EQ(central_member(x, y, std::vector<double>{1, 1, 1}), 1U);
  EXPECT_EQ(central_member(x, y, std::vector<double>{1, 1, 5}), 2U) << "weight pulls the median";
  EXPECT_EQ(central_member(x, y, std::vector<double>{0, 0, 0}), 1U) << "no weight at all counts as one each";
}

TEST(CentralMember, TiesGoToTheSmallestPosition) {
  const std::vector<double> x = {1, 0, 1, 0};
  const std::vector<double> y = {1, 1, 0, 0};
  EXPECT_EQ(central_member(x, y, std::vector<double>(4, 1.0)), 3U);
}

TEST(CentralMember, IsNearestToTheMinimumThatAPatternSearchFinds) {
  // An odd number of points in general position has one median; the sum of distances is convex, so a search that halves
  // its step whenever no neighbour is better finds it.
  EXPECT_TRUE(rc::check("central member", [] {
    const std::size_t n = 2 * *rc::gen::inRange<std::size_t>(1, 5) + 1;
    std::vector<double> x(n);
    std::vector<double> y(n);
    for (std::size_t i = 0; i < n; ++i) {
      x[i] = *rc::gen::inRange(0, 1000003) / 1000.0;
      y[i] = *rc::gen::inRange(0, 1000003) / 1000.0;
    }
    const std::vector<double> w(n, 1.0);
    double mx = 500;
    double my = 500;
    for (double step = 256; step > 1e-5;) {
      bool moved = false;
      for (const auto& [dx, dy] :
           {std::pair(step, 0.0), std::pair(-step, 0.0), std::pair(0.0, step), std::pair(0.0, -step)})
        if (sum_of_distances(x, y, w, mx + dx, my + dy) < sum_of_distances(x, y, w, mx, my)) {
          mx += dx;
          my += dy;
          moved = true;
        }
      if (!moved) step /= 2;
    }
    const std::size_t member = central_member(x, y, w);
    for (std::size_t i = 0; i < n; ++i)
      RC_ASSERT(std::hypot(x[member] - mx, y[member] - my) <= std::hypot(x[i] - mx, y[i] - my) + 0.5);
  }));
}

TEST(Spacing, EqualsBruteForce) {
  EXPECT_TRUE(rc::check("mean nearest neighbour", [] {
    const auto n = *rc::gen::inRange<std::size_t>(2, 30);
    std::vector<std::array<double, 3>> points(n);
    for (auto& p : points)
      for (double& c : p) c = *rc::gen::inRange(-20, 20);
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) {
      double best = std::numeric_limits<double>::infinity();
      for (std::size_t j = 0; j < n; ++j)
        if (i != j)
          best = std::min(
              best, std::hypot(points[i][0] - points[j][0], points[i][1] - points[j][1], points[i][2] - points[j][2]));
      sum += best;
    }
    RC_ASSERT(std::abs(mean_nearest_neighbour_distance(points) - sum / static_cast<double>(n)) < 1e-9);
  }));
  EXPECT_TRUE(std::isnan(mean_nearest_neighbour_distance({{0, 0, 0}})));
}

TEST(Composition, ShannonOfKnownShares) {
  using Counts = std::vector<std::pair<std::string, std::int64_t>>;
  EXPECT_NEAR(shannon_diversity(Counts{{"a", 5}, {"b", 5}}), std::log(2.0), 1e-15);
  EXPECT_NEAR(shannon_diversity(Counts{{"a", 2}, {"b", 1}, {"c", 1}}), 1.5 * std::log(2.0), 1e-15);
  EXPECT_EQ(shannon_diversity(Counts{{"a", 7}}), 0);
  EXPECT_FALSE(std::signbit(shannon_diversity(Counts{{"a", 7}})));
  EXPECT_TRUE(std::isnan(shannon_diversity(Counts{})));
}

TEST(Outline, HullsGrowByTheMargin) {
  const std::vector<double> x = {0, 1000, 1000, 0};
  const std::vector<double> y = {0, 0, 1000, 1000};
  DistrictOptions options;
  options.outline = OutlineMethod::convex;
  options.margin = Metres{0};
  const Outline bare = outline_of(x, y, options);
  EXPECT_EQ(ring_area(bare.polygons.ring_x(0), bare.polygons.ring_y(0)), 1e6);
  options.margin = Metres{100};
  const Outline grown = outline_of(x, y, options);
  EXPECT_NEAR(ring_area(grown.polygons.ring_x(0), grown.polygons.ring_y(0)), 1e6 + 4 * 1e5 + std::acos(-1.0) * 1e4,
              100);
}

TEST(Outline, WithoutAreaBecomesDiscs) {
  const Outline outline = outline_of(std::vector<double>{0, 10, 20}, std::vector<double>{0, 10, 20}, DistrictOptions{});
  EXPECT_EQ(outline.method, "buffered union, radius 250m");
  EXPECT_FALSE(outline.polygons.bounds(0).empty());
}

}  // namespace
}  // namespace yaan
