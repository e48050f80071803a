// p-values, corrections, permutation of whole maps, moments.
#include "yaan/analyse/autocorrelation.hpp"
#include "analyse/few_permutations.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "analyse/few_permutations.hpp"
#include "yaan/analyse/bivariate_moran.hpp"
#include "yaan/analyse/geary.hpp"
#include "yaan/analyse/join_counts.hpp"
#include "yaan/analyse/local_g.hpp"
#include "yaan/analyse/local_geary.hpp"
#include "yaan/analyse/local_join_count.hpp"
#include "yaan/analyse/local_moran.hpp"
#include "yaan/analyse/moran.hpp"
#include "yaan/analyse/multiple_testing.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {
namespace {

const double kNan = std::nan("");

void expect_near(const std::vector<double>& found, const std::vector<double>& expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i)
    if (std::isnan(expected[i]))
      EXPECT_TRUE(std::isnan(found[i])) << i;
    else
      EXPECT_NEAR(found[i], expected[i], 1e-12) << i;
}

// R: p.adjust(c(.01, .02, .03, .005, .5), method)
TEST(Corrections, AsRHasThem) {
  const std::vector<double> p = {0.01, 0.02, 0.03, 0.005, 0.5};
  expect_near(adjusted_p(p, Correction::none), p);
  expect_near(adjusted_p(p, Correction::benjamini_hochberg), {0.025, 0.1 / 3, 0.0375, 0.025, 0.5});
  const double sum = 1 + 1.0 / 2 + 1.0 / 3 + 1.0 / 4 + 1.0 / 5;
  expect_near(adjusted_p(p, Correction::benjamini_yekutieli),
              {0.025 * sum, 0.1 / 3 * sum, 0.0375 * sum, 0.025 * sum, 1});
  expect_near(adjusted_p(p, Correction::bonferroni), {0.05, 0.1, 0.15, 0.025, 1});
}

TEST(Corrections, TestsThatWereNotMadeAreNotCounted) {
  for (const Correction correction : {Correction::benjamini_hochberg, Correction::bonferroni}) {
    const auto three = adjusted_p(std::vector<double>{0.01, kNan, 0.04, 0.02}, correction);
    const auto without = adjusted_p(std::vector<double>{0.01, 0.04, 0.02}, correction);
    expect_near(three, {without[0], kNan, without[1], without[2]});
  }
  EXPECT_TRUE(adjusted_p({}, Correction::bonferroni).empty());
}

TEST(Corrections, MultiplyEqualPValuesByTheFactorAndNoneByLess) {
  constexpr double kLeast = 1.0 / 200;
  for (const Correction correction :
       {Correction::none, Correction::benjamini_hochberg, Correction::benjamini_yekutieli, Correction::bonferroni})
    for (const std::size_t tests : {1U, 2U, 20U, 380U}) {
      const double least = std::min(1.0, correction_factor(tests, correction) * kLeast);
      EXPECT_DOUBLE_EQ(adjusted_p(std::vector<double>(tests, kLeast), correction).front(), least) << tests;
      std::vector<double> one_alone(tests, 1);  // is no smaller by any correction
      one_alone.front() = kLeast;
      EXPECT_GE(adjusted_p(one_alone, correction).front(), least * (1 - 1e-12)) << tests;
    }
  EXPECT_DOUBLE_EQ(correction_factor(10, Correction::bonferroni), 10);
  EXPECT_DOUBLE_EQ(correction_factor(3, Correction::benjamini_yekutieli), 1 + 1.0 / 2 + 1.0 / 3);
  EXPECT_DOUBLE_EQ(correction_factor(380, Correction::benjamini_hochberg), 1);
}

/// p-values of which `extreme` are the least that so many permutations give; all others are 1.
std::vector<double> p_values(std::size_t tests, std::size_t extreme, std::int64_t permutations, PValue convention) {
  std::vector<double> p(tests, 1);
  const double tails = convention == PValue::two_sided ? 2 : 1;
  std::fill_n(p.begin(), extreme, tails / static_cast<double>(permutations + 1));
  return p;
}

