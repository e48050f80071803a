#include "yaan/analyse/assign_areas.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <random>

#include "yaan/core/error.hpp"
#include "yaan/core/geodesy.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {
namespace {

using testing::ElementsAre;

using Ring = std::vector<std::array<double, 2>>;

void add_ring(Geometry& geometry, const Ring& ring) {
  std::vector<double> x, y;
  for (const auto& [px, py] : ring) x.push_back(px), y.push_back(py);
  geometry.add_ring(x, y);
}

/// One feature for each outer ring.
Geometry polygons(const std::vector<Ring>& rings) {
  Geometry geometry = Geometry::empty(GeometryKind::polygon);
  for (const Ring& ring : rings) {
    add_ring(geometry, ring);
    geometry.end_part();
    geometry.end_feature();
  }
  return geometry;
}

Ring square(double x, double y, double side) {
  return {{x, y}, {x + side, y}, {x + side, y + side}, {x, y + side}, {x, y}};
}

AreaAssignment run(const std::vector<double>& x, const std::vector<double>& y, const Geometry& areas,
                   const Crs& crs = Crs::local(), double within = 5000) {
  Progress progress;
  AssignAreasOptions options;
  options.within = Metres{within};
  return assign_areas(x, y, areas, crs, options, progress);
}

TEST(AssignAreas, SharedEdgeAndVertexBelongToTheFirst) {
  // Four squares about (1, 1): the point in the middle touches all of them.
  const Geometry areas = polygons({square(1, 1, 1), square(0, 0, 1), square(1, 0, 1), square(0, 1, 1)});
  const AreaAssignment got =
      run({0.5, 1.5, 0.5, 1.5, 1, 1, 0.5, 1, 1, 2, 0}, {0.5, 0.5, 1.5, 1.5, 1, 0.5, 1, 1.5, 0, 2, 2}, areas);
  EXPECT_THAT(got.area, ElementsAre(1, 2, 3, 0, 0, 1, 1, 0, 1, 0, 3));
  EXPECT_EQ(got.inside, 11);
  EXPECT_THAT(got.distance, testing::Each(0.0));
}

TEST(AssignAreas, HolesAndPartsCount) {
  Geometry areas = Geometry::empty(GeometryKind::polygon);
  add_ring(areas, square(0, 0, 10));
  add_ring(areas, {{3, 3}, {3, 7}, {7, 7}, {7, 3}, {3, 3}});
  areas.end_part();
  add_ring(areas, square(4, 4, 1));  // an island in the hole
  areas.end_part();
  areas.end_feature();
  areas.end_feature();  // an area without geometry
  const AreaAssignment got = run({1, 3.5, 4.5, 3, 20}, {1, 3.5, 4.5, 5, 5}, areas, Crs::local(), 0.2);
  EXPECT_THAT(got.area, ElementsAre(0, -1, 0, 0, -1));
  const AreaAssignment near = run({3.5, 20}, {3.4, 5}, areas, Crs::local(), 10);
  EXPECT_THAT(near.area, ElementsAre(0, 0));
  EXPECT_DOUBLE_EQ(near.distance[0], 3.4 - 3);
  EXPECT_EQ(near.distance[1], 10);
  EXPECT_EQ(near.nearest, 2);
}

TEST(AssignAreas, NearestWithinADistanceTiesToTheFirst) {
  const Geometry areas = polygons({square(10, 0, 1), square(-1, 0, 1), square(4, 100, 2)});
  EXPECT_THAT(run({5}, {0.5}, areas, Crs::local(), 5).area, ElementsAre(0)) << "5 m to either";
  EXPECT_THAT(run({4.9}, {0.5}, areas, Crs::local(), 5).area, ElementsAre(1));
  EXPECT_THAT(run({5}, {0.5}, areas, Crs::local(), 4.999).area, ElementsAre(-1));
  EXPECT_THAT(run({5}, {0.5}, areas, Crs::local(), 0).area, ElementsAre(-1));
  // Two areas with a common border, walked in opposite directions and at no round place.
  const Geometry neighbours =
      polygons({{{0, 0}, {3.7, 1.1}, {2, 5}, {0, 0}}, {{3.7, 1.1}, {0, 0}, {1.3, -4}, {3.7, 1.1}}});
  for (int i = 0; i < 50; ++i) {
    const double x = 3.7 + 0.13 * i, y = 1.1 + 0.13 * i * 1.1 / 3.7;  // straight on from the common corner
    EXPECT_THAT(run({x}, {y}, neighbours, Crs::local(), 100).area, ElementsAre(0)) << i;
  }
}

TEST(AssignAreas, AgreesWithLocateOnRandomPolygons) {
  std::mt19937_64 random(31);
  const auto draw = [&](double low, double high) { return std::uniform_real_distribution<double>(low, high)(random); };
  std::int64_t borders = 0;
  for (int round = 0; round < 60; ++round) {
    Geometry areas = Geometry::empty(GeometryKind::polygon);
    for (int area = 0; area < 12; ++area) {
      const double cx = std::round(draw(0, 40)), cy = std::round(draw(0, 40));
      Ring ring;
      const int corners = 3 + static_cast<int>(random() % 9);
      for (int k = 0; k < corners; ++k) {
        const double angle = 6.283185307179586 * k / corners, r = draw(1, 9);
        // Whole coordinates make vertices, horizontal edges and points on edges common.
        ring.push_back({std::round(cx + r * std::cos(angle)), std::round(cy + r * std::sin(angle))});
      }
      ring.push_back(ring[0]);
      add_ring(areas, ring);
      areas.end_part();
      areas.end_feature();
    }
    std::vector<double> x, y;
    for (int i = 0; i < 400; ++i) {
      x.push_back(i % 2 == 0 ? std::round(draw(-8, 48)) : draw(-8, 48));
      y.push_back(i % 3 == 0 ? draw(-8, 48) : std::round(draw(-8, 48)));
    }
    const AreaAssignment got = run(x, y, areas, Crs::local(), 3);
    for (std::size_t i = 0; i < x.size(); ++i) {
      std::int32_t holder = -1, nearest = -1;
      double best = 3;
      for (std::uint32_t area = 0; area < areas.size() && holder < 0; ++area) {
        const Inside where = locate(areas, area, x[i], y[i]);
        if (where != Inside::outside) holder = static_cast<std::int32_t>(area);
        borders += where == Inside::boundary;
      }
      for (std::uint32_t area = 0; area < areas.size(); ++area) {
        const double distance = distance_to_edges(areas, area, x[i], y[i]);
        if (distance < best || (distance == best && nearest < 0))
          nearest = static_cast<std::int32_t>(area), best = distance;
      }
      SCOPED_TRACE(testing::Message() << "round " << round << " at " << x[i] << " " << y[i]);
      if (holder >= 0) {
        ASSERT_EQ(got.area[i], holder);
        ASSERT_EQ(got.distance[i], 0);
      } else if (nearest >= 0) {
        ASSERT_GE(got.area[i], 0);
        ASSERT_NEAR(got.distance[i], best, 1e-12);
        ASSERT_NEAR(distance_to_edges(areas, static_cast<std::size_t>(got.area[i]), x[i], y[i]), best, 1e-12);
      } else {
        ASSERT_TRUE(got.area[i] == -1 || std::abs(got.distance[i] - 3) < 1e-12);
      }
    }
  }
  EXPECT_GT(borders, 300);
}

/// Least geodesic to the edge, by walking along it in small and smaller steps.
double geodesic_to_edge(double x, double y, std::array<double, 2> a, std::array<double, 2> b) {
  double low = 0, high = 1, best = 1e300, at = 0;
  for (int zoom = 0; zoom < 6; ++zoom) {
    const double step = (high - low) / 50;
    for (int k = 0; k <= 50; ++k) {
      const double t = low + step * k;
      const double d = geodesic_distance(x, y, a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])).value;
      if (d < best) best = d, at = t;
    }
    low = std::max(0.0, at - step), high = std::min(1.0, at + step);
  }
  return best;
}

