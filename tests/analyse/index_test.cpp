// The grid and its parts, below the methods.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <set>
#include <thread>

#include "analyse/index/cell_grid.hpp"
#include "analyse/index/disjoint_sets.hpp"
#include "analyse/index/globe_grid.hpp"
#include "analyse/index/nearest_pair.hpp"
#include "analyse/index/neighbour_cells.hpp"
#include "analyse/index/radius_kernels.hpp"
#include "analyse/index/radix_sort.hpp"
#include "yaan/core/geodesy.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {
namespace {

using Points = Run;  // within a test, Run is GoogleTest's

TEST(RadixSort, IsAStableSort) {
  std::mt19937_64 random(1);
  const Progress progress;
  for (const std::size_t n : {0, 1, 2, 1000, 200000}) {
    for (const unsigned bits : {0U, 1U, 11U, 24U, 37U, 60U}) {
      Scratch<KeyedPoint> items(n), spare(n);
      std::vector<std::pair<std::uint64_t, std::uint32_t>> expected;
      for (std::uint32_t i = 0; i < n; ++i) {
        const std::uint64_t key = bits == 0 ? 0 : random() >> (64 - bits);
        items[i] = {key, i};
        expected.emplace_back(key, i);
      }
      std::stable_sort(expected.begin(), expected.end(), [](auto& a, auto& b) { return a.first < b.first; });
      radix_sort(items, spare, n, bits, progress);
      std::size_t wrong = 0;
      for (std::size_t i = 0; i < n; ++i)
        wrong += items[i].key != expected[i].first || items[i].point != expected[i].second;
      EXPECT_EQ(wrong, 0U) << n << " items of " << bits << " bits";
    }
  }
}

TEST(RadixSort, SortsByTheNamedBitsOnly) {
  Scratch<std::uint64_t> items(3), spare(3);
  items[0] = 0x3005, items[1] = 0x1009, items[2] = 0x3001;
  radix_sort(items, spare, 3, 12, 4, Progress());
  EXPECT_EQ(items[0], 0x1009U);
  EXPECT_EQ(items[1], 0x3005U);
  EXPECT_EQ(items[2], 0x3001U);
}

TEST(DisjointSets, ManyThreadsMakeTheSameSets) {
  constexpr std::uint32_t kItems = 20000;
  std::vector<std::uint32_t> parent(kItems);
  for (std::uint32_t i = 0; i < kItems; ++i) parent[i] = i;
  const DisjointSets sets(parent.data());
  std::vector<std::thread> threads;
  for (std::uint32_t t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (std::uint32_t i = t; i + 7 < kItems; i += 4) sets.unite(i + 7, i);
    });
  for (auto& thread : threads) thread.join();
  for (std::uint32_t i = 0; i < kItems; ++i) ASSERT_EQ(sets.find(i), i % 7);
}

std::vector<const RadiusKernels*> every_set() {
  std::vector<const RadiusKernels*> all;
  for (const auto set : {InstructionSet::baseline, InstructionSet::avx2, InstructionSet::avx512})
    if (const RadiusKernels* kernels = radius_kernels(set)) all.push_back(kernels);
  return all;
}

