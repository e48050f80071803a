// What chance draws from: places of the background and of the points, people that are known, and nothing hidden.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "district/null_inputs.hpp"
#include "district/significance_samples.hpp"
#include "yaan/core/error.hpp"

namespace yaan {
namespace {

using samples::options_of;
using samples::points_of;
using samples::window_of;

const Box kSquare{0, 0, 1000, 1000};

struct Told {
  DistrictSignificance found;
  Diagnostics diagnostics;
};

Told told(const Layer& points, const Layer* window, const Layer* background, const SignificanceOptions& options) {
  Told all;
  Progress progress;
  all.found = district_significance(points, window, background, options, all.diagnostics, progress);
  return all;
}

Layer strewn(unsigned seed, int count) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> place(0, 1000);
  Layer points = points_of({}, {});
  for (int i = 0; i < count; ++i) {
    points.geometry.x.push_back(place(random));
    points.geometry.y.push_back(place(random));
  }
  return points;
}

void add(Layer& layer, std::vector<double> x, std::vector<double> y) {
  layer.geometry.x.insert(layer.geometry.x.end(), x.begin(), x.end());
  layer.geometry.y.insert(layer.geometry.y.end(), y.begin(), y.end());
}

void add_numbers(Layer& layer, const char* name, const std::vector<double>& values) {
  Column column(name, ColumnType::real);
  for (const double value : values) column.push(value);
  layer.columns.push_back(std::move(column));
}

/// The last `count` of the layer are not open.
void hide_last(Layer& layer, std::size_t count, const char* level = "hidden") {
  Column levels("publication", ColumnType::text);
  for (std::size_t i = 0; i < layer.size(); ++i) levels.push(i + count < layer.size() ? "open" : level);
  layer.set(std::move(levels));
  layer.roles.publication = "publication";
}

TEST(StandOn, GivesEachPlaceToOnePoint) {
  PlacedPoints pool, points;
  pool.plane_x = {5, 5, 90, 7}, pool.plane_y = {5, 5, 1, 7};
  pool.x = pool.plane_x, pool.y = pool.plane_y;
  points.plane_x = {5, 7.0000001, 5, 5, 6, 90}, points.plane_y = {5, 7, 5, 5, 6, 1.002};
  EXPECT_EQ(stand_on(pool, points, {0, 1, 2, 3, 4, 5}), (std::vector<std::uint8_t>{1, 1, 1, 0, 0, 0}));
  EXPECT_EQ(stand_on(pool, points, {3, 4}), (std::vector<std::uint8_t>{1, 0}));
  EXPECT_EQ(stand_on(PlacedPoints(), points, {0}), (std::vector<std::uint8_t>{0}));
}

// Four points in a knot far from all 16 places of the background: 20 places to draw from, and 4 of them on the ground.
TEST(DistrictSignificancePool, CountsMembersInWhatIsExpected) {
  Layer background = points_of({}, {});
  for (int i = 0; i < 16; ++i) add(background, {100.0 + 50 * i}, {100});
  const Layer points = points_of({500, 501, 500, 501}, {700, 700, 701, 701});
  const Told all = told(points, nullptr, &background, options_of(30, 3, 99));
  ASSERT_EQ(all.found.districts.size(), 1U);
  EXPECT_DOUBLE_EQ(all.found.districts[0].expected, 4.0 * 4 / 20);
  EXPECT_EQ(all.diagnostics.count("not-in-background"), 4);
  EXPECT_EQ(all.diagnostics.count("small-background"), 0);
  // As places of the background they are the same places.
  Layer with_them = background;
  add(with_them, points.geometry.x, points.geometry.y);
  const Told among = told(points, nullptr, &with_them, options_of(30, 3, 99));
  EXPECT_DOUBLE_EQ(among.found.districts[0].expected, 4.0 * 4 / 20);
  EXPECT_EQ(among.found.largest, all.found.largest);
  EXPECT_EQ(among.diagnostics.count("not-in-background"), 0);
}

TEST(DistrictSignificancePool, MeetsPlacesInAnotherSystem) {
  Layer background = points_of({}, {});
  background.crs = Crs::wgs84();
  std::mt19937 random(3);
  std::uniform_real_distribution<double> place(0, 0.1);
  for (int i = 0; i < 400; ++i) add(background, {100.5 + place(random)}, {18.7 + place(random)});
  std::vector<std::uint32_t> some;
  for (std::uint32_t i = 0; i < 400; i += 4) some.push_back(i);
  const Layer points = reprojected(background.select(some), Crs::from_text("EPSG:32647"));
  EXPECT_EQ(told(points, nullptr, &background, options_of(500, 4, 9)).diagnostics.count("not-in-background"), 0);
}

TEST(DistrictSignificancePool, DoubtsASmallBackgroundAndRefusesNone) {
  const Layer points = strewn(1, 40), few = strewn(2, 30), window = window_of(kSquare);
  const Told all = told(points, &window, &few, options_of(60, 4, 19));
  EXPECT_EQ(all.diagnostics.count("small-background"), 1);
  EXPECT_EQ(all.diagnostics.count("not-in-background"), 40);
  const Layer beyond = points_of(std::vector<double>(99, 2000), std::vector<double>(99, 2000));
  EXPECT_THROW((void)told(points, &window, &beyond, options_of(60, 4, 19)), UsageError);
}

/// A knot of twelve open museums, others and shops all over, and three hidden sites of a kind at (at, at).
Layer museums(double at, const char* kind, const char* level = "hidden") {
  Layer points = strewn(7, 70);
  std::vector<std::string> kinds;
  for (int i = 0; i < 70; ++i) kinds.emplace_back(i % 2 == 0 ? "museum" : "shop");
  for (int i = 0; i < 12; ++i) {
    add(points, {500.0 + i % 4}, {500.0 + i});
    kinds.emplace_back("museum");
  }
  for (int i = 0; i < 3; ++i) {
    add(points, {at + i}, {at});
    kinds.emplace_back(kind);
  }
  samples::add_kinds(points, kinds);
  hide_last(points, 3, level);
  return points;
}

double expected_at_the_knot(const DistrictSignificance& found) {
  const std::int32_t knot = found.cluster[75];
  EXPECT_GT(knot, 0);
  return found.districts[static_cast<std::size_t>(knot) - 1].expected;
}

TEST(DistrictSignificancePool, TellsNothingOfSitesThatAreNotOpenByLabels) {
  SignificanceOptions options = options_of(40, 4, 19);
  options.kind = "museum";
  const Layer window = window_of({0, 0, 1000, 1000});
  for (const char* level : {"hidden", "coarsened"})
    for (const char* kind : {"shop", "museum"}) {
      const bool shop = std::string(kind) == "shop";
      // Shops beside the museums are in no district; museums near enough would be members.
      const Told here = told(museums(shop ? 505 : 200, kind, level), &window, nullptr, options);
      const Told there = told(museums(950, kind, level), &window, nullptr, options);
      EXPECT_DOUBLE_EQ(expected_at_the_knot(here.found), expected_at_the_knot(there.found)) << level << kind;
      EXPECT_EQ(here.found.counted, 47);
      EXPECT_EQ(here.diagnostics.count("not-open-left-out"), 3);
      EXPECT_EQ(here.diagnostics.count("not-open-stay"), shop ? 0 : 3);
    }
}

TEST(DistrictSignificancePool, TellsNothingOfSitesThatAreNotOpenByABackground) {
  const Layer background = strewn(11, 300);
  const auto with_hidden = [&](double at) {
    Layer points = museums(at, "shop");
    add(points, {background.geometry.x[0]}, {background.geometry.y[0]});  // hidden, on a place that is open
    points.columns.clear();
    points.roles.category = "";
    hide_last(points, 4);
    return told(points, nullptr, &background, options_of(40, 4, 19));
  };
  const Told here = with_hidden(560), there = with_hidden(950);
  EXPECT_EQ(here.found.counted, 82 + 1);
  EXPECT_EQ(here.diagnostics.count("not-in-background"), 82);
  EXPECT_EQ(here.diagnostics.count("not-open-stay"), 3);
  EXPECT_DOUBLE_EQ(expected_at_the_knot(here.found), expected_at_the_knot(there.found));
}

TEST(DistrictSignificancePool, MakesNoWindowByPlacesThatAreNotOpen) {
  for (const WindowRule rule : {WindowRule::ripley_rasson, WindowRule::rectangle}) {
    SignificanceOptions options = options_of(40, 4, 19);
    options.window_rule = rule;
    const Told here = told(museums(3000, "shop"), nullptr, nullptr, options);
    const Told there = told(museums(9000, "shop"), nullptr, nullptr, options);
    EXPECT_DOUBLE_EQ(expected_at_the_knot(here.found), expected_at_the_knot(there.found));
    EXPECT_EQ(here.diagnostics.count("outside-window"), 3);
  }
  // In degrees the plane lies in the middle of the open points.
  const auto in_degrees = [](double lon) {
    Layer points = museums(100, "shop");
    for (double& x : points.geometry.x) x = 100 + x / 1e5;
    for (double& y : points.geometry.y) y = 15 + y / 1e5;
    for (std::size_t i = 82; i < 85; ++i) points.geometry.x[i] = lon;
    points.crs = Crs::wgs84();
    return expected_at_the_knot(told(points, nullptr, nullptr, options_of(40, 4, 19)).found);
  };
  EXPECT_EQ(in_degrees(101), in_degrees(140));
}

/// The square in a western and an eastern half.
Layer halves(double west, double east) {
  Layer areas = window_of({0, 0, 500, 1000});
  const Geometry other = rectangle_of({500, 0, 1000, 1000});
  areas.geometry.add_ring(other.ring_x(0), other.ring_y(0));
  areas.geometry.end_part();
  areas.geometry.end_feature();
  add_numbers(areas, "people", {west, east});
  return areas;
}

// A missing number is no empty land: the half is no ground, and its points stay.
TEST(DistrictSignificancePool, TakesAreasWithoutANumberOfPeopleOutOfTheWindow) {
  Layer points = strewn(5, 60);
  const auto in_the_east =
      std::count_if(points.geometry.x.begin(), points.geometry.x.end(), [](double x) { return x > 500; });
  add(points, {800, 801, 802, 803}, {500, 500, 500, 500});
  SignificanceOptions options = options_of(30, 4, 19);
  options.population = "people";
  const Layer areas = halves(1000, std::nan(""));
  const Told all = told(points, &areas, nullptr, options);
  EXPECT_EQ(all.diagnostics.count("missing-value"), 1);
  EXPECT_EQ(all.diagnostics.count("outside-window"), in_the_east + 4);
  EXPECT_EQ(all.found.counted, 60 - in_the_east);
  const TestedDistrict& knot = all.found.districts[static_cast<std::size_t>(all.found.cluster.back()) - 1];
  EXPECT_EQ(knot.count, 4);
  EXPECT_EQ(knot.counted, 0);
  EXPECT_TRUE(std::isnan(knot.p));
  const Layer west = halves(1000, 0).select({0});
  EXPECT_EQ(all.found.largest, told(points, &west, nullptr, options).found.largest);
  const Layer nobody_knows = halves(std::nan(""), std::nan(""));
  EXPECT_THROW((void)told(points, &nobody_knows, nullptr, options), InputError);
}

TEST(DistrictSignificancePool, TakesPointsWithoutANumberOfPeopleOutOfTheBackground) {
  const Layer points = strewn(5, 60), window = window_of(kSquare);
  Layer homes = strewn(6, 200), known = strewn(6, 150);
  std::vector<double> people(200, std::nan(""));
  for (std::size_t i = 0; i < 150; ++i) people[i] = 1 + static_cast<double>(i % 7);
  add_numbers(homes, "people", people);
  people.resize(150);
  add_numbers(known, "people", people);
  SignificanceOptions options = options_of(60, 4, 19);
  options.population = "people";
  const Told all = told(points, &window, &homes, options);
  EXPECT_EQ(all.diagnostics.count("missing-value"), 50);
  EXPECT_EQ(all.found.largest, told(points, &window, &known, options).found.largest);
  Layer unknown = strewn(6, 20);
  add_numbers(unknown, "people", std::vector<double>(20, std::nan("")));
  EXPECT_THROW((void)told(points, &window, &unknown, options), InputError);
}

TEST(DistrictSignificancePool, DoubtsAMapWithNothingToTest) {
  Layer points = points_of({500, 501, 502, 503, 900}, {500, 500, 500, 500, 900});
  const Layer beyond = window_of({2000, 2000, 3000, 3000}), window = window_of(kSquare);
  const Told outside = told(points, &beyond, nullptr, options_of(30, 4, 19));
  EXPECT_EQ(outside.diagnostics.count("empty-window"), 1);
  EXPECT_TRUE(outside.found.largest.empty());
  const Told none = told(points, &window, nullptr, options_of(30, 5, 19));
  EXPECT_EQ(none.diagnostics.count("no-districts"), 1);
  EXPECT_EQ(none.diagnostics.count("empty-window"), 0);
}

// One district of all points and the whole window has no excess, and is a district.
TEST(DistrictSignificancePool, TellsMapsWithoutADistrictFromThoseWithoutAnExcess) {
  const Layer points = strewn(8, 300), window = window_of(kSquare);
  const Told full = told(points, &window, nullptr, options_of(300, 2, 99));
  EXPECT_EQ(std::count(full.found.largest.begin(), full.found.largest.end(), 0.0), 99);
  EXPECT_EQ(full.found.without_a_district, 0);
  const Told empty = told(points, &window, nullptr, options_of(0.5, 4, 99));
  EXPECT_EQ(empty.found.without_a_district, 99);
}

}  // namespace
}  // namespace yaan