TEST(AssignAreas, GroundDistanceIsTheGeodesicToTheNearestPlace) {
  std::mt19937_64 random(37);
  const auto draw = [&](double low, double high) { return std::uniform_real_distribution<double>(low, high)(random); };
  int found = 0;
  for (int round = 0; round < 300; ++round) {
    const double lat = std::array{0.0, 13.0, -45.0, 70.0, 83.0}[random() % 5],
                 lon = std::array{101.0, 179.95, -179.95}[random() % 3];
    const double size = draw(0.01, 2) / std::cos(lat / 57.3);
    const Ring ring{
        {lon, lat}, {lon + size, lat + draw(0.01, 0.4)}, {lon + size * 0.3, lat + draw(0.5, 0.9)}, {lon, lat}};
    const Geometry areas = polygons({ring});
    double x = lon + draw(-1, 1) * 0.8 / std::cos(lat / 57.3);
    const double y = lat + draw(-0.8, 0.8);
    double shifted = x;
    if (x > 180) shifted = x - 360;  // the other name of the same place
    if (x < -180) shifted = x + 360;
    if (locate(areas, 0, x, y) != Inside::outside) continue;
    double expected = 1e300;
    for (std::size_t k = 0; k + 1 < ring.size(); ++k)
      expected = std::min(expected, geodesic_to_edge(x, y, ring[k], ring[k + 1]));
    if (std::abs(expected / 100e3 - 1) < 1e-3) continue;
    const AreaAssignment got = run({shifted}, {y}, areas, Crs::wgs84(), 100e3);
    SCOPED_TRACE(testing::Message() << "round " << round << " at " << x << " " << y << " expected " << expected);
    if (expected > 100e3) {
      EXPECT_EQ(got.area[0], -1);
      continue;
    }
    ASSERT_EQ(got.area[0], 0);
    EXPECT_NEAR(got.distance[0] / expected, 1, 1e-4);
    ++found;
  }
  EXPECT_GT(found, 100);
}

