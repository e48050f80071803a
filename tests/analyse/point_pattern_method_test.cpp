// The methods on point patterns: windows, planes, kinds, null models, envelopes, and what cannot be computed.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "analyse/observed_pattern.hpp"
#include "analyse/pattern_samples.hpp"
#include "yaan/analyse/cross_k.hpp"
#include "yaan/analyse/nearest_neighbour_index.hpp"
#include "yaan/analyse/pair_correlation.hpp"
#include "yaan/analyse/quadrat_test.hpp"
#include "yaan/analyse/ripley_k.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {
namespace {

TEST(PatternMethods, CountPointsOutsideTheWindow) {
  Places places = random_places(50, 1);
  places.emplace_back(2, 2);
  places.emplace_back(-0.001, 0.5);
  places.emplace_back(1, 0.5);  // on the border: inside
  const Layer window = box_layer(kUnit);
  for (const Method* method : {&ripley_k_method(), &pair_correlation_method(), &cross_k_method(),
                               &nearest_neighbour_index_method(), &quadrat_test_method()}) {
    const Answer r = run(*method, layer_of(places), method->default_options(), &window);
    EXPECT_EQ(r.number("outside_window"), 2) << method->name;
    EXPECT_EQ(r.number("used"), 51) << method->name;
    EXPECT_EQ(r.result.diagnostics.count("outside-window"), 2) << method->name;
  }
}

TEST(PatternMethods, TellOfAWindowWithoutPoints) {
  const Layer points = layer_of(random_places(20, 2));
  const Layer window = box_layer({5, 5, 6, 6});
  for (const Method* method : {&ripley_k_method(), &pair_correlation_method(), &cross_k_method(),
                               &nearest_neighbour_index_method(), &quadrat_test_method()}) {
    const Answer r = run(*method, points, method->default_options(), &window);
    EXPECT_EQ(r.result.diagnostics.count("empty-window"), 1) << method->name;
    EXPECT_EQ(r.number("outside_window"), 20) << method->name;
    if (method->find_parameter("steps") == nullptr) continue;
    for (std::size_t row = 0; row < r.result.layers.front().size(); ++row)
      EXPECT_TRUE(r.result.layers.front().columns.back().is_null(row)) << method->name;
  }
  const Layer nowhere = box_layer({1, 1, 1, 1});
  EXPECT_THROW(run(ripley_k_method(), points, RipleyKOptions{}, &nowhere), InputError);
}

TEST(PatternMethods, SayByWhichRuleTheWindowIsMade) {
  const Layer points = layer_of(random_places(60, 3));
  RipleyKOptions options;
  const Answer hull = run(ripley_k_method(), points, options);
  options.window_rule = WindowRule::rectangle;
  const Answer rectangle = run(ripley_k_method(), points, options);
  EXPECT_EQ(hull.result.diagnostics.count("window-by-rule"), 1);
  EXPECT_NEAR(hull.number("window_km2"), 1e-6, 0.1e-6);
  Box box;
  for (std::size_t i = 0; i < points.size(); ++i) box.include(points.geometry.x[i], points.geometry.y[i]);
  const double growth = 61.0 / 59;
  EXPECT_NEAR(rectangle.number("window_km2"), box.width() * box.height() * growth * growth * 1e-6, 1e-15);
}

// spatstat 3.0.3: area.owin(ripras(redwood)) and of its rectangle.
TEST(PatternMethods, TakeTheWindowOfRipleyAndRasson) {
  std::vector<double> x, y;
  for (const auto& [px, py] : kRedwood) {
    x.push_back(px);
    y.push_back(py);
  }
  EXPECT_NEAR(PatternWindow(ripley_rasson_window(x, y)).area(), kRedwoodRipleyRassonArea, 1e-12);
  EXPECT_NEAR(PatternWindow(rectangle_window(x, y)).area(), kRedwoodRectangleArea, 1e-12);
}

TEST(PatternMethods, HaveNoWindowAboutOnePlaceOrLine) {
  for (const Places& places : {Places(9, {0.5, 0.5}), Places{{0, 0}, {1, 1}, {2, 2}}, Places{{1, 2}}, Places{}}) {
    const Answer r = run(ripley_k_method(), layer_of(places), RipleyKOptions{});
    EXPECT_EQ(r.result.diagnostics.count("no-window"), 1);
    EXPECT_EQ(r.result.layers.front().size(), 0U);
  }
  const Layer window = box_layer(kUnit);
  const Answer stack = run(ripley_k_method(), layer_of(Places(9, {0.5, 0.5})), RipleyKOptions{}, &window);
  EXPECT_EQ(stack.result.diagnostics.count("shared-place"), 8);
  EXPECT_DOUBLE_EQ(stack.column("k_m2").front(), 1);
  const Answer index =
      run(nearest_neighbour_index_method(), layer_of(Places(9, {0.5, 0.5})), NearestNeighbourIndexOptions{}, &window);
  EXPECT_EQ(index.column("clark_evans").front(), 0);
}

TEST(NearestNeighbourIndex, HasNoNeighbourOfAnOrderAboveThePoints) {
  NearestNeighbourIndexOptions options;
  options.order = 5;
  const Layer window = box_layer(kUnit);
  const Answer five = run(nearest_neighbour_index_method(), layer_of(random_places(5, 1)), options, &window);
  EXPECT_EQ(five.result.diagnostics.count("too-few-points"), 1);
  EXPECT_TRUE(five.result.layers.front().column("clark_evans").is_null(0));
  const Answer six = run(nearest_neighbour_index_method(), layer_of(random_places(6, 1)), options, &window);
  EXPECT_FALSE(six.result.layers.front().column("clark_evans").is_null(0));
}

TEST(PatternMethods, RefuseWhatCannotBe) {
  const Layer points = layer_of(random_places(30, 4)), few = layer_of(random_places(29, 5));
  const Layer window = box_layer(kUnit);
  RipleyKOptions options;
  options.simulations = 38;  // 39 are needed for 5 %
  EXPECT_THROW(run(ripley_k_method(), points, options, &window), UsageError);
  options.simulations = 39;
  EXPECT_NO_THROW(run(ripley_k_method(), points, options, &window));
  // A background below the observed is a doubt, one without a place in the window an error.
  EXPECT_EQ(run(ripley_k_method(), points, options, &window, &few).result.diagnostics.count("small-background"), 1);
  const Layer away = layer_of({{5, 5}, {6, 6}});
  EXPECT_THROW(run(ripley_k_method(), points, options, &window, &away), UsageError);
  options.null_model = NullModel::background;
  EXPECT_THROW(run(ripley_k_method(), points, options, &window), UsageError);
  options.null_model = NullModel::random_labelling;
  EXPECT_THROW(run(ripley_k_method(), points, options, &window), UsageError);  // of no kind
  options.kind = "crafts";
  try {
    (void)run(ripley_k_method(), points, options, &window);
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_EQ(error.advice(), "did you mean craft?");
  }
  options.kind = "craft";
  options.category = "nothing";
  EXPECT_THROW(run(ripley_k_method(), points, options, &window), UsageError);
  CrossKOptions cross;
  cross.from_kind = cross.to_kind = "craft";
  EXPECT_THROW(run(cross_k_method(), points, cross, &window), UsageError);
  for (const Method* method : {&ripley_k_method(), &cross_k_method()})
    for (const double seed : {-1.0, 9007199254740992.0})
      EXPECT_THROW(check(*method->find_parameter("seed"), Value(static_cast<std::int64_t>(seed))), UsageError);
}

TEST(PatternMethods, GiveTheSameAnswerWithAnyThreadsAndAnotherWithAnotherSeed) {
  const Layer points = layer_of(random_places(120, 6));
  const Layer window = box_layer(kUnit), background = layer_of(random_places(400, 7));
  for (const NullModel model : {NullModel::complete_randomness, NullModel::random_labelling, NullModel::background}) {
    CrossKOptions options;
    options.null_model = model;
    const auto bounds = [&] { return run(cross_k_method(), points, options, &window, &background).column("l_high_m"); };
    set_thread_count(1);
    const auto one = bounds();
    set_thread_count(8);
    const auto eight = bounds();
    set_thread_count(0);
    ASSERT_EQ(one.size(), eight.size());
    for (std::size_t i = 0; i < one.size(); ++i)
      EXPECT_TRUE(one[i] == eight[i] || (std::isnan(one[i]) && std::isnan(eight[i])));
    options.seed = 2;
    EXPECT_NE(bounds()[20], one[20]);
  }
}

TEST(PatternMethods, ToldApartByBackground) {
  // Sites are a random part of places that gather: gathered by complete randomness, not by that background.
  std::mt19937 random(8);
  std::normal_distribution<double> scatter(0, 0.03);
  Places all, some;
  for (const auto& [cx, cy] : random_places(12, 9))
    for (int i = 0; i < 40; ++i) {
      const double x = cx + scatter(random), y = cy + scatter(random);
      if (x < 0 || y < 0 || x > 1 || y > 1) continue;
      all.emplace_back(x, y);
      if (i % 4 == 0) some.emplace_back(x, y);
    }
  const Layer window = box_layer(kUnit), background = layer_of(all);
  const Layer points = layer_of(some);
  EXPECT_EQ(run(ripley_k_method(), points, RipleyKOptions{}, &window).number("p_global"), 0.01);
  EXPECT_GT(run(ripley_k_method(), points, RipleyKOptions{}, &window, &background).number("p_global"), 0.02);
}

// One degree is 111 km or less: the same plane as if the points had been projected beforehand.
TEST(PatternMethods, MeasureDegreesInAnEqualAreaPlane) {
  Places places = random_places(80, 10);
  for (auto& [x, y] : places) {
    x += 100;
    y += 14;
  }
  const Layer degrees = layer_of(places, Crs::wgs84());
  const Layer window = box_layer({100, 14, 101, 15}, Crs::wgs84());
  const Layer plane = reprojected(degrees, Crs::laea(Degrees{100.5}, Degrees{14.5}));
  const Layer plane_window = reprojected(window, Crs::laea(Degrees{100.5}, Degrees{14.5}));
  RipleyKOptions options;
  options.simulations = 0;
  options.max_distance = Metres{20000};
  const Answer a = run(ripley_k_method(), degrees, options, &window),
               b = run(ripley_k_method(), plane, options, &plane_window);
  for (std::size_t i = 0; i < a.column("k_m2").size(); ++i)
    EXPECT_NEAR(a.column("k_m2")[i], b.column("k_m2")[i], 1e-6 * b.column("k_m2").back());
  EXPECT_EQ(a.result.diagnostics.count("plane"), 1);
}

TEST(Envelope, RanksTheLargestDeviation) {
  const std::vector<double> observed = {0, 10};
  std::vector<std::vector<double>> simulated;
  for (int s = 0; s < 39; ++s) simulated.push_back({0, s / 10.0});
  const EnvelopeRanks ranks = envelope_ranks(39, 0.05);
  EXPECT_EQ(ranks.pointwise, 1);
  EXPECT_EQ(ranks.global, 2);
  const Envelope e = envelope(observed, simulated, ranks, 0);
  EXPECT_EQ(e.p, 1.0 / 40);
  EXPECT_EQ(e.low[1], 0);
  EXPECT_EQ(e.high[1], 3.8);
  EXPECT_NEAR(e.expected[1], 1.9, 1e-12);
  EXPECT_GT(observed[1], e.global_high[1]);
  EXPECT_EQ(e.at, 1U);
  EXPECT_EQ(envelope_ranks(99, 0.05).global, 5);
  EXPECT_EQ(envelope_ranks(19, 0.05).pointwise, 0);
  EXPECT_TRUE(std::isnan(envelope(std::vector{std::nan("")}, {{1.0}}, {1, 1}, 0).p));
}

TEST(NullPatterns, FillTheWindowEvenly) {
  Layer points = layer_of(random_places(10, 1));
  Layer window = box_layer({0, 0, 2, 1});
  window.geometry.add_ring(std::vector{4.0, 5.0, 5.0, 4.0}, std::vector{0.0, 0.0, 1.0, 0.0});
  window.geometry.end_part();
  window.geometry.end_feature();
  MethodInputs inputs;
  inputs.layers["points"] = &points;
  inputs.layers["window"] = &window;
  Diagnostics diagnostics;
  Progress progress;
  const ObservedPattern pattern = observe_pattern(inputs, PatternOptions{}, std::nullopt, diagnostics, progress);
  const NullPatterns chance(pattern, 20000, 5);
  std::vector<double> x, y;
  chance.draw(0, x, y);
  double triangle = 0, left = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    EXPECT_TRUE(x[i] <= 2 || (x[i] >= 4 && y[i] <= x[i] - 4 + 1e-12));
    triangle += x[i] >= 4;
    left += x[i] < 1 && y[i] < 0.5;
  }
  EXPECT_NEAR(triangle / 20000, 0.2, 0.01);
  EXPECT_NEAR(left / 20000, 0.2, 0.01);
}

// All patterns are the observed one in another order, and so none is farther out.
TEST(NearestNeighbourIndex, TakesEqualMeansForEqual) {
  for (const unsigned seed : {4U, 5U, 6U, 7U}) {
    const Layer points = layer_of(random_places(40, seed, 1000));
    NearestNeighbourIndexOptions options;
    options.null_model = NullModel::background;
    const Layer window = box_layer({0, 0, 1000, 1000});
    EXPECT_EQ(run(nearest_neighbour_index_method(), points, options, &window, &points).column("p_simulated").front(), 1)
        << seed;
  }
}

// Three kinds make six pairs: with 39 simulations p is at least 1/40, and 6/40 by Bonferroni.

}  // namespace
}  // namespace yaan
