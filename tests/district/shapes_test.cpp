// Outlines of districts: valid, around their members, inside the boundary, without overlaps where asked for.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "district/shape_samples.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/overlay.hpp"
#include "yaan/core/parallel.hpp"
#include "yaan/district/districts.hpp"

namespace yaan {
namespace {

using namespace samples;

TEST(Shapes, AreValidAndHoldTheirMembers) {
  for (const bool lattice : {false, true})
    for (unsigned seed = 1; seed <= 6; ++seed) {
      const Layer points = knots(seed, 12, lattice);
      for (const OutlineMethod outline : kAll) {
        SCOPED_TRACE(testing::Message() << "seed " << seed << ", method " << static_cast<int>(outline));
        Progress progress;
        const MethodResult result = find_districts(points, drawn_by(outline), progress);
        const Geometry& drawn = result.layers.at(0).geometry;
        EXPECT_TRUE(make_valid(drawn).repaired.empty());
        for (std::size_t row = 0; row < points.size(); ++row) {
          if (result.columns[1].is_null(row)) continue;
          const auto d = static_cast<std::size_t>(result.columns[1].integers()[row] - 1);
          bool held = locate(drawn, d, points.geometry.x[row], points.geometry.y[row]) != Inside::outside;
          // Of sites on one spot one district owns it.
          for (std::size_t e = 0; lattice && e < d; ++e)
            held = held || locate(drawn, e, points.geometry.x[row], points.geometry.y[row]) != Inside::outside;
          EXPECT_TRUE(held) << "district " << d + 1;
        }
      }
    }
}

TEST(Shapes, OverlapsGoToTheHigherRankAndNoGroundIsLost) {
  for (const OutlineMethod outline : kAll) {
    SCOPED_TRACE(static_cast<int>(outline));
    const Layer points = knots(3, 16);
    DistrictOptions options = drawn_by(outline);
    Progress progress;
    const Geometry kept = find_districts(points, options, progress).layers.at(0).geometry;
    options.overlap = Overlap::lower_rank_yields;
    const MethodResult result = find_districts(points, options, progress);
    const Geometry& resolved = result.layers.at(0).geometry;
    if (outline != OutlineMethod::voronoi) {
      EXPECT_GT(worst_overlap(kept), 1000);
    }
    EXPECT_LT(worst_overlap(resolved), 1e-6);
    EXPECT_TRUE(make_valid(resolved).repaired.empty());
    EXPECT_NEAR(area_of(united(resolved)), area_of(united(kept)), 1e-3);
    EXPECT_EQ(feature(resolved, 0).x, feature(kept, 0).x) << "the first yields to nobody";
    const Layer& table = result.layers.at(0);
    for (std::size_t d = 0; d < table.size(); ++d) {
      EXPECT_NEAR(table.column("area_km2").reals()[d] * 1e6, area_of(feature(resolved, d)), 1e-3);
      // A district has lost what those of higher rank had drawn, and nothing else.
      Geometry higher = Geometry::empty(GeometryKind::polygon);
      std::vector<std::uint32_t> numbers(d);
      for (std::size_t e = 0; e < d; ++e) numbers[e] = static_cast<std::uint32_t>(e);
      const double expected = area_of(feature(kept, d)) -
                              (d == 0 ? 0 : area_of(intersection(feature(kept, d), united(kept.select(numbers)))));
      EXPECT_NEAR(area_of(feature(resolved, d)), expected, 1e-3);
    }
  }
}

TEST(Shapes, OverlapsGoToTheNearestMember) {
  for (const bool geographic : {false, true})
    for (const OutlineMethod outline : {OutlineMethod::concave, OutlineMethod::buffer, OutlineMethod::convex}) {
      SCOPED_TRACE(static_cast<int>(outline));
      Layer points = knots(3, 25);
      const Geometry metres = points.geometry;
      const double east = 55800;  // metres in a degree at 60 north
      const double north = 111400;
      if (geographic) {
        for (std::size_t i = 0; i < points.size(); ++i) {
          const double lon = 179.98 + points.geometry.x[i] / east;
          points.geometry.x[i] = lon > 180 ? lon - 360 : lon;
          points.geometry.y[i] = 60 + points.geometry.y[i] / north;
        }
        points.crs = Crs::wgs84();
      }
      DistrictOptions options = drawn_by(outline);
      Progress progress;
      const auto drawn = [&] {
        MethodResult result = find_districts(points, options, progress);
        if (geographic)
          for (double& x : result.layers.at(0).geometry.x) x += x < 0 ? 360 : 0;
        return result;
      };
      const Geometry kept = drawn().layers.at(0).geometry;
      options.overlap = Overlap::nearest_member;
      const MethodResult result = drawn();
      const Geometry& resolved = result.layers.at(0).geometry;
      EXPECT_LT(worst_overlap(resolved), geographic ? 2e-14 : 1e-6);
      EXPECT_TRUE(make_valid(resolved).repaired.empty());
      EXPECT_NEAR(area_of(united(resolved)), area_of(united(kept)), geographic ? 1e-12 : 1e-3);
      EXPECT_EQ(result.diagnostics.count("member-on-other-ground"), 0);
      std::mt19937 random(5);
      const Box box = kept.bounds();
      int tried = 0;
      for (int i = 0; i < 2000; ++i) {
        const double px = std::uniform_real_distribution(box.min_x, box.max_x)(random);
        const double py = std::uniform_real_distribution(box.min_y, box.max_y)(random);
        const double mx = geographic ? (px - 179.98) * east : px;
        const double my = geographic ? (py - 60) * north : py;
        std::vector<std::pair<double, std::size_t>> claims;  // outlines there with their nearest members
        for (std::size_t d = 0; d < kept.size(); ++d) {
          if (locate(kept, d, px, py) == Inside::outside) continue;
          double least = 1e9;
          for (std::size_t row = 0; row < points.size(); ++row)
            if (!result.columns[1].is_null(row) &&
                result.columns[1].integers()[row] == static_cast<std::int64_t>(d + 1))
              least = std::min(least, std::hypot(metres.x[row] - mx, metres.y[row] - my));
          claims.emplace_back(least, d);
        }
        std::sort(claims.begin(), claims.end());
        if (claims.empty() || (claims.size() > 1 && claims[1].first - claims[0].first < (geographic ? 2 : 0.01)))
          continue;
        ++tried;
        for (const auto& [distance, d] : claims)
          EXPECT_EQ(locate(resolved, d, px, py) != Inside::outside, d == claims[0].second) << px << " " << py;
      }
      EXPECT_GT(tried, 500);
    }
}

TEST(Shapes, VoronoiGivesEachPlaceToItsNearestSite) {
  for (const bool lattice : {false, true}) {
    const Layer points = knots(8, 15, lattice);
    const DistrictOptions options = drawn_by(OutlineMethod::voronoi);
    Progress progress;
    const MethodResult result = find_districts(points, options, progress);
    const Geometry& drawn = result.layers.at(0).geometry;
    EXPECT_LT(worst_overlap(drawn), 1e-6);
    std::mt19937 random(5);
    std::uniform_real_distribution<double> place(-300, 3500);
    int tried = 0;
    for (int i = 0; i < 4000; ++i) {
      const double px = place(random);
      const double py = place(random);
      std::vector<std::pair<double, std::int64_t>> near;
      for (std::size_t row = 0; row < points.size(); ++row)
        near.emplace_back(std::hypot(points.geometry.x[row] - px, points.geometry.y[row] - py),
                          result.columns[1].is_null(row) ? 1000 : result.columns[1].integers()[row]);
      std::sort(near.begin(), near.end());
      // On borders, and on the polygons that stand for discs, either answer is right.
      const auto rival = std::find_if(near.begin(), near.end(), [&](const auto& site) {
        return site.second != near[0].second && site.first > near[0].first;
      });
      if (rival->first - near[0].first < 0.01 || (near[0].first > 298 && near[0].first <= 300.001)) continue;
      ++tried;
      const std::int64_t owner = near[0].first > 300 ? 1000 : near[0].second;
      for (std::size_t d = 0; d < drawn.size(); ++d)
        EXPECT_EQ(locate(drawn, d, px, py) != Inside::outside, owner == static_cast<std::int64_t>(d + 1))
            << px << " " << py << " district " << d + 1 << " owner " << owner;
    }
    EXPECT_GT(tried, 3500);
  }
}

TEST(Shapes, CellsOnTheGlobeMeetToMillimetres) {
  Layer points = knots(4, 15);
  // About 180 degrees of longitude and 60 north, where degrees are half as wide as high.
  for (std::size_t i = 0; i < points.size(); ++i) {
    const double lon = 179.99 + points.geometry.x[i] / 55800;
    points.geometry.x[i] = lon > 180 ? lon - 360 : lon;
    points.geometry.y[i] = 60 + points.geometry.y[i] / 111400;
  }
  points.crs = Crs::wgs84();
  Progress progress;
  DistrictOptions options = drawn_by(OutlineMethod::voronoi);
  const Layer before = find_districts(points, options, progress).layers.at(0);
  Geometry drawn = before.geometry;
  for (double& x : drawn.x) x += x < 0 ? 360 : 0;
  EXPECT_TRUE(make_valid(drawn).repaired.empty());
  EXPECT_LT(worst_overlap(drawn) * 55800 * 111400, 3) << "square metres: millimetres along a border of a kilometre";
  options.overlap = Overlap::lower_rank_yields;
  const MethodResult result = find_districts(points, options, progress);
  Geometry resolved = result.layers.at(0).geometry;
  for (double& x : resolved.x) x += x < 0 ? 360 : 0;
  EXPECT_LT(worst_overlap(resolved), 2e-14) << "square degrees: about a square centimetre";
  const auto sum = [](const Layer& layer) {
    const std::vector<double>& areas = layer.column("area_km2").reals();
    return std::accumulate(areas.begin(), areas.end(), 0.0);
  };
  EXPECT_NEAR(sum(result.layers.at(0)), sum(before), 1e-4);
}

TEST(Shapes, DoNotDependOnTheThreads) {
  const Layer points = knots(6, 15);
  const Layer boundary = areas(star(2000, 2000, 2500), points.crs);
  for (const OutlineMethod outline : kAll)
    for (const Overlap overlap : {Overlap::nearest_member, Overlap::lower_rank_yields}) {
      DistrictOptions options = drawn_by(outline);
      options.overlap = overlap;
      Progress progress;
      set_thread_count(1);
      const Geometry one = find_districts(points, options, progress, &boundary).layers.at(0).geometry;
      set_thread_count(8);
      const Geometry eight = find_districts(points, options, progress, &boundary).layers.at(0).geometry;
      set_thread_count(0);
      EXPECT_EQ(one.x, eight.x);
      EXPECT_EQ(one.y, eight.y);
      EXPECT_EQ(one.ring_vertices, eight.ring_vertices);
    }
}

TEST(Shapes, OptionsOutOfRangeAreRefused) {
  const Layer points = knots(1, 2);
  Progress progress;
  DistrictOptions options;
  options.member_share = 0;
  EXPECT_THROW(find_districts(points, options, progress), UsageError);
  options.member_share = 1;
  options.outline = OutlineMethod::voronoi;
  options.reach = Metres{2e6};
  EXPECT_THROW(find_districts(points, options, progress), UsageError);
}

TEST(KeptOutlines, ChangeNoResult) {
  Progress progress;
  MethodMemory memory;
  for (const auto outline :
       {OutlineMethod::concave, OutlineMethod::buffer, OutlineMethod::voronoi, OutlineMethod::concave})
    for (const double margin : {100.0, 100.0, 150.0})
      for (const std::size_t moved : {0U, 2U, 0U}) {
        Layer points = knots(3, 9);
        Column cluster("cluster", ColumnType::integer);
        for (std::size_t row = 0; row < points.size(); ++row) {
          const Column& before = points.column("cluster");
          if (before.is_null(row) || row % 7 < moved) {
            cluster.push_null();
          } else {
            cluster.push(before.integers()[row]);
          }
        }
        points.set(std::move(cluster));
        DistrictOptions options = drawn_by(outline);
        options.margin = Metres{margin};
        const MethodResult kept = find_districts(points, options, progress, nullptr, &memory);
        const MethodResult fresh = find_districts(points, options, progress);
        const Geometry& a = kept.layers.at(0).geometry;
        const Geometry& b = fresh.layers.at(0).geometry;
        EXPECT_EQ(a.x, b.x);
        EXPECT_EQ(a.y, b.y);
        EXPECT_EQ(a.feature_parts, b.feature_parts);
        EXPECT_EQ(a.part_rings, b.part_rings);
      }
}

}  // namespace
}  // namespace yaan
