// The clusters of a radius, read from the hierarchy of all of them.
#include <algorithm>
#include <bit>
#include <utility>

#include "analyse/cluster_hierarchy_parts.hpp"
#include "analyse/point_set.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {

namespace {

constexpr std::uint32_t kNone = 0xffffffff;

/// Spreads the bits of a place (Steele, Lea and Flood 2014, SplitMix64).
std::uint64_t mixed(std::uint64_t value) {
  value += 0x9e3779b97f4a7c15;
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
  value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
  return value ^ (value >> 31);
}

/// Numbers the clusters by their least rank: cluster i of the input is number[i], from 1.
std::vector<std::uint32_t> numbers_by(const std::vector<std::uint32_t>& least_rank, std::size_t ranks) {
  std::vector<std::uint64_t> taken(ranks / 64 + 1, 0);
  for (const std::uint32_t rank : least_rank) taken[rank / 64] |= std::uint64_t{1} << rank % 64;
  std::vector<std::uint32_t> before(taken.size() + 1, 0);
  for (std::size_t word = 0; word < taken.size(); ++word)
    before[word + 1] = before[word] + static_cast<std::uint32_t>(std::popcount(taken[word]));
  std::vector<std::uint32_t> number(least_rank.size());
  for (std::size_t i = 0; i < number.size(); ++i) {
    const std::uint64_t below = taken[least_rank[i] / 64] & ((std::uint64_t{1} << least_rank[i] % 64) - 1);
    number[i] = 1 + before[least_rank[i] / 64] + static_cast<std::uint32_t>(std::popcount(below));
  }
  return number;
}

}  // namespace

double ClusterHierarchy::Parts::squared_limit(const Length& radius) const {
  const double length = checked_ground_length(crs, radius, "radius");
  const double reach = crs.is_geographic() ? chord_of(Metres{length}) : length;
  return reach * reach;
}

ClusterCut ClusterHierarchy::cut(const Length& radius, BorderPoints borders) const {
  const Parts& parts = *m_parts;
  const double limit = parts.squared_limit(radius);
  const std::size_t n = parts.order.size();
  // Runs of core points, in the order of the hierarchy.
  std::vector<CutCluster> runs;
  std::vector<std::uint32_t> least_rank;
  Scratch<std::uint32_t> run_of(n);
  for (std::size_t place = 0; place < n;) {
    if (parts.core[place] > limit) {
      run_of[place++] = kNone;
      continue;
    }
    const auto begin = static_cast<std::uint32_t>(place);
    const auto run = static_cast<std::uint32_t>(runs.size());
    std::uint32_t least = parts.rank[place];
    for (;; ++place) {
      run_of[place] = run;
      least = std::min(least, parts.rank[place]);
      if (parts.join[place] > limit) break;
    }
    ++place;
    runs.push_back({begin, static_cast<std::uint32_t>(place), 0, 0});
    least_rank.push_back(least);
  }
  const std::vector<std::uint32_t> number = numbers_by(least_rank, n);

  ClusterCut cut;
  cut.clusters.resize(runs.size());
  for (std::size_t run = 0; run < runs.size(); ++run) {
    CutCluster& cluster = cut.clusters[number[run] - 1];
    cluster = runs[run];
    cluster.count = cluster.end - cluster.begin;
    cluster.identity = mixed(std::uint64_t{cluster.begin} << 32 | cluster.end);
  }
  DbscanLabels& labels = cut.labels;
  labels.cluster.resize(parts.points);
  labels.core.resize(parts.points);
  labels.clusters = static_cast<std::int64_t>(runs.size());
  labels.unusable = static_cast<std::int64_t>(parts.points - n);
  struct Border {
    std::uint32_t place, cluster;
  };
  std::vector<std::vector<Border>> border(block_count(n, kHierarchyBlock));
  parallel_blocks(n, kHierarchyBlock, [&](std::size_t begin, std::size_t end, std::size_t block) {
    for (std::size_t place = begin; place < end; ++place) {
      const std::uint32_t row = parts.order[place];
      if (run_of[place] != kNone) {
        labels.cluster[row] = static_cast<std::int32_t>(number[run_of[place]]);
        labels.core[row] = 1;
        continue;
      }
      if (borders == BorderPoints::noise) continue;
      std::uint32_t best = kNone;
      for (std::uint32_t e = parts.entry_begin[place]; e < parts.entry_begin[place + 1] && parts.entry_from[e] <= limit;
           ++e)
        best = std::min(best, number[run_of[parts.entry_place[e]]]);
      if (best == kNone) continue;
      labels.cluster[row] = static_cast<std::int32_t>(best);
      border[block].push_back({static_cast<std::uint32_t>(place), best});
    }
  });
  std::int64_t border_count = 0;
  for (const auto& block : border) {
    border_count += static_cast<std::int64_t>(block.size());
    for (const Border& point : block) {
      CutCluster& cluster = cut.clusters[point.cluster - 1];
      ++cluster.count;
      cluster.identity += mixed(point.place);  // a sum: whatever the order
    }
  }
  for (const CutCluster& cluster : cut.clusters) labels.core_count += cluster.end - cluster.begin;
  labels.noise = static_cast<std::int64_t>(parts.points) - labels.core_count - border_count;
  return cut;
}

std::vector<ClusterHierarchy::Counts> ClusterHierarchy::counts(std::span<const Length> radii) const {
  const Parts& parts = *m_parts;
  std::vector<std::pair<double, std::size_t>> limits;
  for (const Length& radius : radii) limits.emplace_back(parts.squared_limit(radius), limits.size());
  std::sort(limits.begin(), limits.end());
  struct Events {
    std::int64_t core = 0, joined = 0, reached = 0;
  };
  // What happens first at each of the radii; the last place is for what none of them reaches.
  std::vector<Events> events(limits.size() + 1);
  const auto first_at = [&](double squared) {
    return static_cast<std::size_t>(
        std::lower_bound(limits.begin(), limits.end(), squared,
                         [](const auto& limit, double value) { return limit.first < value; }) -
        limits.begin());
  };
  for (std::size_t place = 0; place < parts.order.size(); ++place) {
    ++events[first_at(parts.core[place])].core;
    ++events[first_at(parts.join[place])].joined;
    ++events[first_at(parts.noise_until(place))].reached;
  }
  std::vector<Counts> counts(limits.size());
  Events so_far;
  for (std::size_t i = 0; i < limits.size(); ++i) {
    so_far.core += events[i].core;
    so_far.joined += events[i].joined;
    so_far.reached += events[i].reached;
    counts[limits[i].second] = {so_far.core - so_far.joined, static_cast<std::int64_t>(parts.points) - so_far.reached,
                                so_far.core};
  }
  return counts;
}

}  // namespace yaan
