#include "yaan/analyse/cluster_hierarchy.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>
#include <random>
#include <set>

#include "analyse/point_samples.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {
namespace {

using samples::Points;

ClusterHierarchy hierarchy_of(const Points& points, std::int64_t min_points, const Crs& crs = Crs::local()) {
  Progress progress;
  return ClusterHierarchy(points.first, points.second, crs, min_points, progress);
}

DbscanLabels dbscan_of(const Points& points, std::int64_t min_points, const Length& radius,
                       const Crs& crs = Crs::local()) {
  Progress progress;
  DbscanOptions options;
  options.radius = radius;
  options.min_points = min_points;
  return dbscan(points.first, points.second, crs, options, progress);
}

void expect_equal(const ClusterCut& cut, const DbscanLabels& labels) {
  EXPECT_EQ(cut.labels.cluster, labels.cluster);
  EXPECT_EQ(cut.labels.core, labels.core);
  EXPECT_EQ(cut.labels.clusters, labels.clusters);
  EXPECT_EQ(cut.labels.noise, labels.noise);
  EXPECT_EQ(cut.labels.core_count, labels.core_count);
  EXPECT_EQ(cut.labels.unusable, labels.unusable);
  std::vector<std::int64_t> count(cut.clusters.size(), 0);
  for (const std::int32_t cluster : labels.cluster)
    if (cluster > 0) ++count[static_cast<std::size_t>(cluster - 1)];
  for (std::size_t k = 0; k < count.size(); ++k) EXPECT_EQ(cut.clusters[k].count, count[k]) << "cluster " << k + 1;
}

TEST(ClusterHierarchy, CutsAsDbscanDoes) {
  std::int64_t clusters = 0, border = 0;
  for (unsigned seed = 1; seed <= 3; ++seed)
    for (const auto& [name, points] : samples::planar(seed, 150 + 300 * seed))
      for (const std::int64_t min_points : {1, 2, 3, 5, 12, 60}) {
        const ClusterHierarchy hierarchy = hierarchy_of(points, min_points);
        // On the lattice, 10 and sqrt 200 are distances of many pairs, to the last bit.
        for (const double radius : {1e-9, 3.0, 9.999999, 10.0, std::sqrt(200.0), 17.0, 30.0, 80.0, 1e4, 1e12}) {
          SCOPED_TRACE(testing::Message() << name << ", seed " << seed << ", " << min_points << " points, " << radius);
          const DbscanLabels labels = dbscan_of(points, min_points, Metres{radius});
          expect_equal(hierarchy.cut(Metres{radius}), labels);
          clusters += labels.clusters;
          border += std::ssize(labels.cluster) - labels.noise - labels.core_count;
        }
      }
  EXPECT_GT(clusters, 10000);
  EXPECT_GT(border, 5000) << "the sets must try the rule for border points";
}

TEST(ClusterHierarchy, CutsAsDbscanDoesOnTheEllipsoid) {
  std::mt19937 random(5);
  std::normal_distribution<double> scatter(0, 0.02);
  Points points;
  for (int i = 0; i < 900; ++i) {
    const int knot = i % 6;
    double lon = 98.9 + 0.5 * knot, lat = 18.7 - 0.3 * knot;
    if (knot == 4) lon = 180, lat = -16.5;  // across the antimeridian, in both spellings
    if (knot == 5) lon = 60.0 * (i % 36), lat = i % 12 == 5 ? 90 : 89.99;
    lon += scatter(random);
    if (knot == 4 && i % 4 == 0) lon -= 360;
    lat = std::min(90.0, lat + scatter(random));
    samples::add(points, lon, lat);
  }
  for (const std::int64_t min_points : {2, 5, 15}) {
    const ClusterHierarchy hierarchy = hierarchy_of(points, min_points, Crs::wgs84());
    for (const double radius : {50.0, 400.0, 1500.0, 6000.0, 90e3, 2e6}) {
      SCOPED_TRACE(testing::Message() << min_points << " points, " << radius << " m");
      expect_equal(hierarchy.cut(Metres{radius}), dbscan_of(points, min_points, Metres{radius}, Crs::wgs84()));
    }
  }
}

/// The weight of the minimum spanning tree under mutual reachability, pair by pair (Prim 1957).
double brute_tree_weight(const Points& points, std::size_t min_points) {
  const std::size_t n = points.first.size();
  const auto distance = [&](std::size_t i, std::size_t j) {
    return std::hypot(points.first[i] - points.first[j], points.second[i] - points.second[j]);
  };
  std::vector<double> core(n);
  for (std::size_t i = 0; i < n; ++i) {
    std::vector<double> all;
    for (std::size_t j = 0; j < n; ++j) all.push_back(distance(i, j));
    std::nth_element(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(min_points - 1), all.end());
    core[i] = all[min_points - 1];
  }
  std::vector<double> best(n, std::numeric_limits<double>::infinity());
  std::vector<bool> in(n, false);
  double sum = 0;
  std::size_t next = 0;
  for (std::size_t taken = 1; taken < n; ++taken) {
    in[next] = true;
    for (std::size_t j = 0; j < n; ++j)
      if (!in[j]) best[j] = std::min(best[j], std::max({distance(next, j), core[next], core[j]}));
    std::size_t least = n;
    for (std::size_t j = 0; j < n; ++j)
      if (!in[j] && (least == n || best[j] < best[least])) least = j;
    sum += best[least];
    next = least;
  }
  return sum;
}

TEST(ClusterHierarchy, HasAMinimumSpanningTree) {
  for (unsigned seed = 11; seed <= 13; ++seed)
    for (const auto& [name, points] : samples::planar(seed, 230))
      for (const std::size_t min_points : {1U, 2U, 7U, 25U, 230U}) {
        SCOPED_TRACE(testing::Message() << name << ", " << min_points << " points");
        const double expected = brute_tree_weight(points, min_points);
        const double found = hierarchy_of(points, static_cast<std::int64_t>(min_points)).tree_weight();
        EXPECT_NEAR(found, expected, 1e-9 * expected);
      }
}

TEST(ClusterHierarchy, CountsWithoutCutting) {
  for (const auto& [name, points] : samples::planar(21, 400))
    for (const std::int64_t min_points : {1, 4, 9}) {
      const ClusterHierarchy hierarchy = hierarchy_of(points, min_points);
      const std::vector<Length> radii = {Metres{30}, Metres{5}, Metres{10}, Metres{10}, Metres{1e5}, Metres{1e-6}};
      const auto counts = hierarchy.counts(radii);
      ASSERT_EQ(counts.size(), radii.size());
      for (std::size_t i = 0; i < radii.size(); ++i) {
        const ClusterCut cut = hierarchy.cut(radii[i]);
        EXPECT_EQ(counts[i].clusters, cut.labels.clusters) << name << i;
        EXPECT_EQ(counts[i].noise, cut.labels.noise) << name << i;
        EXPECT_EQ(counts[i].core, cut.labels.core_count) << name << i;
      }
    }
}

/// Sets of members by identity.
std::map<std::uint64_t, std::set<std::size_t>> members_of(const ClusterCut& cut) {
  std::map<std::uint64_t, std::set<std::size_t>> members;
  for (std::size_t row = 0; row < cut.labels.cluster.size(); ++row)
    if (const std::int32_t cluster = cut.labels.cluster[row]; cluster > 0)
      members[cut.clusters[static_cast<std::size_t>(cluster - 1)].identity].insert(row);
  return members;
}

TEST(ClusterHierarchy, IdentityStandsForTheMembers) {
  std::map<std::set<std::size_t>, std::uint64_t> known;
  std::map<std::uint64_t, std::set<std::size_t>> seen;
  int again = 0;
  for (const auto& [name, points] : samples::planar(31, 500)) {
    if (name != "knots") continue;
    const ClusterHierarchy hierarchy = hierarchy_of(points, 4);
    for (double radius = 0.5; radius < 40; radius += 0.25) {
      const ClusterCut cut = hierarchy.cut(Metres{radius});
      const auto order = hierarchy.order();
      for (const CutCluster& cluster : cut.clusters)
        for (std::uint32_t place = cluster.begin; place < cluster.end; ++place) {
          EXPECT_EQ(cut.labels.core[order[place]], 1);
          EXPECT_EQ(&cut.clusters[static_cast<std::size_t>(cut.labels.cluster[order[place]] - 1)], &cluster);
        }
      for (const auto& [identity, members] : members_of(cut)) {
        const auto [at, is_new] = seen.emplace(identity, members);
        EXPECT_EQ(at->second, members);
        again += !is_new;
      }
    }
  }
  EXPECT_GT(again, 100) << "most clusters stay from one radius to the next";
}

TEST(ClusterHierarchy, LeavesBorderPointsOutOnDemand) {
  for (const auto& [name, points] : samples::planar(41, 300)) {
    const ClusterHierarchy hierarchy = hierarchy_of(points, 5);
    const ClusterCut with = hierarchy.cut(Metres{12});
    const ClusterCut without = hierarchy.cut(Metres{12}, BorderPoints::noise);
    EXPECT_EQ(without.labels.core, with.labels.core);
    for (std::size_t i = 0; i < points.first.size(); ++i)
      EXPECT_EQ(without.labels.cluster[i], with.labels.core[i] != 0 ? with.labels.cluster[i] : 0) << name << i;
  }
}

TEST(ClusterHierarchy, DependsOnNeitherOrderNorThreads) {
  for (auto [name, points] : samples::planar(51, 700)) {
    set_thread_count(1);
    const ClusterCut one = hierarchy_of(points, 6).cut(Metres{11});
    set_thread_count(8);
    const ClusterHierarchy many = hierarchy_of(points, 6);
    expect_equal(many.cut(Metres{11}), one.labels);
    set_thread_count(0);
    Points turned = points;
    std::reverse(turned.first.begin(), turned.first.end());
    std::reverse(turned.second.begin(), turned.second.end());
    auto labels = hierarchy_of(turned, 6).cut(Metres{11}).labels.cluster;
    std::reverse(labels.begin(), labels.end());
    EXPECT_EQ(labels, one.labels.cluster) << name;
  }
}

TEST(ClusterHierarchy, TakesFewAndUnusablePoints) {
  EXPECT_EQ(hierarchy_of({}, 3).cut(Metres{5}).labels.clusters, 0);
  EXPECT_EQ(hierarchy_of({{1}, {2}}, 1).cut(Metres{5}).labels.clusters, 1);
  EXPECT_EQ(hierarchy_of({{1}, {2}}, 2).cut(Metres{5}).labels.noise, 1);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Points points{{0, nan, 1, 2, 50}, {0, 0, 0, nan, 0}};
  for (const std::int64_t min_points : {1, 2, 3, 4, 9}) {
    const ClusterHierarchy hierarchy = hierarchy_of(points, min_points);
    EXPECT_EQ(hierarchy.unusable(), 2U);
    for (const double radius : {0.5, 1.0, 49.0, 1000.0})
      expect_equal(hierarchy.cut(Metres{radius}), dbscan_of(points, min_points, Metres{radius}));
  }
}

TEST(ClusterHierarchy, RefusesWhatMakesNoSense) {
  EXPECT_THROW(hierarchy_of({{1}, {2}}, 0), UsageError);
  EXPECT_THROW(hierarchy_of({{1}, {2}}, ClusterHierarchy::kMostMinPoints + 1), UsageError);
  EXPECT_THROW(hierarchy_of({{1}, {2}}, 2, Crs()), UsageError);
  EXPECT_THROW((void)hierarchy_of({{1}, {2}}, 2).cut(Metres{0}), UsageError);
  EXPECT_THROW((void)hierarchy_of({{1}, {2}}, 2, Crs::wgs84()).cut(Length::bare(1)), UsageError);
  Progress progress;
  progress.cancel();
  const std::vector<double> some = {1, 2, 3};
  EXPECT_THROW(ClusterHierarchy(some, some, Crs::local(), 2, progress), Cancelled);
}

}  // namespace
}  // namespace yaan
