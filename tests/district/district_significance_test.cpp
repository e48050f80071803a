#include "yaan/district/district_significance.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

#include "analyse/dbscan_oracle.hpp"
#include "district/background_mass.hpp"
#include "district/significance_samples.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {
namespace {

using samples::options_of;
using samples::points_of;
using samples::tested;
using samples::window_of;

// n = 10 where 5 are expected, of 100: 10 ln 2 + 90 ln (90 / 95).
TEST(ExcessOf, IsKulldorffsLogLikelihoodRatio) {
  EXPECT_NEAR(excess_of(10, 5, 100), 2.0654218912746, 1e-12);
  EXPECT_EQ(excess_of(5, 5, 100), 0);
  EXPECT_EQ(excess_of(4, 5, 100), 0);
  EXPECT_NEAR(excess_of(8, 2, 8), 8 * std::log(4.0), 1e-12);
  EXPECT_LT(excess_of(10, 5, 100), excess_of(11, 5, 100));
  EXPECT_LT(excess_of(10, 5, 100), excess_of(10, 4, 100));
}

TEST(BackgroundMass, HoldsTheAreaOfDiscs) {
  std::mt19937 random(5);
  std::uniform_real_distribution<double> place(300, 700);
  BackgroundMass::Scratch scratch;
  const std::vector<double> density{2.0};
  const BackgroundMass mass(rectangle_of({0, 0, 1000, 1000}), density, 10);
  EXPECT_NEAR(mass.total(), 2e6, 1e-6);
  for (int i = 0; i < 200; ++i) {
    const std::vector<double> x{place(random)}, y{place(random)};
    EXPECT_NEAR(mass.near(x, y, 30, scratch) / (2 * std::numbers::pi * 900), 1, 0.06);
  }
  // Two discs far apart, two at one place, and half a disc at the border.
  const auto of = [&](std::vector<double> x, std::vector<double> y) { return mass.near(x, y, 30, scratch); };
  EXPECT_NEAR(of({100, 400}, {100, 100}), 2 * of({100}, {100}), 1e-6);
  EXPECT_NEAR(of({100, 100}, {100, 100}), of({100}, {100}), 1e-9);
  EXPECT_NEAR(of({0}, {100}), of({100}, {100}) / 2, 1e-6);
  EXPECT_EQ(of({2000}, {100}), 0);
  EXPECT_EQ(of({100}, {2000}), 0);
}

TEST(BackgroundMass, AddsUpAreasAndLeavesHolesOut) {
  Geometry areas = rectangle_of({0, 0, 100, 100});
  // A second area over the eastern half of the first, with a hole; its rings turn the wrong way round.
  areas.add_ring(std::vector<double>{50, 50, 150, 150, 50}, std::vector<double>{0, 100, 100, 0, 0});
  areas.add_ring(std::vector<double>{110, 110, 140, 140, 110}, std::vector<double>{20, 80, 80, 20, 20});
  areas.end_part();
  areas.end_feature();
  const std::vector<double> density{1, 3};
  const BackgroundMass mass(areas, density, 1);
  EXPECT_NEAR(mass.total(), 10000 + 3 * (10000 - 1800), 1e-6);
  BackgroundMass::Scratch scratch;
  const std::vector<double> x{125}, y{50};
  EXPECT_NEAR(mass.near(x, y, 10, scratch), 0, 1e-9);
}

/// Mass of places on the ground of discs, from the definition.
double mass_by_definition(const oracle::Points& background, const oracle::Points& centres, double reach) {
  double mass = 0;
  for (std::size_t p = 0; p < background.first.size(); ++p) {
    bool near = false;
    for (std::size_t c = 0; c < centres.first.size(); ++c)
      near =
          near || std::hypot(background.first[p] - centres.first[c], background.second[p] - centres.second[c]) <= reach;
    mass += near;
  }
  return mass;
}

/// 150 points by chance in a square kilometre, and a knot of 12.
Layer with_a_knot(unsigned seed = 2) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> place(0, 1000);
  std::normal_distribution<double> scatter(0, 12);
  std::vector<double> x, y;
  for (int i = 0; i < 150; ++i) {
    x.push_back(place(random));
    y.push_back(place(random));
  }
  for (int i = 0; i < 12; ++i) {
    x.push_back(400 + scatter(random));
    y.push_back(600 + scatter(random));
  }
  return points_of(std::move(x), std::move(y));
}

const Box kSquare{0, 0, 1000, 1000};

