#include "yaan/analyse/nearest.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <tuple>

#include "analyse/point_samples.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/geodesy.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {
namespace {

using samples::Points;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

double distance(const Points& a, std::size_t i, const Points& b, std::size_t j) {
  const double dx = a.first[i] - b.first[j], dy = a.second[i] - b.second[j];
  return std::sqrt(dx * dx + dy * dy);
}

NearestPoints nearest_of(const Points& points, std::int64_t count, const Crs& crs = Crs::local()) {
  Progress progress;
  return nearest_points(points.first, points.second, crs, count, progress);
}

TEST(NearestPoints, AreThoseOfTheDefinition) {
  for (unsigned seed = 1; seed <= 3; ++seed)
    for (const auto& [name, points] : samples::planar(seed, 300))
      for (const std::uint32_t count : {1U, 5U, 16U, 17U, 40U, 400U}) {
        const NearestPoints nearest = nearest_of(points, count);
        for (std::size_t i = 0; i < points.first.size(); ++i) {
          std::vector<double> all;
          for (std::size_t j = 0; j < points.first.size(); ++j)
            if (j != i) all.push_back(distance(points, i, points, j));
          std::sort(all.begin(), all.end());
          all.resize(count, kInfinity);
          for (std::size_t k = 0; k < count; ++k) {
            ASSERT_EQ(nearest.distance[i * count + k], all[k]) << name << i;
            const std::uint32_t row = nearest.row[i * count + k];
            ASSERT_EQ(row == kNoNeighbour, all[k] == kInfinity);
            if (row == kNoNeighbour) continue;
            ASSERT_NE(row, i);
            ASSERT_EQ(distance(points, i, points, row), all[k]) << name << i;
            for (std::size_t before = 0; before < k; ++before) ASSERT_NE(nearest.row[i * count + before], row);
          }
        }
      }
}

TEST(NearestPoints, AreTheSameForAnyOrderAndThreads) {
  for (const auto& [name, points] : samples::planar(9, 900)) {
    set_thread_count(1);
    const NearestPoints one = nearest_of(points, 6);
    set_thread_count(8);
    EXPECT_EQ(nearest_of(points, 6).row, one.row) << name;
    set_thread_count(0);
  }
}

TEST(NearestPoints, AreMeasuredOnTheGroundAcrossTheAntimeridian) {
  const Points points{{179.999, -179.999, 0, 90}, {10, 10, 90, 90}};
  const NearestPoints nearest = nearest_of(points, 1, Crs::wgs84());
  EXPECT_EQ(nearest.row, (std::vector<std::uint32_t>{1, 0, 3, 2}));
  EXPECT_NEAR(nearest.distance[0], geodesic_distance(179.999, 10, -179.999, 10).value, 1e-3);
  EXPECT_EQ(nearest.distance[2], 0);
}

TEST(NearestPoints, TakeUnusablePointsAndRefuseNonsense) {
  const double nan = std::nan("");
  const NearestPoints nearest = nearest_of({{0, nan, 3}, {0, 0, 4}}, 2);
  EXPECT_EQ(nearest.row[0], 2U);
  EXPECT_EQ(nearest.distance[0], 5);
  EXPECT_EQ(nearest.row[2], kNoNeighbour);
  EXPECT_THROW(nearest_of({{1}, {1}}, 0), UsageError);
  EXPECT_THROW(nearest_of({{1}, {1}}, 1, Crs()), UsageError);
  EXPECT_TRUE(nearest_of({}, 3).row.empty());
}

TEST(PairsWithin, AreAllOfThem) {
  for (const auto& [name, points] : samples::planar(4, 200))
    for (const double limit : {1e-3, 10.0, std::sqrt(200.0), 75.0}) {
      Progress progress;
      const auto pairs = pairs_within(points.first, points.second, Crs::local(), Metres{limit}, progress);
      std::vector<PointPair> expected;
      for (std::uint32_t a = 0; a < points.first.size(); ++a)
        for (std::uint32_t b = a + 1; b < points.first.size(); ++b) {
          const double dx = points.first[a] - points.first[b], dy = points.second[a] - points.second[b];
          if (dx * dx + dy * dy <= limit * limit) expected.push_back({a, b, distance(points, a, points, b)});
        }
      EXPECT_EQ(pairs, expected) << name << " " << limit;
    }
  Progress progress;
  const Points stack{std::vector<double>(100, 1.0), std::vector<double>(100, 1.0)};
  EXPECT_THROW(pairs_within(stack.first, stack.second, Crs::local(), Metres{1}, progress, 4949), InputError);
  EXPECT_EQ(pairs_within(stack.first, stack.second, Crs::local(), Metres{1}, progress, 4950).size(), 4950U);
}

TEST(PairsWithin, AreMeasuredOnTheGround) {
  const Points points{{179.9995, -179.9995, 100, 100.0005}, {10, 10, 13, 13}};
  Progress progress;
  const auto pairs = pairs_within(points.first, points.second, Crs::wgs84(), Metres{100}, progress);
  ASSERT_EQ(pairs.size(), 1U);
  EXPECT_EQ(pairs[0].a, 2U);
  EXPECT_NEAR(pairs[0].distance, geodesic_distance(100, 13, 100.0005, 13).value, 1e-3);
  EXPECT_EQ(pairs_within(points.first, points.second, Crs::wgs84(), Metres{120}, progress).size(), 2U);
}

TEST(NearestJoin, FindsTheNearestOfAnotherLayer) {
  for (unsigned seed = 1; seed <= 2; ++seed) {
    const auto sets = samples::planar(seed, 220);
    for (const auto& [name, from] : sets)
      for (const auto& [other, to] : sets) {
        Progress progress;
        const auto joined =
            nearest_join(from.first, from.second, to.first, to.second, Crs::local(), Metres{40}, progress);
        for (std::size_t i = 0; i < from.first.size(); ++i) {
          std::tuple<double, double, double, std::uint32_t> best{kInfinity, 0, 0, kNoNeighbour};
          for (std::uint32_t j = 0; j < to.first.size(); ++j) {
            const double dx = to.first[j] - from.first[i], dy = to.second[j] - from.second[i];
            if (dx * dx + dy * dy <= 1600)
              best = std::min(best, std::tuple(dx * dx + dy * dy, to.first[j], to.second[j], j));
          }
          ASSERT_EQ(joined[i].row, std::get<3>(best)) << name << " to " << other << i;
          ASSERT_EQ(joined[i].distance, std::sqrt(std::get<0>(best))) << name << " to " << other << i;
        }
      }
  }
}

Layer layer_of(const Points& points, const char* prefix) {
  Layer layer;
  layer.name = prefix;
  layer.crs = Crs::local();
  layer.geometry = Geometry::points(points.first, points.second);
  Column id("id", ColumnType::text);
  for (std::size_t i = 0; i < points.first.size(); ++i) id.push(std::string_view(prefix + std::to_string(i)));
  layer.set(std::move(id));
  layer.roles.id = "id";
  return layer;
}

TEST(NearestMethod, JoinsLayersOrTheLayerToItself) {
  const Layer sites = layer_of({{0, 10, 11}, {0, 0, 0}}, "s");
  const Layer stations = layer_of({{0, 9}, {3, 0}}, "t");
  MethodInputs inputs;
  inputs.layers["points"] = &sites;
  Progress progress;
  const MethodResult itself = nearest_method().run(inputs, nearest_method().default_options(), progress);
  EXPECT_EQ(itself.columns[0].display(0), "s1");
  EXPECT_EQ(itself.columns[0].display(1), "s2");
  EXPECT_EQ(itself.columns[1].reals()[2], 1);
  inputs.layers["to"] = &stations;
  const MethodResult joined = nearest_method().run(inputs, nearest_method().default_options(), progress);
  EXPECT_EQ(joined.columns[0].display(0), "t0");
  EXPECT_EQ(joined.columns[0].display(2), "t1");
  EXPECT_EQ(joined.columns[1].reals()[0], 3);
}

TEST(NearestMethod, GivesPointsOnOneSpotEachOther) {
  for (const auto& [name, points] : samples::planar(5, 240)) {
    const Layer layer = layer_of(points, "p");
    MethodInputs inputs;
    inputs.layers["points"] = &layer;
    Progress progress;
    const MethodResult itself = nearest_method().run(inputs, nearest_method().default_options(), progress);
    for (std::size_t i = 0; i < layer.size(); ++i) {
      std::tuple<double, double, double, std::size_t> best{kInfinity, 0, 0, 0};
      for (std::size_t j = 0; j < layer.size(); ++j)
        if (j != i)
          best = std::min(best, std::tuple(distance(points, i, points, j), points.first[j], points.second[j], j));
      const bool near = std::get<0>(best) <= 10000;
      ASSERT_EQ(itself.columns[0].display(i), near ? "p" + std::to_string(std::get<3>(best)) : "") << name << i;
      if (near) {
        ASSERT_EQ(itself.columns[1].reals()[i], std::get<0>(best)) << name << i;
      }
    }
  }
}

TEST(NearestMethod, TellsNoDistanceToWhatMayNotBeShown) {
  Layer sites = layer_of({{0, 10, 11, 40}, {0, 0, 0, 0}}, "s");
  Column level("publication", ColumnType::text);
  for (const char* text : {"open", "hidden", "coarsened", ""}) level.push(std::string_view(text));
  sites.set(std::move(level));
  sites.roles.publication = "publication";
  MethodInputs inputs;
  inputs.layers["points"] = &sites;
  Progress progress;
  const MethodResult itself = nearest_method().run(inputs, nearest_method().default_options(), progress);
  EXPECT_EQ(itself.columns[0].display(0), "s3");
  EXPECT_TRUE(itself.columns[0].is_null(1));
  EXPECT_TRUE(itself.columns[0].is_null(2));
  EXPECT_EQ(itself.columns[1].reals()[3], 40);
  EXPECT_EQ(itself.diagnostics.count("not-open-left-out"), 2);
  EXPECT_EQ(itself.diagnostics.count("unusable-position"), 0);
}

}  // namespace
}  // namespace yaan
