#include "yaan/analyse/hdbscan.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>

#include "analyse/condensed_tree.hpp"
#include "analyse/point_samples.hpp"
#include "yaan/core/error.hpp"

namespace yaan {
namespace {

using samples::Points;

HdbscanLabels hdbscan_of(const Points& points, const HdbscanOptions& options) {
  Progress progress;
  return hdbscan(points.first, points.second, Crs::local(), options, progress);
}

/// The condensed tree from its definition, pair by pair.
struct BruteCluster {
  std::vector<std::size_t> members;
  std::size_t parent;
  double birth = 0, stability = 0;
  std::vector<std::pair<std::size_t, double>> leaving;  // point, lambda
};

class BruteTree {
 public:
  BruteTree(const Points& points, std::size_t min_points, std::size_t min_size) : m_min_size(min_size) {
    const std::size_t n = points.first.size();
    const auto distance = [&](std::size_t i, std::size_t j) {
      const double dx = points.first[i] - points.first[j], dy = points.second[i] - points.second[j];
      return std::sqrt(dx * dx + dy * dy);
    };
    std::vector<double> core(n);
    for (std::size_t i = 0; i < n; ++i) {
      std::vector<double> all;
      for (std::size_t j = 0; j < n; ++j) all.push_back(distance(i, j));
      std::sort(all.begin(), all.end());
      core[i] = all[min_points - 1];
    }
    m_reach.assign(n, std::vector<double>(n));
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j) m_reach[i][j] = std::max({distance(i, j), core[i], core[j]});
    std::vector<std::size_t> all(n);
    for (std::size_t i = 0; i < n; ++i) all[i] = i;
    for (std::size_t i = 0; i < n; ++i)
      for (const std::size_t j : all)
        if (i != j && m_reach[i][j] > 0) m_least = std::min(m_least, m_reach[i][j]);
    clusters.push_back({all, 0, 0, 0, {}});
    shrink(0, all);
  }
  std::vector<BruteCluster> clusters;

 private:
  /// The parts of a set when steps of `height` and more are forbidden.
  std::vector<std::vector<std::size_t>> parts_below(const std::vector<std::size_t>& set, double height) const {
    std::vector<std::vector<std::size_t>> parts;
    std::vector<bool> seen(m_reach.size(), false);
    for (const std::size_t start : set) {
      if (seen[start]) continue;
      std::vector<std::size_t> part{start};
      seen[start] = true;
      for (std::size_t at = 0; at < part.size(); ++at)
        for (const std::size_t j : set)
          if (!seen[j] && m_reach[part[at]][j] < height) {
            seen[j] = true;
            part.push_back(j);
          }
      parts.push_back(part);
    }
    return parts;
  }

  void shrink(std::size_t cluster, const std::vector<std::size_t>& set) {
    // The height at which the set falls apart: the longest of the shortest steps (Prim).
    double height = 0;
    std::vector<std::size_t> in{set[0]}, out(set.begin() + 1, set.end());
    while (!out.empty()) {
      std::size_t best = 0;
      double least = 1e300;
      for (std::size_t o = 0; o < out.size(); ++o)
        for (const std::size_t i : in)
          if (m_reach[i][out[o]] < least) least = m_reach[i][out[o]], best = o;
      height = std::max(height, least);
      in.push_back(out[best]);
      out.erase(out.begin() + static_cast<std::ptrdiff_t>(best));
    }
    const double lambda = 1 / (m_least == 1e300 ? 1 : std::max(height, m_least));
    const auto parts = parts_below(set, height);
    std::size_t big = 0;
    for (const auto& part : parts) big += part.size() >= m_min_size;
    const double birth = clusters[cluster].birth;
    for (const auto& part : parts) {
      if (part.size() >= m_min_size && part.size() < set.size()) continue;
      for (const std::size_t p : part) {
        clusters[cluster].leaving.emplace_back(p, lambda);
        clusters[cluster].stability += lambda - birth;
      }
    }
    for (const auto& part : parts) {
      if (part.size() < m_min_size || part.size() == set.size()) continue;
      if (big == 1) {
        shrink(cluster, part);
        continue;
      }
      clusters[cluster].stability += (lambda - birth) * static_cast<double>(part.size());
      clusters.push_back({part, cluster, lambda, 0, {}});
      shrink(clusters.size() - 1, part);
    }
  }

