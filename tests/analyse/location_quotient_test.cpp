// Location quotients: the quotient, its interval and its shrinkage.
#include "yaan/analyse/location_quotient.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "analyse/proportion_interval.hpp"
#include "area_samples.hpp"
#include "yaan/core/error.hpp"

namespace yaan {
namespace {

MethodResult quotients_of(const Layer& areas, const Layer& points, LocationQuotientOptions options = {}) {
  Progress progress;
  MethodInputs inputs;
  inputs.layers = {{"areas", &areas}, {"points", &points}};
  return location_quotient_method().run(inputs, options, progress);
}

/// `counts[a][k]` points of the kind k, called a, b, c ..., in the area a.
Layer points_by(const std::vector<std::vector<int>>& counts) {
  std::vector<std::pair<double, double>> places;
  std::vector<std::string> kinds;
  for (std::size_t area = 0; area < counts.size(); ++area)
    for (std::size_t kind = 0; kind < counts[area].size(); ++kind)
      for (int i = 0; i < counts[area][kind]; ++i) {
        places.emplace_back(10000.0 * static_cast<double>(area) + 100 + i, 500 + 10.0 * static_cast<double>(kind));
        kinds.emplace_back(1, static_cast<char>('a' + kind));
      }
  return sites(places, kinds);
}

Layer areas_in_a_row(std::size_t n) {
  std::vector<std::string> codes;
  std::vector<std::pair<double, double>> corners;
  for (std::size_t i = 0; i < n; ++i) {
    codes.push_back("A" + std::to_string(i));
    corners.emplace_back(10000.0 * static_cast<double>(i), 0);
  }
  return squares(codes, corners, 10000);
}

double binomial_tail(std::int64_t least, std::int64_t n, double p) {
  double sum = 0;
  for (std::int64_t k = least; k <= n; ++k) {
    double term = 1;
    for (std::int64_t j = 0; j < k; ++j) term *= static_cast<double>(n - j) / static_cast<double>(k - j) * p;
    sum += term * std::pow(1 - p, static_cast<double>(n - k));
  }
  return sum;
}

TEST(BetaDistribution, IsTheTailOfTheBinomial) {
  for (const std::int64_t n : {1, 2, 7, 30})
    for (std::int64_t k = 1; k <= n; ++k)
      for (const double p : {0.001, 0.1, 0.37, 0.5, 0.93})
        EXPECT_NEAR(
            beta_distribution(p, static_cast<double>(k), static_cast<double>(n - k + 1)) / binomial_tail(k, n, p), 1,
            1e-11)
            << k << " of " << n << " at " << p;
  EXPECT_EQ(beta_distribution(0, 2, 3), 0);
  EXPECT_EQ(beta_distribution(1, 2, 3), 1);
}

// R: binom.test(x, n)$conf.int.
TEST(ProportionInterval, OfKnownCounts) {
  const Interval half = proportion_interval(5, 10, 0.95);
  EXPECT_NEAR(half.low, 0.1870860284474, 1e-12);
  EXPECT_NEAR(half.high, 0.8129139715526, 1e-12);
  const Interval none = proportion_interval(0, 10, 0.95);
  EXPECT_EQ(none.low, 0);
  EXPECT_NEAR(none.high, 0.3084971078187, 1e-12);
  const Interval all = proportion_interval(10, 10, 0.95);
  EXPECT_NEAR(all.low, 1 - none.high, 1e-12);
  EXPECT_EQ(all.high, 1);
  EXPECT_EQ(proportion_interval(0, 0, 0.95).high, 1);
}

TEST(ProportionInterval, HasTheTailsThatItPromises) {
  for (const std::int64_t n : {3, 12, 60})
    for (std::int64_t k = 1; k < n; ++k) {
      const Interval interval = proportion_interval(k, n, 0.9);
      EXPECT_NEAR(binomial_tail(k, n, interval.low), 0.05, 1e-9);
      EXPECT_NEAR(1 - binomial_tail(k + 1, n, interval.high), 0.05, 1e-9);
    }
}

// Observed 6, 1, 2 where 3, 3, 3 are expected: sum E (q - 1)^2 / sum E = (3 + 4/3 + 1/3) / 9 = 14/27, less 3/9:
// v = 5/27. (1 + 6 v) / (1 + 3 v) = (57/27) / (42/27) = 57/42.
TEST(ShrunkQuotients, WorkedExample) {
  const std::vector<std::int64_t> observed = {6, 1, 2, 0};
  const std::vector<double> expected = {3, 3, 3, 0};
  const ShrunkQuotients shrunk = shrunk_quotients(observed, expected);
  EXPECT_NEAR(shrunk.variance, 5.0 / 27, 1e-15);
  EXPECT_NEAR(shrunk.quotient[0], 57.0 / 42, 1e-14);
  EXPECT_NEAR(shrunk.quotient[1], 32.0 / 42, 1e-14);
  EXPECT_TRUE(std::isnan(shrunk.quotient[3]));
  for (const double q : shrunk_quotients(std::vector<std::int64_t>{3, 3}, std::vector<double>{3, 3}).quotient)
    EXPECT_EQ(q, 1) << "chance explains all";
}

// 8 of 10 points of A0 are of kind a, and 12 of all 30: LQ = 0.8 / 0.4 = 2.
TEST(LocationQuotient, WorkedExample) {
  const Layer areas = areas_in_a_row(3);
  const MethodResult result = quotients_of(areas, points_by({{8, 2}, {2, 8}, {2, 8}}), {"", "a", 0.95, Metres{0}});
  EXPECT_EQ(texts(result, "lq_kind"), (std::vector<std::string>{"a", "a", "a"}));
  EXPECT_NEAR(column(result, "lq").reals()[0], 2, 1e-14);
  EXPECT_NEAR(column(result, "lq").reals()[1], 0.5, 1e-14);
  EXPECT_NEAR(column(result, "lq_expected").reals()[0], 4, 1e-14);
  EXPECT_NEAR(column(result, "lq_low").reals()[0], 0.44390454 / 0.4, 1e-7);  // binom.test(8, 10)
  EXPECT_NEAR(column(result, "lq_high").reals()[0], 0.97478927 / 0.4, 1e-7);
  EXPECT_EQ(texts(result, "lq_mark"),
            (std::vector<std::string>{"more than its share", "cannot be told", "cannot be told"}));
  const double shrunk = column(result, "lq_shrunk").reals()[0];
  EXPECT_GT(shrunk, 1);
  EXPECT_LT(shrunk, 2);
  EXPECT_NEAR(column(result, "lq_log2").reals()[0], std::log2(shrunk), 1e-15);
  const Layer& table = result.layers.front();
  EXPECT_EQ(texts(table.column("area")), (std::vector<std::string>{"A0", "A0", "A1", "A1", "A2", "A2"}));
  EXPECT_NEAR(table.column("lq").reals()[1], 0.2 / 0.6, 1e-14);
}

TEST(LocationQuotient, WithoutAKindTakesTheOneThatStandsOut) {
  const MethodResult result = quotients_of(areas_in_a_row(4), points_by({{9, 2, 1}, {1, 9, 1}, {1, 1, 9}, {}}));
  EXPECT_EQ(texts(result, "lq_kind"), (std::vector<std::string>{"a", "b", "c", "null"}));
  EXPECT_EQ(texts(result, "lq").back(), "null") << "an area without points has none";
  EXPECT_EQ(result.layers.front().size(), 9U);
}

// Weighted by the area's share of all points the quotients of a kind add up to 1; so do those of an area by the shares
// of the kinds.
TEST(LocationQuotient, AddsUp) {
  std::mt19937 random(9);
  std::uniform_int_distribution<int> some(0, 9);
  std::vector<std::vector<int>> counts(5, std::vector<int>(4));
  double all = 0;
  for (auto& area : counts)
    for (int& n : area) all += n = some(random) + 1;
  const MethodResult result = quotients_of(areas_in_a_row(5), points_by(counts));
  const Layer& table = result.layers.front();
  for (std::size_t k = 0; k < 4; ++k) {
    double sum = 0;
    for (std::size_t a = 0; a < 5; ++a)
      sum += table.column("lq").reals()[a * 4 + k] * std::accumulate(counts[a].begin(), counts[a].end(), 0.0) / all;
    EXPECT_NEAR(sum, 1, 1e-13);
  }
  for (std::size_t row = 0; row < table.size(); ++row) {
    EXPECT_LE(table.column("lq_low").reals()[row], table.column("lq").reals()[row]);
    EXPECT_GE(table.column("lq_high").reals()[row], table.column("lq").reals()[row]);
  }
}

TEST(LocationQuotient, OfEverythingIsOne) {
  const MethodResult one_kind = quotients_of(areas_in_a_row(2), points_by({{3}, {5}}));
  EXPECT_EQ(texts(one_kind, "lq"), (std::vector<std::string>{"1", "1"}));
  EXPECT_EQ(texts(one_kind, "lq_mark"), (std::vector<std::string>{"cannot be told", "cannot be told"}));
  EXPECT_EQ(one_kind.diagnostics.count("one-kind"), 1);
  const MethodResult one_area = quotients_of(areas_in_a_row(1), points_by({{3, 2}}));
  EXPECT_EQ(texts(one_area.layers.front().column("lq")), (std::vector<std::string>{"1", "1"}));
  EXPECT_EQ(one_area.diagnostics.count("one-area"), 1);
  const MethodResult nothing = quotients_of(areas_in_a_row(2), sites({}, {}));
  EXPECT_EQ(nothing.layers.front().size(), 0U);
  EXPECT_EQ(nothing.diagnostics.count("no-points"), 1);
}

TEST(LocationQuotient, RefusesAKindThatIsNotThere) {
  const Layer areas = areas_in_a_row(1);
  EXPECT_THROW(quotients_of(areas, points_by({{3, 2}}), {"", "fort", 0.95, Metres{0}}), UsageError);
  Layer without = points_by({{3, 2}});
  without.roles.category.clear();
  EXPECT_THROW(quotients_of(areas, without), UsageError);
}

TEST(LocationQuotient, DoesNotDependOnTheOrderOfRows) {
  const Layer areas = areas_in_a_row(3), points = points_by({{9, 2, 1}, {1, 9, 1}, {1, 3, 9}});
  std::vector<std::uint32_t> order(points.size());
  std::iota(order.begin(), order.end(), 0U);
  std::shuffle(order.begin(), order.end(), std::mt19937(1));
  const MethodResult straight = quotients_of(areas, points);
  const MethodResult moved = quotients_of(areas.select({2, 1, 0}), points.select(order));
  for (const Column& one : straight.layers.front().columns)
    EXPECT_EQ(texts(moved.layers.front().column(one.name)), texts(one));
  for (const Column& one : straight.columns) EXPECT_EQ(texts(moved, one.name), texts(one.select({2, 1, 0})));
}

}  // namespace
}  // namespace yaan
