#include "yaan/core/antimeridian.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace yaan {
namespace {

Path path_of(const std::vector<double>& xy) {
  Path path;
  for (std::size_t i = 0; i + 1 < xy.size(); i += 2) path.push(xy[i], xy[i + 1]);
  return path;
}

double area_of(const std::vector<RingSet>& polygons) {
  double sum = 0;
  for (const RingSet& rings : polygons)
    for (const Path& ring : rings) sum += doubled_area(ring) / 2;
  return sum;
}

bool holds(const Path& ring, double px, double py) {
  bool inside = false;
  for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++)
    if ((ring.y[i] > py) != (ring.y[j] > py) &&
        px < (ring.x[j] - ring.x[i]) * (py - ring.y[i]) / (ring.y[j] - ring.y[i]) + ring.x[i])
      inside = !inside;
  return inside;
}

bool holds(const std::vector<RingSet>& polygons, double px, double py) {
  int count = 0;
  for (const RingSet& rings : polygons) {
    bool inside = holds(rings.front(), px, py);
    for (std::size_t i = 1; i < rings.size(); ++i) inside = inside && !holds(rings[i], px, py);
    count += inside ? 1 : 0;
  }
  EXPECT_LE(count, 1) << "pieces overlap";
  return count > 0;
}

void expect_within_world(const std::vector<RingSet>& polygons) {
  for (const RingSet& rings : polygons)
    for (std::size_t r = 0; r < rings.size(); ++r) {
      EXPECT_EQ(doubled_area(rings[r]) > 0, r == 0) << "direction of ring " << r;
      for (std::size_t i = 0; i < rings[r].size(); ++i) {
        EXPECT_GE(rings[r].x[i], -180);
        EXPECT_LE(rings[r].x[i], 180);
      }
    }
}

TEST(Antimeridian, LongitudesAreWrapped) {
  EXPECT_EQ(wrapped_longitude(180), 180);
  EXPECT_EQ(wrapped_longitude(-180), -180);
  EXPECT_EQ(wrapped_longitude(190), -170);
  EXPECT_EQ(wrapped_longitude(-190), 170);
  EXPECT_EQ(wrapped_longitude(725), 5);
}

TEST(Antimeridian, BoxIsCutInTwo) {
  const auto pieces = cut_polygon({path_of({170, -10, -170, -10, -170, 10, 170, 10})});
  ASSERT_EQ(pieces.size(), 2U);
  expect_within_world(pieces);
  EXPECT_DOUBLE_EQ(area_of(pieces), 400);
  EXPECT_EQ(*std::min_element(pieces[0][0].x.begin(), pieces[0][0].x.end()), 170);
  EXPECT_EQ(*std::max_element(pieces[0][0].x.begin(), pieces[0][0].x.end()), 180);
  EXPECT_EQ(*std::max_element(pieces[1][0].x.begin(), pieces[1][0].x.end()), -170);
}

TEST(Antimeridian, HolesAreCutAsWell) {
  // A hole across, one on each side, drawn in other worlds than the outer ring.
  const auto pieces =
      cut_polygon({path_of({160, -20, -160, -20, -160, 20, 160, 20}), path_of({-175, -5, -175, 5, 175, 5, 175, -5}),
                   path_of({-170, 10, -168, 10, -168, 12}), path_of({165, 10, 167, 10, 167, 12})});
  ASSERT_EQ(pieces.size(), 2U);
  expect_within_world(pieces);
  EXPECT_DOUBLE_EQ(area_of(pieces), 40 * 40 - 100 - 2 - 2);
  EXPECT_EQ(pieces[0].size(), 2U);
  EXPECT_EQ(pieces[1].size(), 2U);
  EXPECT_FALSE(holds(pieces, 178, 0));
  EXPECT_FALSE(holds(pieces, -178, 0));
  EXPECT_TRUE(holds(pieces, 170, 0));
}

TEST(Antimeridian, CombGivesManyPieces) {
  // Three teeth across the line, joined on the western side of it.
  const auto pieces = cut_polygon({path_of(
      {170, 0, -175, 0, -175, 2, 178, 2, 178, 4, -175, 4, -175, 6, 178, 6, 178, 8, -175, 8, -175, 10, 170, 10})});
  EXPECT_EQ(pieces.size(), 4U);
  expect_within_world(pieces);
  EXPECT_DOUBLE_EQ(area_of(pieces), 15 * 10 - 2 * 7 * 2);
}

