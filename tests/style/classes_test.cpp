#include "yaan/style/classes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <set>
#include <stdexcept>

namespace yaan::style {
namespace {

using testing::ElementsAre;

// Squared deviations from the class means, straight from the definition.
double spread_of(const std::vector<double>& values, const Classes& classes) {
  double total = 0;
  for (std::size_t c = 0; c < classes.size(); ++c) {
    std::vector<double> members;
    for (const double v : values)
      if (class_of(classes, v) == c) members.push_back(v);
    const double mean = std::accumulate(members.begin(), members.end(), 0.0) / static_cast<double>(members.size());
    for (const double v : members) total += (v - mean) * (v - mean);
  }
  return total;
}

// Every way to cut the distinct values into `wanted` classes.
double least_spread(const std::vector<double>& values, std::size_t wanted) {
  const std::set<double> distinct(values.begin(), values.end());
  const std::vector<double> ordered(distinct.begin(), distinct.end());
  double least = std::numeric_limits<double>::infinity();
  std::vector<double> upper;
  const std::function<void(std::size_t, std::size_t)> cut = [&](std::size_t from, std::size_t left) {
    if (left == 1) {
      Classes classes;
      classes.lowest = ordered.front();
      classes.upper = upper;
      classes.upper.push_back(ordered.back());
      least = std::min(least, spread_of(values, classes));
      return;
    }
    for (std::size_t i = from; i + left <= ordered.size(); ++i) {
      upper.push_back(ordered[i]);
      cut(i + 1, left - 1);
      upper.pop_back();
    }
  };
  cut(0, std::min(wanted, ordered.size()));
  return least;
}

TEST(FisherJenks, IsAsGoodAsTheBestOfAllDivisions) {
  EXPECT_TRUE(rc::check("optimum", [] {
    const auto n = *rc::gen::inRange<std::size_t>(1, 13);
    const auto wanted = *rc::gen::inRange<std::size_t>(1, 6);
    std::vector<double> values(n);
    for (double& v : values) v = *rc::gen::inRange(-30, 60) / 2.0;
    const Classes classes = classify(values, Classing::fisher_jenks, wanted);
    RC_ASSERT(std::abs(spread_of(values, classes) - least_spread(values, wanted)) < 1e-9);
    RC_ASSERT(std::accumulate(classes.counts.begin(), classes.counts.end(), std::size_t{0}) == n);
    RC_ASSERT(std::find(classes.counts.begin(), classes.counts.end(), 0U) == classes.counts.end());
  }));
}

TEST(FisherJenks, TheVerifierRefusesAWorseDivision) {
  const std::vector<double> values = {1, 2, 3, 10, 11, 12};
  Classes worse = classify(values, Classing::fisher_jenks, 2);
  EXPECT_THAT(worse.upper, ElementsAre(3, 12));
  worse.upper[0] = 10;
  EXPECT_GT(spread_of(values, worse), least_spread(values, 2) + 1);
}

TEST(FisherJenks, KeepsItsDigitsFarFromZero) {
  std::vector<double> values;
  for (const double group : {0.0, 5.0, 20.0})
    for (int i = 0; i < 4; ++i) values.push_back(1e9 + group + 0.25 * i);
  EXPECT_THAT(classify(values, Classing::fisher_jenks, 3).upper, ElementsAre(1e9 + 0.75, 1e9 + 5.75, 1e9 + 20.75));
}

TEST(Quantile, SharesTheValuesEvenly) {
  const std::vector<double> values = {9, 1, 2, 8, 3, 7, 4, 6, 5, 10, 11, 12};
  const Classes classes = classify(values, Classing::quantile, 4);
  EXPECT_THAT(classes.upper, ElementsAre(3, 6, 9, 12));
  EXPECT_THAT(classes.counts, ElementsAre(3U, 3U, 3U, 3U));
  // Ties stay together, so there are fewer classes and none is empty.
  const Classes tied = classify(std::vector<double>{1, 1, 1, 1, 1, 1, 2, 3, 4}, Classing::quantile, 3);
  EXPECT_THAT(tied.upper, ElementsAre(1, 4));
  EXPECT_THAT(tied.counts, ElementsAre(6U, 3U));
}

TEST(EqualInterval, HasOneWidth) {
  const Classes classes = classify(std::vector<double>{0, 1, 2, 100, 40}, Classing::equal_interval, 4);
  EXPECT_THAT(classes.upper, ElementsAre(25, 50, 75, 100));
  EXPECT_THAT(classes.counts, ElementsAre(3U, 1U, 0U, 1U));
}

TEST(Classify, DegenerateInput) {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  for (const Classing how : {Classing::equal_interval, Classing::quantile, Classing::fisher_jenks}) {
    EXPECT_EQ(classify({}, how, 5).size(), 0U);
    const Classes none = classify(std::vector<double>{kNan, INFINITY}, how, 5);
    EXPECT_EQ(none.size(), 0U);
    EXPECT_EQ(none.left_out, 2U);
    const Classes one = classify(std::vector<double>{4, 4, kNan, 4}, how, 5);
    EXPECT_THAT(one.upper, ElementsAre(4));
    EXPECT_THAT(one.counts, ElementsAre(3U));
    EXPECT_EQ(one.left_out, 1U);
    EXPECT_THROW(classify(std::vector<double>{1}, how, 0), std::invalid_argument);
    // The order of the values does not matter.
    EXPECT_EQ(classify(std::vector<double>{3, 1, 7, 8, 2, 9}, how, 3).upper,
              classify(std::vector<double>{9, 8, 7, 3, 2, 1}, how, 3).upper);
  }
}

TEST(ClassifyBy, CountsWhatLiesOutside) {
  const Classes classes = classify_by(std::vector<double>{-1, 0, 5, 10, 11}, std::vector<double>{0, 5, 10});
  EXPECT_THAT(classes.counts, ElementsAre(2U, 1U));
  EXPECT_EQ(classes.left_out, 2U);
  EXPECT_THROW(classify_by({}, std::vector<double>{1}), std::invalid_argument);
  EXPECT_THROW(classify_by({}, std::vector<double>{2, 1}), std::invalid_argument);
  EXPECT_THROW(classify_by({}, std::vector<double>{1, INFINITY}), std::invalid_argument);
}

}  // namespace
}  // namespace yaan::style
