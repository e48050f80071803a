#include "yaan/analyse/density_contours.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>

#include "analyse/density_plane.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/overlay.hpp"

namespace yaan {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

Grid grid_of(std::uint32_t columns, std::uint32_t rows, std::vector<double> values) {
  Grid grid = Grid::covering({0, 0, columns * 100.0, rows * 100.0}, 100, 1 << 20, Crs::local());
  if (!values.empty()) grid.values = std::move(values);
  return grid;
}

/// Rough values from few numbers, so that ties, plateaus and saddles are everywhere.
Grid rough(std::uint32_t columns, std::uint32_t rows, unsigned seed, bool holes) {
  Grid grid = grid_of(columns, rows, {});
  std::mt19937 random(seed);
  for (double& value : grid.values) value = static_cast<double>(random() % 5);
  if (holes)
    for (double& value : grid.values)
      if (random() % 6 == 0) value = kNan;
  return grid;
}

double total_area(const Geometry& polygons) {
  double sum = 0;
  for (std::size_t f = 0; f < polygons.size(); ++f) sum += area_km2(polygons, f);
  return sum * 1e6;
}

void expect_valid(const Geometry& polygons) {
  const Repair repair = make_valid(polygons);
  EXPECT_TRUE(repair.repaired.empty()) << repair.reasons.front();
  Geometry turned = polygons;
  EXPECT_EQ(orient_rings(turned), 0U);
}

TEST(AreaAbove, OutlinesOnePeakAsADiamond) {
  Grid grid = grid_of(5, 5, {});
  grid.at(2, 2) = 8;
  Progress progress;
  const Geometry area = area_above(grid, 4, progress);
  expect_valid(area);
  // Half way to each neighbour: a square on its corner with diagonals of one cell.
  EXPECT_NEAR(total_area(area), 100 * 100 / 2.0, 1e-6);
  EXPECT_EQ(locate(area, 0, 250, 250), Inside::inside);
  EXPECT_EQ(locate(area, 0, 250 + 51, 250), Inside::outside);
  EXPECT_NEAR(total_area(area_above(grid, 2, progress)), 2 * 75 * 75, 10);
  EXPECT_EQ(area_above(grid, 9, progress).feature_parts.back(), 0U);
}

TEST(AreaAbove, LeavesHolesAndJoinsSaddlesByTheirMean) {
  Progress progress;
  Grid ring = grid_of(5, 5, std::vector<double>(25, 10));
  ring.at(2, 2) = 0;
  const Geometry holed = area_above(ring, 5, progress);
  expect_valid(holed);
  EXPECT_EQ(holed.part_rings.back(), 2U);
  EXPECT_EQ(locate(holed, 0, 250, 250), Inside::outside);
  EXPECT_EQ(locate(holed, 0, 150, 250), Inside::inside);

  Grid saddle = grid_of(4, 4, std::vector<double>(16, 0));
  saddle.at(1, 1) = saddle.at(2, 2) = 10;
  EXPECT_EQ(area_above(saddle, 4.9, progress).feature_parts.back(), 1U);
  EXPECT_EQ(area_above(saddle, 5.1, progress).feature_parts.back(), 2U);
}

TEST(AreaAbove, IsValidAndNestedOnRoughGround) {
  Progress progress;
  for (unsigned seed = 0; seed < 40; ++seed) {
    SCOPED_TRACE(seed);
    const Grid grid = rough(24, 17, seed, seed % 2 == 1);
    Geometry lower;
    for (const double level : {0.5, 1.0, 1.5, 2.0, 3.0, 4.0}) {
      const Geometry area = area_above(grid, level, progress);
      expect_valid(area);
      for (std::size_t r = 0; r < grid.rows; ++r)
        for (std::size_t c = 0; c < grid.columns; ++c) {
          if (std::isnan(grid.at(c, r))) continue;
          EXPECT_EQ(locate(area, 0, grid.centre_x(c), grid.centre_y(r)),
                    grid.at(c, r) >= level ? Inside::inside : Inside::outside);
        }
      if (lower.size() == 1) {
        EXPECT_EQ(total_area(difference(area, lower)), 0);
        const Geometry band = difference(lower, area);
        expect_valid(band);
        EXPECT_NEAR(total_area(band), total_area(lower) - total_area(area), 1e-3);
      }
      lower = area;
    }
  }
}

TEST(AreaAbove, CoversTheCellsAtTheEdgeOfTheStudyArea) {
  Progress progress;
  Grid grid = grid_of(6, 4, std::vector<double>(24, 3));
  for (std::size_t r = 0; r < 4; ++r) grid.at(5, r) = kNan;
  const Geometry area = area_above(grid, 1, progress);
  expect_valid(area);
  for (const auto& [x, y] : {std::pair{0.1, 0.1}, {499.9, 399.9}, {0.1, 399.9}})
    EXPECT_EQ(locate(area, 0, x, y), Inside::inside);
}

TEST(HotAreas, AreTheFewestCellsThatHoldTheShare) {
  Progress progress;
  for (unsigned seed = 0; seed < 60; ++seed) {
    SCOPED_TRACE(seed);
    Grid grid = rough(19, 13, seed, seed % 3 == 0);
    std::mt19937 random(seed);
    if (seed % 2 == 0)  // without ties
      for (double& value : grid.values) value *= 1 + static_cast<double>(random() % 100000) * 1e-6;
    for (const double share : {0.05, 0.5, 0.9, 1.0}) {
      const HotAreas hot = hot_areas(grid, share, progress);
      // The definition: take cells from the densest on.
      std::vector<double> values;
      for (const double value : grid.values)
        if (value > 0) values.push_back(value);
      std::sort(values.rbegin(), values.rend());
      const double total = std::accumulate(values.begin(), values.end(), 0.0);
      double held = 0;
      std::size_t taken = 0;
      while (taken < values.size() && held < share * total * (1 - 1e-12)) held += values[taken++];
      EXPECT_EQ(hot.threshold, values[taken - 1]);
      EXPECT_GE(hot.total_share, share * (1 - 1e-9));
      EXPECT_EQ(hot.cells, static_cast<std::size_t>(std::count_if(values.begin(), values.end(),
                                                                  [&](double v) { return v >= hot.threshold; })));
      expect_valid(hot.polygons);
      EXPECT_NEAR(total_area(hot.polygons), static_cast<double>(hot.cells) * 1e4, 1e-3);
      EXPECT_TRUE(std::is_sorted(hot.mass_share.rbegin(), hot.mass_share.rend()));
      for (std::size_t i = 0; i < grid.size(); ++i) {
        const double x = grid.centre_x(i % grid.columns);
        const double y = grid.centre_y(i / grid.columns);
        std::size_t holders = 0;
        for (std::size_t f = 0; f < hot.polygons.size(); ++f)
          holders += locate(hot.polygons, f, x, y) == Inside::inside;
        EXPECT_EQ(holders, grid.values[i] >= hot.threshold ? 1U : 0U);
      }
      // The mass of each piece, counted by where the cells lie.
      for (std::size_t f = 0; f < hot.polygons.size(); ++f) {
        double mass = 0;
        for (std::size_t i = 0; i < grid.size(); ++i)
          if (!std::isnan(grid.values[i]) && locate(hot.polygons, f, grid.centre_x(i % grid.columns),
                                                    grid.centre_y(i / grid.columns)) == Inside::inside)
            mass += grid.values[i];
        EXPECT_NEAR(mass / total, hot.mass_share[f], 1e-12);
      }
    }
  }
}

// Seven cells about an eighth, open at a corner: the outline touches itself there, and must come as a hole.
TEST(HotAreas, CutRingsWhereTheyTouchThemselves) {
  Progress progress;
  const Grid grid = grid_of(5, 5, {0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0});
  const Geometry cells = cells_above(grid, 1, progress);
  expect_valid(cells);
  EXPECT_EQ(cells.feature_parts.back(), 1U);
  EXPECT_EQ(cells.part_rings.back(), 2U);
  EXPECT_NEAR(total_area(cells), 7e4, 1e-6);
  const Grid diagonal = grid_of(2, 2, {1, 0, 0, 1});
  const Geometry corners = cells_above(diagonal, 1, progress);
  expect_valid(corners);
  EXPECT_EQ(corners.feature_parts.back(), 2U);
}

TEST(HotAreas, FindNothingWithoutMass) {
  Progress progress;
  EXPECT_EQ(hot_areas(grid_of(3, 3, {}), 0.5, progress).polygons.size(), 0U);
  EXPECT_EQ(hot_areas(Grid{}, 0.5, progress).polygons.size(), 0U);
  EXPECT_EQ(area_above(Grid{}, 0.5, progress).size(), 1U);
  progress.cancel();
  EXPECT_THROW(hot_areas(grid_of(3, 3, {}), 0.5, progress), Cancelled);
  EXPECT_THROW(area_above(grid_of(3, 3, {}), 0.5, progress), Cancelled);
}

}  // namespace
}  // namespace yaan
