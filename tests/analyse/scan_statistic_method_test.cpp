// The method scan-statistic: what it compares, what it draws, and what cannot be scanned.
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "yaan/analyse/scan_statistic.hpp"
#include "yaan/core/error.hpp"

namespace yaan {
namespace {

Layer areas() {
  Layer layer;
  layer.name = "areas";
  layer.crs = Crs::local();
  layer.geometry = Geometry::points({0, 1000, 2000, 3000, 9000, 9500, 12000, 15000}, {0, 0, 0, 0, 0, 0, 0, 0});
  layer.columns = {Column("events", ColumnType::integer), Column("people", ColumnType::integer)};
  for (const std::int64_t events : {9, 8, 0, 1, 1, 0, 1, 0}) layer.columns[0].push(events);
  for (int i = 0; i < 8; ++i) layer.columns[1].push(std::int64_t{100});
  return layer;
}

MethodResult run(const Layer& features, const ScanOptions& options, const Layer* background = nullptr) {
  MethodInputs inputs;
  inputs.layers["features"] = &features;
  if (background != nullptr) inputs.layers["background"] = background;
  Progress progress;
  return scan_statistic_method().run(inputs, options, progress);
}

ScanOptions by_columns() {
  ScanOptions options;
  options.events = "events";
  options.population = "people";
  options.simulations = 199;
  return options;
}

TEST(ScanMethod, TwoAreasStandOut) {
  const MethodResult result = run(areas(), by_columns());
  const Layer& clusters = result.layers.front();
  ASSERT_EQ(clusters.size(), 1U);
  EXPECT_EQ(clusters.column("observed").integers()[0], 17);
  EXPECT_DOUBLE_EQ(clusters.column("expected").reals()[0], 5);
  EXPECT_DOUBLE_EQ(clusters.column("relative_risk").reals()[0], (17 / 200.0) / (3 / 600.0));
  EXPECT_DOUBLE_EQ(clusters.column("radius_m").reals()[0], 1000);
  EXPECT_EQ(clusters.column("verdict").texts()[0], "significant");
  EXPECT_EQ(clusters.column("p").reals()[0], 1 / 200.0);
  EXPECT_EQ(result.columns[0].integers()[0], 1);
  EXPECT_TRUE(result.columns[0].is_null(2));
  // The circle has the radius about the first place.
  const Geometry& shape = clusters.geometry;
  for (std::size_t v = 0; v < shape.x.size(); ++v) EXPECT_NEAR(std::hypot(shape.x[v], shape.y[v]), 1000, 1e-6);
}

TEST(ScanMethod, PointsAgainstABackgroundAndOtherKinds) {
  Layer points;
  points.name = "crafts";
  points.crs = Crs::wgs84();
  points.geometry = Geometry::points({100, 100.001, 100.002, 100.5, 101}, {15, 15, 15, 15.5, 15});
  points.columns = {Column("category", ColumnType::text)};
  for (const char* kind : {"craft", "craft", "craft", "temple", "temple"}) points.columns[0].push(kind);
  points.roles.category = "category";
  Layer shops;
  shops.name = "shops";
  shops.crs = Crs::wgs84();
  shops.geometry = Geometry::points({}, {});
  for (int i = 0; i < 40; ++i) {
    shops.geometry.x.push_back(100 + i * 0.025);
    shops.geometry.y.push_back(15.3);
  }
  ScanOptions options;
  options.simulations = 99;
  EXPECT_THROW(run(points, options), UsageError);  // compared with what?
  options.kind = "craft";
  const MethodResult others = run(points, options);
  EXPECT_EQ(std::get<double>(others.summary[4].second), 5);  // population
  const MethodResult result = run(points, options, &shops);
  EXPECT_EQ(std::get<double>(result.summary[4].second), 43);
  EXPECT_EQ(result.layers.front().column("observed").integers()[0], 3);
  options.model_choice = ScanModelChoice::poisson;
  EXPECT_EQ(std::get<double>(run(points, options, &shops).summary[4].second), 40);
  options.kind = "market";
  EXPECT_THROW(run(points, options, &shops), UsageError);
  options.kind = "";
  options.events = "category";
  EXPECT_THROW(run(points, options, &shops), UsageError);
}

TEST(ScanMethod, CountsThatCannotBe) {
  Layer layer = areas();
  ScanOptions options = by_columns();
  layer.columns[0] = Column("events", ColumnType::real);
  for (const double events : {9.0, 8.0, std::nan(""), 1.0, 1.0, 0.0, 1.0, 0.0}) layer.columns[0].push(events);
  layer.columns[1] = Column("people", ColumnType::integer);
  for (const std::int64_t people : {100, 100, 100, 0, 100, 100, 100, 100}) layer.columns[1].push(people);
  const MethodResult result = run(layer, options);
  EXPECT_EQ(result.diagnostics.count("missing-value"), 1);
  EXPECT_EQ(result.diagnostics.count("zero-population"), 1);
  EXPECT_EQ(std::get<std::int64_t>(result.summary[2].second), 6);
  for (const double wrong : {-1.0, 1.5}) {
    layer.columns[0] = Column("events", ColumnType::real);
    for (int i = 0; i < 8; ++i) layer.columns[0].push(i == 4 ? wrong : 1.0);
    EXPECT_THROW(run(layer, options), InputError) << wrong;
  }
  layer = areas();
  layer.columns[0] = Column("events", ColumnType::integer);
  for (int i = 0; i < 8; ++i) layer.columns[0].push(std::int64_t{i == 4 ? 101 : 1});
  EXPECT_NO_THROW(run(layer, options));
  options.model_choice = ScanModelChoice::bernoulli;
  EXPECT_THROW(run(layer, options), InputError);
  layer.columns[0] = Column("events", ColumnType::integer);
  for (int i = 0; i < 8; ++i) layer.columns[0].push(std::int64_t{0});
  EXPECT_EQ(run(layer, options).diagnostics.count("no-cases"), 1);
}

// A hidden site is in no circle.
TEST(ScanMethod, PointsThatAreNotOpenTakeNoPart) {
  Layer layer = areas();
  layer.columns.emplace_back("publication", ColumnType::text);
  for (int i = 0; i < 8; ++i) layer.columns.back().push(i == 0 ? "hidden" : "open");
  layer.roles.publication = "publication";
  const MethodResult result = run(layer, by_columns());
  EXPECT_EQ(result.diagnostics.count("not-open-left-out"), 1);
  EXPECT_EQ(std::get<std::int64_t>(result.summary[2].second), 7);
  EXPECT_TRUE(result.columns[0].is_null(0));
}

// The circle of a single place stays small.
TEST(ScanMethod, AClusterOfOnePlaceIsDrawnSmall) {
  Layer layer = areas();
  layer.columns[0] = Column("events", ColumnType::integer);
  for (const std::int64_t events : {30, 1, 0, 1, 1, 0, 1, 0}) layer.columns[0].push(events);
  const MethodResult result = run(layer, by_columns());
  const Layer& clusters = result.layers.front();
  ASSERT_GE(clusters.size(), 1U);
  EXPECT_EQ(clusters.column("places").integers()[0], 1);
  EXPECT_EQ(clusters.column("radius_m").reals()[0], 0);
  for (std::size_t v = 0; v < 72; ++v)  // half way to the next, 1,000 away
    EXPECT_NEAR(std::hypot(clusters.geometry.x[v], clusters.geometry.y[v]), 500, 1e-6);
}

TEST(ScanMethod, APopulationThatBernoulliDoesNotTake) {
  Layer layer = areas();
  layer.columns[1] = Column("people", ColumnType::integer);
  for (int i = 0; i < 8; ++i) layer.columns[1].push(std::int64_t{1'000'000'000});
  ScanOptions options = by_columns();
  EXPECT_NO_THROW(run(layer, options));
  options.model_choice = ScanModelChoice::bernoulli;
  EXPECT_THROW(run(layer, options), InputError);
}

Layer points_at(const std::string& name, std::vector<double> x, std::vector<double> weights = {}) {
  Layer layer;
  layer.name = name;
  layer.crs = Crs::local();
  std::vector<double> y(x.size(), 0);
  layer.geometry = Geometry::points(std::move(x), std::move(y));
  if (weights.empty()) return layer;
  layer.columns = {Column::of("weight", std::move(weights))};
  layer.roles.weight = "weight";
  return layer;
}

// By Poisson chance puts cases on the background's places alone, and so do the cases count.
TEST(ScanMethod, PoissonCasesCountAtTheNearestPlaceOfTheBackground) {
  const Layer cases = points_at("cases", {10, -20, 0, 1100, 2040, 3300});
  const Layer blocks = points_at("blocks", {0, 1000, 2000, 2030, 3000, 4000}, {50, 60, 70, 0, 80, 90});
  ScanOptions options;
  options.model_choice = ScanModelChoice::poisson;
  options.simulations = 99;
  const MethodResult result = run(cases, options, &blocks);
  EXPECT_EQ(std::get<std::int64_t>(result.summary[2].second), 5) << "places: those of the background with a weight";
  EXPECT_EQ(std::get<double>(result.summary[4].second), 350);
  EXPECT_EQ(result.diagnostics.count("moved-to-background"), 5);
  EXPECT_EQ(result.diagnostics.count("sample-as-population"), 0);
  EXPECT_NE(result.diagnostics.entries().front().message.find("at most 300 m"), std::string::npos);
  EXPECT_EQ(result.layers.front().column("observed").integers()[0], 3);
  EXPECT_DOUBLE_EQ(result.layers.front().column("expected").reals()[0], 6 * 50 / 350.0);
  for (std::size_t i = 0; i < 6; ++i) EXPECT_EQ(result.columns[0].is_null(i), i >= 3) << i;
  const Layer shops = points_at("shops", {0, 1000, 2000, 3000, 4000});
  EXPECT_EQ(run(cases, options, &shops).diagnostics.count("sample-as-population"), 1);
}

TEST(ScanMethod, TellsOfABackgroundThatHoldsTheCasesOrHasFewPoints) {
  const Layer cases = points_at("cases", {10, -20, 0, 1100, 2040, 3300});
  ScanOptions options;
  options.simulations = 9;
  const MethodResult result = run(cases, options, &cases);
  EXPECT_EQ(result.diagnostics.count("cases-on-background"), 6);
  EXPECT_EQ(result.diagnostics.count("small-background"), 0);
  EXPECT_EQ(result.diagnostics.count("sample-as-population"), 0);
  const Layer few = points_at("few", {5, 1000, 3300});
  EXPECT_EQ(run(cases, options, &few).diagnostics.count("cases-on-background"), 1);
  EXPECT_EQ(run(cases, options, &few).diagnostics.count("small-background"), 1);
}

TEST(ScanMethod, DoubtsAShareThatNoPlaceHas) {
  ScanOptions options = by_columns();  // eight places with an eighth of the population each
  options.max_share = 0.12;
  const MethodResult result = run(areas(), options);
  EXPECT_EQ(result.diagnostics.count("no-window"), 1);
  EXPECT_EQ(result.layers.front().size(), 0U);
  options.max_share = 0.125;
  EXPECT_EQ(run(areas(), options).diagnostics.count("no-window"), 0);
}

}  // namespace
}  // namespace yaan
