#include "yaan/core/geometry.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>
#include <vector>

namespace yaan {
namespace {

Geometry polygon(const std::vector<std::vector<double>>& rings) {
  Geometry geometry = Geometry::empty(GeometryKind::polygon);
  for (const auto& ring : rings) {
    std::vector<double> x;
    std::vector<double> y;
    for (std::size_t i = 0; i < ring.size(); i += 2) {
      x.push_back(ring[i]);
      y.push_back(ring[i + 1]);
    }
    geometry.add_ring(x, y);
  }
  geometry.end_part();
  geometry.end_feature();
  return geometry;
}

const std::vector<double> kSquare = {0, 0, 4, 0, 4, 4, 0, 4, 0, 0};
const std::vector<double> kHole = {1, 1, 1, 2, 2, 2, 2, 1, 1, 1};

TEST(Orientation, IsExactOnNearlyCollinearPoints) {
  // Shewchuk's grid: points a few bits from the diagonal, where the plain determinant is wrong in many cells.
  const double step = std::ldexp(1.0, -53);
  int zero = 0;
  for (int i = 0; i < 64; ++i)
    for (int j = 0; j < 64; ++j) {
      // Multiples of 2^-53 near 0.5 are exact, and so the true sign is that of (j - i) in integers.
      const int sign = orientation(12, 12, 24, 24, 0.5 + i * step, 0.5 + j * step);
      ASSERT_EQ(sign, (j > i) - (j < i)) << i << ' ' << j;
      zero += sign == 0;
    }
  EXPECT_EQ(zero, 64);
}

TEST(Locate, InsideOutsideHoleAndEveryEdge) {
  const Geometry area = polygon({kSquare, kHole});
  EXPECT_EQ(locate(area, 0, 3, 3), Inside::inside);
  EXPECT_EQ(locate(area, 0, 1.5, 1.5), Inside::outside);
  EXPECT_EQ(locate(area, 0, 5, 2), Inside::outside);
  EXPECT_EQ(locate(area, 0, -1, 4), Inside::outside);
  for (const auto& [x, y] : std::vector<std::pair<double, double>>{{0, 0}, {4, 4}, {2, 0}, {4, 1}, {1, 1.5}, {2, 2}})
    EXPECT_EQ(locate(area, 0, x, y), Inside::boundary) << x << ' ' << y;
}

TEST(Locate, AgreesWithTheWindingNumberOnRandomPolygons) {
  EXPECT_TRUE(rc::check("point in star polygon", [] {
    const auto corners = *rc::gen::inRange(3, 12);
    std::vector<double> x;
    std::vector<double> y;
    for (int i = 0; i < corners; ++i) {
      const double angle = 2 * std::acos(-1.0) * i / corners;
      const double radius = *rc::gen::inRange(1, 10);
      x.push_back(radius * std::cos(angle));
      y.push_back(radius * std::sin(angle));
    }
    x.push_back(x[0]);
    y.push_back(y[0]);
    Geometry star = Geometry::empty(GeometryKind::polygon);
    star.add_ring(x, y);
    star.end_part();
    star.end_feature();
    const double px = *rc::gen::inRange(-1000, 1000) / 100.0 + 1e-3;
    const double py = *rc::gen::inRange(-1000, 1000) / 100.0 + 1e-3;
    double winding = 0;
    for (std::size_t i = 0; i + 1 < x.size(); ++i)
      winding += std::remainder(std::atan2(y[i + 1] - py, x[i + 1] - px) - std::atan2(y[i] - py, x[i] - px),
                                2 * std::acos(-1.0));
    RC_ASSERT((std::abs(winding) > 3) == (locate(star, 0, px, py) == Inside::inside));
  }));
}

TEST(Geometry, SelectAndBounds) {
  Geometry both = polygon({kSquare, kHole});
  both.add_ring(std::vector<double>{10, 11, 11, 10}, std::vector<double>{10, 10, 11, 10});
  both.end_part();
  both.end_feature();
  both.end_feature();  // a feature without parts
  ASSERT_EQ(both.size(), 3U);
  const Geometry chosen = both.select({2, 1, 0});
  EXPECT_TRUE(chosen.bounds(0).empty());
  EXPECT_EQ(chosen.bounds(1), (Box{10, 10, 11, 11}));
  EXPECT_EQ(chosen.bounds(2), (Box{0, 0, 4, 4}));
}

TEST(MakeValid, RepairsABowTieAndReportsIt) {
  Geometry areas = polygon({kSquare});
  areas.add_ring(std::vector<double>{0, 2, 2, 0, 0}, std::vector<double>{0, 2, 0, 2, 0});
  areas.end_part();
  areas.end_feature();
  const Repair repair = make_valid(areas);
  ASSERT_EQ(repair.repaired, (std::vector<std::uint32_t>{1}));
  EXPECT_EQ(repair.reasons[0], "Self-intersection");
  EXPECT_EQ(repair.geometry.size(), 2U);
  EXPECT_EQ(repair.geometry.feature_parts[2] - repair.geometry.feature_parts[1], 2U);  // two triangles
  EXPECT_TRUE(make_valid(repair.geometry).repaired.empty());
}

TEST(MakeValid, DropsARingWithTooFewPoints) {
  Geometry areas = Geometry::empty(GeometryKind::polygon);
  areas.add_ring(std::vector<double>{0, 1, 0}, std::vector<double>{0, 1, 0});
  areas.end_part();
  areas.end_feature();
  const Repair repair = make_valid(areas);
  EXPECT_EQ(repair.reasons, (std::vector<std::string>{"Too few points in a ring"}));
  EXPECT_TRUE(repair.geometry.bounds(0).empty());
}

TEST(OrientRings, TurnsOutersLeftAndHolesRight) {
  std::vector<double> clockwise(kSquare.size());
  for (std::size_t i = 0; i < kSquare.size(); i += 2) {
    clockwise[kSquare.size() - 2 - i] = kSquare[i];
    clockwise[kSquare.size() - 1 - i] = kSquare[i + 1];
  }
  Geometry area = polygon({clockwise, kHole});
  EXPECT_EQ(orient_rings(area), 1U);
  EXPECT_EQ(ring_area(area.ring_x(0), area.ring_y(0)), 16);
  EXPECT_EQ(ring_area(area.ring_x(1), area.ring_y(1)), -1);
}

TEST(Hulls, ConcaveHullFollowsAnLShape) {
  std::vector<double> x;
  std::vector<double> y;
  for (int i = 0; i <= 10; ++i)
    for (int j = 0; j <= 10; ++j)
      if (i <= 3 || j <= 3) {
        x.push_back(i);
        y.push_back(j);
      }
  const Geometry convex = convex_hull(x, y);
  const Geometry concave = concave_hull(x, y, 2);
  EXPECT_DOUBLE_EQ(ring_area(convex.ring_x(0), convex.ring_y(0)), 100 - 49.0 / 2);
  EXPECT_NEAR(ring_area(concave.ring_x(0), concave.ring_y(0)), 51, 1);
  for (std::size_t i = 0; i < x.size(); ++i) EXPECT_NE(locate(concave, 0, x[i], y[i]), Inside::outside);
}

TEST(Hulls, DegenerateSetsGiveAnEmptyFeature) {
  const std::vector<double> x = {1, 2, 3};
  const std::vector<double> same = {5, 5, 5};
  for (const Geometry& hull : {convex_hull(x, x), concave_hull(x, x, 1), convex_hull(same, same)}) {
    ASSERT_EQ(hull.size(), 1U);
    EXPECT_TRUE(hull.bounds(0).empty());
  }
  const Geometry disc = buffered_union(std::vector<double>{0}, std::vector<double>{0}, 2);
  EXPECT_NEAR(ring_area(disc.ring_x(0), disc.ring_y(0)), 4 * std::acos(-1.0), 0.03);
}

TEST(Box, TouchesAndHolds) {
  const Box box{0, 0, 4, 2};
  EXPECT_TRUE(box.touches({4, 2, 5, 5})) << "a corner";
  EXPECT_TRUE(box.touches({1, 1, 2, 1.5}));
  EXPECT_TRUE(box.touches({-1, -1, 9, 9}));
  EXPECT_FALSE(box.touches({4.1, 0, 5, 2}));
  EXPECT_FALSE(box.touches({0, -2, 4, -1}));
  EXPECT_FALSE(box.touches(Box{}));
  EXPECT_FALSE(Box{}.touches(box));
  EXPECT_TRUE(box.holds(box));
  EXPECT_TRUE(box.holds({1, 1, 2, 1.5}));
  EXPECT_FALSE(box.holds({1, 1, 2, 2.5}));
  EXPECT_FALSE(box.holds({-1, -1, 9, 9}));
  EXPECT_FALSE(box.holds(Box{}));
}

}  // namespace
}  // namespace yaan
