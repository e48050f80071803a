// The verb `density` as a whole: planes, study area, bands, hot areas, relative risk, and what is wrong with a call.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <random>

#include "analyse/density_plane.hpp"
#include "yaan/analyse/bandwidth.hpp"
#include "yaan/analyse/kernel_density.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/geodesy.hpp"
#include "yaan/core/overlay.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

Layer layer_of(std::vector<double> x, std::vector<double> y, const Crs& crs, const std::string& name = "points") {
  Layer layer;
  layer.name = name;
  layer.crs = crs;
  layer.geometry = Geometry::points(std::move(x), std::move(y));
  return layer;
}

/// Two knots of points and some strays, in metres.
Layer knots(double west = 0, double south = 0) {
  std::mt19937 random(5);
  std::normal_distribution<double> scatter(0, 600);
  std::uniform_real_distribution<double> anywhere(0, 20000);
  std::vector<double> x, y;
  for (int i = 0; i < 300; ++i) {
    const double middle = i % 3 == 0 ? 5000 : 14000;
    x.push_back(west + (i % 5 == 0 ? anywhere(random) : middle + scatter(random)));
    y.push_back(south + (i % 5 == 0 ? anywhere(random) : middle + scatter(random)));
  }
  return layer_of(std::move(x), std::move(y), Crs::local());
}

Layer boxes(const std::vector<std::array<double, 4>>& all, const Crs& crs) {
  Layer layer;
  layer.name = "areas";
  layer.crs = crs;
  layer.geometry = Geometry::empty(GeometryKind::polygon);
  for (const auto& [west, south, east, north] : all) {
    layer.geometry.add_ring(std::array{west, east, east, west, west}, std::array{south, south, north, north, south});
    layer.geometry.end_part();
    layer.geometry.end_feature();
  }
  return layer;
}

MethodResult run(const DensityOptions& options, const Layer& points, const Layer* areas = nullptr,
                 const Layer* background = nullptr) {
  MethodInputs inputs;
  inputs.layers["points"] = &points;
  if (areas != nullptr) inputs.layers["areas"] = areas;
  if (background != nullptr) inputs.layers["background"] = background;
  Progress progress;
  return density_method().run(inputs, options, progress);
}

double number(const MethodResult& result, const std::string& key) {
  for (const auto& [name, value] : result.summary)
    if (name == key)
      return std::holds_alternative<double>(value) ? std::get<double>(value)
                                                   : static_cast<double>(std::get<std::int64_t>(value));
  ADD_FAILURE() << key;
  return kNan;
}

Geometry of_kind(const Layer& layer, std::string_view kind) {
  std::vector<std::uint32_t> rows;
  for (std::uint32_t i = 0; i < layer.size(); ++i)
    if (layer.column("kind").texts()[i] == kind) rows.push_back(i);
  return layer.geometry.select(rows);
}

void expect_valid(const Geometry& polygons) {
  const Repair repair = make_valid(polygons);
  EXPECT_TRUE(repair.repaired.empty()) << repair.reasons.front();
}

double total_km2(const Geometry& polygons) {
  double sum = 0;
  for (std::size_t f = 0; f < polygons.size(); ++f) sum += area_km2(polygons, f);
  return sum;
}