TEST(RadiusKernels, AllInstructionSetsGiveTheSameBits) {
  std::mt19937_64 random(2);
  std::uniform_real_distribution<double> draw(0, 10);
  constexpr std::size_t kPoints = 300;
  std::array<std::vector<double>, 3> c;
  for (auto& axis : c) {
    for (std::size_t i = 0; i < kPoints; ++i)
      axis.push_back(std::round(draw(random)));  // many pairs at exactly the limit
    axis.resize(kPoints + kReadPast, std::nan(""));
  }
  const double* const pointers[] = {c[0].data(), c[1].data(), c[2].data()};
  for (int round = 0; round < 300; ++round) {
    const auto place = [&](std::uint32_t most) { return static_cast<std::uint32_t>(random() % (most + 1)); };
    const auto run_of = [&] {
      const std::uint32_t begin = place(kPoints);
      return Points{begin, begin + place(kPoints - begin)};
    };
    const Points own{place(100), 100}, a = run_of(), b = run_of();
    const Points runs[] = {own, a, b};
    const double limit = place(40);
    const std::uint32_t need = 1 + place(40);
    for (const unsigned dimensions : {2U, 3U}) {
      // The definition, one pair at a time.
      std::vector<std::uint8_t> expected(kPoints, 9);
      const auto near = [&](std::uint32_t p, std::uint32_t q) {
        double sum = 0;
        for (unsigned axis = 0; axis < dimensions; ++axis) sum += (c[axis][p] - c[axis][q]) * (c[axis][p] - c[axis][q]);
        return sum <= limit;
      };
      bool pair = false;
      for (std::uint32_t p = own.begin; p < own.end; ++p) {
        std::uint32_t count = 0;
        for (const Points& run : runs)
          for (std::uint32_t q = run.begin; q < run.end; ++q) count += near(p, q);
        expected[p] = count >= need;
        for (std::uint32_t q = a.begin; q < a.end; ++q) pair = pair || near(p, q);
      }
      for (const RadiusKernels* kernels : every_set()) {
        const PointKernels& loops = dimensions == 2 ? kernels->plane : kernels->globe;
        std::vector<std::uint8_t> core(kPoints, 9);
        loops.flag_core(pointers, own, runs, 3, limit, need, core.data());
        ASSERT_EQ(core, expected) << kernels->name << " " << dimensions;
        const std::vector<std::uint64_t> ones(kPoints + kReadPast, 1);
        std::vector<std::uint8_t> weighted(kPoints, 9);
        loops.flag_core_weighted(pointers, own, runs, 3, limit, ones.data(), need, weighted.data());
        ASSERT_EQ(weighted, expected) << kernels->name << " " << dimensions;
        ASSERT_EQ(loops.any_pair(pointers, own, a, limit), pair) << kernels->name << " " << dimensions;
      }
    }
  }
}

TEST(RadiusKernels, NearestPointsOnEveryProcessor) {
  std::mt19937_64 random(12);
  constexpr std::size_t kPoints = 200;
  std::array<std::vector<double>, 3> c;
  std::vector<double> core;
  std::vector<std::uint32_t> group;
  for (auto& axis : c) {
    for (std::size_t i = 0; i < kPoints; ++i) axis.push_back(static_cast<double>(random() % 12));  // full of ties
    axis.resize(kPoints + kReadPast, std::nan(""));
  }
  for (std::size_t i = 0; i < kPoints + kReadPast; ++i) {
    core.push_back(static_cast<double>(random() % 30));
    group.push_back(static_cast<std::uint32_t>(random() % 3));
  }
  const double* const pointers[] = {c[0].data(), c[1].data(), c[2].data()};
  for (int round = 0; round < 400; ++round) {
    const auto begin = static_cast<std::uint32_t>(random() % kPoints);
    const Points run{begin, begin + static_cast<std::uint32_t>(random() % (kPoints - begin + 1))};
    const double q[] = {static_cast<double>(random() % 12), static_cast<double>(random() % 12), 5};
    const auto count = static_cast<std::uint32_t>(1 + random() % 20);
    const Foreign nobody{static_cast<double>(random() % 20), static_cast<std::uint32_t>(random() % 3), 7777,
                         static_cast<double>(random() % 200)};
    for (const unsigned dimensions : {2U, 3U}) {
      const auto squared_to = [&](std::uint32_t p) {
        double sum = 0;
        for (unsigned axis = 0; axis < dimensions; ++axis) sum += (c[axis][p] - q[axis]) * (c[axis][p] - q[axis]);
        return sum;
      };
      std::vector<std::pair<double, std::uint32_t>> all;
      Foreign foreign = nobody;
      for (std::uint32_t p = run.begin; p < run.end; ++p) {
        all.emplace_back(squared_to(p), p);
        const double reach = std::max({squared_to(p), core[p], nobody.squared_core});
        if (group[p] != nobody.group && reach < foreign.squared) foreign.squared = reach, foreign.point = p;
      }
      std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
      all.resize(count, {std::numeric_limits<double>::infinity(), 9999});
      for (const RadiusKernels* kernels : every_set()) {
        const PointKernels& loops = dimensions == 2 ? kernels->plane : kernels->globe;
        std::vector<double> squared(count, std::numeric_limits<double>::infinity());
        std::vector<std::uint32_t> point(count, 9999);
        const std::uint32_t middle = run.begin + run.size() / 2;  // in two goes
        loops.keep_nearest(pointers, q, {run.begin, middle}, count, squared.data(), point.data());
        loops.keep_nearest(pointers, q, {middle, run.end}, count, squared.data(), point.data());
        for (std::uint32_t k = 0; k < count; ++k) {
          ASSERT_EQ(squared[k], all[k].first) << kernels->name << " " << dimensions;
          ASSERT_EQ(point[k], all[k].second) << kernels->name << " " << dimensions;
        }
        Foreign found = nobody;
        loops.nearest_foreign(pointers, q, run, {core.data(), group.data()}, found);
        ASSERT_EQ(found.squared, foreign.squared) << kernels->name << " " << dimensions;
        ASSERT_EQ(found.point, foreign.point) << kernels->name << " " << dimensions;
      }
    }
  }
}