TEST(DistrictSignificance, ComparesTheDistrictsOfDbscanWithTheMaximaOfTheSimulations) {
  const Layer points = with_a_knot(), window = window_of(kSquare);
  const SignificanceOptions options = options_of(45, 4, 99);
  const DistrictSignificance found = tested(points, &window, nullptr, options);
  const oracle::Points places{points.geometry.x, points.geometry.y};
  const DbscanLabels labels = oracle::brute_force(places, oracle::plane_near(places, 45), 4);
  EXPECT_EQ(found.cluster, labels.cluster);
  ASSERT_EQ(found.districts.size(), static_cast<std::size_t>(labels.clusters));
  ASSERT_GE(labels.clusters, 2);
  ASSERT_EQ(found.largest.size(), 99U);
  for (const TestedDistrict& district : found.districts) {
    const auto members = std::count(labels.cluster.begin(), labels.cluster.end(), district.cluster);
    EXPECT_EQ(district.count, members);
    EXPECT_EQ(district.counted, members);
    // The union of the discs on a fine lattice.
    double near = 0;
    for (double x = 1; x < 1000; x += 2)
      for (double y = 1; y < 1000; y += 2)
        for (std::size_t i = 0; i < labels.cluster.size(); ++i)
          if (labels.core[i] != 0 && labels.cluster[i] == district.cluster &&
              std::hypot(places.first[i] - x, places.second[i] - y) <= 45) {
            near += 4;
            break;
          }
    EXPECT_NEAR(district.expected / (162 * near / 1e6), 1, 0.06);
    EXPECT_DOUBLE_EQ(district.excess, excess_of(static_cast<double>(members), district.expected, 162));
    const auto as_large =
        std::count_if(found.largest.begin(), found.largest.end(), [&](double l) { return l >= district.excess; });
    EXPECT_DOUBLE_EQ(district.p, (1 + static_cast<double>(as_large)) / 100);
    EXPECT_LE(district.false_discovery_rate, 1);
  }
  const auto knot = static_cast<std::size_t>(found.cluster.back() - 1);
  EXPECT_EQ(found.districts[knot].p, 0.01);
  for (std::size_t d = 0; d < found.districts.size(); ++d)
    if (d != knot) {
      EXPECT_GT(found.districts[d].p, 0.05);
      EXPECT_GE(found.districts[d].false_discovery_rate, found.districts[knot].false_discovery_rate);
    }
}

// Nine places, four of them of the kind: every labelling is looked at.
TEST(DistrictSignificance, HasThePValueOfAllLabellings) {
  const oracle::Points places{{0, 10, 20, 10, 200, 210, 400, 404, 800}, {0, 0, 0, 8, 0, 0, 0, 3, 90}};
  const auto largest_of = [&](const std::vector<std::size_t>& chosen) {
    oracle::Points some;
    for (const std::size_t i : chosen) {
      some.first.push_back(places.first[i]);
      some.second.push_back(places.second[i]);
    }
    const DbscanLabels labels = oracle::brute_force(some, oracle::plane_near(some, 15), 2);
    double largest = 0;
    for (std::int32_t c = 1; c <= labels.clusters; ++c) {
      oracle::Points core;
      double members = 0;
      for (std::size_t i = 0; i < labels.cluster.size(); ++i) {
        if (labels.cluster[i] != c) continue;
        ++members;
        if (labels.core[i] == 0) continue;
        core.first.push_back(some.first[i]);
        core.second.push_back(some.second[i]);
      }
      const double expected = 4 * mass_by_definition(places, core, 15) / 9;
      largest = std::max(largest, excess_of(members, expected, 4));
    }
    return largest;
  };
  std::vector<double> all;
  for (std::size_t a = 0; a < 9; ++a)
    for (std::size_t b = a + 1; b < 9; ++b)
      for (std::size_t c = b + 1; c < 9; ++c)
        for (std::size_t d = c + 1; d < 9; ++d) all.push_back(largest_of({a, b, c, d}));
  ASSERT_EQ(all.size(), 126U);
  constexpr int kDraws = 9999;
  for (const std::vector<std::size_t>& observed :
       {std::vector<std::size_t>{0, 1, 2, 3}, {0, 1, 4, 8}, {4, 5, 6, 7}, {6, 7, 8, 0}}) {
    Layer points = points_of(places.first, places.second);
    std::vector<std::string> kinds(9, "temple");
    for (const std::size_t i : observed) kinds[i] = "craft";
    samples::add_kinds(points, kinds);
    SignificanceOptions options = options_of(15, 2, kDraws);
    options.kind = "craft";
    const DistrictSignificance found = tested(points, nullptr, nullptr, options);
    EXPECT_EQ(found.null_model, DistrictNull::random_labelling);
    EXPECT_EQ(found.counted, 4);
    double largest = 0, p = 1;
    for (const TestedDistrict& district : found.districts) {
      largest = std::max(largest, district.excess);
      p = std::min(p, district.p);
    }
    EXPECT_DOUBLE_EQ(largest, largest_of(observed));
    const double exact =
        static_cast<double>(std::count_if(all.begin(), all.end(), [&](double l) { return l >= largest; })) / 126;
    EXPECT_NEAR(p, exact, 1e-4 + 4 * std::sqrt(exact * (1 - exact) / kDraws)) << observed.front();
  }
}