  std::vector<std::vector<double>> m_reach;
  std::size_t m_min_size;
  double m_least = 1e300;
};

TEST(CondensedTree, IsThatOfTheDefinition) {
  std::size_t compared = 0;
  for (unsigned seed = 1; seed <= 4; ++seed)
    for (const auto& [name, points] : samples::planar(seed, 60))
      for (const std::size_t min_points : {1U, 2U, 5U})
        for (const std::size_t min_size : {2U, 3U, 8U}) {
          SCOPED_TRACE(testing::Message() << name << seed << ", " << min_points << ", " << min_size);
          Progress progress;
          const ClusterHierarchy hierarchy(points.first, points.second, Crs::local(),
                                           static_cast<std::int64_t>(min_points), progress);
          const auto order = hierarchy.order();
          const CondensedTree tree =
              condense(hierarchy.join_distances(), order.size(), std::int64_t(min_size), Progress());
          const BruteTree brute(points, min_points, min_size);
          ASSERT_EQ(tree.clusters.size(), brute.clusters.size());
          std::map<std::vector<std::size_t>, const BruteCluster*> by_members;
          std::vector<double> lambda(points.first.size());
          for (const BruteCluster& cluster : brute.clusters) {
            std::vector<std::size_t> members = cluster.members;
            std::sort(members.begin(), members.end());
            by_members[members] = &cluster;
            for (const auto& [p, at] : cluster.leaving) lambda[p] = at;
          }
          for (const CondensedCluster& cluster : tree.clusters) {
            std::vector<std::size_t> members(order.begin() + cluster.begin, order.begin() + cluster.end);
            std::sort(members.begin(), members.end());
            ASSERT_TRUE(by_members.contains(members));
            const BruteCluster& expected = *by_members[members];
            EXPECT_NEAR(cluster.birth, expected.birth, 1e-12 * expected.birth);
            EXPECT_NEAR(cluster.stability, expected.stability, 1e-9 * std::abs(expected.stability) + 1e-12);
            ++compared;
          }
          for (std::size_t place = 0; place < order.size(); ++place)
            EXPECT_NEAR(tree.lambda[place], lambda[order[place]], 1e-12 * lambda[order[place]]);
        }
  EXPECT_GT(compared, 2000U);
}

/// The greatest sum of stabilities of clusters of which none lies within another.
double best_mass(const std::vector<BruteCluster>& clusters, std::size_t top) {
  double of_children = 0;
  for (std::size_t c = 1; c < clusters.size(); ++c)
    if (clusters[c].parent == top) of_children += best_mass(clusters, c);
  return top == 0 ? of_children : std::max(of_children, clusters[top].stability);
}

TEST(Hdbscan, ChoosesTheGreatestMass) {
  for (unsigned seed = 1; seed <= 6; ++seed)
    for (const auto& [name, points] : samples::planar(seed, 70)) {
      HdbscanOptions options;
      options.min_points = 3;
      options.min_cluster_size = 4;
      const HdbscanLabels labels = hdbscan_of(points, options);
      double mass = 0;
      for (const double stability : labels.stability) mass += stability;
      const double best = best_mass(BruteTree(points, 3, 4).clusters, 0);
      EXPECT_NEAR(mass, best, 1e-9 * best) << name << seed;
    }
}

/// Two knots 20 apart, each of two knots 6 apart, of 12 points each; a lone point far away.
Points four_knots() {
  Points points;
  for (const double x : {0.0, 6.0, 26.0, 32.0})
    for (int i = 0; i < 12; ++i) samples::add(points, x + 0.25 * (i % 4), 0.25 * (i / 4));
  samples::add(points, 500, 0);
  return points;
}

TEST(Hdbscan, ObeysItsOptions) {
  HdbscanOptions options;
  options.min_points = 3;
  options.min_cluster_size = 5;
  options.selection = ClusterSelection::leaf;
  const Points points = four_knots();
  const HdbscanLabels leaves = hdbscan_of(points, options);
  EXPECT_EQ(leaves.clusters, 4);
  EXPECT_EQ(leaves.noise, 1);
  EXPECT_EQ(leaves.cluster.front(), 1);
  EXPECT_EQ(leaves.cluster[points.first.size() - 2], 4);

  options.selection_radius = Metres{10};  // the knots of a pair part at 5.25, the pairs at 19.25
  const HdbscanLabels pairs = hdbscan_of(points, options);
  EXPECT_EQ(pairs.clusters, 2);
  EXPECT_EQ(pairs.count, (std::vector<std::int64_t>{24, 24}));
  options.selection_radius = Metres{0};

  options.selection = ClusterSelection::excess_of_mass;
  options.allow_single_cluster = true;
  options.max_cluster_size = 11;
  EXPECT_EQ(hdbscan_of(points, options).clusters, 0) << "no cluster is small enough";
  options.max_cluster_size = 12;
  EXPECT_EQ(hdbscan_of(points, options).clusters, 4);
  options.max_cluster_size = 0;

  Points one;
  for (int i = 0; i < 40; ++i) samples::add(one, i % 7, i / 7);
  options.allow_single_cluster = false;
  EXPECT_EQ(hdbscan_of(one, options).clusters, 0);
  options.allow_single_cluster = true;
  EXPECT_EQ(hdbscan_of(one, options).clusters, 1);
  EXPECT_EQ(hdbscan_of(one, options).noise, 0);
}

TEST(Hdbscan, GivesTiedLayersOneAnswer) {
  // Three pairs at exactly the same distance: all part at once, none of them is favoured.
  const Points points{{0, 1, 10, 11, 20, 21}, {0, 0, 0, 0, 0, 0}};
  HdbscanOptions options;
  options.min_points = 2;
  options.min_cluster_size = 2;
  const HdbscanLabels labels = hdbscan_of(points, options);
  EXPECT_EQ(labels.cluster, (std::vector<std::int32_t>{1, 1, 2, 2, 3, 3}));
  EXPECT_EQ(labels.probability, std::vector<double>(6, 1.0));
}

TEST(Hdbscan, TakesFewAndUnusablePoints) {
  HdbscanOptions options;
  EXPECT_EQ(hdbscan_of({}, options).clusters, 0);
  const double nan = std::nan("");
  const HdbscanLabels labels = hdbscan_of({{0, nan, 0}, {0, 0, 0}}, options);
  EXPECT_EQ(labels.noise, 3);
  EXPECT_EQ(labels.unusable, 1);
  EXPECT_TRUE(std::isnan(labels.outlier_score[1]));
  options.min_points = options.min_cluster_size = 2;
  options.allow_single_cluster = true;
  const HdbscanLabels stacked = hdbscan_of({std::vector<double>(9, 1.0), std::vector<double>(9, 2.0)}, options);
  EXPECT_EQ(stacked.clusters, 1);
  EXPECT_EQ(stacked.probability, std::vector<double>(9, 1.0));
}

TEST(Hdbscan, RefusesWhatMakesNoSense) {
  const auto refused = [](auto change) {
    HdbscanOptions options;
    change(options);
    EXPECT_THROW(hdbscan_of({{1, 2}, {1, 2}}, options), UsageError);
  };
  refused([](HdbscanOptions& o) { o.min_points = 0; });
  refused([](HdbscanOptions& o) { o.min_cluster_size = 1; });
  refused([](HdbscanOptions& o) { o.max_cluster_size = -1; });
  refused([](HdbscanOptions& o) { o.selection_radius = Metres{-1}; });
  refused([](HdbscanOptions& o) { o.selection_radius = Metres{std::nan("")}; });
}

}  // namespace
}  // namespace yaan
