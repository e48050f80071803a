#include "yaan/analyse/repair_axes.hpp"

#include <gtest/gtest.h>

namespace yaan {
namespace {

// Spain, roughly: exchanged, its places are in the Indian Ocean, possible coordinates all the same.
Layer spain() {
  Layer layer;
  layer.name = "spain";
  layer.crs = Crs::wgs84();
  layer.geometry = Geometry::empty(GeometryKind::polygon);
  layer.geometry.add_ring(std::vector<double>{-9, 3, 3, -9, -9}, std::vector<double>{36, 36, 43, 43, 36});
  layer.geometry.end_part();
  layer.geometry.end_feature();
  return layer;
}

Layer sites(const std::vector<std::pair<double, double>>& places) {
  Layer layer;
  layer.name = "sites";
  layer.crs = Crs::wgs84();
  layer.geometry = Geometry::points({}, {});
  Column id("id", ColumnType::text);
  for (const auto& [x, y] : places) {
    layer.geometry.x.push_back(x);
    layer.geometry.y.push_back(y);
    id.push("s" + std::to_string(layer.geometry.x.size()));
  }
  layer.columns.push_back(std::move(id));
  layer.roles.id = "id";
  return layer;
}

MethodResult run(const Layer& points, const Layer& areas, AxesExchange exchange = AxesExchange::fitting) {
  MethodInputs inputs;
  inputs.layers["points"] = &points;
  inputs.layers["areas"] = &areas;
  RepairAxesOptions options;
  options.exchange = exchange;
  Progress progress;
  return repair_axes_method().run(inputs, options, progress);
}

TEST(RepairAxes, SinglePointsThatFitWhenExchanged) {
  const Layer points = sites({{-4, 40}, {40, -4}, {-3, 41}, {-5.001, 43.01}, {20, 50}, {0, 40}});
  const MethodResult result = run(points, spain());
  const Layer& repaired = result.layers.front();
  EXPECT_EQ(repaired.geometry.x, (std::vector<double>{-4, -4, -3, -5.001, 20, 0}));
  EXPECT_EQ(repaired.geometry.y, (std::vector<double>{40, 40, 41, 43.01, 50, 40}));
  std::vector<std::string> states;
  for (std::size_t row = 0; row < points.size(); ++row) states.push_back(result.columns.front().display(row));
  EXPECT_EQ(states,
            (std::vector<std::string>{"in-place", "exchanged", "in-place", "in-place", "elsewhere", "in-place"}))
      << "the fourth lies 1.1 km off the coast";
  EXPECT_EQ(repaired.column("id").display(1), "s2");
  ASSERT_EQ(result.diagnostics.count("exchanged-axes"), 1);
  EXPECT_EQ(result.diagnostics.entries().front().severity, Severity::repaired);
  EXPECT_EQ(result.diagnostics.entries().front().message,
            "x and y of points that lie in no area of spain were exchanged, because they then lie in an area");
  EXPECT_EQ(result.diagnostics.entries().front().features, std::vector<std::string>{"s2"});
}

TEST(RepairAxes, WholeLayers) {
  // The last lies on islands far out, in no area either way.
  const Layer points = sites({{40, -4}, {41, -3}, {42, -2}, {28, -16}});
  const MethodResult result = run(points, spain());
  EXPECT_EQ(result.layers.front().geometry.x, (std::vector<double>{-4, -3, -2, -16}));
  EXPECT_EQ(result.diagnostics.count("exchanged-axes"), 4);
  const MethodResult marked = run(points, spain(), AxesExchange::none);
  EXPECT_EQ(marked.layers.front().geometry.x, points.geometry.x);
  EXPECT_EQ(marked.diagnostics.entries().front().severity, Severity::doubt);
}

TEST(RepairAxes, NoPointGoesBeyondTheLatitudes) {
  // The last lies in Thailand, not exchanged: it would come to lie at a latitude of 100.5.
  const Layer points = sites({{40, -4}, {41, -3}, {42, -2}, {28, -16}, {100.5, 13.7}});
  const MethodResult result = run(points, spain());
  EXPECT_EQ(result.layers.front().geometry.x, (std::vector<double>{-4, -3, -2, -16, 100.5}));
  EXPECT_EQ(result.layers.front().geometry.y, (std::vector<double>{40, 41, 42, 28, 13.7}));
  ASSERT_EQ(result.diagnostics.entries().size(), 2U);
  EXPECT_EQ(result.diagnostics.entries()[0].message,
            "x and y of the whole layer were exchanged, because they then lie in an area");
  EXPECT_EQ(result.diagnostics.entries()[1].message,
            "x and y of points that lie in no area of spain either way were exchanged, as those of most points of the "
            "layer");
  EXPECT_EQ(result.diagnostics.entries()[1].features, std::vector<std::string>{"s4"});
}

TEST(RepairAxes, WhatLiesInAnAreaBothWaysStays) {
  Layer areas = spain();
  areas.geometry.add_ring(std::vector<double>{38, 44, 44, 38, 38}, std::vector<double>{-6, -6, 0, 0, -6});
  areas.geometry.end_part();
  areas.geometry.end_feature();
  const Layer points = sites({{40, -4}, {41, -3}});
  EXPECT_EQ(run(points, areas).layers.front().geometry.x, points.geometry.x);
}

}  // namespace
}  // namespace yaan