TEST(DistrictSignificance, FollowsTheBackground) {
  // Everything gathers in one town, businesses and sites alike: no district by the background, one by the window.
  std::mt19937 random(4);
  std::normal_distribution<double> scatter(0, 60);
  std::uniform_real_distribution<double> place(0, 1000);
  std::vector<double> x, y, all_x, all_y;
  for (int i = 0; i < 600; ++i) {
    const bool town = i % 4 != 0;
    all_x.push_back(town ? 500 + scatter(random) : place(random));
    all_y.push_back(town ? 500 + scatter(random) : place(random));
    if (i % 6 == 0 || i % 6 == 1) {
      x.push_back(all_x.back());
      y.push_back(all_y.back());
    }
  }
  const Layer points = points_of(x, y), background = points_of(all_x, all_y), window = window_of(kSquare);
  const SignificanceOptions options = options_of(40, 5, 199);
  const auto least = [](const DistrictSignificance& found) {
    double p = 1;
    for (const TestedDistrict& district : found.districts) p = std::min(p, district.p);
    return p;
  };
  EXPECT_EQ(least(tested(points, &window, nullptr, options)), 1.0 / 200);
  const DistrictSignificance by_background = tested(points, &window, &background, options);
  EXPECT_EQ(by_background.null_model, DistrictNull::background);
  EXPECT_GT(least(by_background), 0.05);
  // People where the town is, as areas and as points.
  Layer areas = window_of({350, 350, 650, 650});
  const Geometry all = rectangle_of(kSquare);
  areas.geometry.add_ring(all.ring_x(0), all.ring_y(0));
  areas.geometry.end_part();
  areas.geometry.end_feature();
  Column people("people", ColumnType::real);
  people.push(3000.0);
  people.push(1000.0);
  areas.columns.push_back(people);
  SignificanceOptions by_people = options;
  by_people.population = "people";
  const DistrictSignificance in_areas = tested(points, &areas, nullptr, by_people);
  EXPECT_EQ(in_areas.null_model, DistrictNull::population);
  for (std::size_t d = 0; d < in_areas.districts.size(); ++d)
    if (in_areas.districts[d].count > 30) {
      EXPECT_GT(in_areas.districts[d].expected, 5 * tested(points, &window, nullptr, options).districts[d].expected);
    }
  Layer homes = background;
  Column each("people", ColumnType::integer);
  for (int i = 0; i < 600; ++i) each.push(std::int64_t{5});
  homes.columns.push_back(std::move(each));
  EXPECT_GT(least(tested(points, &window, &homes, by_people)), 0.05);
}

TEST(DistrictSignificance, LeavesPointsOutsideTheWindowWhereTheyAre) {
  Layer points = with_a_knot();
  for (int i = 0; i < 6; ++i) {
    points.geometry.x.push_back(2000 + i);
    points.geometry.y.push_back(2000);
  }
  const Layer window = window_of(kSquare);
  const DistrictSignificance found = tested(points, &window, nullptr, options_of(45, 4, 99));
  EXPECT_EQ(found.counted, 162);
  const TestedDistrict& beyond = found.districts[static_cast<std::size_t>(found.cluster.back() - 1)];
  EXPECT_EQ(beyond.count, 6);
  EXPECT_EQ(beyond.counted, 0);
  EXPECT_TRUE(std::isnan(beyond.p) && std::isnan(beyond.expected) && std::isnan(beyond.false_discovery_rate));
  const DistrictSignificance without = tested(with_a_knot(), &window, nullptr, options_of(45, 4, 99));
  EXPECT_EQ(found.largest, without.largest);
}