TEST(DensityMethod, DrawsAPlaneOfItsOwn) {
  const Layer points = knots();
  DensityOptions options;
  options.bandwidth = Metres{800};
  options.cell_size = Metres{200};
  const MethodResult result = run(options, points);
  ASSERT_EQ(result.layers.size(), 1U);
  const Layer& drawn = result.layers.front();
  EXPECT_EQ(drawn.crs.kind(), Crs::Kind::local);
  expect_valid(drawn.geometry);
  EXPECT_EQ(of_kind(drawn, "band").size(), 5U);
  EXPECT_EQ(of_kind(drawn, "raised_risk").size(), 0U);
  EXPECT_NEAR(number(result, "mass"), 300, 0.2);  // 4 bandwidths on each side hold all but 6e-5
  EXPECT_GE(number(result, "hot_share"), 0.5);
  EXPECT_LT(number(result, "hot_share"), 0.51);
  EXPECT_NEAR(number(result, "hot_km2"), total_km2(of_kind(drawn, "hot_area")), 1e-9);

  // Bands lie side by side; each holds the cells whose density it names.
  const Geometry bands = of_kind(drawn, "band");
  EXPECT_NEAR(total_km2(united(bands)), total_km2(bands), 1e-9);
  const double peak = number(result, "peak_per_km2");
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_DOUBLE_EQ(drawn.column("level_low").reals()[i], peak * static_cast<double>(i + 1) / 6);
    EXPECT_EQ(drawn.column("area_km2").reals()[i], area_km2(bands, i));
  }
  double shares = 0;
  for (std::size_t i = 5; i < drawn.size(); ++i) shares += drawn.column("mass_share").reals()[i];
  EXPECT_NEAR(shares, number(result, "hot_share"), 1e-12);
  // The points' own column: the knots are dense, and a point in a hot area is at least as dense as its threshold.
  const auto& density = result.columns[0].reals();
  EXPECT_EQ(result.columns[1].null_count(), 300U);
  const double threshold = drawn.column("level_low").reals()[5];
  const Geometry hot = of_kind(drawn, "hot_area");
  for (std::size_t i = 0; i < 300; ++i) {
    bool inside = false;
    for (std::size_t f = 0; f < hot.size(); ++f)
      inside = inside || locate(hot, f, points.geometry.x[i], points.geometry.y[i]) == Inside::inside;
    EXPECT_EQ(inside, density[i] >= threshold);
  }
}

TEST(DensityMethod, StaysInsideTheStudyArea) {
  const Crs utm = Crs::from_text("EPSG:32647");
  Layer plane = knots(500000, 2000000);
  plane.crs = utm;
  const Layer points = reprojected(plane, Crs::wgs84());
  const Layer ground = boxes({{500000, 2000000, 509000, 2015000}, {509000, 2003000, 516000, 2015000}}, utm);
  const Layer areas = reprojected(ground, Crs::wgs84());
  DensityOptions options;
  options.bandwidth = Metres{1500};
  options.cell_size = Metres{250};
  const MethodResult result = run(options, points, &areas);
  const Layer& drawn = result.layers.front();
  EXPECT_TRUE(drawn.crs.is_wgs84());
  expect_valid(drawn.geometry);
  // Straight edges in the plane of the surface and in degrees differ by centimetres here.
  EXPECT_LT(total_km2(difference(drawn.geometry, areas.geometry)) / total_km2(areas.geometry), 1e-4);
  const std::int64_t outside = result.diagnostics.count("outside-study-area");
  EXPECT_EQ(static_cast<double>(outside), number(result, "outside_study_area"));
  EXPECT_GT(outside, 5);
  EXPECT_EQ(static_cast<std::int64_t>(points.size()) - outside, static_cast<std::int64_t>(number(result, "used")));
  for (std::size_t i = 0; i < points.size(); ++i) {
    const bool held = locate(areas.geometry, 0, points.geometry.x[i], points.geometry.y[i]) != Inside::outside ||
                      locate(areas.geometry, 1, points.geometry.x[i], points.geometry.y[i]) != Inside::outside;
    if (!held) {
      EXPECT_TRUE(result.columns[0].is_null(i));
    }
  }
  // Areas are those of the ellipsoid: the plane is equal-area.
  for (std::size_t i = 0; i < drawn.size(); ++i) {
    double geodesic = 0;
    const Geometry& g = drawn.geometry;
    for (std::size_t part = g.feature_parts[i]; part < g.feature_parts[i + 1]; ++part)
      for (std::size_t ring = g.part_rings[part]; ring < g.part_rings[part + 1]; ++ring)
        geodesic += geodesic_ring_area(g.ring_x(ring), g.ring_y(ring)) / 1e6;
    EXPECT_NEAR(drawn.column("area_km2").reals()[i] / geodesic, 1, 1e-4);
  }
  // The same in the plane of the provinces, near enough: its scale is 0.9996 here.
  const MethodResult projected = run(options, plane, &ground);
  EXPECT_NEAR(number(projected, "mass") / number(result, "mass"), 1, 5e-3);
  EXPECT_NEAR(number(projected, "peak_per_km2") / number(result, "peak_per_km2"), 1, 2e-2);
}

