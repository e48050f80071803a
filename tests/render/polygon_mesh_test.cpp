// Triangles against the polygons they come from.
#include "yaan/render/polygon_mesh.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "yaan/core/triangulate.hpp"

namespace yaan::render {
namespace {

double polygon_area(const Geometry& polygons, std::size_t feature) {
  double area = 0;
  for (std::size_t part = polygons.feature_parts[feature]; part < polygons.feature_parts[feature + 1]; ++part)
    for (std::size_t r = polygons.part_rings[part]; r < polygons.part_rings[part + 1]; ++r)
      area += ring_area(polygons.ring_x(r), polygons.ring_y(r));  // holes are clockwise: they count against it
  return area;
}

double triangle_area(const Triangles& triangles, std::size_t t) {
  const auto& x = triangles.x;
  const auto& y = triangles.y;
  const std::size_t i = 3 * t;
  return ((x[i + 1] - x[i]) * (y[i + 2] - y[i]) - (x[i + 2] - x[i]) * (y[i + 1] - y[i])) / 2;
}

double triangles_area(const Triangles& triangles) {
  double area = 0;
  for (std::size_t t = 0; t < triangles.x.size() / 3; ++t) area += triangle_area(triangles, t);
  return area;
}

Geometry square_with_hole() {
  Geometry polygons = Geometry::empty(GeometryKind::polygon);
  polygons.add_ring(std::vector<double>{0, 10, 10, 0, 0}, std::vector<double>{0, 0, 10, 10, 0});
  polygons.add_ring(std::vector<double>{4, 4, 6, 6, 4}, std::vector<double>{4, 6, 6, 4, 4});
  polygons.end_part();
  polygons.add_ring(std::vector<double>{20, 23, 20, 20}, std::vector<double>{0, 0, 4, 0});
  polygons.end_part();
  polygons.end_feature();
  return polygons;
}

TEST(Triangulate, HolesAndPartsCount) {
  const Triangles triangles = triangulate(square_with_hole(), 0);
  EXPECT_NEAR(triangles_area(triangles), 100 - 4 + 6, 1e-12);
  for (std::size_t t = 0; t < triangles.x.size() / 3; ++t) {
    EXPECT_GT(triangle_area(triangles, t), 0) << "counter-clockwise";
    const double cx = (triangles.x[3 * t] + triangles.x[3 * t + 1] + triangles.x[3 * t + 2]) / 3;
    const double cy = (triangles.y[3 * t] + triangles.y[3 * t + 1] + triangles.y[3 * t + 2]) / 3;
    EXPECT_EQ(locate(square_with_hole(), 0, cx, cy), Inside::inside) << "a triangle lies in the hole or outside";
  }
}

TEST(Triangulate, RandomStarsKeepTheirArea) {
  ASSERT_TRUE(rc::check([] {
    const int corners = *rc::gen::inRange(3, 60);
    std::vector<double> x;
    std::vector<double> y;
    for (int i = 0; i < corners; ++i) {
      const double radius = *rc::gen::inRange(100, 10000);
      const double angle = 2 * std::numbers::pi * i / corners;
      x.push_back(1e6 + radius * std::cos(angle));
      y.push_back(-5e5 + radius * std::sin(angle));
    }
    x.push_back(x.front());
    y.push_back(y.front());
    Geometry polygons = Geometry::empty(GeometryKind::polygon);
    polygons.add_ring(x, y);
    polygons.end_part();
    polygons.end_feature();
    const double area = polygon_area(polygons, 0);
    RC_ASSERT(std::abs(triangles_area(triangulate(polygons, 0)) - area) <= 1e-6 * std::abs(area));
  }));
}

TEST(Triangulate, EmptyAndInvalid) {
  Geometry polygons = Geometry::empty(GeometryKind::polygon);
  polygons.end_feature();
  polygons.add_ring(std::vector<double>{0, 2, 0, 2, 0}, std::vector<double>{0, 2, 2, 0, 0});  // a bow tie
  polygons.end_part();
  polygons.end_feature();
  EXPECT_TRUE(triangulate(polygons, 0).x.empty());
  EXPECT_NEAR(triangles_area(triangulate(polygons, 1)), 2, 1e-12) << "made valid: both halves";
  EXPECT_THROW(triangulate(Geometry::points({1}, {2}), 0), std::invalid_argument);
}

TEST(PolygonMesh, OffsetsFollowTheFeatures) {
  Geometry polygons = square_with_hole();
  polygons.end_feature();  // an empty one
  polygons.add_ring(std::vector<double>{100, 101, 101, 100}, std::vector<double>{0, 0, 1, 0});
  polygons.end_part();
  polygons.end_feature();
  const PolygonMesh mesh = polygon_mesh(polygons, {100, 0});
  ASSERT_EQ(mesh.size(), 3U);
  EXPECT_EQ(mesh.feature_segments[1], 4U + 4U + 3U);
  EXPECT_EQ(mesh.feature_segments[2], mesh.feature_segments[1]);
  EXPECT_EQ(mesh.feature_segments[3] - mesh.feature_segments[2], 3U);
  EXPECT_EQ(mesh.feature_corners[3] - mesh.feature_corners[2], 3U);
  EXPECT_EQ(mesh.triangles.size(), 2U * mesh.feature_corners[3]);
  EXPECT_EQ(mesh.segments.size(), 4U * mesh.feature_segments[3]);
  // Relative to the origin.
  EXPECT_EQ(mesh.segments[0], -100.0F);
  const auto last = mesh.triangles.end() - 6;
  EXPECT_GE(*std::min_element(last, mesh.triangles.end()), 0.0F);
  EXPECT_LE(*std::max_element(last, mesh.triangles.end()), 1.0F);
}

}  // namespace
}  // namespace yaan::render
