// The methods on point patterns against chance: backgrounds, the side of a curve, simulations that are too few.
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "analyse/pattern_samples.hpp"
#include "yaan/analyse/cross_k.hpp"
#include "yaan/analyse/nearest_neighbour_index.hpp"
#include "yaan/analyse/quadrat_test.hpp"
#include "yaan/analyse/ripley_k.hpp"

namespace yaan {
namespace {

// Points and background are samples of one distribution, which is not even: nothing is to be found. Draws from the
// background alone vary less than such points do about it, and p was at most .05 on 22 % of such maps.
TEST(PatternMethods, AreAtTheirLevelWhereTheBackgroundDoesNotHoldThePoints) {
  constexpr int kMaps = 400;
  const Layer window = box_layer(kUnit);
  std::mt19937 random(11);
  std::uniform_real_distribution<double> place(0, 1);
  std::normal_distribution<double> near(0, 0.05);
  const auto sample = [&](std::size_t n, const Places& centres) {
    Places places;
    while (places.size() < n) {
      const auto& [x, y] = centres[random() % centres.size()];
      const double px = x + near(random), py = y + near(random);
      if (px > 0 && px < 1 && py > 0 && py < 1) places.emplace_back(px, py);
    }
    return places;
  };
  RipleyKOptions k_options;
  k_options.max_distance = Length::bare(0.2);
  k_options.steps = 10;
  k_options.simulations = 39;
  NearestNeighbourIndexOptions index_options;
  index_options.simulations = 39;
  int k_low = 0, index_low = 0;
  for (int map = 0; map < kMaps; ++map) {
    Places centres;
    for (int c = 0; c < 8; ++c) centres.emplace_back(place(random), place(random));
    const Layer points = layer_of(sample(40, centres)), background = layer_of(sample(120, centres));
    k_options.seed = index_options.seed = map;
    const Answer k = run(ripley_k_method(), points, k_options, &window, &background);
    EXPECT_EQ(k.result.diagnostics.count("not-in-background"), 40);
    k_low += k.number("p_global") <= 0.05;
    const Answer index = run(nearest_neighbour_index_method(), points, index_options, &window, &background);
    index_low += index.column("p_simulated").front() <= 0.05;
  }
  const double room = 4 * std::sqrt(0.05 * 0.95 / kMaps);
  for (const int low : {k_low, index_low}) EXPECT_NEAR(low / double{kMaps}, 0.05, room);
}

// Points that are among the background add nothing to it; of two at one place one is new.
TEST(PatternMethods, AddToTheBackgroundOnlyWhatItDoesNotHold) {
  const Layer window = box_layer(kUnit);
  Places places = random_places(60, 3);
  const Layer background = layer_of(places);
  places.resize(20);
  RipleyKOptions options;
  const auto added = [&](const Places& of) {
    return run(ripley_k_method(), layer_of(of), options, &window, &background)
        .result.diagnostics.count("not-in-background");
  };
  EXPECT_EQ(added(places), 0);
  places.push_back(places.front());
  EXPECT_EQ(added(places), 1);
  places.back() = {0.123, 0.456};
  EXPECT_EQ(added(places), 1);
}

TEST(PatternMethods, SayOnWhichSideOfChanceTheCurveIs) {
  const Layer window = box_layer(kUnit);
  Places lattice;
  for (int i = 0; i < 64; ++i) lattice.emplace_back((i % 8 + 0.5) / 8, (i / 8 + 0.5) / 8);
  Places gathered = random_places(8, 2);
  for (std::size_t i = 0; i < 56; ++i)
    gathered.emplace_back(gathered[i % 8].first * 0.99, gathered[i % 8].second * 0.99);
  const auto side = [&](const Places& places) {
    const Answer answer = run(ripley_k_method(), layer_of(places), RipleyKOptions{}, &window);
    for (const auto& [name, value] : answer.result.summary)
      if (name == "largest_deviation_is") return std::get<std::string>(value);
    return std::string("nothing said");
  };
  EXPECT_EQ(side(lattice), "below chance (apart)");
  EXPECT_EQ(side(gathered), "above chance (gathered)");
}

TEST(PatternMethods, DoubtSimulationsThatCannotReachTheLevel) {
  const Layer points = layer_of(random_places(60, 9)), window = box_layer(kUnit);
  for (const int simulations : {38, 39}) {
    NearestNeighbourIndexOptions index;
    index.simulations = simulations;
    QuadratTestOptions quadrats;
    quadrats.simulations = simulations;
    const std::int64_t expected = simulations < 39 ? 1 : 0;
    EXPECT_EQ(run(nearest_neighbour_index_method(), points, index, &window).result.diagnostics.count("few-simulations"),
              expected);
    EXPECT_EQ(run(quadrat_test_method(), points, quadrats, &window).result.diagnostics.count("few-simulations"),
              expected);
  }
}

TEST(CrossK, DoubtsSimulationsThatAreTooFew) {
  Layer points = layer_of(random_places(30, 8, 1000));
  Column kind("category", ColumnType::text);
  for (std::size_t i = 0; i < points.size(); ++i) kind.push(i % 3 == 0 ? "craft" : i % 3 == 1 ? "temple" : "market");
  points.set(std::move(kind));
  CrossKOptions options;
  const auto doubts = [&](Correction correction, std::int64_t simulations) {
    options.p_correction = correction;
    options.simulations = simulations;
    return run(cross_k_method(), points, options).result.diagnostics.count("few-simulations");
  };
  EXPECT_EQ(doubts(Correction::bonferroni, 118), 1);
  EXPECT_EQ(doubts(Correction::bonferroni, 119), 0);
  EXPECT_EQ(doubts(Correction::benjamini_yekutieli, 39), 1);  // 2.45 / 40
  EXPECT_EQ(doubts(Correction::benjamini_yekutieli, 49), 0);
  EXPECT_EQ(doubts(Correction::benjamini_hochberg, 39), 0);
  EXPECT_EQ(doubts(Correction::bonferroni, 0), 0) << "nothing is tested, and nobody waits for it";
  options.from_kind = "craft";
  EXPECT_EQ(doubts(Correction::bonferroni, 39), 0);  // two pairs
}

}  // namespace
}  // namespace yaan