TEST(RadiusKernels, BoxesOnEveryProcessor) {
  std::mt19937_64 random(13);
  for (int round = 0; round < 200; ++round) {
    std::array<std::vector<double>, 3> low, high;
    double least[3], most[3];
    for (int axis = 0; axis < 3; ++axis) {
      for (int k = 0; k < 8; ++k) {
        low[axis].push_back(static_cast<double>(random() % 20));
        high[axis].push_back(low[axis].back() + static_cast<double>(random() % 9));
      }
      least[axis] = static_cast<double>(random() % 20);
      most[axis] = least[axis] + static_cast<double>(random() % 5);
    }
    const BoxArrays boxes{{low[0].data(), low[1].data(), low[2].data()},
                          {high[0].data(), high[1].data(), high[2].data()}};
    const double limit = static_cast<double>(random() % 60);
    for (const unsigned dimensions : {2U, 3U})
      for (const RadiusKernels* kernels : every_set()) {
        const PointKernels& loops = dimensions == 2 ? kernels->plane : kernels->globe;
        double squared[8];
        const unsigned mask = loops.near_boxes(boxes, 0, least, most, limit, squared);
        for (unsigned k = 0; k < 8; ++k) {
          double expected = 0;
          for (unsigned axis = 0; axis < dimensions; ++axis) {
            const double gap = std::max({low[axis][k] - most[axis], least[axis] - high[axis][k], 0.0});
            expected += gap * gap;
          }
          ASSERT_EQ(squared[k], expected) << kernels->name << " " << dimensions;
          ASSERT_EQ((mask >> k & 1) != 0, expected <= limit) << kernels->name << " " << dimensions;
        }
      }
  }
}

TEST(RadiusKernels, EarthCentredCoordinatesAreThoseOfTheLibraryOnEveryProcessor) {
  std::mt19937_64 random(3);
  std::vector<double> lon{0, 180, -180, 90, -90, 45, 540, -540, 360, 135},
      lat{0, 90, -90, 45, -45, 30, 60, 89.9999, 1e-9, -1e-9};
  for (int i = 0; i < 5000; ++i) {
    lon.push_back(std::uniform_real_distribution<double>(-540, 540)(random));
    lat.push_back(std::uniform_real_distribution<double>(-90, 90)(random));
  }
  std::vector<std::vector<double>> first;
  for (const RadiusKernels* kernels : every_set()) {
    std::vector<double> x = lon, y = lat, z(lon.size());
    kernels->earth_centred(x.data(), y.data(), z.data(), x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
      // The C library's own rounding of radians at 540 degrees is 1e-8 m.
      const auto exact = earth_centred(lon[i], lat[i]);
      EXPECT_NEAR(x[i], exact[0], 2e-8);
      EXPECT_NEAR(y[i], exact[1], 2e-8);
      EXPECT_NEAR(z[i], exact[2], 2e-8);
    }
    if (first.empty()) first = {x, y, z};
    EXPECT_EQ(first, (std::vector<std::vector<double>>{x, y, z})) << kernels->name;
  }
}

TEST(NearestPair, TreesAgreeWithEveryPair) {
  std::mt19937_64 random(4);
  std::normal_distribution<double> normal(0, 1);
  int near = 0;
  constexpr int kRounds = 60;
  for (int round = 0; round < kRounds; ++round) {
    CellGrid grid;
    constexpr std::uint32_t kHalf = 400;  // above the size at which trees take over
    for (auto& axis : grid.coordinate) axis = Scratch<double>(2 * kHalf + kReadPast);
    const double gap = 3.0 + 0.1 * round;
    for (std::uint32_t i = 0; i < 2 * kHalf; ++i) {
      grid.coordinate[0][i] = normal(random) + (i < kHalf ? 0 : gap);
      grid.coordinate[1][i] = normal(random);
      grid.coordinate[2][i] = round % 3 == 0 ? 0 : normal(random);
    }
    for (const unsigned dimensions : {2U, 3U}) {
      double least = 1e300;
      for (std::uint32_t i = 0; i < kHalf; ++i)
        for (std::uint32_t j = kHalf; j < 2 * kHalf; ++j) {
          double sum = 0;
          for (unsigned axis = 0; axis < dimensions; ++axis)
            sum += (grid.coordinate[axis][i] - grid.coordinate[axis][j]) *
                   (grid.coordinate[axis][i] - grid.coordinate[axis][j]);
          least = std::min(least, sum);
        }
      const PointKernels& kernels = dimensions == 2 ? radius_kernels().plane : radius_kernels().globe;
      const Points a{0, kHalf}, b{kHalf, 2 * kHalf};
      EXPECT_TRUE(any_pair_within(grid, dimensions, kernels, a, b, least));
      EXPECT_FALSE(any_pair_within(grid, dimensions, kernels, a, b, std::nextafter(least, 0.0)));
      near += any_pair_within(grid, dimensions, kernels, b, a, 1);
    }
  }
  EXPECT_GT(near, 0);
  EXPECT_LT(near, 2 * kRounds);
}

