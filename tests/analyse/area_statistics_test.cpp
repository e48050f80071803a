// Counts, density, sums and diversity by area, and the points that may not be counted.
#include "yaan/analyse/area_statistics.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <random>
#include <stdexcept>

#include "area_samples.hpp"
#include "yaan/analyse/assign_areas.hpp"
#include "yaan/core/error.hpp"

namespace yaan {
namespace {

MethodResult statistics_of(const Layer& areas, const Layer& points, AreaStatisticsOptions options = {}) {
  Progress progress;
  MethodInputs inputs;
  inputs.layers = {{"areas", &areas}, {"points", &points}};
  return area_statistics_method().run(inputs, options, progress);
}

TEST(Diversity, OfKnownShares) {
  // 2, 1 and 1 of 4: H = 1/2 ln 2 + 2 * 1/4 ln 4 = 1.5 ln 2; 1 - (1/4 + 1/16 + 1/16) = 0.625; J = 1.5 ln 2 / ln 3.
  const Diversity mixed = diversity(std::vector<std::int64_t>{2, 0, 1, 1});
  EXPECT_EQ(mixed.kinds, 3);
  EXPECT_NEAR(mixed.shannon, 1.5 * std::log(2.0), 1e-15);
  EXPECT_NEAR(mixed.simpson, 0.625, 1e-15);
  EXPECT_NEAR(mixed.pielou, 1.5 * std::log(2.0) / std::log(3.0), 1e-15);
  const Diversity even = diversity(std::vector<std::int64_t>{7, 7, 7, 7, 7});
  EXPECT_NEAR(even.shannon, std::log(5.0), 1e-15);
  EXPECT_NEAR(even.pielou, 1, 1e-15);
  EXPECT_NEAR(even.simpson, 0.8, 1e-15);
}

TEST(Diversity, OfOneKindIsNoneAndOfNothingUnknown) {
  const Diversity one = diversity(std::vector<std::int64_t>{0, 9});
  EXPECT_EQ(one.kinds, 1);
  EXPECT_EQ(one.shannon, 0);
  EXPECT_EQ(one.simpson, 0);
  EXPECT_TRUE(std::isnan(one.pielou));
  EXPECT_TRUE(std::isnan(diversity(std::vector<std::int64_t>{0, 0}).shannon));
  EXPECT_TRUE(std::isnan(diversity({}).simpson));
  EXPECT_THROW(diversity(std::vector<std::int64_t>{3, -1}), std::invalid_argument);
}

// Two squares of 10 km side by side in a local plane: four sites in the west, one in the east, one 3 km off its coast
// and one 20 km off.
TEST(AreaStatistics, WorkedExample) {
  const Layer areas = squares({"W", "E"}, {{0, 0}, {10000, 0}}, 10000);
  Layer points =
      sites({{1000, 1000}, {2000, 2000}, {3000, 3000}, {10000, 4000}, {15000, 5000}, {23000, 5000}, {40000, 0}},
            {"temple", "temple", "craft", "food", "craft", "craft", "food"});
  points.set(Column::of("visitors", std::vector<double>{1, 2, std::nan(""), 4, 10, 20, 5}));
  const MethodResult result = statistics_of(areas, points, {"visitors", "", Metres{5000}});
  // The site at x = 10,000 lies on the common border: E comes first by its code.
  EXPECT_EQ(texts(result, "point_count"), (std::vector<std::string>{"3", "3"}));
  EXPECT_EQ(texts(result, "area_km2"), (std::vector<std::string>{"100", "100"}));
  EXPECT_EQ(texts(result, "point_share"), (std::vector<std::string>{"0.5", "0.5"}));
  EXPECT_EQ(texts(result, "point_density_km2"), (std::vector<std::string>{"0.03", "0.03"}));
  EXPECT_EQ(texts(result, "value_count"), (std::vector<std::string>{"2", "3"}));
  EXPECT_EQ(texts(result, "value_sum"), (std::vector<std::string>{"3", "34"}));
  EXPECT_NEAR(column(result, "value_mean").reals()[1], 34.0 / 3, 1e-14);
  EXPECT_EQ(texts(result, "kind_count"), (std::vector<std::string>{"2", "2"}));
  // West 2/3 and 1/3: H = ln 3 - 2/3 ln 2.
  EXPECT_NEAR(column(result, "shannon").reals()[0], std::log(3.0) - std::log(2.0) * 2 / 3, 1e-15);
  EXPECT_NEAR(column(result, "simpson").reals()[0], 1 - 5.0 / 9, 1e-15);
  EXPECT_EQ(result.diagnostics.count("missing-value"), 1);
  EXPECT_EQ(result.diagnostics.count("assigned-to-nearest"), 1);
  EXPECT_EQ(result.diagnostics.count("outside-every-area"), 1);
}

TEST(AreaStatistics, OfEmptyAreasAndMissingValues) {
  const Layer areas = squares({"A", "B", "C"}, {{0, 0}, {10000, 0}, {20000, 0}}, 10000);
  Layer points = sites({{1000, 1000}, {11000, 1000}}, {"craft", ""});
  points.set(Column::of("visitors", std::vector<double>{3, std::nan("")}));
  const MethodResult result = statistics_of(areas, points, {"visitors", "", Metres{0}});
  EXPECT_EQ(texts(result, "value_sum"), (std::vector<std::string>{"3", "null", "0"}));
  EXPECT_EQ(texts(result, "value_mean"), (std::vector<std::string>{"3", "null", "null"}));
  EXPECT_EQ(texts(result, "point_density_km2"), (std::vector<std::string>{"0.01", "0.01", "0"}));
  EXPECT_EQ(texts(result, "shannon"), (std::vector<std::string>{"0", "null", "null"}));
  EXPECT_EQ(texts(result, "pielou"), (std::vector<std::string>{"null", "null", "null"}));
  EXPECT_EQ(result.diagnostics.count("missing-kind"), 1);
  EXPECT_THROW(statistics_of(areas, points, {"category", "", Metres{0}}), UsageError);
  EXPECT_THROW(statistics_of(areas, points, {"", "sort", Metres{0}}), UsageError);
}

// 0.1 by 0.1 degrees at the equator: Karney's planimeter gives 11,131.949... m by 11,057.427... m sides.
TEST(AreaStatistics, MeasuresAreasOnTheEllipsoid) {
  Layer areas = squares({"A"}, {{100, 0}}, 0.1);
  areas.crs = Crs::wgs84();
  Layer points = sites({{100.05, 0.05}}, {"craft"});
  points.crs = Crs::wgs84();
  const double km2 = column(statistics_of(areas, points), "area_km2").reals()[0];
  EXPECT_NEAR(km2, 11.1319490793 * 11.0574276, 1e-4);
  const Crs utm = Crs::from_text("EPSG:32647");
  const double projected = column(statistics_of(reprojected(areas, utm), points), "area_km2").reals()[0];
  EXPECT_NEAR(projected, km2, 1e-6);
}

TEST(AreaStatistics, AgreesWithAssigningEachPoint) {
  std::mt19937 random(3);
  std::uniform_real_distribution<double> place(0, 40000);
  std::vector<std::pair<double, double>> places;
  std::vector<std::string> kinds;
  for (int i = 0; i < 400; ++i) {
    places.emplace_back(place(random), place(random));
    kinds.push_back(i % 3 == 0 ? "craft" : i % 5 == 0 ? "food" : "temple");
  }
  const Layer points = sites(places, kinds);
  const Layer areas = squares({"A", "B", "C", "D"}, {{0, 0}, {10000, 0}, {0, 10000}, {25000, 25000}}, 10000);
  const MethodResult result = statistics_of(areas, points);
  Progress progress;
  const AreaAssignment assigned =
      assign_areas(points.geometry.x, points.geometry.y, areas.geometry, points.crs, {}, progress);
  double shares = 0;
  for (std::size_t area = 0; area < 4; ++area) {
    std::map<std::string, std::int64_t> members;
    std::int64_t n = 0;
    for (std::size_t i = 0; i < points.size(); ++i)
      if (assigned.area[i] == static_cast<std::int32_t>(area)) {
        ++members[kinds[i]];
        ++n;
      }
    EXPECT_EQ(column(result, "point_count").integers()[area], n);
    double shannon = 0;
    for (const auto& [kind, count] : members) {
      const double share = static_cast<double>(count) / static_cast<double>(n);
      shannon -= share * std::log(share);
    }
    EXPECT_NEAR(column(result, "shannon").reals()[area], shannon, 1e-13);
    shares += column(result, "point_share").reals()[area];
  }
  EXPECT_NEAR(shares, 1, 1e-14);
}

TEST(AreaStatistics, DoesNotDependOnTheOrderOfRows) {
  std::mt19937 random(5);
  std::uniform_real_distribution<double> place(-2000, 22000);
  std::vector<std::pair<double, double>> places;
  std::vector<double> values;
  for (int i = 0; i < 300; ++i) {
    places.emplace_back(std::round(place(random) / 1000) * 1000, place(random));  // many on borders
    values.push_back(std::exp(place(random) / 1000));
  }
  Layer points = sites(places, std::vector<std::string>(300, "craft"));
  points.set(Column::of("visitors", values));
  const Layer areas = squares({"B", "A", "C"}, {{0, 0}, {10000, 0}, {5000, 5000}}, 10000);
  std::vector<std::uint32_t> order(300);
  std::iota(order.begin(), order.end(), 0U);
  std::shuffle(order.begin(), order.end(), random);
  const MethodResult straight = statistics_of(areas, points, {"visitors", "", Metres{5000}});
  const MethodResult moved =
      statistics_of(areas.select({2, 0, 1}), points.select(order), {"visitors", "", Metres{5000}});
  for (const Column& one : straight.columns)
    EXPECT_EQ(texts(moved, one.name), texts(one.select({2, 0, 1}))) << one.name;
}

// A hidden site counts in an area as large as a coarse cell, where it tells nothing new, and in no small one.
TEST(AreaStatistics, KeepsHiddenSitesOutOfSmallAreasAndOfSums) {
  const Layer large = squares({"A"}, {{0, 0}}, 10000), small = squares({"A"}, {{0, 0}}, 1000);
  Layer points = sites({{100, 100}, {200, 200}, {300, 300}}, {"craft", "food", "craft"});
  Column level("publication", ColumnType::text);
  for (const char* word : {"open", "hidden", "coarsened"}) level.push(word);
  points.set(level);
  points.roles.publication = "publication";
  points.set(Column::of("visitors", std::vector<double>{1, 50, 4}));
  const MethodResult in_large = statistics_of(large, points, {"visitors", "", Metres{0}});
  EXPECT_EQ(texts(in_large, "point_count"), std::vector<std::string>{"3"});
  EXPECT_EQ(texts(in_large, "value_sum"), std::vector<std::string>{"5"});
  EXPECT_EQ(in_large.diagnostics.count("hidden-left-out"), 1);
  const MethodResult in_small = statistics_of(small, points, {"visitors", "", Metres{0}});
  EXPECT_EQ(texts(in_small, "point_count"), std::vector<std::string>{"1"});
  EXPECT_EQ(texts(in_small, "kind_count"), std::vector<std::string>{"1"});
  EXPECT_EQ(in_small.diagnostics.count("not-open-left-out"), 2);
}

TEST(AreaStatistics, OfAreasWithoutAShapeHasNoDensity) {
  Layer areas = squares({"A"}, {{0, 0}}, 10000);
  areas.geometry.end_feature();
  Column code("code", ColumnType::text);
  code.push("A");
  code.push("B");
  areas.columns.clear();
  areas.set(code);
  const MethodResult result = statistics_of(areas, sites({{1, 1}}, {"craft"}));
  EXPECT_EQ(texts(result, "point_density_km2"), (std::vector<std::string>{"0.01", "null"}));
  EXPECT_EQ(result.diagnostics.count("no-ground"), 1);
  areas.crs = Crs();
  EXPECT_THROW(statistics_of(areas, sites({{1, 1}}, {"craft"})), UsageError);
}

}  // namespace
}  // namespace yaan