TEST(DistrictSignificance, IsTheSameOnAnyNumberOfThreads) {
  const Layer points = with_a_knot(), window = window_of(kSquare);
  Layer background = with_a_knot(3);
  const Layer more = with_a_knot(8);
  background.geometry.x.insert(background.geometry.x.end(), more.geometry.x.begin(), more.geometry.x.end());
  background.geometry.y.insert(background.geometry.y.end(), more.geometry.y.begin(), more.geometry.y.end());
  for (const Layer* pool : {static_cast<const Layer*>(nullptr), static_cast<const Layer*>(&background)}) {
    std::vector<std::vector<double>> answers;
    for (const unsigned threads : {1U, 8U, 3U}) {
      set_thread_count(threads);
      answers.push_back(tested(points, &window, pool, options_of(45, 4, 150)).largest);
    }
    set_thread_count(0);
    EXPECT_EQ(answers[0], answers[1]);
    EXPECT_EQ(answers[0], answers[2]);
    EXPECT_GT(*std::max_element(answers[0].begin(), answers[0].end()), 0);
  }
}

TEST(DistrictSignificance, TakesMapsWithoutADistrict) {
  const Layer window = window_of(kSquare);
  for (const Layer& points : {points_of({}, {}), points_of({5}, {5}), points_of({5, 900}, {5, 900})}) {
    const DistrictSignificance found = tested(points, &window, nullptr, options_of(45, 4, 99));
    EXPECT_TRUE(found.districts.empty());
    EXPECT_EQ(found.largest, std::vector<double>(points.size() == 0 ? 0 : 99, 0.0));
  }
  // All on one spot, and no window: no ground to compare with.
  const DistrictSignificance spot =
      tested(points_of(std::vector<double>(9, 1), std::vector<double>(9, 1)), nullptr, nullptr, options_of(45, 4, 9));
  ASSERT_EQ(spot.districts.size(), 1U);
  EXPECT_TRUE(std::isnan(spot.districts[0].p));
}

/// Cancels itself after some simulations.
class Impatient : public Progress {
 public:
  void report(std::string_view stage, double fraction) override {
    if (stage == "simulating districts" && fraction > 0) cancel();
  }
};

TEST(DistrictSignificance, StopsInTheMiddle) {
  const Layer points = with_a_knot(), window = window_of(kSquare);
  Diagnostics diagnostics;
  Impatient progress;
  EXPECT_THROW((void)district_significance(points, &window, nullptr, options_of(45, 4, 99999), diagnostics, progress),
               Cancelled);
}

TEST(DistrictSignificance, RefusesWhatMakesNoSense) {
  const Layer points = with_a_knot(), window = window_of(kSquare), none = points_of({}, {});
  const auto refused = [&](const Layer* ground, const Layer* pool, auto change) {
    SignificanceOptions options = options_of(45, 4, 9);
    change(options);
    EXPECT_THROW((void)tested(points, ground, pool, options), UsageError);
  };
  refused(&window, nullptr, [](auto& o) { o.null_model = DistrictNull::background; });
  refused(&window, nullptr, [](auto& o) { o.null_model = DistrictNull::random_labelling; });
  refused(&window, nullptr, [](auto& o) { o.null_model = DistrictNull::population; });
  refused(nullptr, nullptr, [](auto& o) { o.population = "people"; });
  refused(&window, nullptr, [](auto& o) { o.population = "people"; });
  refused(&window, nullptr, [](auto& o) { o.kind = "craft"; });
  refused(&window, nullptr, [](auto& o) { o.weighted = true; });
  refused(&window, nullptr, [](auto& o) { o.radius = Metres{0}; });
  refused(&window, nullptr, [](auto& o) { o.radius = Metres{1e-5}; });
  refused(&window, nullptr, [](auto& o) { o.min_points = 0; });
  refused(&window, &none, [](auto&) {});
  Layer empty = window;
  empty.geometry = Geometry::empty(GeometryKind::polygon);
  EXPECT_THROW((void)tested(points, &empty, nullptr, options_of(45, 4, 9)), InputError);
  for (const double people : {0.0, -1.0}) {
    Layer areas = window;
    Column column("people", ColumnType::real);
    column.push(people);
    areas.columns.push_back(std::move(column));
    SignificanceOptions options = options_of(45, 4, 9);
    options.population = "people";
    EXPECT_THROW((void)tested(points, &areas, nullptr, options), InputError);
  }
}

}  // namespace
}  // namespace yaan