TEST(DensityMethod, ConvertsTheUnitOfThePlane) {
  Layer metres = knots(300000, 60000);
  const Crs feet = Crs::from_text("EPSG:2263");  // New York Long Island, US survey feet
  Layer in_feet = metres;
  in_feet.crs = feet;
  for (double& value : in_feet.geometry.x) value /= feet.metres_per_unit();
  for (double& value : in_feet.geometry.y) value /= feet.metres_per_unit();
  DensityOptions options;
  const MethodResult expected = run(options, metres);
  const MethodResult found = run(options, in_feet);
  EXPECT_NEAR(number(found, "peak_per_km2") / number(expected, "peak_per_km2"), 1, 1e-9);
  EXPECT_NEAR(number(found, "hot_km2"), number(expected, "hot_km2"), 1e-6);
  const Box bounds = found.layers.front().geometry.bounds();
  EXPECT_NEAR(bounds.min_x, -74, 0.6);
  EXPECT_NEAR(bounds.min_y, 40.7, 0.6);
}

TEST(DensityMethod, CrossesTheAntimeridian) {
  std::mt19937 random(8);
  std::normal_distribution<double> scatter(0, 0.03);
  std::vector<double> lon, lat;
  for (int i = 0; i < 200; ++i) {
    lon.push_back(std::remainder(180 + scatter(random), 360));
    lat.push_back(-17 + scatter(random));
  }
  const MethodResult result = run({}, layer_of(lon, lat, Crs::wgs84()));
  EXPECT_NEAR(number(result, "mass"), 200, 0.1);
  EXPECT_LT(number(result, "cells"), 20000);
  const Geometry& drawn = result.layers.front().geometry;
  expect_valid(drawn);
  EXPECT_LT(drawn.bounds().width(), 1);  // no edge goes round the globe
}

TEST(DensityMethod, TellsRelativeRisk) {
  Layer points = knots();
  Layer background = knots();
  background.name = "background";
  DensityOptions options;
  options.bandwidth = Metres{1000};
  const Layer areas = boxes({{0, 0, 20000, 20000}}, Crs::local());
  const MethodResult same = run(options, points, &areas, &background);
  std::size_t told = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (same.columns[1].is_null(i)) continue;
    EXPECT_NEAR(same.columns[1].reals()[i], 1, 1e-12);
    ++told;
  }
  EXPECT_GT(told, 250U);
  EXPECT_EQ(of_kind(same.layers.front(), "raised_risk").size(), 0U);

  // More of the points at the first knot than the background has.
  for (int i = 0; i < 120; ++i) {
    points.geometry.x.push_back(5000 + 10.0 * (i % 11));
    points.geometry.y.push_back(5000 + 10.0 * (i % 13));
  }
  const MethodResult more = run(options, points, &areas, &background);
  const Geometry raised = of_kind(more.layers.front(), "raised_risk");
  ASSERT_EQ(raised.size(), 1U);
  expect_valid(raised);
  EXPECT_EQ(locate(raised, 0, 5100, 5100), Inside::inside);
  EXPECT_EQ(locate(raised, 0, 14000, 14000), Inside::outside);
}

