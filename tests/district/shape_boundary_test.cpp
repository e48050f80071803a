// Outlines of districts stay inside a boundary, wherever it lies and however it is written.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "district/shape_samples.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/overlay.hpp"
#include "yaan/district/districts.hpp"

namespace yaan {
namespace {

using namespace samples;

TEST(Shapes, NeverCrossTheBoundary) {
  for (unsigned seed = 1; seed <= 4; ++seed)
    for (const OutlineMethod outline : kAll) {
      SCOPED_TRACE(testing::Message() << "seed " << seed << ", method " << static_cast<int>(outline));
      const Layer points = knots(seed, 12);
      const Layer boundary = areas(star(1400, 1400, 1900), points.crs);
      Progress progress;
      const MethodResult result = find_districts(points, drawn_by(outline), progress, &boundary);
      const Layer& districts = result.layers.at(0);
      const Geometry whole = find_districts(points, drawn_by(outline), progress).layers.at(0).geometry;
      std::int64_t outside = 0;
      std::int64_t lost = 0;
      for (std::size_t d = 0; d < districts.size(); ++d) {
        const Geometry one = feature(districts.geometry, d);
        const std::string method = districts.column("outline_method").display(d);
        if (area_of(intersection(feature(whole, d), boundary.geometry)) == 0) {
          ++outside;
          EXPECT_EQ(one.x, feature(whole, d).x);
          EXPECT_TRUE(method.ends_with("; outside the boundary, not cut")) << method;
          continue;
        }
        EXPECT_LT(area_of(difference(one, boundary.geometry)), 1e-6);
        EXPECT_NEAR(area_of(one), area_of(intersection(feature(whole, d), boundary.geometry)), 1e-3);
        const bool cut = area_of(difference(feature(whole, d), boundary.geometry)) > 0;
        EXPECT_EQ(method.ends_with("; cut to the boundary"), cut) << method;
        for (std::size_t row = 0; cut && row < points.size(); ++row)
          if (!result.columns[1].is_null(row) && result.columns[1].integers()[row] == static_cast<std::int64_t>(d + 1))
            lost += locate(boundary.geometry, 0, points.geometry.x[row], points.geometry.y[row]) == Inside::outside;
      }
      EXPECT_EQ(result.diagnostics.count("outside-boundary"), outside);
      EXPECT_EQ(result.diagnostics.count("member-outside-boundary"), lost);
    }
}

TEST(Shapes, NoGroundLeftIsSaid) {
  Layer points;
  points.name = "sites";
  points.crs = Crs::local();
  std::vector<double> x;
  std::vector<double> y;
  Column cluster("cluster", ColumnType::integer);
  for (int i = 0; i < 24; ++i) {
    const bool inner = i >= 20;
    const double angle = i * std::acos(-1.0) / 10;
    x.push_back(inner ? (i % 2) * 100 : 3000 * std::cos(angle));
    y.push_back(inner ? (i / 2 % 2) * 100 : 3000 * std::sin(angle));
    cluster.push(std::int64_t{inner ? 2 : 1});
  }
  points.geometry = Geometry::points(x, y);
  points.set(cluster);
  DistrictOptions options = drawn_by(OutlineMethod::convex);
  options.overlap = Overlap::lower_rank_yields;
  Progress progress;
  const MethodResult result = find_districts(points, options, progress);
  const Layer& districts = result.layers.at(0);
  ASSERT_EQ(districts.size(), 2U);
  EXPECT_TRUE(districts.geometry.bounds(1).empty());
  EXPECT_EQ(districts.column("area_km2").reals()[1], 0);
  EXPECT_TRUE(districts.column("density_per_km2").is_null(1));
  EXPECT_EQ(districts.column("outline_method").display(1),
            "convex hull, margin 20m; all ground held by other districts");
  EXPECT_EQ(result.diagnostics.count("no-ground-left"), 1);
  EXPECT_EQ(result.diagnostics.count("member-on-other-ground"), 4);
}

TEST(Shapes, BoundaryMayBeWrittenOnBothSidesOfTheAntimeridian) {
  Layer points;
  points.name = "sites";
  points.crs = Crs::wgs84();
  points.geometry = Geometry::points({179.99, -179.99, 179.99, -179.99}, {0, 0, 0.02, 0.02});
  points.set(Column::of("cluster", std::vector<std::int64_t>{1, 1, 1, 1}));
  Geometry halves = rectangle(170, 0.01, 180, 5);
  const double x[] = {-180, -170, -170, -180, -180};
  const double y[] = {0.01, 0.01, 5, 5, 0.01};
  halves.add_ring(x, y);
  halves.end_part();
  halves.end_feature();
  const Layer boundary = areas(halves, Crs::wgs84());
  DistrictOptions options = drawn_by(OutlineMethod::convex);
  options.margin = Metres{0};
  Progress progress;
  const double whole = find_districts(points, options, progress).layers.at(0).column("area_km2").reals()[0];
  const MethodResult result = find_districts(points, options, progress, &boundary);
  const Layer& districts = result.layers.at(0);
  EXPECT_NEAR(districts.column("area_km2").reals()[0], whole / 2, 1e-3);
  EXPECT_EQ(districts.geometry.part_rings.size(), 2U) << "one piece, though the boundary is in two";
  EXPECT_EQ(result.diagnostics.count("member-outside-boundary"), 2);
  for (const double lon : districts.geometry.x) EXPECT_TRUE(lon >= -180 && lon <= 180);
}

TEST(Shapes, ABoundaryInAnotherCrsIsTaken) {
  Layer points;
  points.name = "sites";
  points.crs = Crs::wgs84();
  points.geometry = Geometry::points({99, 99.01, 99.01, 99}, {18, 18, 18.01, 18.01});
  points.set(Column::of("cluster", std::vector<std::int64_t>{1, 1, 1, 1}));
  const Layer degrees = areas(rectangle(98, 18.005, 100, 19), Crs::wgs84());
  const Layer utm = reprojected(degrees, Crs::from_text("EPSG:32647"));
  DistrictOptions options = drawn_by(OutlineMethod::convex);
  Progress progress;
  const Layer a = find_districts(points, options, progress, &degrees).layers.at(0);
  const Layer b = find_districts(points, options, progress, &utm).layers.at(0);
  EXPECT_NEAR(a.column("area_km2").reals()[0], b.column("area_km2").reals()[0], 1e-6);
}

}  // namespace
}  // namespace yaan
