// Overlays of polygons whose edges nearly coincide.
#include <gtest/gtest.h>

#include <random>

#include "yaan/core/overlay.hpp"
#include "yaan/core/polygon_index.hpp"
#include "yaan/core/voronoi.hpp"

namespace yaan {
namespace {

void add(Geometry& polygons, const std::vector<double>& x, const std::vector<double>& y) {
  polygons.add_ring(x, y);
  polygons.end_part();
  polygons.end_feature();
}

double area_of(const Geometry& polygons) {
  double area = 0;
  for (std::size_t r = 0; r + 1 < polygons.ring_vertices.size(); ++r)
    area += ring_area(polygons.ring_x(r), polygons.ring_y(r));
  return area;
}

Geometry only(const Geometry& polygons, std::uint32_t f) { return polygons.select({f}); }

// Polygons cut by one line, each by its own rounding: what lies on its two sides must add up.
TEST(Overlay, AddsUpAlongALineSharedToRounding) {
  std::mt19937 random(3);
  std::uniform_real_distribution<double> place(0, 3000);
  for (int round = 0; round < 3000; ++round) {
    const double ax = place(random);
    const double ay = place(random);
    const double bx = place(random);
    const double by = place(random);
    const auto at = [&](double t, double off) {
      return std::pair(ax + t * (bx - ax) - off * (by - ay), ay + t * (by - ay) + off * (bx - ax));
    };
    // One polygon to the left of the line, one to the right of it, whose edges along it overlap in part.
    Geometry sides = Geometry::empty(GeometryKind::polygon);
    const auto add_side = [&](double from, double to, double off) {
      std::vector<std::pair<double, double>> ring = {at(from, 0), at(to, 0), at((from + to) / 2, off)};
      if (off < 0) std::swap(ring[0], ring[1]);
      ring.push_back(ring[0]);
      std::vector<double> x;
      std::vector<double> y;
      for (const auto& [px, py] : ring) {
        x.push_back(px);
        y.push_back(py);
      }
      add(sides, x, y);
    };
    std::uniform_real_distribution<double> share(0, 1);
    const double from = share(random);
    add_side(0, 1, 0.1 + share(random));
    add_side(from * 0.5, from * 0.5 + 0.4 * share(random) + 0.05, -0.1 - share(random));
    const double a = area_of(only(sides, 0));
    const double b = area_of(only(sides, 1));
    const double near = 1e-7;  // square metres
    EXPECT_NEAR(area_of(united(sides)), a + b, near * 10);
    EXPECT_NEAR(area_of(intersection(only(sides, 0), only(sides, 1))), 0, near);
    EXPECT_NEAR(area_of(difference(only(sides, 1), only(sides, 0))), b, near * 10);
  }
}

// A pair that GEOS 3.11.1 gets wrong with floating precision.
TEST(Overlay, KeepsAPolygonBesideAnother) {
  Geometry pair = Geometry::empty(GeometryKind::polygon);
  add(pair, {2852.6521150275412, 2881.0328806058228, 2953.3915667235578, 3025.6897298335061, 3090.2034131625387,
             3172.1931108806511, 3043.8976455580205, 3026.8086718186864, 3106.7218951728469, 3180.6131873184554,
             2943.4585648368038, 3012.1489376058271, 2998.3941240545,    2935.0365056828355, 2870.3660038708231,
             2851.2816672191698, 2851.1974652636977, 2851.2940940312924, 2851.5706798447845, 2852.0247219301646,
             2852.6521150275412},
      {1213.4544347224246, 1143.1672652380812, 1140.1751160036893, 1225.1739170005176, 1102.7895510214587,
       1228.7456888433283, 1274.5238990603646, 1327.586506123962,  1370.0233631425685, 1397.0030896563569,
       1644.4305282068372, 1572.7646976635929, 1508.7479364151436, 1420.8364660852512, 1429.9647687749843,
       1222.7771507653363, 1220.8772708114909, 1218.9779823421948, 1217.0964579346723, 1215.249709550882,
       1213.4544347224246});
  add(pair,
      {3008.8977689829348, 2968.7618435692766, 2964.5698862308127, 2988.9836451117021, 2990.3740634474439,
       2991.8948035522076, 2993.5311279704583, 2995.2671791218772, 2997.086132976789, 2998.9703620974269,
       3000.9016064650023, 3002.8611504371097, 3004.8300041205584, 3006.7890874019731, 3008.7194148527064,
       3008.8977689829348},
      {1576.1566970108549, 1618.0311884925586, 1609.0969773570091, 1582.0832178452881, 1580.6892568821143,
       1579.4387610408646, 1578.3438488464601, 1577.4151310664663, 1576.6616078824036, 1576.0905816692041,
       1575.7075862280742, 1575.5163331585611, 1575.5186758895306, 1575.7145917176338, 1576.102182027324,
       1576.1566970108549});
  const double first = area_of(only(pair, 0));
  const double second = area_of(only(pair, 1));
  EXPECT_NEAR(area_of(united(pair)), first + second, 1e-6);
  EXPECT_NEAR(area_of(difference(only(pair, 1), only(pair, 0))), second, 1e-6);
  EXPECT_NEAR(area_of(intersection(only(pair, 1), only(pair, 0))), 0, 1e-6);
}

TEST(PolygonIndex, KnowsWhatItCovers) {
  Geometry squares = Geometry::empty(GeometryKind::polygon);
  add(squares, {0, 10, 10, 0, 0}, {0, 0, 10, 10, 0});
  add(squares, {10, 20, 20, 10, 10}, {0, 0, 10, 10, 0});
  add(squares, {40, 50, 50, 40, 40}, {0, 0, 10, 10, 0});
  const PolygonIndex index(squares);
  EXPECT_TRUE(index.covers(10, 5) && index.covers(0, 0) && !index.covers(30, 5));
  Geometry shapes = Geometry::empty(GeometryKind::polygon);
  add(shapes, {8, 12, 12, 8, 8}, {4, 4, 6, 6, 4});
  add(shapes, {15, 45, 45, 15, 15}, {4, 4, 6, 6, 4});
  add(shapes, {25, 35, 35, 25, 25}, {4, 4, 6, 6, 4});
  bool unchanged = false;
  EXPECT_EQ(index.clipped(shapes, 0, 0, unchanged).x, only(shapes, 0).x);
  EXPECT_TRUE(unchanged) << "the border between two squares does not show";
  const Geometry cut = index.clipped(shapes, 1, 0, unchanged);
  EXPECT_FALSE(unchanged);
  EXPECT_NEAR(area_of(cut), 20, 1e-9);
  EXPECT_EQ(cut.part_rings.size(), 3U);
  EXPECT_TRUE(index.clipped(shapes, 2, 0, unchanged).x.empty());
  EXPECT_FALSE(unchanged);
  EXPECT_NEAR(area_of(index.clipped(shapes, 2, 10, unchanged)), 10, 1e-9) << "shifted";
}

TEST(PolygonIndex, WithoutEarlierAndMeetingBoxes) {
  Geometry shapes = Geometry::empty(GeometryKind::polygon);
  add(shapes, {0, 4, 4, 0, 0}, {0, 0, 4, 4, 0});
  shapes.end_feature();
  add(shapes, {2, 6, 6, 2, 2}, {2, 2, 6, 6, 2});
  add(shapes, {1, 3, 3, 1, 1}, {1, 1, 3, 3, 1});
  add(shapes, {6, 9, 9, 6, 6}, {0, 0, 9, 9, 0});
  using Pairs = std::vector<std::pair<std::uint32_t, std::uint32_t>>;
  EXPECT_EQ(meeting_boxes(shapes), (Pairs{{0, 2}, {0, 3}, {2, 3}, {2, 4}}));
  std::vector<std::uint8_t> changed;
  const Progress progress;
  const Geometry cut = without_earlier(shapes, changed, progress);
  EXPECT_EQ(changed, (std::vector<std::uint8_t>{0, 0, 1, 1, 0}));
  EXPECT_EQ(area_of(only(cut, 2)), 12);
  EXPECT_TRUE(cut.bounds(3).empty()) << "the first holds all of it";
  EXPECT_EQ(area_of(only(cut, 4)), 27) << "touching takes nothing";
}

TEST(Voronoi, HalfTheBoxForOneOfTwo) {
  const std::vector<double> x = {0, 10, 10};
  const std::vector<double> y = {0, 0, 0};
  EXPECT_NEAR(area_of(voronoi_region(x, y, std::vector<std::uint8_t>{1, 0, 0}, 5)), 100, 1e-9);
  EXPECT_NEAR(area_of(voronoi_region(x, y, std::vector<std::uint8_t>{0, 1, 0}, 5)), 100, 1e-9);
  EXPECT_TRUE(voronoi_region(x, y, std::vector<std::uint8_t>{0, 0, 1}, 5).x.empty()) << "the first owns the spot";
  EXPECT_NEAR(area_of(voronoi_region(x, y, std::vector<std::uint8_t>{1, 1, 1}, 5)), 200, 1e-9);
}

TEST(Voronoi, CellsOfLinesLatticesAndStacksCoverTheBox) {
  std::mt19937 random(9);
  for (const int kind : {0, 1, 2, 3}) {
    std::vector<double> x;
    std::vector<double> y;
    for (int i = 0; i < 400; ++i) {
      const double u = static_cast<double>(random() % 100000) / 100;
      const double v = static_cast<double>(random() % 100000) / 100;
      x.push_back(kind == 0 ? u : kind == 1 ? i % 20 : kind == 2 ? u : u / 1e5);
      y.push_back(kind == 0 ? v : kind == 1 ? i / 20 : kind == 2 ? 2 * u : v / 1e5);
    }
    double sum = 0;
    Geometry all = Geometry::empty(GeometryKind::polygon);
    for (int part = 0; part < 4; ++part) {
      std::vector<std::uint8_t> mine(x.size());
      for (std::size_t i = 0; i < x.size(); ++i) mine[i] = i % 4 == static_cast<std::size_t>(part) ? 1 : 0;
      const Geometry region = voronoi_region(x, y, mine, 50);
      EXPECT_TRUE(make_valid(region).repaired.empty());
      sum += area_of(region);
    }
    const double whole = area_of(voronoi_region(x, y, std::vector<std::uint8_t>(x.size(), 1), 50));
    EXPECT_NEAR(sum, whole, 1e-5) << kind;
  }
}

}  // namespace
}  // namespace yaan