TEST(Antimeridian, TouchingIsNotCrossing) {
  const auto east = cut_polygon({path_of({170, 0, 180, 5, 170, 10})});
  ASSERT_EQ(east.size(), 1U);
  EXPECT_EQ(east[0][0].size(), 3U);
  const auto west = cut_polygon({path_of({-170, 0, 180, 5, -170, 10})});  // the vertex is written as +180
  ASSERT_EQ(west.size(), 1U);
  EXPECT_DOUBLE_EQ(area_of(west), 50);
  EXPECT_EQ(*std::min_element(west[0][0].x.begin(), west[0][0].x.end()), -180);
  // An edge along the line.
  const auto along = cut_polygon({path_of({170, 0, 180, 0, 180, 10, 170, 10})});
  EXPECT_EQ(along.size(), 1U);
  // A vertex on the line, the rest on both sides.
  const auto both = cut_polygon({path_of({170, 0, 180, -5, -170, 0, 180, 5})});
  EXPECT_EQ(both.size(), 2U);
  EXPECT_DOUBLE_EQ(area_of(both), 100);
}

TEST(Antimeridian, RingsAboutAPoleCloseOverIt) {
  const auto south = cut_polygon({path_of({0, -70, -90, -72, 180, -74, 90, -72})});
  ASSERT_EQ(south.size(), 1U);
  expect_within_world(south);
  EXPECT_TRUE(holds(south, 10, -89));
  EXPECT_TRUE(holds(south, -179.9, -80));
  EXPECT_FALSE(holds(south, 10, -60));
  const auto north = cut_polygon({path_of({10, 80, 130, 80, -110, 80})});
  ASSERT_EQ(north.size(), 1U);
  EXPECT_NEAR(area_of(north), 3600, 1e-9);
}

TEST(Antimeridian, TheWholeWorldStays) {
  const auto world = cut_polygon({path_of({-180, -90, 180, -90, 180, 90, -180, 90})});
  ASSERT_EQ(world.size(), 1U);
  EXPECT_DOUBLE_EQ(area_of(world), 360 * 180);
  EXPECT_FALSE(needs_cutting(path_of({-180, -90, 180, -90, 180, 90, -180, 90}), true));
  EXPECT_FALSE(needs_cutting(path_of({-179.99, -90, 179.99, -90, 179.99, -60, 0, -70, -179.99, -60}), true))
      << "an edge along a pole has no length";
  EXPECT_TRUE(needs_cutting(path_of({179.99, -60, -179.99, -60}), false));
}

TEST(Antimeridian, RandomStarsKeepAreaAndInside) {
  std::mt19937 random(20261123);
  std::uniform_real_distribution<double> unit(0, 1);
  for (int round = 0; round < 300; ++round) {
    const double cx = 150 + 60 * unit(random);
    const double cy = 60 * unit(random) - 30;
    const int n = 5 + int(20 * unit(random));
    Path truth;
    Path hole;
    for (int i = 0; i < n; ++i) {
      const double angle = 2 * M_PI * i / n;
      const double r = 10 + 25 * unit(random);
      truth.push(cx + r * std::cos(angle), cy + r * std::sin(angle));
      hole.push(cx + 4 * std::cos(angle), cy - 4 * std::sin(angle));
    }
    RingSet input{truth, hole};
    for (Path& ring : input)
      for (double& x : ring.x) x = wrapped_longitude(x);
    const auto pieces = cut_polygon(input);
    expect_within_world(pieces);
    EXPECT_NEAR(area_of(pieces), (doubled_area(truth) + doubled_area(hole)) / 2, 1e-8);
    for (int k = 0; k < 50; ++k) {
      const double px = cx + 70 * (unit(random) - 0.5);
      const double py = cy + 70 * (unit(random) - 0.5);
      EXPECT_EQ(holds(pieces, wrapped_longitude(px), py), holds(truth, px, py) && !holds(hole, px, py))
          << "round " << round;
    }
  }
}

TEST(Antimeridian, Lines) {
  const auto parts = cut_line(path_of({170, 0, -170, 10, 170, 20}));
  ASSERT_EQ(parts.size(), 3U);
  EXPECT_EQ(parts[0].x, (std::vector<double>{170, 180}));
  EXPECT_EQ(parts[0].y, (std::vector<double>{0, 5}));
  EXPECT_EQ(parts[1].x, (std::vector<double>{-180, -170, -180}));
  EXPECT_EQ(parts[2].x, (std::vector<double>{180, 170}));
  EXPECT_EQ(cut_line(path_of({170, 0, 180, 5})).size(), 1U);
  EXPECT_EQ(cut_line(path_of({180, 0, -170, 5})).size(), 1U);
  EXPECT_EQ(cut_line(path_of({180, 0, 170, 5})).front().x, (std::vector<double>{180, 170}));
  EXPECT_EQ(cut_line(path_of({-179, 0, 179, 2, -179, 4})).size(), 3U);
  // Twice round the world.
  EXPECT_EQ(cut_line(path_of({0, 0, 120, 0, -120, 0, 0, 0, 120, 0, -120, 0, 0, 0})).size(), 3U);
}

}  // namespace
}  // namespace yaan
