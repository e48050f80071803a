// The columns and the table of the method, and what they keep to themselves.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "district/significance_samples.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/parallel.hpp"
#include "yaan/district/districts.hpp"

namespace yaan {
namespace {

MethodResult run(const Layer& points, const Layer* window, const SignificanceOptions& options) {
  MethodInputs inputs;
  inputs.layers["points"] = &points;
  if (window != nullptr) inputs.layers["window"] = window;
  Progress progress;
  return district_significance_method().run(inputs, options, progress);
}

/// Sites about Nan in degrees: strays over a degree, and a knot of ten at the end.
Layer sites() {
  std::mt19937 random(6);
  std::uniform_real_distribution<double> place(0, 1);
  std::normal_distribution<double> scatter(0, 0.003);
  Layer points = samples::points_of({}, {});
  points.crs = Crs::wgs84();
  for (int i = 0; i < 60; ++i) {
    points.geometry.x.push_back(100.2 + place(random));
    points.geometry.y.push_back(18.2 + place(random));
  }
  for (int i = 0; i < 10; ++i) {
    points.geometry.x.push_back(100.77 + scatter(random));
    points.geometry.y.push_back(18.78 + scatter(random));
  }
  return points;
}

Layer province() {
  Layer window = samples::window_of({100.2, 18.2, 101.2, 19.2});
  window.crs = Crs::wgs84();
  return window;
}

TEST(DistrictSignificanceMethod, GivesEachSiteAndEachDistrictItsP) {
  const Layer points = sites(), window = province();
  const MethodResult result = run(points, &window, samples::options_of(1000, 4, 199));
  const Layer& table = result.layers.at(0);
  ASSERT_GE(table.size(), 1U);
  EXPECT_EQ(table.geometry.kind, GeometryKind::none);
  const auto knot = result.columns[0].integers()[points.size() - 1];
  EXPECT_TRUE(result.columns[0].is_null(0));
  EXPECT_TRUE(result.columns[1].is_null(0));
  const auto row = static_cast<std::size_t>(knot - 1);
  EXPECT_EQ(table.column("cluster").integers()[row], knot);
  EXPECT_EQ(table.column("count").integers()[row], 10);
  EXPECT_EQ(table.column("p").reals()[row], 1.0 / 200);
  EXPECT_EQ(table.column("significant").integers()[row], 1);
  EXPECT_EQ(result.columns[1].reals()[points.size() - 1], 1.0 / 200);
  // Some 2 km across and a kilometre about it, of 105 km by 111 km: 8 to 16 km2 of 11,700.
  EXPECT_GT(table.column("expected").reals()[row], 70 * 3.0 / 11700);
  EXPECT_LT(table.column("expected").reals()[row], 70 * 16.0 / 11700);
  EXPECT_NEAR(table.column("ratio").reals()[row] * table.column("expected").reals()[row], 10, 1e-9);
}

// On the ellipsoid and in a plane, the same places look the same.
TEST(DistrictSignificanceMethod, ExpectsInDegreesWhatItExpectsInAPlane) {
  const Layer points = sites(), window = province();
  const Crs zone = Crs::from_text("EPSG:32647");
  Diagnostics diagnostics;
  Progress progress;
  const SignificanceOptions options = samples::options_of(1000, 4, 99);
  const auto degrees = samples::tested(points, &window, nullptr, options);
  const auto metres = samples::tested(reprojected(points, zone), nullptr, nullptr, options);
  Layer zone_window = reprojected(window, zone);
  const auto in_zone = samples::tested(reprojected(points, zone), &zone_window, nullptr, options);
  ASSERT_EQ(degrees.cluster, in_zone.cluster);
  for (std::size_t d = 0; d < degrees.districts.size(); ++d)
    EXPECT_NEAR(in_zone.districts[d].expected / degrees.districts[d].expected, 1, 0.06);
  EXPECT_EQ(metres.cluster, degrees.cluster);
}

TEST(DistrictSignificanceMethod, CountsSitesThatAreNotOpenAndTellsNothingOfTheirPlaces) {
  Layer points = sites();
  const Layer window = province();
  const SignificanceOptions options = samples::options_of(1000, 4, 99);
  const MethodResult open = run(points, &window, options);
  Column levels("publication", ColumnType::text);
  for (std::size_t i = 0; i < points.size(); ++i) levels.push(i + 1 == points.size() ? "hidden" : "open");
  points.columns.push_back(std::move(levels));
  points.roles.publication = "publication";
  const MethodResult hidden = run(points, &window, options);
  const auto row = static_cast<std::size_t>(open.columns[0].integers()[points.size() - 1] - 1);
  EXPECT_EQ(hidden.layers[0].column("count").integers()[row], 10);
  EXPECT_EQ(hidden.layers[0].column("p").reals()[row], open.layers[0].column("p").reals()[row]);
  for (const char* name : {"expected", "ratio", "excess"}) {
    EXPECT_FALSE(open.layers[0].column(name).is_null(row)) << name;
    EXPECT_TRUE(hidden.layers[0].column(name).is_null(row)) << name;
  }
}

// Weights and kinds travel with their points, whatever the order of the rows.
TEST(DistrictSignificanceMethod, DoesNotMindTheOrderOfTheRows) {
  Layer points = sites();
  Column weight("weight", ColumnType::real), kind("category", ColumnType::text);
  for (std::size_t i = 0; i < points.size(); ++i) {
    weight.push(1 + static_cast<double>(i % 3));
    kind.push(i % 2 == 0 ? "craft" : "temple");
  }
  points.columns = {weight, kind};
  points.roles.weight = "weight";
  points.roles.category = "category";
  std::vector<std::uint32_t> order(points.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = (i * 37 + 5) % static_cast<std::uint32_t>(order.size());
  const Layer shuffled = points.select(order), window = province();
  for (const bool weighted : {false, true})
    for (const DistrictNull model :
         {DistrictNull::complete_randomness, DistrictNull::background, DistrictNull::random_labelling}) {
      SignificanceOptions options = samples::options_of(2000, 3, 99);
      options.weighted = weighted;
      options.null_model = model;
      if (model == DistrictNull::random_labelling) options.kind = "craft";
      const auto straight = samples::tested(points, &window, &points, options);
      const auto turned = samples::tested(shuffled, &window, &shuffled, options);
      EXPECT_FALSE(straight.largest.empty());
      EXPECT_EQ(straight.largest, turned.largest);
      for (std::size_t i = 0; i < order.size(); ++i) EXPECT_EQ(turned.cluster[i], straight.cluster[order[i]]);
    }
}

TEST(DistrictSignificanceMethod, SaysInLegendsWhatChanceWas) {
  Layer points = sites();
  const Layer window = province();
  const MethodResult result = run(points, &window, samples::options_of(1000, 4, 199));
  const Method& method = district_significance_method();
  EXPECT_EQ(method.map_field, "district_p");
  for (const Column* column : {&result.columns[1], result.layers[0].find("p"), result.layers[0].find("significant")}) {
    EXPECT_NE(column->remark.en.find("anywhere in the window; 199 simulations; allowing for the search"),
              std::string::npos)
        << column->name << ": " << column->remark.en;
    EXPECT_NE(column->remark.th.find("จำลอง 199 ครั้ง"), std::string::npos);
  }
  EXPECT_EQ(result.columns[2].remark.en.find("search"), std::string::npos);  // a rate allows for other things
  EXPECT_NE(result.layers[0].find("significant")->remark.en.find("p at most 0.05"), std::string::npos);
  const Layer beyond = [] {
    Layer far = samples::window_of({110, 18, 111, 19});
    far.crs = Crs::wgs84();
    return far;
  }();
  const MethodResult untested = run(points, &beyond, samples::options_of(1000, 4, 199));
  EXPECT_EQ(untested.columns[1].remark.en, "not tested");
  EXPECT_EQ(untested.diagnostics.count("empty-window"), 1);
  for (const auto& [name, value] : untested.summary) EXPECT_NE(name, "least_p");
}

TEST(DistrictSignificanceMethod, NamesTheAreaOfTheOpenMembers) {
  Layer points = sites();
  Layer window = province();  // and a small one about some of the knot, in the east of it
  const Geometry east = rectangle_of({100.77, 18.7, 100.85, 18.85});
  window.geometry.add_ring(east.ring_x(0), east.ring_y(0));
  window.geometry.end_part();
  window.geometry.end_feature();
  Column code("code", ColumnType::text), english("name_en", ColumnType::text), thai("name_th", ColumnType::text);
  for (const char* text : {"2", "1"}) code.push(text);
  for (const char* text : {"Nan", "East"}) english.push(text);
  for (const char* text : {"น่าน", "ตะวันออก"}) thai.push(text);
  window.columns = {code, english, thai};
  window.roles.code = "code";
  EXPECT_EQ(run(points, &window, samples::options_of(1000, 4, 19)).layers[0].column("area_en").null_count(),
            run(points, &window, samples::options_of(1000, 4, 19)).layers[0].size());
  window.roles.name_en = "name_en";
  window.roles.name_th = "name_th";
  std::vector<std::uint32_t> in_the_east;
  for (std::uint32_t i = 60; i < 70; ++i)
    if (points.geometry.x[i] >= 100.77) in_the_east.push_back(i);
  ASSERT_GT(in_the_east.size(), 0U);
  const auto named = [&](const MethodResult& result, const char* column) {
    const auto row = static_cast<std::size_t>(result.columns[0].integers()[69] - 1);
    return result.layers[0].column(column).display(row);
  };
  const bool most = in_the_east.size() >= 5;
  const MethodResult all = run(points, &window, samples::options_of(1000, 4, 19));
  EXPECT_EQ(named(all, "area_en"), most ? "East" : "Nan");
  EXPECT_EQ(named(all, "area_th"), most ? "ตะวันออก" : "น่าน");
  // Hidden members in the east have no say; of hidden ones alone nothing is told.
  Column levels("publication", ColumnType::text);
  for (std::size_t i = 0; i < points.size(); ++i)
    levels.push(std::find(in_the_east.begin(), in_the_east.end(), i) != in_the_east.end() ? "hidden" : "open");
  points.set(levels);
  points.roles.publication = "publication";
  EXPECT_EQ(named(run(points, &window, samples::options_of(1000, 4, 19)), "area_en"), "Nan");
  Column none("publication", ColumnType::text);
  for (std::size_t i = 0; i < points.size(); ++i) none.push("hidden");
  points.set(none);
  EXPECT_EQ(named(run(points, &window, samples::options_of(1000, 4, 19)), "area_en"), "");
}

// As the steps of a study do it.
TEST(DistrictSignificanceMethod, GoesWithTheDistricts) {
  Layer points = sites();
  const Layer window = province();
  MethodResult tested = run(points, &window, samples::options_of(1000, 4, 99));
  Column cluster = tested.columns.front();
  cluster.name = "cluster";
  for (Column& column : tested.columns) points.set(std::move(column));
  points.set(cluster);
  const Layer& table = tested.layers.front();
  Progress progress;
  const MethodResult made = find_districts(points, {}, progress);
  const Layer& districts = made.layers.front();
  ASSERT_EQ(districts.size(), table.size());
  ASSERT_GE(districts.size(), 1U);
  for (std::size_t d = 0; d < districts.size(); ++d) {
    const auto row = static_cast<std::size_t>(districts.column("cluster").integers()[d] - 1);
    for (const char* name : {"p", "false_discovery_rate"})
      EXPECT_EQ(districts.column(name).reals()[d], table.column(name).reals()[row]) << name;
  }
  EXPECT_EQ(made.diagnostics.count("not-as-tested"), 0);
  EXPECT_NE(districts.column("p").remark.en.find("99 simulations"), std::string::npos);
  // The same members under another number are the same district.
  Column anew("cluster", ColumnType::integer);
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (cluster.is_null(i))
      anew.push_null();
    else
      anew.push(cluster.integers()[i] + 7);
  }
  points.set(anew);
  EXPECT_EQ(find_districts(points, {}, progress).layers.front().column("p").null_count(), 0U);
  // A district that lost a member is another one.
  Column fewer("cluster", ColumnType::integer);
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (cluster.is_null(i) || i + 1 == points.size())
      fewer.push_null();
    else
      fewer.push(cluster.integers()[i]);
  }
  points.set(fewer);
  EXPECT_EQ(find_districts(points, {}, progress).layers.front().column("p").null_count(), 1U);
  // Clusters of another setting are not those that were tested.
  Column other("cluster", ColumnType::integer);
  for (std::size_t i = 0; i < points.size(); ++i) other.push(std::int64_t{i % 2 == 0 ? 1 : 2});
  points.set(other);
  const MethodResult mixed = find_districts(points, {}, progress);
  EXPECT_EQ(mixed.layers.front().column("p").null_count(), 2U);
  EXPECT_EQ(mixed.diagnostics.count("not-as-tested"), 2);
  ASSERT_FALSE(mixed.diagnostics.empty());
  EXPECT_EQ(mixed.diagnostics.entries().back().severity, Severity::doubt);
  EXPECT_TRUE(mixed.layers.front().column("p").remark.empty());
}

}  // namespace
}  // namespace yaan
