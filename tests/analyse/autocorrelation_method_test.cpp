// The verbs of spatial autocorrelation: what stays hidden, maps without an answer, and what is said about them.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>

#include "area_samples.hpp"
#include "yaan/analyse/bivariate_moran.hpp"
#include "yaan/analyse/geary.hpp"
#include "yaan/analyse/general_g.hpp"
#include "yaan/analyse/join_counts.hpp"
#include "yaan/analyse/local_g.hpp"
#include "yaan/analyse/local_geary.hpp"
#include "yaan/analyse/local_join_count.hpp"
#include "yaan/analyse/local_moran.hpp"
#include "yaan/analyse/moran.hpp"
#include "yaan/core/error.hpp"

namespace yaan {
namespace {

MethodResult run(const Method& method, const Layer& features, const std::any& options, const Layer* weights = nullptr) {
  Progress progress;
  MethodInputs inputs;
  inputs.layers = {{"features", &features}};
  if (weights != nullptr) inputs.layers.emplace("weights", weights);
  return method.run(inputs, options, progress);
}

/// The method's defaults with some parameters set.
std::any options_of(const Method& method, const std::vector<std::pair<std::string, Value>>& parameters) {
  std::any options = method.default_options();
  for (const auto& [name, value] : parameters) method.find_parameter(name)->set(options, value);
  return options;
}

/// Its variable is `value`, or `category` where it takes kinds.
std::any options_for(const Method& method, std::vector<std::pair<std::string, Value>> more = {}) {
  const bool kinds = method.name.ends_with("join-count") || method.name.ends_with("join-counts");
  if (method.find_parameter("variable") != nullptr)
    more.emplace_back("variable", std::string(kinds ? "category" : "value"));
  if (method.find_parameter("neighbour_variable") != nullptr)
    more.emplace_back("neighbour_variable", std::string("other"));
  if (method.find_parameter("kind") != nullptr) more.emplace_back("kind", std::string("craft"));
  return options_of(method, more);
}

const std::vector<const Method*>& locals() {
  static const std::vector<const Method*> all = {&local_moran_method(), &local_g_method(), &local_geary_method(),
                                                 &local_join_count_method(), &local_bivariate_moran_method()};
  return all;
}
const std::vector<const Method*>& globals() {
  static const std::vector<const Method*> all = {&moran_method(), &geary_method(), &general_g_method(),
                                                 &join_counts_method(), &bivariate_moran_method()};
  return all;
}

/// Sites with ids, kinds and two variables, in a square of 10 km.
Layer scattered(std::uint32_t n, unsigned seed = 5) {
  std::mt19937 random(seed);
  std::vector<std::pair<double, double>> places;
  std::vector<std::string> kinds;
  Column id("id", ColumnType::text), value("value", ColumnType::real), other("other", ColumnType::real);
  for (std::uint32_t i = 0; i < n; ++i) {
    const auto metres = [&] { return static_cast<double>(random() % 100000) / 10; };
    const double x = metres(), y = metres();
    places.emplace_back(x, y);
    kinds.emplace_back(random() % 3 == 0 ? "temple" : "craft");
    id.push("s" + std::to_string(i));
    value.push(static_cast<double>(random() % 1000) / 10);
    other.push(static_cast<double>(random() % 1000) / 10);
  }
  Layer layer = sites(places, kinds);
  layer.set(id);
  layer.set(value);
  layer.set(other);
  layer.roles.id = "id";
  return layer;
}

Value summary_of(const MethodResult& result, const std::string& name) {
  for (const auto& [key, value] : result.summary)
    if (key == name) return value;
  return std::string("no " + name);
}

const Column& made(const MethodResult& result, const std::string& name) { return result.layers.front().column(name); }

// What is told of the others is what a map without the hidden and coarsened sites tells.
TEST(AutocorrelationOfSites, KeepsNoTraceOfHiddenOnes) {
  Layer layer = scattered(40);
  const std::vector<std::uint32_t> open = hide_every_seventh(layer);
  for (const Method* method : locals()) {
    const MethodResult all = run(*method, layer, options_for(*method));
    const MethodResult without = run(*method, layer.select(open), options_for(*method));
    for (const Column& one : without.columns) {
      EXPECT_EQ(texts(column(all, one.name).select(open)), texts(one)) << one.name;
      EXPECT_TRUE(column(all, one.name).is_null(0)) << one.name;
    }
    EXPECT_EQ(all.diagnostics.count("not-open-left-out"), 6) << method->name;
    EXPECT_EQ(summary_of(all, "n"), Value(std::int64_t{34})) << method->name;
  }
  for (const Method* method : globals()) {
    const MethodResult all = run(*method, layer, options_for(*method));
    const MethodResult without = run(*method, layer.select(open), options_for(*method));
    for (const Column& one : without.layers.front().columns)
      EXPECT_EQ(texts(made(all, one.name)), texts(one)) << method->name << " " << one.name;
    EXPECT_EQ(all.diagnostics.count("not-open-left-out"), 6) << method->name;
  }
  const MethodResult weights = run(spatial_weights_method(), layer, SpatialWeightsOptions{});
  const MethodResult without = run(spatial_weights_method(), layer.select(open), SpatialWeightsOptions{});
  EXPECT_EQ(texts(column(weights, "weights_neighbours").select(open)), texts(column(without, "weights_neighbours")));
  EXPECT_TRUE(column(weights, "weights_component").is_null(0));
  EXPECT_EQ(texts(made(weights, "to")), texts(made(without, "to")));
}

TEST(AutocorrelationOfSites, TakesNoHiddenOneFromAFileOfWeights) {
  Layer layer = scattered(8);
  Layer table =
      run(spatial_weights_method(), layer, options_of(spatial_weights_method(), {{"nearest", Value(std::int64_t{3})}}))
          .layers.front();
  Column level("publication", ColumnType::text);
  for (int i = 0; i < 8; ++i) level.push(i == 2 ? "hidden" : "");
  layer.set(level);
  layer.roles.publication = "publication";
  const MethodResult before = run(local_moran_method(), layer, options_for(local_moran_method()), &table);
  Column value("value", ColumnType::real);
  for (std::uint32_t i = 0; i < 8; ++i) value.push(i == 2 ? 1e6 : *layer.column("value").number(i));
  layer.set(value);
  const MethodResult after = run(local_moran_method(), layer, options_for(local_moran_method()), &table);
  EXPECT_EQ(texts(column(before, "local_moran")), texts(column(after, "local_moran")));
}

// With all others as neighbours no order of the values changes anything: rounding alone gave p of .002.
TEST(AutocorrelationOfSites, TestsNothingWhereAllAreNeighbours) {
  const Layer layer = scattered(20);
  for (const std::int64_t nearest : {19, 20}) {
    for (const Method* method : globals()) {
      if (method == &join_counts_method()) continue;
      const MethodResult result =
          run(*method, layer, options_for(*method, {{"neighbours", std::string("nearest")}, {"nearest", nearest}}));
      EXPECT_EQ(result.diagnostics.count("all-neighbours"), 1) << method->name;
      EXPECT_TRUE(made(result, "p_permuted").is_null(0)) << method->name;
    }
    for (const Method* method : locals()) {
      const MethodResult result =
          run(*method, layer, options_for(*method, {{"neighbours", std::string("nearest")}, {"nearest", nearest}}));
      EXPECT_EQ(result.diagnostics.count("all-neighbours"), 1) << method->name;
      EXPECT_EQ(result.columns.back().null_count(), 20U) << method->name;
    }
  }
  const MethodResult fewer = run(moran_method(), layer, options_for(moran_method(), {{"nearest", std::int64_t{18}}}));
  EXPECT_EQ(fewer.diagnostics.count("all-neighbours"), 0);
}

// The joins are what the numbers of the kinds make them.
TEST(AutocorrelationOfSites, JoinsAmongAllAreNotTested) {
  const MethodResult result =
      run(join_counts_method(), scattered(20),
          options_for(join_counts_method(), {{"neighbours", std::string("nearest")}, {"nearest", std::int64_t{19}}}));
  EXPECT_EQ(result.diagnostics.count("all-neighbours"), 1);
  for (const char* name : {"z", "p_z", "p_permuted", "p_adjusted", "mark"})
    EXPECT_EQ(made(result, name).null_count(), 3U) << name;
  EXPECT_EQ(*made(result, "variance").number(0), 0);
  EXPECT_EQ(summary_of(result, "chi_square"), Value(std::string("no chi_square")));
}

// One value that stands out among equal ones, on a ring: wherever it stands the statistic is the same, but for the
// rounding of .1 and .7, which are no binary numbers.
TEST(AutocorrelationOfSites, DoubtsAStatisticThatNoOrderChanges) {
  Layer layer = scattered(20);
  Column value("value", ColumnType::real), from("from", ColumnType::text), to("to", ColumnType::text),
      weight("weight", ColumnType::real);
  for (int i = 0; i < 20; ++i) {
    value.push(i == 4 ? 0.7 : 0.1);
    for (const int step : {1, 19}) {
      from.push("s" + std::to_string(i));
      to.push("s" + std::to_string((i + step) % 20));
      weight.push(1.0);
    }
  }
  layer.set(value);
  Layer ring;
  ring.name = "ring";
  ring.geometry = Geometry::empty(GeometryKind::none);
  ring.geometry.rows = 40;
  ring.columns = {from, to, weight};
  for (const Method* method : {&moran_method(), &geary_method(), &general_g_method()}) {
    const MethodResult result = run(*method, layer, options_for(*method), &ring);
    EXPECT_EQ(result.diagnostics.count("constant-statistic"), 1) << method->name;
    EXPECT_EQ(*made(result, "variance_randomised").number(0), 0) << method->name;
    EXPECT_EQ(*made(result, "variance_permuted").number(0), 0) << method->name;
    EXPECT_TRUE(made(result, "z_randomised").is_null(0)) << method->name;
    EXPECT_EQ(*made(result, "p_permuted").number(0), 1) << method->name;
    EXPECT_TRUE(made(result, "verdict").is_null(0)) << method->name;
  }
}

// A value that stands out alone has a high z of Gi* because of itself.
TEST(AutocorrelationOfSites, CountsWhatZWouldMarkAndPermutationDoesNot) {
  Layer layer = scattered(60);
  const auto set_values = [&](double high) {
    Column value("value", ColumnType::real);
    for (int i = 0; i < 60; ++i) value.push(i == 7 ? high : 10 + i * 7919 % 13);
    layer.set(value);
  };
  const auto marks = [](const MethodResult& result) {
    const std::vector<std::string> all = texts(column(result, "local_g_cluster"));
    return std::count(all.begin(), all.end(), "hot spot") + std::count(all.begin(), all.end(), "cold spot");
  };
  const auto with = [](std::int64_t permutations) {
    return options_for(local_g_method(), {{"permutations", permutations}, {"nearest", std::int64_t{4}}});
  };
  set_values(1000);
  const MethodResult by_permutation = run(local_g_method(), layer, with(999));
  const MethodResult by_z = run(local_g_method(), layer, with(0));
  EXPECT_GE(marks(by_z), 1);
  const Diagnostics& said = by_permutation.diagnostics;
  EXPECT_GE(said.count("z-not-marked"), 1);
  EXPECT_EQ(said.count("z-not-marked") + said.count("few-permutations"), marks(by_z) - marks(by_permutation));
  // z of Gi holds the feature's own value as well.
  EXPECT_EQ(
      run(local_g_method(), layer, options_for(local_g_method(), {{"star", false}})).diagnostics.count("z-not-marked"),
      0);
  EXPECT_EQ(by_z.diagnostics.count("z-not-marked"), 0);
  set_values(12);
  EXPECT_EQ(marks(run(local_g_method(), layer, with(0))), 0);
  EXPECT_EQ(run(local_g_method(), layer, with(999)).diagnostics.count("z-not-marked"), 0);
}

TEST(AutocorrelationOfSites, TakesValuesThatDifferByRoundingForEqual) {
  Layer layer = scattered(20);
  Column value("value", ColumnType::real);
  for (int i = 0; i < 20; ++i) value.push(i % 2 == 0 ? 0.3 : 0.1 + 0.2);
  layer.set(value);
  EXPECT_EQ(run(moran_method(), layer, options_for(moran_method())).diagnostics.count("constant-variable"), 1);
  value = Column("value", ColumnType::real);
  for (int i = 0; i < 20; ++i) value.push(i % 2 == 0 ? 1e6 : 1e6 + 1e-6);  // small, but told apart by the numbers
  layer.set(value);
  EXPECT_EQ(run(moran_method(), layer, options_for(moran_method())).diagnostics.count("constant-variable"), 0);
}

TEST(AutocorrelationOfSites, MarksSayWhatTheyAreAbout) {
  const Layer layer = scattered(40);
  const MethodResult moran = run(local_moran_method(), layer, options_for(local_moran_method()));
  EXPECT_EQ(moran.columns.back().title.en, "LISA clusters: value");
  EXPECT_TRUE(moran.columns.back().remark.en.ends_with("; 8 nearest, row-standardised"))
      << moran.columns.back().remark.en;
  EXPECT_EQ(summary_of(moran, "variable"), Value(std::string("value")));
  EXPECT_EQ(summary_of(moran, "weights"), Value(std::string("8 nearest, row-standardised")));
  EXPECT_TRUE(run(local_join_count_method(), layer, options_for(local_join_count_method()))
                  .columns.back()
                  .title.en.ends_with(": craft"));
  EXPECT_TRUE(run(local_bivariate_moran_method(), layer, options_for(local_bivariate_moran_method()))
                  .columns.back()
                  .title.en.ends_with(": value, and other around"));
}

// Bonferroni of 40 two-sided tests at .05: 2 / (n + 1) * 40 <= .05 from 1,599 permutations on.
TEST(AutocorrelationOfSites, DoubtsPermutationsThatCanMarkNothing) {
  const Layer layer = scattered(40);
  const auto doubts = [&](std::int64_t permutations, const char* correction) {
    return run(local_moran_method(), layer,
               options_for(local_moran_method(),
                           {{"permutations", permutations}, {"correction", std::string(correction)}}))
        .diagnostics.count("few-permutations");
  };
  EXPECT_EQ(doubts(1598, "bonferroni"), 1);
  EXPECT_EQ(doubts(1599, "bonferroni"), 0);
  EXPECT_EQ(doubts(999, "benjamini_hochberg"), 0);
  EXPECT_EQ(doubts(9, "none"), 1);
  EXPECT_EQ(doubts(0, "bonferroni"), 0) << "p of z has no least value";
}

// A block of 9 among 900 features: the least p is .002, and by Benjamini-Hochberg 36 features would have to have it.
TEST(AutocorrelationOfSites, DoubtsPermutationsThatHideTheStrongest) {
  constexpr int kSide = 30;
  Layer layer;
  layer.name = "cells";
  layer.crs = Crs::laea(Degrees{100}, Degrees{15});
  std::vector<double> east, north;
  Column value("value", ColumnType::real);
  std::mt19937 random(3);
  std::normal_distribution<double> normal(10, 1);
  for (int i = 0; i < kSide * kSide; ++i) {
    const int x = i % kSide, y = i / kSide;
    east.push_back(1000.0 * x);
    north.push_back(1000.0 * y);
    const bool block = x >= 10 && x < 13 && y >= 10 && y < 13;
    value.push(normal(random) + (block ? 15 : 0));
  }
  layer.geometry = Geometry::points(std::move(east), std::move(north));
  layer.set(value);
  for (const Method* method : {&local_moran_method(), &local_g_method(), &local_geary_method()}) {
    const auto result = [&](std::int64_t permutations) {
      return run(*method, layer, options_for(*method, {{"permutations", permutations}}));
    };
    const auto marks = [](const MethodResult& found) {
      const std::vector<std::string> all = texts(found.columns.back());
      return std::count_if(all.begin(), all.end(), [](const std::string& mark) { return mark != "not significant"; });
    };
    const MethodResult few = result(999);
    EXPECT_EQ(marks(few), 0) << method->name;
    const std::int64_t hidden = few.diagnostics.count("few-permutations");
    EXPECT_GE(hidden, 9) << method->name;
    EXPECT_LT(hidden, 36) << method->name;
    const MethodResult more = result(9999);
    EXPECT_GE(marks(more), 9) << method->name;
    EXPECT_EQ(more.diagnostics.count("few-permutations"), 0) << method->name;
  }
}

TEST(AutocorrelationOfSites, JoinCountsAllowForThePairsOfKinds) {
  const Layer layer = scattered(60);
  const MethodResult result =
      run(join_counts_method(), layer, options_for(join_counts_method(), {{"correction", std::string("bonferroni")}}));
  for (std::size_t row = 0; row < 3; ++row)
    EXPECT_NEAR(*made(result, "p_adjusted").number(row), std::min(1.0, 3 * *made(result, "p_permuted").number(row)),
                1e-12);
  EXPECT_EQ(made(result, "mark").display(0), "not significant");
}

TEST(AutocorrelationOfSites, DoubtsWeightsOfOtherFeatures) {
  const Layer layer = scattered(8);
  Layer table = run(spatial_weights_method(), layer, SpatialWeightsOptions{}).layers.front();
  EXPECT_EQ(run(moran_method(), layer, options_for(moran_method()), &table).diagnostics.count("not-in-weights"), 0);
  table = table.select({0});  // one link, so two features
  EXPECT_EQ(run(moran_method(), layer, options_for(moran_method()), &table).diagnostics.count("not-in-weights"), 6);
}

TEST(AutocorrelationOfSites, CountsIslandsThatAreLeftOut) {
  Layer layer = scattered(10);
  layer.geometry.x[3] = 9e6;
  const auto options = options_for(general_g_method(), {{"neighbours", std::string("distance_band")},
                                                        {"distance", Value(Length(Metres{9000}))},
                                                        {"islands", std::string("leave_out")}});
  EXPECT_EQ(*made(run(general_g_method(), layer, options), "islands").number(0), 1);
}

TEST(AutocorrelationOfSites, RefusesMeasuresForKinds) {
  const Layer layer = scattered(10);
  EXPECT_THROW(
      (void)run(join_counts_method(), layer, options_of(join_counts_method(), {{"variable", std::string("value")}})),
      UsageError);
}

}  // namespace
}  // namespace yaan
