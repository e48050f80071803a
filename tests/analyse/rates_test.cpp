// Raw and smoothed rates.
#include "yaan/analyse/rates.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "area_samples.hpp"
#include "spatial_samples.hpp"
#include "yaan/core/error.hpp"

namespace yaan {
namespace {

using Numbers = std::vector<double>;

MethodResult rates_of(const Layer& areas, RatesOptions options = {}) {
  options.events = "events";
  options.population = "people";
  Progress progress;
  MethodInputs inputs;
  inputs.layers = {{"features", &areas}};
  return rates_method().run(inputs, options, progress);
}

/// Squares in a row.
Layer row_of(const Numbers& events, const Numbers& people) {
  std::vector<std::string> codes;
  std::vector<std::pair<double, double>> corners;
  for (std::size_t i = 0; i < events.size(); ++i) {
    codes.push_back("a" + std::to_string(i));
    corners.emplace_back(1000.0 * static_cast<double>(i), 0);
  }
  Layer areas = squares(codes, corners, 1000);
  areas.set(Column::of("events", events));
  areas.set(Column::of("people", people));
  return areas;
}

// Events 2, 12, 6 among 10, 20, 30: m = 20/60 = 1/3. Rates 0.2, 0.6, 0.2.
// sum n (r - m)^2 = 10 (2/15)^2 + 20 (4/15)^2 + 30 (2/15)^2 = (40 + 320 + 120) / 225 = 32/15; by 60: 8/225.
// a = 8/225 - (1/3) / 20 = 0.0355556 - 0.0166667 = 17/900.
// First: a / (a + 1/30) = 17/47, so 1/3 - (2/15) (17/47); second: 17/32; third: 17/27.
TEST(GlobalRates, WorkedExample) {
  const SmoothedRates rates = global_rates(Numbers{2, 12, 6}, Numbers{10, 20, 30});
  EXPECT_NEAR(rates.mean[0], 1.0 / 3, 1e-15);
  EXPECT_NEAR(rates.variance[0], 17.0 / 900, 1e-15);
  EXPECT_NEAR(rates.rate[0], 1.0 / 3 - 2.0 / 15 * 17 / 47, 1e-14);
  EXPECT_NEAR(rates.rate[1], 1.0 / 3 + 4.0 / 15 * 17 / 32, 1e-14);
  EXPECT_NEAR(rates.rate[2], 1.0 / 3 - 2.0 / 15 * 17 / 27, 1e-14);
}

TEST(GlobalRates, AreTheMeanWhereChanceExplainsAll) {
  const SmoothedRates rates = global_rates(Numbers{1, 2, 0}, Numbers{10, 10, 10});
  EXPECT_EQ(rates.variance[0], 0);
  for (const double rate : rates.rate) EXPECT_NEAR(rate, 0.1, 1e-15);
  for (const double rate : global_rates(Numbers{0, 0}, Numbers{5, 9}).rate) EXPECT_EQ(rate, 0);
}

TEST(GlobalRates, LieBetweenTheRawRateAndTheMean) {
  std::mt19937 random(2);
  std::uniform_int_distribution<int> people(1, 400);
  Numbers events, population;
  for (int i = 0; i < 200; ++i) {
    population.push_back(people(random));
    events.push_back(
        std::binomial_distribution<int>(static_cast<int>(population.back()), i % 2 == 0 ? 0.1 : 0.4)(random));
  }
  const SmoothedRates rates = global_rates(events, population);
  for (std::size_t i = 0; i < events.size(); ++i) {
    const double raw = events[i] / population[i], m = rates.mean[i];
    EXPECT_GE(rates.rate[i], std::min(raw, m) - 1e-15);
    EXPECT_LE(rates.rate[i], std::max(raw, m) + 1e-15);
  }
}

TEST(LocalRates, AreTheGlobalOnesAmongAllAndRawForIslands) {
  const Numbers events = {2, 12, 6}, population = {10, 20, 30};
  std::vector<Link> links;
  for (std::uint32_t i = 0; i < 3; ++i)
    for (std::uint32_t j = 0; j < 3; ++j)
      if (i != j) links.push_back({i, j, 0.25 + j});  // weights do not count
  const SmoothedRates all = local_rates(weights_of(3, links), events, population);
  const SmoothedRates global = global_rates(events, population);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(all.rate[i], global.rate[i], 1e-15);
  const SmoothedRates alone = local_rates(weights_of(3, {}), events, population);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(alone.rate[i], events[i] / population[i], 1e-15);
}

TEST(LocalRates, AgreeWithTheDefinitionOnALattice) {
  std::mt19937 random(4);
  std::uniform_int_distribution<int> people(20, 400);
  Numbers events, population;
  for (int i = 0; i < 20; ++i) {
    population.push_back(people(random));
    events.push_back(std::binomial_distribution<int>(static_cast<int>(population.back()), i < 10 ? 0.1 : 0.3)(random));
  }
  const SpatialWeights weights = rook_lattice(5, 4);
  const SmoothedRates rates = local_rates(weights, events, population);
  for (std::size_t i = 0; i < 20; ++i) {
    Numbers near_events = {events[i]}, near_population = {population[i]};
    for (const std::uint32_t j : weights.neighbours(i)) {
      near_events.push_back(events[j]);
      near_population.push_back(population[j]);
    }
    EXPECT_NEAR(rates.rate[i], global_rates(near_events, near_population).rate[0], 1e-14) << i;
  }
}

TEST(Rates, AddColumnsTimesPer) {
  RatesOptions options;
  options.per = 1000;
  const MethodResult result = rates_of(row_of({2, 12, 6}, {10, 20, 30}), options);
  EXPECT_EQ(texts(result, "rate"), (std::vector<std::string>{"200", "600", "200"}));
  EXPECT_NEAR(column(result, "rate_eb").reals()[1], 1000 * (1.0 / 3 + 4.0 / 15 * 17 / 32), 1e-10);
  EXPECT_NEAR(column(result, "excess_risk").reals()[1], 1.8, 1e-14);
  double expected = 0;
  for (const double e : column(result, "rate_expected").reals()) expected += e;
  EXPECT_NEAR(expected, 20, 1e-12);
  EXPECT_EQ(column(result, "rate").title.en, "Raw rate per 1,000");
}

TEST(Rates, AreNullWithoutAPopulationAndNobodysNeighbour) {
  const double nan = std::nan("");
  const MethodResult result = rates_of(row_of({2, 5, 12, nan, 6}, {10, 0, 20, 7, 30}));
  const std::vector<std::string> rates = texts(result, "rate");
  EXPECT_EQ(rates, (std::vector<std::string>{"0.2", "null", "0.6", "null", "0.2"}));
  EXPECT_EQ(texts(result, "rate_eb_local"), rates) << "all are islands now";
  EXPECT_EQ(result.diagnostics.count("zero-population"), 1);
  EXPECT_EQ(result.diagnostics.count("events-without-population"), 1) << "its 5 events count nowhere";
  EXPECT_EQ(rates_of(row_of({2, 0, 12}, {10, 0, 20})).diagnostics.count("events-without-population"), 0);
  EXPECT_EQ(result.diagnostics.count("missing-value"), 1);
  EXPECT_EQ(result.diagnostics.count("islands"), 3);
  const MethodResult without = rates_of(row_of({2, 12, 6}, {10, 20, 30}));
  EXPECT_NEAR(column(result, "rate_eb").reals()[2], column(without, "rate_eb").reals()[1], 1e-15);
}

TEST(Rates, OfOneAreaAreItsOwn) {
  const MethodResult result = rates_of(row_of({3}, {10}));
  EXPECT_EQ(texts(result, "rate_eb"), std::vector<std::string>{"0.3"});
  EXPECT_EQ(result.diagnostics.count("one-area"), 1);
  const MethodResult nothing = rates_of(row_of({3}, {0}));
  EXPECT_EQ(texts(nothing, "rate_eb"), std::vector<std::string>{"null"});
  EXPECT_EQ(texts(rates_of(row_of({0, 0}, {4, 5})), "excess_risk"), (std::vector<std::string>{"null", "null"}));
}

TEST(Rates, RefuseNegativeNumbersAndNameTheFeature) {
  for (const auto& [events, people] :
       {std::pair(Numbers{2, -1}, Numbers{10, 20}), std::pair(Numbers{2, 1}, Numbers{10, -20})})
    try {
      rates_of(row_of(events, people));
      FAIL();
    } catch (const InputError& error) {
      EXPECT_NE(std::string(error.what()).find("feature #2"), std::string::npos) << error.what();
    }
  Layer areas = row_of({1}, {2});
  Progress progress;
  MethodInputs inputs;
  inputs.layers = {{"features", &areas}};
  EXPECT_THROW(rates_method().run(inputs, RatesOptions{}, progress), UsageError);
}

}  // namespace
}  // namespace yaan