// The number of permutations that the doubt asks for marks the extreme tests, and one fewer does not.
TEST(FewPermutations, AskForAsManyAsItTakes) {
  for (const Correction correction :
       {Correction::none, Correction::benjamini_hochberg, Correction::benjamini_yekutieli, Correction::bonferroni})
    for (const PValue convention : {PValue::two_sided, PValue::folded})
      for (const std::size_t extreme : {1U, 18U, 35U}) {
        constexpr std::size_t kTests = 900;
        constexpr std::int64_t kPermutations = 99;
        const std::vector<double> p = p_values(kTests, extreme, kPermutations, convention);
        const std::vector<double> adjusted = adjusted_p(p, correction);
        Diagnostics said;
        doubt_few_permutations({p, adjusted, kPermutations, convention, correction, 0.05}, "cells", said);
        ASSERT_EQ(said.entries().size(), correction == Correction::none ? 0U : 1U);
        if (said.empty()) continue;
        const Diagnostic& doubt = said.entries().front();
        // Bonferroni and Yekutieli can mark nothing at all here, which is said of the test and not of its results.
        const bool never = doubt.message.starts_with("nothing can be significant");
        EXPECT_EQ(never, correction != Correction::benjamini_hochberg);
        EXPECT_EQ(doubt.count, never ? 1 : static_cast<std::int64_t>(extreme));
        std::string number = doubt.message.substr(doubt.message.find("at least ") + 9);
        std::erase(number, ',');
        const std::int64_t enough = std::stoll(number);
        const std::size_t marked = never && correction == Correction::benjamini_yekutieli ? kTests : extreme;
        const auto first = [&](std::int64_t permutations) {
          return adjusted_p(p_values(kTests, marked, permutations, convention), correction).front();
        };
        EXPECT_LE(first(enough), 0.05 * (1 + 1e-12)) << enough;
        EXPECT_GT(first(enough - 1), 0.05) << enough;
      }
}

TEST(FewPermutations, AreNoMatterWhereNothingIsExtreme) {
  const std::vector<double> p = {0.5, kNan, 0.004, 0.7};  // of 999 permutations
  Diagnostics said;
  doubt_few_permutations(
      {p, adjusted_p(p, Correction::bonferroni), 999, PValue::two_sided, Correction::bonferroni, 0.01}, "cells", said);
  EXPECT_TRUE(said.empty());
  doubt_few_permutations({p, p, 0, PValue::two_sided, Correction::none, 0.05}, "cells", said);
  EXPECT_TRUE(said.empty()) << "no permutations, no least p";
}

TEST(PValues, ByTheirConvention) {
  EXPECT_DOUBLE_EQ(p_of_counts({9, 995}, 999, PValue::folded), 0.01);
  EXPECT_DOUBLE_EQ(p_of_counts({9, 995}, 999, PValue::two_sided), 0.02);
  EXPECT_DOUBLE_EQ(p_of_counts({999, 0}, 999, PValue::folded), 0.001);
  EXPECT_DOUBLE_EQ(p_of_counts({999, 999}, 999, PValue::two_sided), 1);
  EXPECT_NEAR(p_of_z(-1.959963984540054, PValue::two_sided), 0.05, 1e-15);
  EXPECT_NEAR(p_of_z(1.959963984540054, PValue::folded), 0.025, 1e-15);
  EXPECT_TRUE(std::isnan(p_of_z(kNan, PValue::folded)));
}

SpatialWeights path(std::uint32_t n) {
  std::vector<Link> links;
  for (std::uint32_t i = 0; i + 1 < n; ++i) links.insert(links.end(), {{i, i + 1, 1}, {i + 1, i, 1}});
  links.push_back({0, 2, 0.5});  // neither symmetric nor equal
  return weights_of(n, links);
}

const std::vector<double> kValues = {3, 1, 4, 1, 5, 9, 2};