TEST(DensityMethod, ChoosesBandwidths) {
  const Layer points = knots();
  const Layer areas = boxes({{0, 0, 20000, 20000}}, Crs::local());
  std::vector<double> x, y;  // those inside
  for (std::size_t i = 0; i < points.size(); ++i)
    if (locate(areas.geometry, 0, points.geometry.x[i], points.geometry.y[i]) != Inside::outside) {
      x.push_back(points.geometry.x[i]);
      y.push_back(points.geometry.y[i]);
    }
  DensityOptions options;
  options.bandwidth_rule = BandwidthRule::scott;
  const double scott = scott_bandwidth(x, y, {}, Progress())->value;
  EXPECT_DOUBLE_EQ(number(run(options, points, &areas), "bandwidth_m"), scott);
  options.kernel = Kernel::quartic;
  EXPECT_DOUBLE_EQ(number(run(options, points, &areas), "bandwidth_m"), scott * std::sqrt(8.0));
  options.kernel = Kernel::gaussian;
  options.bandwidth_rule = BandwidthRule::diggle;
  const double diggle = number(run(options, points, &areas), "bandwidth_m");
  EXPECT_GT(diggle, 50);
  EXPECT_LT(diggle, scott);  // the knots are much narrower than the spread of all points
  EXPECT_GT(number(run(options, points), "bandwidth_m"), 50);

  const MethodResult stacked = run(options, layer_of(std::vector(9, 7.0), std::vector(9, 7.0), Crs::local()));
  EXPECT_EQ(stacked.diagnostics.count("no-bandwidth") + stacked.diagnostics.count("bandwidth-at-end"), 1);
  options.bandwidth_rule = BandwidthRule::scott;
  const MethodResult fixed = run(options, layer_of(std::vector(9, 7.0), std::vector(9, 7.0), Crs::local()));
  EXPECT_EQ(fixed.diagnostics.count("no-bandwidth"), 1);
  EXPECT_EQ(number(fixed, "bandwidth_m"), 2000);
}

TEST(DensityMethod, CountsByWeight) {
  Layer points = layer_of({1000, 5000, 9000}, {1000, 5000, 9000}, Crs::local());
  Column weight("rooms", ColumnType::real);
  weight.push(10.0);
  weight.push_null();
  weight.push(0.0);
  points.columns.push_back(std::move(weight));
  points.roles.weight = "rooms";
  DensityOptions options;
  options.bandwidth = Metres{300};
  options.cell_size = Metres{50};
  const MethodResult result = run(options, points);
  EXPECT_NEAR(number(result, "mass"), 11, 1e-2);
  EXPECT_EQ(result.diagnostics.count("missing-weight"), 1);
  EXPECT_NEAR(result.columns[0].reals()[0] / result.columns[0].reals()[1], 10, 0.5);
  EXPECT_NEAR(result.columns[0].reals()[2], 0, 1e-6);
}

