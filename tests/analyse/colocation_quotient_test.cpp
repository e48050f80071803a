// Colocation quotients, global and local: hand-made maps, the definition, exact enumeration, and what must stay hidden.
#include "yaan/analyse/colocation_quotient.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "area_samples.hpp"
#include "yaan/analyse/local_colocation_quotient.hpp"
#include "yaan/analyse/local_join_count.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {
namespace {

using Places = std::vector<std::pair<double, double>>;

SpatialWeights around(const Places& places, const ColocationOptions& options, Diagnostics* said = nullptr) {
  std::vector<double> x, y;
  for (const auto& [px, py] : places) {
    x.push_back(px);
    y.push_back(py);
  }
  Diagnostics diagnostics;
  Progress progress;
  return colocation_weights(x, y, Crs::local(), options, "points", said == nullptr ? diagnostics : *said, progress);
}

ColocationOptions nearest(std::int64_t k, ColocationDecay decay = ColocationDecay::none) {
  ColocationOptions options;
  options.nearest = k;
  options.decay = decay;
  return options;
}

template <class Options>
MethodResult run(const Method& method, const Layer& points, const Options& options) {
  Progress progress;
  MethodInputs inputs;
  inputs.layers = {{"points", &points}};
  return method.run(inputs, options, progress);
}

struct Sample {
  Places places;
  std::vector<std::uint32_t> kind;
  std::vector<std::string> names;
};

/// Of kinds k0, k1, ... in a square of 10 km.
Sample sample(std::uint32_t n, std::uint32_t kinds, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> place(0, 10000);
  Sample points;
  for (std::uint32_t i = 0; i < n; ++i) {
    points.places.emplace_back(place(random), place(random));
    points.kind.push_back(i % kinds);
    points.names.push_back("k" + std::to_string(i % kinds));
  }
  return points;
}

double weight_between(const SpatialWeights& weights, std::uint32_t from, std::uint32_t to) {
  const auto row = weights.neighbours(from);
  const auto at = std::find(row.begin(), row.end(), to);
  return at == row.end() ? 0 : weights.weights(from)[static_cast<std::size_t>(at - row.begin())];
}

// On a line at 0, 1, 10 and 11.5, kinds a, b, a, b: each has the other kind nearest. C(a, b) = 2, expected 2 * 2 / 3:
// 1.5. C(a, a) = 0.
TEST(ColocationQuotient, OfPairs) {
  const SpatialWeights weights = around({{0, 0}, {1, 0}, {10, 0}, {11.5, 0}}, nearest(1));
  Progress progress;
  const std::vector<std::uint32_t> kind = {0, 1, 0, 1};
  const auto pairs = colocation_quotients(weights, kind, 2, ColocationShuffle::others, nearest(1), progress);
  ASSERT_EQ(pairs.size(), 4U);
  EXPECT_EQ(pairs[1].count, 2);
  EXPECT_NEAR(pairs[1].expected, 4.0 / 3, 1e-15);
  EXPECT_NEAR(pairs[1].quotient, 1.5, 1e-15);
  EXPECT_EQ(pairs[0].quotient, 0);
  EXPECT_NEAR(pairs[0].expected, 2.0 / 3, 1e-15);
  EXPECT_EQ(pairs[1].shuffle, ColocationShuffle::all) << "all others are of one kind";
}

TEST(ColocationWeights, ShareThePlacesOfThoseEquallyNear) {
  // Of the middle point two are nearest at 1; the third lies at 3.
  const Places places = {{0, 0}, {1, 0}, {-1, 0}, {0, 3}};
  const SpatialWeights one = around(places, nearest(1));
  EXPECT_EQ(one.degree(0), 2U);
  EXPECT_NEAR(weight_between(one, 0, 1), 0.5, 1e-15);
  EXPECT_NEAR(weight_between(one, 0, 2), 0.5, 1e-15);
  // With three nearest all count, once each.
  const SpatialWeights three = around(places, nearest(3));
  for (std::uint32_t to = 1; to < 4; ++to) EXPECT_NEAR(weight_between(three, 0, to), 1.0 / 3, 1e-15);
  // 12 points at one spot share one place.
  const SpatialWeights stack = around(Places(12, {5, 5}), nearest(1));
  for (std::uint32_t i = 0; i < 12; ++i) EXPECT_EQ(stack.degree(i), 11U);
  Diagnostics said;
  const SpatialWeights large = around(Places(400, {5, 5}), nearest(1), &said);
  EXPECT_GE(large.degree(0), 128U);
  EXPECT_EQ(said.count("ties-cut"), 400);
}

TEST(ColocationWeights, FallAsGausssCurve) {
  // The second nearest is at 2: its weight exp(-1/2), the first one's at 1 exp(-1/8).
  const SpatialWeights weights = around({{0, 0}, {1, 0}, {-2, 0}, {0, 30}}, nearest(2, ColocationDecay::gaussian));
  const double first = std::exp(-0.125), second = std::exp(-0.5);
  EXPECT_NEAR(weight_between(weights, 0, 1), first / (first + second), 1e-15);
  EXPECT_NEAR(weight_between(weights, 0, 2), second / (first + second), 1e-15);
  ColocationOptions within;
  within.around = ColocationRule::distance;
  within.distance = Metres{2.5};
  const SpatialWeights near = around({{0, 0}, {1, 0}, {-2, 0}, {0, 30}}, within);
  EXPECT_NEAR(weight_between(near, 0, 1), 0.5, 1e-15);
  EXPECT_EQ(near.degree(3), 0U);
  within.distance = Metres{0};
  EXPECT_THROW(around({{0, 0}, {1, 0}}, within), UsageError);
  EXPECT_THROW(around({{0, 0}, {1, 0}}, nearest(0)), UsageError);
  EXPECT_THROW(around({{0, 0}, {1, 0}}, nearest(501)), UsageError);
}

TEST(ColocationQuotient, AgreesWithTheDefinition) {
  const Sample points = sample(60, 3, 5);
  ColocationOptions options = nearest(1);
  options.permutations = 0;
  const SpatialWeights weights = around(points.places, options);
  std::vector<double> counts(9, 0);
  for (std::size_t i = 0; i < 60; ++i) {
    std::size_t best = 60;
    double least = 1e18;
    for (std::size_t j = 0; j < 60; ++j) {
      const double d = std::hypot(points.places[i].first - points.places[j].first,
                                  points.places[i].second - points.places[j].second);
      if (j != i && d < least) {
        least = d;
        best = j;
      }
    }
    counts[points.kind[i] * 3 + points.kind[best]] += 1;
  }
  Progress progress;
  const auto pairs = colocation_quotients(weights, points.kind, 3, ColocationShuffle::all, options, progress);
  double all = 0;
  for (std::size_t at = 0; at < 9; ++at) {
    const double others = at / 3 == at % 3 ? 19 : 20;
    EXPECT_EQ(pairs[at].count, counts[at]);
    EXPECT_NEAR(pairs[at].quotient, counts[at] / 20 / (others / 59), 1e-14);
    EXPECT_TRUE(std::isnan(pairs[at].p));
    all += pairs[at].count;
  }
  EXPECT_EQ(all, 60) << "every point has one nearest";
}

/// Chance of a count of at least, and of at most, the observed one over every order of the labels at `places`.
std::pair<double, double> enumerated(const SpatialWeights& weights, std::vector<std::uint32_t> kind,
                                     const std::vector<std::size_t>& moving, std::size_t pair, double observed) {
  std::vector<std::uint32_t> labels;
  for (const std::size_t i : moving) labels.push_back(kind[i]);
  std::sort(labels.begin(), labels.end());
  double all = 0, at_least = 0, at_most = 0;
  do {
    for (std::size_t i = 0; i < moving.size(); ++i) kind[moving[i]] = labels[i];
    const double count = colocations(weights, kind, 3)[pair];
    ++all;
    at_least += count >= observed - 1e-9;
    at_most += count <= observed + 1e-9;
  } while (std::next_permutation(labels.begin(), labels.end()));
  return {at_least / all, at_most / all};
}

TEST(ColocationQuotient, HasThePValuesOfEveryOrder) {
  const Sample points = sample(9, 3, 8);
  for (const ColocationShuffle shuffle : {ColocationShuffle::others, ColocationShuffle::all}) {
    ColocationOptions options = nearest(2, ColocationDecay::gaussian);
    options.permutations = 9999;
    options.p_value = PValue::folded;
    const SpatialWeights weights = around(points.places, options);
    Progress progress;
    for (const ColocationQuotient& pair : colocation_quotients(weights, points.kind, 3, shuffle, options, progress)) {
      std::vector<std::size_t> moving;
      for (std::size_t i = 0; i < 9; ++i)
        if (pair.shuffle == ColocationShuffle::all || points.kind[i] != pair.a) moving.push_back(i);
      EXPECT_EQ(pair.shuffle, pair.a == pair.b ? ColocationShuffle::all : shuffle);
      const auto [at_least, at_most] = enumerated(weights, points.kind, moving, pair.a * 3 + pair.b, pair.count);
      const double exact = std::min(at_least, at_most);
      EXPECT_NEAR(pair.p, exact, 4.5 * std::sqrt(exact * (1 - exact) / 9999) + 2e-4) << pair.a << " " << pair.b;
    }
  }
}

TEST(ColocationQuotient, FindsWhatGathersAndNothingWhereKindsAreMixed) {
  // Crafts stand beside markets, temples anywhere.
  std::mt19937 random(2);
  std::uniform_real_distribution<double> place(0, 10000);
  Places places;
  std::vector<std::string> names;
  for (int i = 0; i < 40; ++i) {
    const double x = place(random), y = place(random);
    places.insert(places.end(), {{x, y}, {x + 20, y}, {place(random), place(random)}});
    names.insert(names.end(), {"market", "craft", "temple"});
  }
  const MethodResult result = run(colocation_quotient_method(), sites(places, names), GlobalColocationOptions{});
  const Layer& table = result.layers.front();
  EXPECT_EQ(texts(table.column("kind")), (std::vector<std::string>{"craft", "craft", "craft", "market", "market",
                                                                   "market", "temple", "temple", "temple"}));
  EXPECT_EQ(table.column("mark").display(1), "gather");
  EXPECT_EQ(table.column("mark").display(2), "apart");
  EXPECT_EQ(table.column("mark").display(6), "not significant") << "a temple has no choice between the two";
  EXPECT_EQ(table.column("shuffle").display(0), "all");
  EXPECT_EQ(table.column("shuffle").display(1), "others");
  EXPECT_EQ(result.diagnostics.count("few-permutations"), 0);
  // Nine pairs by Bonferroni: 9 * 2 / (n + 1) <= .05 from 359 permutations on.
  GlobalColocationOptions strict;
  strict.correction = Correction::bonferroni;
  for (const int permutations : {358, 359}) {
    strict.permutations = permutations;
    EXPECT_EQ(run(colocation_quotient_method(), sites(places, names), strict).diagnostics.count("few-permutations"),
              permutations < 359 ? 1 : 0);
  }
  // Under the null a share of at most about a tenth has p <= .1.
  int low = 0, tests = 0;
  for (unsigned map = 0; map < 150; ++map) {
    const Sample mixed = sample(45, 3, 100 + map);
    ColocationOptions options = nearest(3, ColocationDecay::gaussian);
    options.permutations = 99;
    options.seed = map;
    Progress progress;
    const auto pairs = colocation_quotients(around(mixed.places, options), mixed.kind, 3, ColocationShuffle::others,
                                            options, progress);
    low += pairs[1].p <= 0.1;
    low += pairs[0].p <= 0.1;
    tests += 2;
  }
  const double share = static_cast<double>(low) / tests;
  EXPECT_LT(share, 0.1 + 4 * std::sqrt(0.09 / tests));
  EXPECT_GT(share, 0.1 - 4 * std::sqrt(0.09 / tests));
}

TEST(ColocationQuotient, HasARuleForMapsWithoutAnAnswer) {
  const MethodResult one_kind =
      run(colocation_quotient_method(), sites({{0, 0}, {1, 0}, {5, 0}}, {"a", "a", "a"}), GlobalColocationOptions{});
  EXPECT_EQ(texts(one_kind.layers.front().column("clq")), std::vector<std::string>{"1"});
  EXPECT_EQ(texts(one_kind.layers.front().column("p")), std::vector<std::string>{"null"});
  EXPECT_EQ(one_kind.diagnostics.count("one-kind"), 1);
  GlobalColocationOptions many;
  many.nearest = 40;
  const MethodResult all =
      run(colocation_quotient_method(), sites({{0, 0}, {1, 0}, {5, 0}, {9, 9}}, {"a", "a", "b", ""}), many);
  EXPECT_EQ(all.diagnostics.count("fewer-neighbours"), 1);
  EXPECT_EQ(all.diagnostics.count("missing-value"), 1);
  // With all as neighbours nothing gathers: each quotient is 1, but the only b has no other b.
  EXPECT_EQ(texts(all.layers.front().column("clq")), (std::vector<std::string>{"1", "1", "1", "null"}));
  GlobalColocationOptions within;
  within.around = ColocationRule::distance;
  within.distance = Metres{2};
  const MethodResult islands =
      run(colocation_quotient_method(), sites({{0, 0}, {1, 0}, {50, 0}}, {"a", "b", "a"}), within);
  EXPECT_EQ(islands.diagnostics.count("islands"), 1);
  // One a with a neighbour, which is the b; 1 * 1 / 2 expected.
  EXPECT_EQ(texts(islands.layers.front().column("clq"))[1], "2");
  const MethodResult nothing = run(colocation_quotient_method(), sites({}, {}), GlobalColocationOptions{});
  EXPECT_EQ(nothing.layers.front().size(), 0U);
  EXPECT_EQ(nothing.diagnostics.count("too-few-features"), 1);
  Layer without = sites({{0, 0}}, {"a"});
  without.roles.category.clear();
  EXPECT_THROW(run(colocation_quotient_method(), without, GlobalColocationOptions{}), UsageError);
}

TEST(ColocationQuotient, IsTheSameInAnyOrderAndWithAnyThreads) {
  const Sample points = sample(80, 4, 3);
  const Layer layer = sites(points.places, points.names);
  std::vector<std::uint32_t> order(80);
  std::iota(order.begin(), order.end(), 0U);
  std::shuffle(order.begin(), order.end(), std::mt19937(6));
  const MethodResult straight = run(colocation_quotient_method(), layer, GlobalColocationOptions{});
  const MethodResult local = run(local_colocation_quotient_method(), layer, LocalColocationOptions{});
  for (const unsigned threads : {1U, 4U}) {
    set_thread_count(threads);
    const MethodResult moved = run(colocation_quotient_method(), layer.select(order), GlobalColocationOptions{});
    for (const Column& one : straight.layers.front().columns)
      EXPECT_EQ(texts(moved.layers.front().column(one.name)), texts(one)) << one.name;
    const MethodResult local_moved =
        run(local_colocation_quotient_method(), layer.select(order), LocalColocationOptions{});
    for (const Column& one : local.columns)
      EXPECT_EQ(texts(local_moved, one.name), texts(one.select(order))) << one.name;
  }
  set_thread_count(0);
}

TEST(LocalColocationQuotient, HasTheGlobalOneAsMean) {
  const Sample points = sample(90, 3, 4);
  const Layer layer = sites(points.places, points.names);
  for (const char* other : {"k0", "k2"}) {
    LocalColocationOptions options;
    options.kind = "k0";
    options.other_kind = other;
    options.permutations = 0;
    const MethodResult local = run(local_colocation_quotient_method(), layer, options);
    double sum = 0;
    for (std::size_t i = 0; i < 90; ++i) {
      EXPECT_EQ(column(local, "local_clq").is_null(i), i % 3 != 0);
      if (i % 3 == 0) sum += column(local, "local_clq").reals()[i];
    }
    GlobalColocationOptions global;
    global.nearest = options.nearest;
    global.decay = options.decay;
    const Layer table = run(colocation_quotient_method(), layer, global).layers.front();
    EXPECT_NEAR(sum / 30, table.column("clq").reals()[other[1] == '0' ? 0 : 2], 1e-13);
  }
}

// With equal weights the number of neighbours of the kind is hypergeometric.
TEST(LocalColocationQuotient, HasTheExactTailsOfEqualWeights) {
  const Sample points = sample(60, 3, 12);
  LocalColocationOptions options;
  options.decay = ColocationDecay::none;
  options.nearest = 6;
  options.permutations = 9999;
  options.p_value = PValue::folded;
  options.other_kind = "k1";
  const MethodResult local = run(local_colocation_quotient_method(), sites(points.places, points.names), options);
  const SpatialWeights weights = around(points.places, nearest(6));
  for (std::uint32_t i = 0; i < 60; ++i) {
    std::int64_t near = 0;
    for (const std::uint32_t j : weights.neighbours(i)) near += points.kind[j] == 1;
    const std::int64_t members = points.kind[i] == 1 ? 19 : 20;
    EXPECT_NEAR(column(local, "local_clq").reals()[i],
                static_cast<double>(near) / 6 / (static_cast<double>(members) / 59), 1e-13);
    EXPECT_NEAR(column(local, "local_clq_expected").reals()[i], 1, 1e-12);
    const double at_least = join_count_tail(near, 6, members, 59),
                 at_most = 1 - join_count_tail(near + 1, 6, members, 59);
    const double exact = std::min(at_least, at_most);
    EXPECT_NEAR(column(local, "local_clq_p").reals()[i], exact, 4.5 * std::sqrt(exact * (1 - exact) / 9999) + 2e-4);
  }
}

// The columns of the others are those of a map on which the hidden and coarsened sites are not.
TEST(LocalColocationQuotient, KeepsNoTraceOfHiddenSites) {
  const Sample points = sample(40, 2, 21);
  Layer layer = sites(points.places, points.names);
  const std::vector<std::uint32_t> open = hide_every_seventh(layer);
  const MethodResult all = run(local_colocation_quotient_method(), layer, LocalColocationOptions{});
  const MethodResult without = run(local_colocation_quotient_method(), layer.select(open), LocalColocationOptions{});
  for (const Column& one : without.columns) {
    EXPECT_EQ(texts(column(all, one.name).select(open)), texts(one)) << one.name;
    EXPECT_TRUE(column(all, one.name).is_null(0));
  }
  EXPECT_EQ(all.diagnostics.count("not-open-left-out"), 6);
}

TEST(LocalColocationQuotient, HasARuleForMapsWithoutAnAnswer) {
  const Layer layer = sites({{0, 0}, {1, 0}, {2, 0}, {3, 0}}, {"a", "a", "a", "b"});
  const MethodResult own = run(local_colocation_quotient_method(), layer, LocalColocationOptions{});
  EXPECT_EQ(own.diagnostics.count("none-of-the-kind"), 1) << "the only b looks for another b";
  EXPECT_TRUE(column(own, "local_clq").is_null(3));
  EXPECT_EQ(own.diagnostics.count("fewer-neighbours"), 1);
  const MethodResult one_kind =
      run(local_colocation_quotient_method(), layer.select({0, 1, 2}), LocalColocationOptions{});
  EXPECT_EQ(one_kind.diagnostics.count("one-kind"), 1);
  EXPECT_EQ(column(one_kind, "local_clq").null_count(), 3U);
  LocalColocationOptions unknown;
  unknown.other_kind = "fort";
  EXPECT_THROW(run(local_colocation_quotient_method(), layer, unknown), UsageError);
  LocalColocationOptions within;
  within.around = ColocationRule::distance;
  within.distance = Metres{0.5};
  const MethodResult islands = run(local_colocation_quotient_method(), layer, within);
  EXPECT_EQ(islands.diagnostics.count("islands"), 4);
  EXPECT_EQ(column(islands, "local_clq").null_count(), 4U);
}

}  // namespace
}  // namespace yaan
