#include "analyse/condensed_tree.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace yaan {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr std::uint32_t kNone = CondensedCluster::kNoParent;

/// A run of places that are joined at `height` and below, while it is open.
struct OpenNode {
  double height;
  std::uint32_t begin;
  std::uint32_t first_cluster;  // the clusters among its parts: a list through Condenser::m_next
  std::uint32_t last_cluster;
};

/// One sweep over the places with a stack of open nodes, as the intervals of a suffix array are found (Abouelhoda,
/// Kurtz and Ohlebusch 2004).
class Condenser {
 public:
  Condenser(std::span<const double> join, std::size_t places, std::int64_t min_size)
      : m_join(join), m_places(places), m_min_size(static_cast<std::uint64_t>(min_size)), m_least(least_height()) {}

  CondensedTree run(const Progress& progress) {
    if (m_places < m_min_size || m_places < 2) return {};
    m_tree.cluster.assign(m_places, kNone);
    progress.throw_if_cancelled();
    m_tree.lambda.assign(m_places, 0);
    std::vector<OpenNode> open;
    for (std::uint32_t place = 1; place <= m_places; ++place) {
      if ((place & 0xffff) == 0) progress.throw_if_cancelled();
      const double height = place < m_places ? m_join[place - 1] : kInfinity;
      std::uint32_t begin = place - 1;
      std::uint32_t cluster = kNone;  // of the part that ends here
      while (!open.empty() && open.back().height < height) {
        const OpenNode node = open.back();
        open.pop_back();
        cluster = close(node, place);
        begin = node.begin;
        if (!open.empty() && open.back().height <= height) attach(open.back(), std::exchange(cluster, kNone));
      }
      if (height == kInfinity) break;
      if (open.empty() || open.back().height > height) open.push_back({height, begin, kNone, kNone});
      attach(open.back(), cluster);
    }
    return std::move(m_tree);
  }

 private:
  [[nodiscard]] double least_height() const {
    double least = kInfinity;
    for (const double height : m_join)
      if (height > 0) least = std::min(least, height);
    return least == kInfinity ? 1 : least;
  }
  [[nodiscard]] double lambda_of(double height) const { return 1 / std::max(height, m_least); }

  void attach(OpenNode& node, std::uint32_t cluster) {
    if (cluster == kNone) return;
    if (node.first_cluster == kNone) {
      node.first_cluster = cluster;
    } else {
      m_next[node.last_cluster] = cluster;
    }
    node.last_cluster = cluster;
  }

  void leave(std::uint32_t begin, std::uint32_t end, std::uint32_t cluster, double lambda) {
    for (std::uint32_t place = begin; place < end; ++place) {
      m_tree.cluster[place] = cluster;
      m_tree.lambda[place] = lambda;
    }
    CondensedCluster& of = m_tree.clusters[cluster];
    of.stability += lambda * (end - begin);
    if (end > begin) of.greatest_lambda = std::max(of.greatest_lambda, lambda);
  }

  /// The cluster that the closed node is, or kNone when it is too small.
  std::uint32_t close(const OpenNode& node, std::uint32_t end) {
    if (end - node.begin < m_min_size) return kNone;
    const double lambda = lambda_of(node.height);
    const bool goes_on = node.first_cluster != kNone && node.first_cluster == node.last_cluster;
    std::uint32_t cluster = node.first_cluster;
    if (!goes_on) {
      cluster = static_cast<std::uint32_t>(m_tree.clusters.size());
      m_tree.clusters.emplace_back();
      m_next.push_back(kNone);
    }
    // The parts between the clusters fall away here.
    std::uint32_t at = node.begin;
    for (std::uint32_t part = node.first_cluster; part != kNone; part = m_next[part]) {
      CondensedCluster& child = m_tree.clusters[part];
      leave(at, child.begin, cluster, lambda);
      at = child.end;
      if (goes_on) break;
      child.parent = cluster;
      child.birth = lambda;
      child.stability -= lambda * child.size();
      CondensedCluster& parent = m_tree.clusters[cluster];
      ++parent.children;
      parent.stability += lambda * child.size();
      parent.greatest_lambda = std::max(parent.greatest_lambda, child.greatest_lambda);
    }
    leave(at, end, cluster, lambda);
    m_tree.clusters[cluster].begin = node.begin;
    m_tree.clusters[cluster].end = end;
    m_next[cluster] = kNone;
    return cluster;
  }

  std::span<const double> m_join;
  std::size_t m_places;
  std::uint64_t m_min_size;
  double m_least;
  CondensedTree m_tree;
  std::vector<std::uint32_t> m_next;
};

}  // namespace

CondensedTree condense(std::span<const double> join, std::size_t places, std::int64_t min_size,
                       const Progress& progress) {
  return Condenser(join, places, min_size).run(progress);
}

}  // namespace yaan