TEST(DensityMethod, SaysWhatIsWrong) {
  const Layer points = knots();
  const auto refused = [&](const DensityOptions& options, const Layer& layer, const Layer* areas = nullptr) {
    try {
      run(options, layer, areas);
    } catch (const UsageError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  DensityOptions options;
  options.levels = "1, x";
  EXPECT_NE(refused(options, points).find("\" x\""), std::string::npos);
  options.levels = "2, 1";
  EXPECT_NE(refused(options, points).find("ascend"), std::string::npos);
  options.levels = "0";
  EXPECT_NE(refused(options, points).find("above 0"), std::string::npos);
  options.levels = "1,";
  EXPECT_FALSE(refused(options, points).empty());
  options = {};
  options.cell_size = Metres{0.1};
  EXPECT_NE(refused(options, points).find("at most 16777216 are possible"), std::string::npos);
  options = {};
  options.bandwidth = Length::bare(500);
  EXPECT_NE(refused(options, layer_of({100}, {13}, Crs::wgs84())), "");
  EXPECT_EQ(refused(options, points), "");
  options.bandwidth = Metres{-1};
  EXPECT_NE(refused(options, points).find("bandwidth"), std::string::npos);
  EXPECT_NE(refused({}, layer_of({100}, {13}, Crs())).find("coordinate reference system"), std::string::npos);
  const Layer wrong = layer_of({1}, {1}, Crs::local());
  EXPECT_NE(refused({}, points, &wrong).find("polygons"), std::string::npos);
  EXPECT_NE(refused({}, layer_of({-1e308, 1e308}, {0, 1}, Crs::local())).find("far apart"), std::string::npos);
}

TEST(DensityMethod, DrawsTheLevelsAskedFor) {
  DensityOptions options;
  options.levels = "0.5, 1.5;99999";
  const MethodResult result = run(options, knots());
  const auto& low = result.layers.front().column("level_low").reals();
  EXPECT_EQ(of_kind(result.layers.front(), "band").size(), 2U);
  EXPECT_EQ(low[0], 0.5);
  EXPECT_EQ(low[1], 1.5);
  EXPECT_EQ(result.layers.front().column("level_high").reals()[0], 1.5);
}

TEST(DensityMethod, TakesEmptyAreasAndCoarseCells) {
  Layer none = boxes({}, Crs::local());
  const MethodResult nothing = run({}, knots(), &none);
  EXPECT_EQ(nothing.layers.front().size(), 0U);
  EXPECT_EQ(nothing.columns[0].null_count(), 300U);
  DensityOptions options;
  options.bandwidth = Metres{10};
  options.cell_size = Metres{1000};
  EXPECT_EQ(run(options, knots()).diagnostics.count("coarse-cells"), 1);
}

TEST(DensityMethod, GivesTheSameAnswerWhateverTheThreads) {
  Layer points = knots(500000, 2000000);
  points.crs = Crs::from_text("EPSG:32647");
  points = reprojected(points, Crs::wgs84());
  for (const BandwidthRule rule : {BandwidthRule::fixed, BandwidthRule::diggle}) {
    DensityOptions options;
    options.bandwidth_rule = rule;
    set_thread_count(1);
    const MethodResult one = run(options, points);
    set_thread_count(4);
    const MethodResult four = run(options, points);
    set_thread_count(0);
    EXPECT_EQ(one.columns[0].reals(), four.columns[0].reals());
    EXPECT_EQ(one.layers.front().geometry.x, four.layers.front().geometry.x);
    EXPECT_EQ(one.layers.front().geometry.y, four.layers.front().geometry.y);
    EXPECT_EQ(one.summary, four.summary);
  }
}

TEST(DensityMethod, RaisesNoHillWhereNothingMayBeShown) {
  Layer points;
  points.name = "sites";
  points.crs = Crs::wgs84();
  points.geometry = Geometry::points({100, 101, 102.01}, {13, 13, 13.01});
  Column level("publication", ColumnType::text);
  for (const char* text : {"open", "hidden", "coarsened"}) level.push(std::string_view(text));
  points.set(std::move(level));
  points.roles.publication = "publication";
  DensityOptions options;
  options.bandwidth = Metres{500};
  options.cell_size = Metres{250};
  const MethodResult result = run(options, points);
  EXPECT_EQ(result.diagnostics.count("hidden-left-out"), 1);
  const Layer& bands = result.layers.front();
  ASSERT_GT(bands.size(), 0U);
  Box second;
  for (std::size_t i = 0; i < bands.geometry.x.size(); ++i) {
    const double x = bands.geometry.x[i];
    EXPECT_TRUE(std::abs(x - 100) < 0.1 || std::abs(x - 102.025) < 0.1) << x;
    if (x > 101.5) second.include({x, bands.geometry.y[i], x, bands.geometry.y[i]});
  }
  EXPECT_NEAR((second.min_x + second.max_x) / 2, 102.025, 0.002);
  EXPECT_NEAR((second.min_y + second.max_y) / 2, 13.025, 0.002);
}

}  // namespace
}  // namespace yaan
