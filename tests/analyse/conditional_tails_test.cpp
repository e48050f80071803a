#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <set>

#include "analyse/neighbour_draws.hpp"
#include "analyse/shared_draws.hpp"
#include "yaan/analyse/autocorrelation.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/parallel.hpp"
#include "yaan/core/random.hpp"

namespace yaan {
namespace {

std::vector<double> random_values(std::size_t n, unsigned seed, bool whole) {
  std::mt19937 random(seed);
  std::normal_distribution<double> normal(0, 3);
  std::vector<double> values(n);
  for (double& v : values) v = whole ? std::round(normal(random)) : normal(random);
  return values;
}

/// Each feature and those beside it on a ring, `degree(i)` of them.
template <class Degree>
SpatialWeights ring(std::uint32_t n, const Degree& degree, bool equal = true) {
  std::vector<Link> links;
  for (std::uint32_t i = 0; i < n; ++i)
    for (std::uint32_t j = 1; j <= static_cast<std::uint32_t>(degree(i)); ++j)
      links.push_back({i, (i + j) % n, equal ? 0.25 : 1.0 / j});
  return weights_of(n, links);
}

/// Share of all ordered choices of neighbours from the others that give at least, and at most, the observed lag.
std::pair<double, double> exact_shares(const SpatialWeights& weights, const std::vector<double>& values,
                                       std::size_t i) {
  std::vector<std::uint32_t> others;
  for (std::uint32_t j = 0; j < values.size(); ++j)
    if (j != i) others.push_back(j);
  const auto row = weights.weights(i);
  const auto to = weights.neighbours(i);
  double observed = 0;
  for (std::size_t l = 0; l < row.size(); ++l) observed += row[l] * values[to[l]];
  double at_least = 0, at_most = 0, all = 0;
  std::sort(others.begin(), others.end());
  do {
    double sum = 0;
    for (std::size_t l = 0; l < row.size(); ++l) sum += row[l] * values[others[l]];
    at_least += sum >= observed - 1e-12;
    at_most += sum <= observed + 1e-12;
    ++all;
  } while (std::next_permutation(others.begin(), others.end()));
  return {at_least / all, at_most / all};
}

void expect_within_bounds(std::int64_t count, double share, double draws, const std::string& what) {
  EXPECT_NEAR(static_cast<double>(count), share * draws, 4.5 * std::sqrt(draws * share * (1 - share)) + 1e-9) << what;
}

class Modes : public ::testing::TestWithParam<std::tuple<DrawMode, bool, bool>> {};

TEST_P(Modes, CountAsExactEnumeration) {
  const auto& [mode, equal, whole] = GetParam();
  constexpr std::int64_t kDraws = 20000;
  const SpatialWeights weights = ring(
      8, [](std::uint32_t i) { return 1 + i % 4; }, equal);
  const std::vector<double> values = random_values(8, 5, whole);
  Progress progress;
  const auto tails = conditional_tails(weights, values, kDraws, 17, mode, progress);
  for (std::size_t i = 0; i < 8; ++i) {
    const auto [at_least, at_most] = exact_shares(weights, values, i);
    expect_within_bounds(tails[i].at_least, at_least, kDraws, "at least " + std::to_string(i));
    expect_within_bounds(tails[i].at_most, at_most, kDraws, "at most " + std::to_string(i));
  }
}

INSTANTIATE_TEST_SUITE_P(Conditional, Modes,
                         ::testing::Combine(::testing::Values(DrawMode::independent, DrawMode::shared),
                                            ::testing::Bool(), ::testing::Bool()));

TEST(Conditional, GearyCountsAsExactEnumeration) {
  constexpr std::int64_t kDraws = 20000;
  const SpatialWeights weights = ring(7, [](std::uint32_t i) { return 1 + i % 3; });
  const std::vector<double> values = random_values(7, 9, false);
  for (const DrawMode mode : {DrawMode::independent, DrawMode::shared}) {
    Progress progress;
    const auto tails = conditional_geary_tails(weights, values, kDraws, 3, mode, progress);
    for (std::size_t i = 0; i < 7; ++i) {
      std::vector<double> apart(7);  // the lag of squared differences
      for (std::size_t j = 0; j < 7; ++j) apart[j] = (values[i] - values[j]) * (values[i] - values[j]);
      const auto [at_least, at_most] = exact_shares(weights, apart, i);
      expect_within_bounds(tails[i].at_least, at_least, kDraws, "at least " + std::to_string(i));
      expect_within_bounds(tails[i].at_most, at_most, kDraws, "at most " + std::to_string(i));
    }
  }
}

// The sweep against every permuted sum.
TEST(Conditional, TheSweepCountsAsAddingUp) {
  constexpr std::uint32_t kItems = 40000, kDraws = 99;
  for (const bool whole : {false, true}) {
    const SpatialWeights weights = ring(kItems, [](std::uint32_t i) { return i % 997 == 0 ? 0U : 3 + i % 4; });
    ASSERT_TRUE(sweep_pays(weights, kDraws));
    const std::vector<double> values = random_values(kItems, 2, whole);
    Progress progress;
    const auto tails = conditional_tails(weights, values, kDraws, 23, DrawMode::shared, progress);
    const SharedDraws table(weights, kItems, kDraws, 23);
    for (std::uint32_t i = 0; i < kItems; i += i < 200 ? 1 : 61) {
      TailCounts expected;
      if (weights.degree(i) == 0) expected = {kDraws, kDraws};
      double observed = 0;
      for (const std::uint32_t j : weights.neighbours(i)) observed += values[j];
      for (std::uint32_t draw = 0; draw < kDraws && weights.degree(i) > 0; ++draw) {
        double sum = 0;
        for (std::uint32_t j = 0; j < weights.degree(i); ++j) {
          const std::uint32_t id = table.number(draw, j);
          sum += values[id >= i ? id + 1 : id];
        }
        expected.at_least += sum >= observed - 1e-10;
        expected.at_most += sum <= observed + 1e-10;
      }
      EXPECT_EQ(tails[i].at_least, expected.at_least) << i;
      EXPECT_EQ(tails[i].at_most, expected.at_most) << i;
    }
  }
}

TEST(Conditional, TheThreadsChangeNothing) {
  const SpatialWeights weights = ring(3000, [](std::uint32_t i) { return 1 + i % 40; });
  const std::vector<double> values = random_values(3000, 4, false);
  Progress progress;
  for (const DrawMode mode : {DrawMode::independent, DrawMode::shared}) {
    set_thread_count(1);
    const auto one = conditional_tails(weights, values, 99, 1, mode, progress);
    set_thread_count(8);
    const auto eight = conditional_tails(weights, values, 99, 1, mode, progress);
    set_thread_count(0);
    for (std::size_t i = 0; i < one.size(); ++i) {
      EXPECT_EQ(one[i].at_least, eight[i].at_least);
      EXPECT_EQ(one[i].at_most, eight[i].at_most);
    }
  }
}

TEST(Conditional, StopsWhenItIsCancelled) {
  Progress progress;
  progress.cancel();
  const SpatialWeights weights = ring(100, [](std::uint32_t) { return 3; });
  EXPECT_THROW(conditional_tails(weights, random_values(100, 1, false), 99, 1, DrawMode::independent, progress),
               Cancelled);
}

class LoopSets : public ::testing::TestWithParam<InstructionSet> {};

TEST_P(LoopSets, DrawAndAddAsNumberByNumber) {
  const DrawLoops* loops = draw_loops(GetParam());
  if (loops == nullptr) GTEST_SKIP() << "not on this processor";
  constexpr std::uint32_t kLanes = DrawLoops::kLanes, kBelow = 500, kOwn = 123;
  const std::vector<double> values = random_values(kBelow + 1, 8, false);
  for (const std::uint32_t count : {1U, 4U, 7U, 8U, 30U}) {
    std::vector<std::uint32_t> ids(count * kLanes), bad(kLanes);
    loops->draw(77, 99, 64, count, kBelow, kOwn, ids.data(), bad.data());
    std::vector<double> weights = random_values(count, 6, false);
    std::vector<double> sums(kLanes), weighted(kLanes);
    loops->sum(ids.data(), count, values.data(), sums.data());
    loops->weighted_sum(ids.data(), count, weights.data(), values.data(), weighted.data());
    std::size_t usable = 0;
    for (std::uint32_t lane = 0; lane < kLanes; ++lane) {
      RandomStream random(77, 99, 64 + lane);
      std::set<std::uint32_t> seen;
      double sum = 0, by_weight = 0;
      for (std::uint32_t j = 0; j < count; ++j) {
        std::uint32_t number = random.below(kBelow);
        seen.insert(number);
        if (number >= kOwn) ++number;
        EXPECT_EQ(ids[j * kLanes + lane], number);
        sum += values[number];
        by_weight += weights[j] * values[number];
      }
      EXPECT_EQ(bad[lane] == 0, seen.size() == count);
      usable += bad[lane] == 0;
      EXPECT_EQ(sums[lane], sum);
      EXPECT_EQ(weighted[lane], by_weight);
    }
    EXPECT_GT(usable, 10U);
  }
}

INSTANTIATE_TEST_SUITE_P(Draws, LoopSets,
                         ::testing::Values(InstructionSet::baseline, InstructionSet::avx2, InstructionSet::avx512));

TEST(Draws, AreOthersAndNoneTwice) {
  for (const std::uint32_t count : {1U, 9U, 10U, 32U, 33U, 199U}) {
    const std::uint32_t items = count < 40 ? std::max(count + 1, 11U) : 200;
    NeighbourDraws draws(items, 5);
    for (const std::uint32_t own : {0U, items / 2, items - 1}) {
      const auto ids = draws.draw(own, own, 64, count);
      for (std::uint32_t lane = 0; lane < NeighbourDraws::kLanes; ++lane) {
        std::set<std::uint32_t> seen;
        for (std::uint32_t j = 0; j < count; ++j) seen.insert(ids[j * NeighbourDraws::kLanes + lane]);
        EXPECT_EQ(seen.size(), count);
        EXPECT_FALSE(seen.contains(own));
        EXPECT_LT(*seen.rbegin(), items);
      }
    }
  }
}

}  // namespace
}  // namespace yaan
