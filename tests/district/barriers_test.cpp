// Pieces of clusters against an oracle that tries every pair.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <numeric>
#include <random>

#include "yaan/core/error.hpp"
#include "yaan/core/geodesy.hpp"
#include "yaan/core/parallel.hpp"
#include "yaan/district/constrain.hpp"

namespace yaan {
namespace {

struct Case {
  std::vector<double> x, y;
  std::vector<std::int64_t> cluster;
  Geometry barriers = Geometry::empty(GeometryKind::line);
  double link = 1;
  bool geographic = false;
};

/// Whether closed segments share a point, in whole numbers.
bool share_a_point(std::array<std::int64_t, 2> p, std::array<std::int64_t, 2> q, std::array<std::int64_t, 2> a,
                   std::array<std::int64_t, 2> b) {
  const auto side = [](const auto& o, const auto& d, const auto& c) {
    const std::int64_t cross = (d[0] - o[0]) * (c[1] - o[1]) - (d[1] - o[1]) * (c[0] - o[0]);
    return cross > 0 ? 1 : cross < 0 ? -1 : 0;
  };
  const auto on = [&](const auto& o, const auto& d, const auto& c) {
    return side(o, d, c) == 0 && std::min(o[0], d[0]) <= c[0] && c[0] <= std::max(o[0], d[0]) &&
           std::min(o[1], d[1]) <= c[1] && c[1] <= std::max(o[1], d[1]);
  };
  if (on(a, b, p) || on(a, b, q) || on(p, q, a) || on(p, q, b)) return true;
  return side(a, b, p) * side(a, b, q) < 0 && side(p, q, a) * side(p, q, b) < 0;
}

constexpr double kScale = 1024;  // lattice steps to a unit; exact in binary

std::array<std::int64_t, 2> whole(double x, double y) {
  return {static_cast<std::int64_t>(std::llround(x * kScale)), static_cast<std::int64_t>(std::llround(y * kScale))};
}

std::vector<std::uint32_t> oracle(const Case& c, double turn = 0) {
  std::vector<std::uint32_t> parent(c.x.size());
  std::iota(parent.begin(), parent.end(), 0U);
  const std::function<std::uint32_t(std::uint32_t)> root = [&](std::uint32_t i) {
    return parent[i] == i ? i : root(parent[i]);
  };
  const double chord = chord_of(Metres{c.link});
  for (std::uint32_t i = 0; i < c.x.size(); ++i)
    for (std::uint32_t j = 0; j < i; ++j) {
      if (c.cluster[i] != c.cluster[j] || c.cluster[i] == 0) continue;
      if (c.geographic) {
        const auto p = earth_centred(c.x[i] + turn, c.y[i]);
        const auto q = earth_centred(c.x[j] + turn, c.y[j]);
        if (std::pow(p[0] - q[0], 2) + std::pow(p[1] - q[1], 2) + std::pow(p[2] - q[2], 2) > chord * chord) continue;
      } else if (std::pow(c.x[i] - c.x[j], 2) + std::pow(c.y[i] - c.y[j], 2) > c.link * c.link) {
        continue;
      }
      bool crossed = false;
      if (c.x[i] != c.x[j] || c.y[i] != c.y[j])
        for (std::size_t part = 0; part + 1 < c.barriers.ring_vertices.size(); ++part) {
          const auto bx = c.barriers.ring_x(part);
          const auto by = c.barriers.ring_y(part);
          for (std::size_t v = 0; v + 1 < bx.size(); ++v)
            crossed = crossed || share_a_point(whole(c.x[i], c.y[i]), whole(c.x[j], c.y[j]), whole(bx[v], by[v]),
                                               whole(bx[v + 1], by[v + 1]));
        }
      if (!crossed) parent[root(i)] = root(j);
    }
  std::vector<std::uint32_t> roots(c.x.size());
  for (std::uint32_t i = 0; i < roots.size(); ++i) roots[i] = root(i);
  return roots;
}

void expect_same_pieces(const Case& c, const Pieces& found, const std::vector<std::uint32_t>& roots) {
  std::map<std::uint32_t, std::uint32_t> to_root;
  std::map<std::uint32_t, std::uint32_t> to_piece;
  for (std::size_t i = 0; i < c.x.size(); ++i) {
    if (c.cluster[i] == 0) {
      EXPECT_EQ(found.piece[i], Pieces::kNone);
      continue;
    }
    ASSERT_LT(found.piece[i], found.count);
    EXPECT_EQ(to_root.emplace(found.piece[i], roots[i]).first->second, roots[i]);
    EXPECT_EQ(to_piece.emplace(roots[i], found.piece[i]).first->second, found.piece[i]);
  }
  EXPECT_EQ(to_root.size(), found.count);
}

/// Points and barriers on a lattice, coarse enough that ends, touches and overlaps happen all the time.
Case random_case(std::mt19937& random, int points, int lines, int lattice, double link) {
  Case c;
  c.link = link;
  const auto coordinate = [&] { return static_cast<double>(random() % static_cast<unsigned>(lattice)); };
  for (int i = 0; i < points; ++i) {
    c.x.push_back(coordinate());
    c.y.push_back(coordinate());
    c.cluster.push_back(static_cast<std::int64_t>(random() % 4));
  }
  for (int l = 0; l < lines; ++l) {
    std::vector<double> x;
    std::vector<double> y;
    const int vertices = 2 + static_cast<int>(random() % 4);
    for (int v = 0; v < vertices; ++v) {
      x.push_back(coordinate() + (random() % 3 == 0 ? 0.5 : 0));
      y.push_back(coordinate() + (random() % 3 == 0 ? 0.5 : 0));
    }
    c.barriers.add_ring(x, y);
    c.barriers.end_feature();
  }
  return c;
}

TEST(SplitAtBarriers, EqualsEveryPairOnLattices) {
  std::mt19937 random(17);
  const Progress progress;
  std::size_t split = 0;
  for (int round = 0; round < 400; ++round) {
    const int lattice = 3 + static_cast<int>(random() % 12);
    const Case c = random_case(random, 2 + static_cast<int>(random() % 60), static_cast<int>(random() % 5), lattice,
                               1 + static_cast<double>(random() % 5));
    SCOPED_TRACE(round);
    const Pieces found = split_at_barriers(c.x, c.y, c.cluster, Crs::local(), c.barriers, Metres{c.link}, progress);
    expect_same_pieces(c, found, oracle(c));
    split += found.count;
    Case open = c;
    open.barriers = Geometry::empty(GeometryKind::line);
    std::map<std::int64_t, std::map<std::uint32_t, int>> near;
    const auto roots = oracle(open);
    for (std::size_t i = 0; i < c.x.size(); ++i)
      if (c.cluster[i] != 0) near[c.cluster[i]][roots[i]] = 1;
    EXPECT_EQ(found.loose, std::count_if(near.begin(), near.end(), [](const auto& e) { return e.second.size() > 1; }));
  }
  EXPECT_GT(split, 2000U);
}

TEST(SplitAtBarriers, EqualsEveryPairAmongManyCells) {
  std::mt19937 random(23);
  const Progress progress;
  for (int round = 0; round < 6; ++round) {
    Case c = random_case(random, 900, 12, 4000, 120);
    for (std::size_t i = 0; i < c.x.size(); ++i) {
      c.x[i] /= 4;
      c.y[i] /= 4;
    }
    for (double& v : c.barriers.x) v /= 4;
    for (double& v : c.barriers.y) v /= 4;
    const Pieces found = split_at_barriers(c.x, c.y, c.cluster, Crs::local(), c.barriers, Metres{c.link}, progress);
    expect_same_pieces(c, found, oracle(c));
  }
}

TEST(SplitAtBarriers, DoesNotDependOnTheThreads) {
  std::mt19937 random(31);
  const Progress progress;
  const Case c = random_case(random, 20000, 60, 4000, 90);
  set_thread_count(1);
  const Pieces one = split_at_barriers(c.x, c.y, c.cluster, Crs::local(), c.barriers, Metres{c.link}, progress);
  set_thread_count(8);
  const Pieces eight = split_at_barriers(c.x, c.y, c.cluster, Crs::local(), c.barriers, Metres{c.link}, progress);
  set_thread_count(0);
  EXPECT_EQ(one.piece, eight.piece);
  EXPECT_EQ(one.loose, eight.loose);
}

TEST(SplitAtBarriers, WorksInDegreesAcrossTheAntimeridian) {
  std::mt19937 random(29);
  const Progress progress;
  for (int round = 0; round < 10; ++round) {
    Case c = random_case(random, 300, 6, 64, 9000);
    c.geographic = true;
    const auto degrees = [](double v) { return v / 128; };
    for (std::size_t i = 0; i < c.x.size(); ++i) {
      c.x[i] = degrees(c.x[i]);
      c.y[i] = degrees(c.y[i]);
    }
    for (double& v : c.barriers.x) v = degrees(v);
    for (double& v : c.barriers.y) v = degrees(v);
    for (const double turn : {0.0, 179.75, -180.0}) {
      Case moved = c;
      const auto wrap = [&](double lon) { return lon + turn > 180 ? lon + turn - 360 : lon + turn; };
      for (double& v : moved.x) v = wrap(v);
      for (double& v : moved.barriers.x) v = wrap(v);
      const Pieces found =
          split_at_barriers(moved.x, moved.y, moved.cluster, Crs::wgs84(), moved.barriers, Metres{c.link}, progress);
      expect_same_pieces(moved, found, oracle(c, turn));
    }
  }
}

TEST(SplitAtBarriers, AMemberOnTheLineStandsAlone) {
  Geometry river = Geometry::empty(GeometryKind::line);
  river.add_ring(std::vector<double>{0, 0}, std::vector<double>{-10, 10});
  river.end_feature();
  const Progress progress;
  const std::vector<double> x = {-1, 0, 0, 1, 1};
  const std::vector<double> y = {0, 0, 0, 0, 1};
  const Pieces pieces =
      split_at_barriers(x, y, std::vector<std::int64_t>(5, 1), Crs::local(), river, Metres{5}, progress);
  EXPECT_EQ(pieces.count, 3U);
  EXPECT_EQ(pieces.piece[1], pieces.piece[2]) << "members on one spot are always linked";
  EXPECT_EQ(pieces.piece[3], pieces.piece[4]);
  EXPECT_EQ(pieces.loose, 0);
}

TEST(SplitAtBarriers, RefusesALengthWithoutUnitInDegrees) {
  const Progress progress;
  const std::vector<double> x = {1};
  const std::vector<std::int64_t> one = {1};
  EXPECT_THROW(
      split_at_barriers(x, x, one, Crs::wgs84(), Geometry::empty(GeometryKind::line), Length::bare(5), progress),
      UsageError);
}

}  // namespace
}  // namespace yaan