/// The statistic over all orders of the values.
template <class Statistic>
std::vector<double> over_all_orders(const Statistic& statistic) {
  std::vector<double> values = kValues;
  std::sort(values.begin(), values.end());
  std::vector<std::uint32_t> order(values.size());
  std::iota(order.begin(), order.end(), 0U);
  std::vector<double> all;
  do {
    std::vector<double> moved;
    for (const std::uint32_t i : order) moved.push_back(kValues[i]);
    all.push_back(statistic(moved));
  } while (std::next_permutation(order.begin(), order.end()));
  return all;
}

double mean(const std::vector<double>& v) {
  return std::accumulate(v.begin(), v.end(), 0.0) / static_cast<double>(v.size());
}
double variance(const std::vector<double>& v) {
  double sum = 0;
  for (const double x : v) sum += (x - mean(v)) * (x - mean(v));
  return sum / static_cast<double>(v.size());
}

TEST(Moments, AreThoseOverAllOrders) {
  const SpatialWeights weights = path(7);
  const GlobalStatistic i = moran(weights, kValues, 7);
  const auto all_i = over_all_orders([&](const std::vector<double>& v) { return moran(weights, v, 7).value; });
  EXPECT_NEAR(i.expected, mean(all_i), 1e-12);
  EXPECT_NEAR(i.variance_randomised, variance(all_i), 1e-12);
  const GlobalStatistic c = geary(weights, kValues, 7);
  const auto all_c = over_all_orders([&](const std::vector<double>& v) { return geary(weights, v, 7).value; });
  EXPECT_NEAR(c.expected, mean(all_c), 1e-12);
  EXPECT_NEAR(c.variance_randomised, variance(all_c), 1e-12);
}

TEST(Permute, CountsAsExactEnumeration) {
  const SpatialWeights weights = path(7);
  const double observed = moran(weights, kValues, 7).value;
  const auto all = over_all_orders([&](const std::vector<double>& v) { return moran(weights, v, 7).value; });
  const auto share =
      static_cast<double>(std::count_if(all.begin(), all.end(), [&](double v) { return v >= observed - 1e-12; })) /
      static_cast<double>(all.size());
  constexpr double kDraws = 5000;
  Progress progress;
  const auto statistic = [&](std::span<const std::uint32_t> order) {
    std::vector<double> moved;
    for (const std::uint32_t i : order) moved.push_back(kValues[i]);
    return moran(weights, moved, 7).value;
  };
  set_thread_count(1);
  const PermutationTest test = permute(7, 5000, 12, observed, statistic, progress);
  EXPECT_NEAR(static_cast<double>(test.counts.at_least), share * kDraws, 4.5 * std::sqrt(kDraws * share * (1 - share)));
  EXPECT_NEAR(test.mean, mean(all), 4.5 * std::sqrt(variance(all) / kDraws));
  set_thread_count(8);
  const PermutationTest again = permute(7, 5000, 12, observed, statistic, progress);
  set_thread_count(0);
  EXPECT_EQ(again.counts.at_least, test.counts.at_least);
  EXPECT_EQ(again.variance, test.variance);
  EXPECT_NE(permute(7, 5000, 13, observed, statistic, progress).mean, test.mean);
}

TEST(Moments, OfJoinsAndOfTwoVariablesAreThoseOverAllOrders) {
  const SpatialWeights weights = path(7);
  const auto kinds_of = [](const std::vector<double>& v) {
    std::vector<std::uint32_t> kinds;
    for (const double x : v) kinds.push_back(x < 2 ? 0 : x < 5 ? 1 : 2);
    return kinds;
  };
  const auto joins = join_counts(weights, kinds_of(kValues), 3);
  for (std::size_t j = 0; j < joins.size(); ++j) {
    const auto all =
        over_all_orders([&](const std::vector<double>& v) { return join_counts(weights, kinds_of(v), 3)[j].count; });
    EXPECT_NEAR(joins[j].expected, mean(all), 1e-12);
    EXPECT_NEAR(joins[j].variance, variance(all), 1e-12);
  }
  const std::vector<double> x = {2, 7, 1, 8, 2, 8, 1};
  const GlobalStatistic two = bivariate_moran(weights, x, kValues, 7);
  const auto all =
      over_all_orders([&](const std::vector<double>& v) { return bivariate_moran(weights, x, v, 7).value; });
  EXPECT_NEAR(two.expected, mean(all), 1e-12);
  EXPECT_NEAR(two.variance_randomised, variance(all), 1e-12);
  EXPECT_NEAR(bivariate_moran(weights, x, x, 7).value, moran(weights, x, 7).value, 1e-14);
}