TEST(AssignAreas, LongitudesAWholeTurnApartAreTheSamePlace) {
  const Geometry areas = polygons({square(178, 0, 2), square(-180, 0, 2)});
  const AreaAssignment got = run({179, -181, 181, -179, 180, -180}, {1, 1, 1, 1, 1, 1}, areas, Crs::wgs84());
  EXPECT_THAT(got.area, ElementsAre(0, 0, 1, 1, 0, 0));
}

TEST(AssignAreas, DegenerateInputs) {
  const Geometry none = Geometry::empty(GeometryKind::polygon);
  EXPECT_THAT(run({1}, {1}, none).area, ElementsAre(-1));
  EXPECT_EQ(run({}, {}, polygons({square(0, 0, 1)})).inside, 0);
  const double nan = std::nan("");
  const AreaAssignment got = run({nan, 0.5, HUGE_VAL}, {0.5, nan, 0.5}, polygons({square(0, 0, 1)}));
  EXPECT_THAT(got.area, ElementsAre(-1, -1, -1));
  EXPECT_EQ(got.outside, 3);
  EXPECT_TRUE(std::isnan(got.distance[0]));
  // A polygon without extent holds the one place it covers.
  EXPECT_THAT(run({2, 2.1}, {2, 2}, polygons({{{2, 2}, {2, 2}, {2, 2}, {2, 2}}}), Crs::local(), 0.01).area,
              ElementsAre(0, -1));
}