/// Every pair within the limit must lie in cells that are neighbours of each other; and any pair in one cell must be
/// within the limit.
template <class Neighbours, class Grid>
void expect_neighbours_found(const Grid& grid, unsigned dimensions, double limit) {
  std::vector<std::uint32_t> cell_of(grid.points);
  for (std::uint32_t cell = 0; cell < grid.cells; ++cell)
    for (std::uint32_t p = grid.cell_begin[cell]; p < grid.cell_begin[cell + 1]; ++p) cell_of[p] = cell;
  std::vector<std::set<std::uint32_t>> around(grid.cells);
  for (const std::uint32_t start : {0U, grid.cells / 3}) {  // a cursor may start anywhere
    Neighbours neighbours(grid, start);
    for (std::uint32_t cell = start; cell < grid.cells; ++cell) {
      Points runs[Neighbours::kMaxRuns];
      around[cell].clear();
      for (unsigned r = neighbours.runs(cell, runs); r-- > 0;)
        for (std::uint32_t other = runs[r].begin; other < runs[r].end; ++other)
          ASSERT_TRUE(around[cell].insert(other).second) << "a cell came twice";
    }
  }
  std::size_t missing = 0, too_far = 0;
  for (std::uint32_t p = 0; p < grid.points; ++p)
    for (std::uint32_t q = 0; q < grid.points; ++q) {
      double sum = 0;
      for (unsigned axis = 0; axis < dimensions; ++axis)
        sum += (grid.coordinate[axis][p] - grid.coordinate[axis][q]) *
               (grid.coordinate[axis][p] - grid.coordinate[axis][q]);
      const std::uint32_t a = cell_of[p], b = cell_of[q];
      if (a == b) too_far += sum > limit;
      if (sum <= limit) missing += !around[a].contains(b);
    }
  EXPECT_EQ(missing, 0U);
  EXPECT_EQ(too_far, 0U);
}

TEST(CellGrid, HoldsEveryNeighbourNearby) {
  std::mt19937_64 random(6);
  for (const double radius : {0.5, 3.0, 10.0, 200.0, 1e-9}) {
    std::vector<double> x, y;
    for (int i = 0; i < 700; ++i) {
      x.push_back(std::uniform_real_distribution<double>(-50, 50)(random));
      y.push_back(i % 2 == 0 ? std::round(x.back()) : std::uniform_real_distribution<double>(-5, 50)(random));
      if (i % 50 == 0) x.back() = std::ldexp(1.0, i);
    }
    const CellGrid grid = plane_grid(x, y, radius, Progress());
    expect_neighbours_found<PlaneNeighbours>(grid, 2, radius * radius);
  }
}

TEST(GlobeGrid, HoldsEveryNeighbourNearby) {
  std::mt19937_64 random(8);
  for (const double radius : {1.0, 20e3, 300e3, 1000e3, 3000e3, 9000e3}) {
    for (const double spread : {180.0, 5.0, 1e-4}) {
      std::vector<double> lon, lat;
      for (int i = 0; i < 600; ++i) {
        const double offset = std::uniform_real_distribution<double>(-spread, spread)(random);
        lon.push_back(i % 2 == 0 ? 180 + offset : offset);
        lat.push_back(std::clamp(std::array{90.0, -90.0, 0.0, 40.0}[random() % 4] +
                                     std::uniform_real_distribution<double>(-spread, spread)(random) / 2,
                                 -90.0, 90.0));
      }
      const double chord = chord_of(Metres{radius});
      const GlobeGrid grid = globe_grid(lon, lat, chord, Progress());
      SCOPED_TRACE(testing::Message() << radius << " m, " << spread << " degrees");
      expect_neighbours_found<GlobeNeighbours>(grid, 3, chord * chord);
    }
  }
}

}  // namespace
}  // namespace yaan