/// Mean and variance of a statistic of feature 1 over the orders of all values but its own.
template <class Statistic>
std::pair<double, double> over_orders_of_others(const Statistic& statistic) {
  std::vector<double> all;
  std::vector<std::uint32_t> order = {0, 2, 3, 4, 5, 6};
  do {
    std::vector<double> moved = kValues;
    for (std::size_t i = 0, to = 0; i < 6; ++i, ++to) {
      if (to == 1) ++to;
      moved[to] = kValues[order[i]];
    }
    all.push_back(statistic(moved));
  } while (std::next_permutation(order.begin(), order.end()));
  return {mean(all), variance(all)};
}

TEST(Moments, OfOneFeatureAreThoseOverTheOrdersOfTheOthers) {
  const SpatialWeights weights = path(7);
  const LocalGeary c = local_geary(weights, kValues);
  const auto [c_mean, c_variance] =
      over_orders_of_others([&](const std::vector<double>& v) { return local_geary(weights, v).value[1]; });
  EXPECT_NEAR(c.expected[1], c_mean, 1e-12);
  EXPECT_NEAR(c.variance[1], c_variance, 1e-12);
  const LocalG g = local_g(weights, kValues, false);
  const auto [g_mean, g_variance] =
      over_orders_of_others([&](const std::vector<double>& v) { return local_g(weights, v, false).g[1]; });
  EXPECT_NEAR(g.expected[1], g_mean, 1e-12);
  EXPECT_NEAR(g.variance[1], g_variance, 1e-12);
  const std::vector<double> x = {2, 7, 1, 8, 2, 8, 1};
  const LocalBivariateMoran b = local_bivariate_moran(weights, x, kValues);
  const auto [b_mean, b_variance] = over_orders_of_others(
      [&](const std::vector<double>& v) { return local_bivariate_moran(weights, x, v).value[1]; });
  EXPECT_NEAR(b.expected[1], b_mean, 1e-12);
  EXPECT_NEAR(b.variance[1], b_variance, 1e-12);
}

TEST(LocalJoinCount, TheExactChanceIsHypergeometric) {
  EXPECT_NEAR(join_count_tail(2, 3, 4, 9), (6.0 * 5 + 4) / 84, 1e-12);  // 2 or 3 of 4 among 3 of 9
  EXPECT_NEAR(join_count_tail(0, 3, 4, 9), 1, 1e-12);
  EXPECT_EQ(join_count_tail(3, 3, 2, 9), 0);
  EXPECT_NEAR(join_count_tail(3, 3, 9, 9), 1, 1e-12);
}

TEST(LocalMoran, OfIslandsIsNothingAndOfAllNeighboursHasNoVariance) {
  const SpatialWeights weights = weights_of(4, {{0, 1, 1}, {0, 2, 1}, {0, 3, 1}, {1, 0, 1}});
  const LocalMoran found = local_moran(weights, std::vector<double>{1, 2, 3, 7});
  EXPECT_EQ(found.variance_conditional[0], 0);
  EXPECT_EQ(found.value[2], 0);
  EXPECT_EQ(found.variance_conditional[2], 0);
  EXPECT_GT(found.variance_conditional[1], 0);
}

TEST(LocalG, StarOfAllNeighboursHasNoScore) {
  const SpatialWeights weights = weights_of(3, {{0, 1, 0.5}, {0, 2, 0.5}, {1, 0, 1}, {2, 0, 1}});
  const LocalG found = local_g(weights, std::vector<double>{1, 2, 6}, true);
  EXPECT_TRUE(std::isnan(found.z[0]));
  EXPECT_DOUBLE_EQ(found.g[0], 0.5);
  EXPECT_FALSE(std::isnan(found.z[1]));
}

}  // namespace
}  // namespace yaan
