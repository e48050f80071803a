#include "yaan/analyse/bandwidth.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <random>

#include "yaan/core/parallel.hpp"

namespace yaan {
namespace {

struct Points {
  std::vector<double> x, y;
};

/// 300 points, three quarters of them in three discs of 900 m.
Points three_discs() {
  Points points;
  for (int j = 0; j < 300; ++j) {
    const double u = std::fmod(j * 0.7548776662466927, 1);
    const double v = std::fmod(j * 0.5698402909980532, 1);
    const double angle = 6.283185307179586 * u;
    const double radius = 900 * std::sqrt(v);
    constexpr std::array kMiddleX = {2500.0, 7000.0, 5200.0};
    constexpr std::array kMiddleY = {2200.0, 3100.0, 6000.0};
    const auto disc = static_cast<std::size_t>(j % 3);
    points.x.push_back(j % 4 != 0 ? kMiddleX[disc] + radius * std::cos(angle) : 10000 * u);
    points.y.push_back(j % 4 != 0 ? kMiddleY[disc] + radius * std::sin(angle) : 8000 * v);
  }
  return points;
}

Grid window(double cell) { return Grid::covering({0, 0, 10000, 8000}, cell, std::size_t{1} << 22, Crs::local()); }

/// Diggle's criterion straight from its definition, without bins or tables: all pairs, in a full rectangle.
double mean_square_error(const Points& points, double h) {
  const double area = 10000.0 * 8000.0;
  const auto n = static_cast<double>(points.x.size());
  double within = 0;
  double integral = 0;
  for (std::size_t i = 0; i < points.x.size(); ++i)
    for (std::size_t j = 0; j < points.x.size(); ++j) {
      if (i == j) continue;
      const double dx = std::abs(points.x[i] - points.x[j]);
      const double dy = std::abs(points.y[i] - points.y[j]);
      const double t = std::hypot(dx, dy);
      if (t > 2 * h) continue;
      const double step = area * area / (n * (n - 1)) / ((10000 - dx) * (8000 - dy));
      if (t <= h) within += step;
      const double u = t / (2 * h);
      integral += step * 2 * h * h * (std::acos(u) - u * std::sqrt(1 - u * u));
    }
  const double disc = std::numbers::pi * h * h;
  return (area / n - 2 * within) / disc + integral / (disc * disc);
}

TEST(Bandwidth, ScottAgreesWithSpatstat) {
  const Points points = three_discs();
  // bw.scott(isotropic = TRUE) of spatstat.explore 3.0-6.
  EXPECT_NEAR(scott_bandwidth(points.x, points.y, {}, Progress())->value / 779.183517872, 1, 1e-10);
  const std::vector<double> threes(points.x.size(), 3.0);
  EXPECT_NEAR(scott_bandwidth(points.x, points.y, threes, Progress())->value / 779.183517872, 1, 1e-10);
}

TEST(Bandwidth, DiggleFindsTheLeastErrorOfTheDefinition) {
  const Points points = three_discs();
  Progress progress;
  const auto found = diggle_bandwidth(points.x, points.y, window(100), progress);
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->at_end);
  double least = std::numeric_limits<double>::infinity();
  double best = 0;
  for (double h = 5; h < 1000; h += 3) {
    const double error = mean_square_error(points, h);
    if (error < least) {
      least = error;
      best = h;
    }
  }
  // The answer's own error is as small as the smallest, to the width of a bin.
  EXPECT_NEAR(mean_square_error(points, 2 * found->bandwidth.value) / least, 1, 2e-3) << best / 2;
  // bw.diggle(correction = "translate") of spatstat.explore 3.0-6 says 311.15 m in 512 steps, 313.63 m in 2,048.
  EXPECT_NEAR(found->bandwidth.value, 313.6, 3);
  // Cells that do not fit the window's edges exactly, and a coarse table of shared areas, change little.
  EXPECT_NEAR(diggle_bandwidth(points.x, points.y, window(10), progress)->bandwidth.value, found->bandwidth.value, 3);
}

TEST(Bandwidth, DependsNeitherOnOrderNorOnThreads) {
  std::mt19937 random(3);
  std::normal_distribution<double> scatter(0, 400);
  Points points;
  for (int i = 0; i < 30000; ++i) {  // more than the sample
    points.x.push_back(std::clamp(1500 + 1000 * (i % 8) + scatter(random), 1.0, 9999.0));
    points.y.push_back(std::clamp(1200 + 900 * (i % 7) + scatter(random), 1.0, 7999.0));
  }
  std::vector<std::size_t> order(points.x.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::shuffle(order.begin(), order.end(), random);
  Points shuffled;
  for (const std::size_t i : order) {
    shuffled.x.push_back(points.x[i]);
    shuffled.y.push_back(points.y[i]);
  }
  Progress progress;
  set_thread_count(1);
  const auto diggle = diggle_bandwidth(points.x, points.y, window(100), progress);
  const auto scott = scott_bandwidth(points.x, points.y, {}, Progress());
  set_thread_count(3);
  EXPECT_EQ(diggle_bandwidth(shuffled.x, shuffled.y, window(100), progress)->bandwidth, diggle->bandwidth);
  EXPECT_EQ(*scott_bandwidth(shuffled.x, shuffled.y, {}, Progress()), *scott);
  set_thread_count(0);
}

TEST(Bandwidth, FindsNothingWhereThereIsNothing) {
  Progress progress;
  const std::vector<double> spot(9, 1234.5);
  const std::vector<double> line{1, 2, 3, 4, 5, 6, 7, 8, 9};
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FALSE(scott_bandwidth({}, {}, {}, Progress()));
  EXPECT_FALSE(scott_bandwidth(spot, spot, {}, Progress()));
  EXPECT_FALSE(scott_bandwidth(line, spot, {}, Progress()));
  EXPECT_FALSE(scott_bandwidth(std::vector{nan}, std::vector{nan}, {}, Progress()));
  EXPECT_FALSE(diggle_bandwidth({}, {}, window(100), progress));
  EXPECT_FALSE(
      diggle_bandwidth(std::vector{1.0, 9000.0, 5000.0}, std::vector{1.0, 7000.0, 1.0}, window(100), progress));
  // All on one spot: the error falls without end towards 0.
  const auto stacked = diggle_bandwidth(spot, spot, window(100), progress);
  ASSERT_TRUE(stacked);
  EXPECT_TRUE(stacked->at_end);
}

}  // namespace
}  // namespace yaan