TEST(AssignAreas, RefusesWhatItCannotMeasure) {
  const Geometry areas = polygons({square(0, 0, 1)});
  EXPECT_THROW(run({0}, {0}, areas, Crs()), UsageError);
  EXPECT_THROW(run({0}, {0}, areas, Crs::local(), -1), UsageError);
  EXPECT_THROW(run({0}, {0}, areas, Crs::local(), std::nan("")), UsageError);
  EXPECT_THROW(run({0}, {0}, areas, Crs::wgs84(), 100001), UsageError);
  EXPECT_THROW(run({0}, {0}, Geometry::points({0}, {0})), UsageError);
  Progress progress;
  AssignAreasOptions bare;
  bare.within = Length::bare(5);
  const std::vector<double> zero{0};
  EXPECT_THROW(assign_areas(zero, zero, areas, Crs::wgs84(), bare, progress), UsageError);
  progress.cancel();
  EXPECT_THROW(assign_areas(zero, zero, areas, Crs::wgs84(), {}, progress), Cancelled);
}

Layer areas_layer() {
  Layer areas;
  areas.name = "provinces";
  areas.crs = Crs::wgs84();
  areas.geometry = polygons({square(100, 13, 1), square(101, 13, 1)});
  Column code("code", ColumnType::text), en("en", ColumnType::text), th("th", ColumnType::text);
  code.push("TH-10"), code.push("TH-11");
  en.push("Bangkok"), en.push_null();
  th.push("กรุงเทพมหานคร"), th.push("สมุทรปราการ");
  areas.columns = {code, en, th};
  areas.roles.code = "code";
  areas.roles.name_en = "en";
  areas.roles.name_th = "th";
  return areas;
}

TEST(AssignAreasMethod, RunsOnLayers) {
  const Method& method = assign_areas_method();
  const Layer areas = areas_layer();
  Layer points;
  points.name = "sites";
  points.crs = Crs::wgs84();
  points.geometry = Geometry::points({100.5, 101.5, 99.99, 90}, {13.5, 13.5, 13.5, 13.5});
  MethodInputs inputs;
  inputs.layers["points"] = &points;
  inputs.layers["areas"] = &areas;
  Progress progress;
  const auto check_result = [&](const MethodResult& result, double tolerance) {
    ASSERT_EQ(result.columns.size(), 4U);
    EXPECT_EQ(result.columns[0].texts()[0], "TH-10");
    EXPECT_EQ(result.columns[0].texts()[1], "TH-11");
    EXPECT_EQ(result.columns[1].texts()[2], "Bangkok");
    EXPECT_TRUE(result.columns[1].is_null(1));
    EXPECT_EQ(result.columns[2].texts()[0], "กรุงเทพมหานคร");
    for (const Column& column : result.columns) EXPECT_TRUE(column.is_null(3));
    EXPECT_EQ(result.columns[3].reals()[0], 0);
    EXPECT_NEAR(result.columns[3].reals()[2], geodesic_distance(99.99, 13.5, 100, 13.5).value, tolerance);
    EXPECT_EQ(result.diagnostics.count("assigned-to-nearest"), 1);
    EXPECT_EQ(result.diagnostics.count("outside-every-area"), 1);
    const std::vector<std::pair<std::string, Value>> summary{{"points", std::int64_t{4}},
                                                             {"inside", std::int64_t{2}},
                                                             {"nearest", std::int64_t{1}},
                                                             {"outside", std::int64_t{1}}};
    EXPECT_EQ(result.summary, summary);
  };
  check_result(method.run(inputs, method.default_options(), progress), 0.1);
  const Layer moved = reprojected(points, Crs::from_text("EPSG:32647"));
  inputs.layers["points"] = &moved;
  // The border of one degree, straight in the plane, passes a few metres from the meridian.
  check_result(method.run(inputs, method.default_options(), progress), 6);
  inputs.layers.erase("areas");
  EXPECT_THROW(method.run(inputs, method.default_options(), progress), UsageError);
}

}  // namespace
}  // namespace yaan
