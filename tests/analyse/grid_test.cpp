// Grids of hexagons and squares: they cover, do not overlap, and keep their ids.
#include "yaan/analyse/grid.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <random>
#include <set>

#include "area_samples.hpp"
#include "yaan/core/error.hpp"

namespace yaan {
namespace {

Layer grid_of(const Layer& features, const GridOptions& options, const Layer* areas = nullptr) {
  Progress progress;
  Diagnostics diagnostics;
  return grid_cells(features, areas, options, diagnostics, progress);
}

Layer in_degrees_at(std::vector<std::pair<double, double>> places) {
  Layer layer = sites(places, std::vector<std::string>(places.size(), "craft"));
  layer.crs = Crs::wgs84();
  return layer;
}

GridOptions of_side(CellShape shape, double side) {
  GridOptions options;
  options.shape = shape;
  options.side = Metres{side};
  return options;
}

double area_of(const Geometry& shapes, std::size_t feature) {
  double sum = 0;
  for (auto part = shapes.feature_parts[feature]; part < shapes.feature_parts[feature + 1]; ++part)
    for (auto ring = shapes.part_rings[part]; ring < shapes.part_rings[part + 1]; ++ring)
      sum += ring_area(shapes.ring_x(ring), shapes.ring_y(ring));
  return sum;
}

TEST(Grid, SquaresOfAWorkedExample) {
  // A box from (100, 100) to (2900, 900) in cells of 1 km: three columns, one row.
  const Layer cells = grid_of(sites({{100, 100}, {2900, 900}}, {"a", "a"}), of_side(CellShape::square, 1000));
  EXPECT_EQ(texts(cells.column("cell_id")), (std::vector<std::string>{"e0n0", "e1n0", "e2n0"}));
  EXPECT_EQ(texts(cells.column("area_km2")), (std::vector<std::string>{"1", "1", "1"}));
  EXPECT_EQ(cells.geometry.bounds(), (Box{0, 0, 3000, 1000}));
  // Edges that the box only touches bring no cells.
  const Layer touching = grid_of(sites({{0, 0}, {1000, 1000}}, {"a", "a"}), of_side(CellShape::square, 1000));
  EXPECT_EQ(texts(touching.column("cell_id")), std::vector<std::string>{"e0n0"});
  const Layer west = grid_of(sites({{-500, -500}}, {"a"}), of_side(CellShape::square, 1000));
  EXPECT_EQ(texts(west.column("cell_id")), std::vector<std::string>{"w1s1"});
}

TEST(Grid, CellsOfOneAreaCoverTheBoxWithoutOverlap) {
  std::mt19937 random(1);
  std::uniform_real_distribution<double> x(-7000, 9000), y(-5000, 11000);
  std::vector<std::pair<double, double>> places;
  for (int i = 0; i < 2000; ++i) places.emplace_back(x(random), y(random));
  const Layer features = sites(places, std::vector<std::string>(places.size(), "a"));
  for (const CellShape shape : {CellShape::hexagon, CellShape::square}) {
    const Layer cells = grid_of(features, of_side(shape, 700));
    const double each = shape == CellShape::hexagon ? 1.5 * std::sqrt(3.0) * 0.49 : 0.49;
    std::set<std::string> ids;
    for (std::size_t c = 0; c < cells.size(); ++c) {
      EXPECT_NEAR(cells.column("area_km2").reals()[c] / each, 1, 1e-9);
      EXPECT_GT(area_of(cells.geometry, c), 0) << "counter-clockwise";
      EXPECT_TRUE(ids.insert(cells.column("cell_id").display(c)).second);
    }
    for (const auto& [px, py] : places) {
      int inside = 0, touching = 0;
      for (std::size_t c = 0; c < cells.size(); ++c) {
        const Inside where = locate(cells.geometry, c, px, py);
        inside += where == Inside::inside;
        touching += where != Inside::outside;
      }
      EXPECT_LE(inside, 1);
      EXPECT_GE(touching, 1);
    }
  }
}

// Of the inner hexagons each has six neighbours that share two of its very corners.
TEST(Grid, NeighboursShareTheVeryCorners) {
  const Layer cells = grid_of(in_degrees_at({{100, 13}, {101, 14}}), of_side(CellShape::hexagon, 5000));
  std::map<std::pair<double, double>, int> corners;
  for (std::size_t ring = 0; ring + 1 < cells.geometry.ring_vertices.size(); ++ring)
    for (std::size_t i = 0; i < 6; ++i) ++corners[{cells.geometry.ring_x(ring)[i], cells.geometry.ring_y(ring)[i]}];
  std::map<int, int> shared;
  for (const auto& [corner, cells_there] : corners) ++shared[cells_there];
  EXPECT_GT(shared[3], shared[1]);
  EXPECT_EQ(shared.rbegin()->first, 3) << "three hexagons meet at a corner";
}

TEST(Grid, HasEqualAreasOnTheEllipsoid) {
  GridOptions options;
  options.cell_area = 100;
  const Layer cells = grid_of(in_degrees_at({{97.5, 5.5}, {105.5, 20.5}}), options);
  ASSERT_GT(cells.size(), 5000U);
  for (const double km2 : cells.column("area_km2").reals()) EXPECT_NEAR(km2, 100, 0.02);
}

TEST(Grid, KeepsIdsWhenFeaturesComeAndGoAndMove) {
  std::vector<std::pair<double, double>> places = {{98.9, 18.7}, {99.1, 18.9}, {99.0, 18.6}};
  const Layer before = grid_of(in_degrees_at(places), of_side(CellShape::hexagon, 3000));
  std::rotate(places.begin(), places.begin() + 1, places.end());
  const Layer rotated = grid_of(in_degrees_at(places), of_side(CellShape::hexagon, 3000));
  EXPECT_EQ(rotated.geometry.x, before.geometry.x);
  places.emplace_back(99.15, 18.95);
  const Layer after = grid_of(in_degrees_at(places), of_side(CellShape::hexagon, 3000));
  std::map<std::string, std::size_t> row;
  for (std::size_t c = 0; c < after.size(); ++c) row[after.column("cell_id").display(c)] = c;
  for (std::size_t c = 0; c < before.size(); ++c) {
    const auto at = row.find(before.column("cell_id").display(c));
    ASSERT_NE(at, row.end());
    EXPECT_EQ(after.geometry.bounds(at->second), before.geometry.bounds(c));
  }
  EXPECT_GT(after.size(), before.size());
}

TEST(Grid, IsClippedToAreasOrKeptWhole) {
  const Layer areas = squares({"A"}, {{500, 500}}, 2000);
  const Layer features = sites({{0, 0}, {5000, 5000}}, {"a", "a"});
  GridOptions options = of_side(CellShape::square, 1000);
  const Layer cut = grid_of(features, options, &areas);
  double km2 = 0;
  for (std::size_t c = 0; c < cut.size(); ++c) {
    km2 += cut.column("area_km2").reals()[c];
    EXPECT_NEAR(cut.column("area_km2").reals()[c], cut.column("cell_share").reals()[c], 1e-9);
  }
  EXPECT_EQ(cut.size(), 9U);
  EXPECT_NEAR(km2, 4, 1e-9);
  options.edge = CellEdge::whole;
  const Layer whole = grid_of(features, options, &areas);
  EXPECT_EQ(whole.size(), 9U);
  for (std::size_t c = 0; c < whole.size(); ++c) EXPECT_EQ(whole.column("area_km2").reals()[c], 1);
  EXPECT_EQ(texts(whole.column("cell_share")), texts(cut.column("cell_share")));
  Diagnostics diagnostics;
  Progress progress;
  const Layer far = squares({"A"}, {{50000, 500}}, 2000);
  EXPECT_EQ(grid_cells(features, &far, options, diagnostics, progress).size(), 0U);
  EXPECT_EQ(diagnostics.count("no-cells"), 1);
}

TEST(Grid, ReachesAcrossThe180thMeridian) {
  const Layer cells = grid_of(in_degrees_at({{179.5, -17}, {-179.5, -16}}), of_side(CellShape::hexagon, 10000));
  EXPECT_LT(cells.geometry.bounds().width(), 200000);
  for (const double km2 : cells.column("area_km2").reals()) EXPECT_NEAR(km2, 259.8, 0.1);
}

TEST(Grid, DoesNotTellWhereHiddenSitesEnd) {
  Layer points = sites({{100, 100}, {1900, 900}, {90000, 90000}}, {"a", "a", "a"});
  Column level("publication", ColumnType::text);
  for (const char* word : {"open", "open", "hidden"}) level.push(word);
  points.set(level);
  points.roles.publication = "publication";
  EXPECT_EQ(grid_of(points, of_side(CellShape::square, 1000)).size(), 2U);
}

TEST(Grid, ChoosesARoundSide) {
  const Layer cells = grid_of(sites({{0, 0}, {100000, 100000}}, {"a", "a"}), {});
  // 1e10 m2 / 400 by 2.598 m2 gives 3102 m: 2 km.
  EXPECT_NEAR(cells.column("area_km2").reals()[0], 1.5 * std::sqrt(3.0) * 4, 1e-9);
  EXPECT_GE(grid_of(sites({{5, 5}}, {"a"}), {}).size(), 1U) << "one point";
}

TEST(Grid, RefusesWhatHasNoSizeOrNoEnd) {
  const Layer points = sites({{0, 0}, {1e6, 1e6}}, {"a", "a"});
  GridOptions both = of_side(CellShape::square, 1000);
  both.cell_area = 5;
  EXPECT_THROW(grid_of(points, both), UsageError);
  EXPECT_THROW(grid_of(points, of_side(CellShape::square, 0.5)), UsageError);
  EXPECT_THROW(grid_of(points, of_side(CellShape::hexagon, -1)), UsageError);
  EXPECT_THROW(grid_of(points, of_side(CellShape::hexagon, std::nan(""))), UsageError);
  GridOptions bare;
  bare.side = Length::bare(5);
  EXPECT_THROW(grid_of(in_degrees_at({{100, 13}}), bare), UsageError);
  Layer unknown = points;
  unknown.crs = Crs();
  EXPECT_THROW(grid_of(unknown, {}), UsageError);
  Layer table;
  table.geometry.rows = 2;
  EXPECT_THROW(grid_of(table, {}), UsageError);
  Diagnostics diagnostics;
  Progress progress;
  EXPECT_EQ(grid_cells(sites({}, {}), nullptr, {}, diagnostics, progress).size(), 0U);
  EXPECT_EQ(diagnostics.count("no-extent"), 1);
}

}  // namespace
}  // namespace yaan
