#include "district/density_outline.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace yaan {
namespace {

double quartic_sum(const std::vector<double>& x, const std::vector<double>& y, double px, double py, double b) {
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double rest = 1 - (std::pow(x[i] - px, 2) + std::pow(y[i] - py, 2)) / (b * b);
    if (rest > 0) sum += rest * rest;
  }
  return sum;
}

TEST(DensityContour, LiesAtTheLevelOfItsWeakestMember) {
  std::mt19937 random(2);
  std::normal_distribution<double> scatter(0, 400);
  std::vector<double> x;
  std::vector<double> y;
  for (int i = 0; i < 60; ++i) {
    x.push_back(scatter(random));
    y.push_back(scatter(random));
  }
  for (const double share : {1.0, 0.7, 0.25}) {
    const DensityContour contour = density_contour(x, y, 500, share);
    std::vector<double> exact;
    int held = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      exact.push_back(quartic_sum(x, y, x[i], y[i], 500));
      held += locate(contour.polygons, 0, x[i], y[i]) != Inside::outside;
    }
    std::sort(exact.rbegin(), exact.rend());
    const auto wanted = static_cast<std::size_t>(std::ceil(share * 60));
    EXPECT_NEAR(contour.level, exact[wanted - 1], 0.03 * exact[wanted - 1]);
    EXPECT_EQ(held, wanted);
    for (std::size_t v = 0; v < contour.polygons.x.size(); ++v)
      EXPECT_NEAR(quartic_sum(x, y, contour.polygons.x[v], contour.polygons.y[v], 500), contour.level,
                  0.03 * contour.level + 0.03);
    EXPECT_TRUE(make_valid(contour.polygons).repaired.empty());
  }
}

TEST(DensityContour, HasHolesAndPartsWhereTheGroundIsEmpty) {
  std::vector<double> x;
  std::vector<double> y;
  for (int i = 0; i < 100; ++i) {  // a ring of members, and one knot far off
    x.push_back(2000 * std::cos(i * std::acos(-1.0) / 50));
    y.push_back(2000 * std::sin(i * std::acos(-1.0) / 50));
  }
  for (int i = 0; i < 8; ++i) {
    x.push_back(6000 + 40 * (i % 3));
    y.push_back(30 * (i / 3));
  }
  x.push_back(1750);  // the weakest member: without it the ring would break where it is thinnest by a hair
  y.push_back(0);
  const DensityContour contour = density_contour(x, y, 500, 1);
  EXPECT_EQ(contour.polygons.part_rings.size() - 1, 2U);
  EXPECT_EQ(contour.polygons.ring_vertices.size() - 1, 3U);
  EXPECT_EQ(locate(contour.polygons, 0, 0, 0), Inside::outside);
  EXPECT_TRUE(make_valid(contour.polygons).repaired.empty());
}

TEST(DensityContour, WithoutAreaIsEmpty) {
  EXPECT_TRUE(density_contour(std::vector<double>{5, 5}, std::vector<double>{7, 7}, 500, 1).polygons.x.empty());
  EXPECT_TRUE(density_contour(std::vector<double>{0, 1e7}, std::vector<double>{0, 1e7}, 500, 1).polygons.x.empty());
}

}  // namespace
}  // namespace yaan
