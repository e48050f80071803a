#include "yaan/analyse/cluster_hierarchy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>

#include "analyse/index/point_tree.hpp"
#include "analyse/index/position_rank.hpp"
#include "analyse/index/radix_sort.hpp"
#include "analyse/point_set.hpp"
#include "analyse/spanning_tree.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/geodesy.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {

namespace {

constexpr std::size_t kBlock = std::size_t{1} << 14;
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr std::uint32_t kNone = 0xffffffff;
/// Fewer neighbours than these leave the search for the spanning tree's edges with too much work.
constexpr std::uint32_t kLeastListed = 6;

}  // namespace

struct ClusterHierarchy::Parts {
  Crs crs;
  std::int64_t min_points = 1;
  std::size_t points = 0;
  double tree_weight = 0;
  // All in the order of the hierarchy.
  Scratch<std::uint32_t> order;
  Scratch<double> core;         // squared core distance
  Scratch<double> join;         // squared reachability of the next place; infinite at the last
  Scratch<std::uint32_t> rank;  // by position
  // What a point that is not core can belong to: from a squared radius on, the cluster of the point at a place. Sorted
  // by radius; entries that lead to the same cluster as an earlier one are left out.
  Scratch<std::uint32_t> entry_begin;  // places + 1
  Scratch<double> entry_from;
  Scratch<std::uint32_t> entry_place;

  /// Returns the points of the tree in the order of the hierarchy.
  Scratch<std::uint32_t> merge(const PointTree& tree, const Scratch<TreeEdge>& edges, const Progress& progress);
  void list_entries(const PointTree& tree, const NearestLists& lists, const Scratch<std::uint32_t>& tree_order,
                    Progress& progress);
  [[nodiscard]] double squared_limit(const Length& radius) const;
  [[nodiscard]] double distance(double squared) const {
    const double length = std::sqrt(squared);
    return crs.is_geographic() && std::isfinite(length) ? ground_distance_of(length).value : length;
  }
  [[nodiscard]] std::vector<double> distances(const Scratch<double>& squared, std::size_t n) const;
  /// From this squared radius on the place is no noise.
  [[nodiscard]] double noise_until(std::size_t place) const {
    return entry_begin[place] < entry_begin[place + 1] ? std::min(core[place], entry_from[entry_begin[place]])
                                                       : core[place];
  }
};

namespace {

/// Shortest first, then by their points.
Scratch<TreeEdge> sorted_edges(const std::vector<TreeEdge>& edges, const Progress& progress) {
  const std::size_t n = edges.size();
  // Squared lengths are not negative, so their bits are in their order. The first 32 that differ, and then by hand.
  const auto bits_of = [&](std::size_t i) { return std::bit_cast<std::uint64_t>(edges[i].squared + 0.0); };
  const std::size_t blocks = block_count(n, kBlock);
  std::vector<std::uint64_t> leasts(blocks, ~std::uint64_t{0}), mosts(blocks, 0);
  parallel_blocks(n, kBlock, progress, [&](std::size_t begin, std::size_t end, std::size_t block) {
    for (std::size_t i = begin; i < end; ++i) {
      leasts[block] = std::min(leasts[block], bits_of(i));
      mosts[block] = std::max(mosts[block], bits_of(i));
    }
  });
  if (n == 0) return {};
  const std::uint64_t least = *std::min_element(leasts.begin(), leasts.end());
  const auto width = static_cast<unsigned>(std::bit_width(*std::max_element(mosts.begin(), mosts.end()) - least));
  const unsigned drop = width > 32 ? width - 32 : 0;
  Scratch<std::uint64_t> items(n);
  {
    Scratch<std::uint64_t> spare(n);
    parallel_blocks(n, kBlock, progress, [&](std::size_t begin, std::size_t end, std::size_t) {
      for (std::size_t i = begin; i < end; ++i) items[i] = (bits_of(i) - least) >> drop << 32 | i;
    });
    radix_sort(items, spare, n, 32, width - drop, progress);
  }
  Scratch<TreeEdge> sorted(n);
  parallel_blocks(n, kBlock, progress, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t i = begin; i < end; ++i) sorted[i] = edges[items[i] & 0xffffffff];
  });
  const auto less = [](const TreeEdge& p, const TreeEdge& q) {
    if (p.squared != q.squared) return p.squared < q.squared;
    return p.a != q.a ? p.a < q.a : p.b < q.b;
  };
  const auto alike = [&](std::size_t i, std::size_t j) { return items[i] >> 32 == items[j] >> 32; };
  // A block sorts the runs of alike edges that begin in it.
  parallel_blocks(n, kBlock, progress, [&](std::size_t begin, std::size_t stop, std::size_t) {
    while (begin > 0 && begin < stop && alike(begin, begin - 1)) ++begin;
    while (begin < stop) {
      std::size_t end = begin + 1;
      while (end < n && alike(end, begin)) ++end;
      if (end - begin > 1) std::sort(sorted.data() + begin, sorted.data() + end, less);
      begin = end;
    }
  });
  return sorted;
}

}  // namespace

/// Joins runs of points along the edges, shortest first: what is joined stays a run. A run is a set of a forest; each
/// point knows how many places it stands behind the point above it, so that no run is ever walked along.
Scratch<std::uint32_t> ClusterHierarchy::Parts::merge(const PointTree& tree, const Scratch<TreeEdge>& edges,
                                                      const Progress& progress) {
  const std::uint32_t n = tree.points;
  struct Member {
    std::uint32_t above;   // itself for the first point of a run, the smallest
    std::uint32_t behind;  // places behind it; for the first point the length of the run
  };
  Scratch<Member> members(n);
  Scratch<double> step(n);  // what closed the gap before the point
  parallel_blocks(n, kBlock, progress, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t p = begin; p < end; ++p) {
      members[p] = {static_cast<std::uint32_t>(p), 1};
      step[p] = kInfinity;
    }
  });
  const auto first_of_run = [&](std::uint32_t p) {
    while (members[p].above != p) {
      Member& member = members[p];
      const Member& above = members[member.above];
      if (above.above == member.above) return member.above;
      member = {above.above, member.behind + above.behind};
      p = member.above;
    }
    return p;
  };
  for (std::size_t i = 0; i < edges.size(); ++i) {
    if (i % kBlock == 0) progress.throw_if_cancelled();
    const TreeEdge& edge = edges[i];
    std::uint32_t a = first_of_run(edge.a), b = first_of_run(edge.b);
    if (a > b) std::swap(a, b);
    const std::uint32_t length = members[a].behind + members[b].behind;
    members[b] = {a, members[a].behind};
    members[a].behind = length;
    step[b] = edge.squared;
    tree_weight += std::sqrt(edge.squared);
  }
  Scratch<std::uint32_t> tree_order(n);
  parallel_blocks(n, kBlock, progress, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t p = begin; p < end; ++p) {
      std::uint32_t place = 0;
      for (auto q = static_cast<std::uint32_t>(p); members[q].above != q; q = members[q].above)
        place += members[q].behind;
      tree_order[place] = static_cast<std::uint32_t>(p);
      if (place > 0) join[place - 1] = step[p];
    }
  });
  if (n > 0) join[n - 1] = kInfinity;
  return tree_order;
}

void ClusterHierarchy::Parts::list_entries(const PointTree& tree, const NearestLists& lists,
                                           const Scratch<std::uint32_t>& tree_order, Progress& progress) {
  const std::size_t n = tree_order.size();
  Scratch<std::uint32_t> place_of(n);
  parallel_blocks(n, kBlock, progress, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t place = begin; place < end; ++place)
      place_of[tree_order[place]] = static_cast<std::uint32_t>(place);
  });
  const auto c = tree.coordinates();
  const auto squared_distance = [&](std::uint32_t p, std::uint32_t q) {
    double sum = 0;
    for (unsigned axis = 0; axis < tree.dimensions; ++axis) {
      const double difference = c[axis][p] - c[axis][q];
      sum += difference * difference;
    }
    return sum;
  };
  struct Entry {
    double from;
    std::uint32_t point;  // of the tree
  };
  struct Block {
    std::vector<double> from;
    std::vector<std::uint32_t> place;
  };
  std::vector<Block> blocks(block_count(n, kBlock));
  parallel_blocks(n, kBlock, progress, [&](std::size_t begin, std::size_t end, std::size_t block) {
    std::vector<Entry> open, kept;
    for (std::size_t place = begin; place < end; ++place) {
      const std::uint32_t p = tree_order[place];
      const double own = lists.squared_core[p];
      const std::uint32_t* list = lists.point.data() + std::size_t{p} * lists.count;
      open.clear();
      kept.clear();
      for (std::uint32_t i = 0; i < lists.count && list[i] != NearestLists::kNone; ++i) {
        const double squared = squared_distance(p, list[i]);
        if (!(squared < own)) break;
        const double from = std::max(squared, lists.squared_core[list[i]]);
        if (from < own) open.push_back({from, list[i]});
      }
      std::sort(open.begin(), open.end(),
                [](const Entry& a, const Entry& b) { return a.from != b.from ? a.from < b.from : a.point < b.point; });
      for (const Entry& entry : open) {
        const bool known = std::any_of(kept.begin(), kept.end(), [&](const Entry& other) {
          return squared_distance(entry.point, other.point) <= entry.from;
        });
        if (!known) kept.push_back(entry);
      }
      entry_begin[place + 1] = static_cast<std::uint32_t>(kept.size());
      for (const Entry& entry : kept) {
        blocks[block].from.push_back(entry.from);
        blocks[block].place.push_back(place_of[entry.point]);
      }
    }
  });
  std::vector<std::size_t> before(blocks.size() + 1, 0);
  for (std::size_t block = 0; block < blocks.size(); ++block)
    before[block + 1] = before[block] + blocks[block].from.size();
  entry_from = Scratch<double>(before.back());
  entry_place = Scratch<std::uint32_t>(before.back());
  entry_begin[0] = 0;
  parallel_blocks(n, kBlock, progress, [&](std::size_t begin, std::size_t end, std::size_t block) {
    auto sum = static_cast<std::uint32_t>(before[block]);
    for (std::size_t place = begin; place < end; ++place) entry_begin[place + 1] = sum += entry_begin[place + 1];
    std::copy(blocks[block].from.begin(), blocks[block].from.end(), entry_from.data() + before[block]);
    std::copy(blocks[block].place.begin(), blocks[block].place.end(), entry_place.data() + before[block]);
    blocks[block] = {};
  });
}

double ClusterHierarchy::Parts::squared_limit(const Length& radius) const {
  const double length = checked_ground_length(crs, radius, "radius");
  const double reach = crs.is_geographic() ? chord_of(Metres{length}) : length;
  return reach * reach;
}

ClusterHierarchy::ClusterHierarchy(std::span<const double> x, std::span<const double> y, const Crs& crs,
                                   std::int64_t min_points, Progress& progress)
    : m_parts(std::make_unique<Parts>()) {
  const UsablePoints usable(x, y, crs);
  if (min_points < 1 || min_points > kMostMinPoints)
    throw UsageError(fmt::format("min_points is {}, but must be from 1 to {}", min_points, kMostMinPoints));
  progress.throw_if_cancelled();
  Parts& parts = *m_parts;
  parts.crs = crs;
  parts.min_points = min_points;
  parts.points = x.size();
  const std::size_t n = usable.size();
  parts.core = Scratch<double>(n);
  parts.join = Scratch<double>(n);
  parts.rank = Scratch<std::uint32_t>(n);
  parts.entry_begin = Scratch<std::uint32_t>(n + 1);

  progress.report("sorting points", 0.02);
  const PointTree tree = point_tree(usable.x(), usable.y(), crs.is_geographic(), progress);
  progress.report("finding neighbours", 0.1);
  const auto core_rank = static_cast<std::uint32_t>(min_points - 1);
  const NearestLists lists = nearest_lists(tree, std::max(core_rank, kLeastListed), core_rank, progress);
  progress.report("joining points", 0.45);
  std::vector<TreeEdge> unsorted;
  if (n < static_cast<std::size_t>(min_points)) {
    for (std::uint32_t p = 1; p < n; ++p) unsorted.push_back({kInfinity, p - 1, p});  // never joined
  } else {
    unsorted = spanning_tree(tree, lists, progress);
  }
  progress.report("ordering clusters", 0.85);
  const Scratch<TreeEdge> edges = sorted_edges(unsorted, progress);
  unsorted = {};
  const Scratch<std::uint32_t> tree_order = parts.merge(tree, edges, progress);
  progress.throw_if_cancelled();
  const Scratch<std::uint32_t> ranks = position_ranks(usable.x(), usable.y(), progress);
  parts.order = Scratch<std::uint32_t>(n);
  parallel_blocks(n, kBlock, progress, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t place = begin; place < end; ++place) {
      const std::uint32_t point = tree.point[tree_order[place]];
      parts.order[place] = static_cast<std::uint32_t>(usable.row(point));
      parts.rank[place] = ranks[point];
      parts.core[place] = lists.squared_core[tree_order[place]];
    }
  });
  progress.report("listing border points", 0.93);
  parts.list_entries(tree, lists, tree_order, progress);
}

ClusterHierarchy::ClusterHierarchy(ClusterHierarchy&&) noexcept = default;
ClusterHierarchy& ClusterHierarchy::operator=(ClusterHierarchy&&) noexcept = default;
ClusterHierarchy::~ClusterHierarchy() = default;

namespace {

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
  std::vector<std::vector<Border>> border(block_count(n, kBlock));
  parallel_blocks(n, kBlock, [&](std::size_t begin, std::size_t end, std::size_t block) {
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

std::int64_t ClusterHierarchy::min_points() const { return m_parts->min_points; }
std::size_t ClusterHierarchy::points() const { return m_parts->points; }
std::size_t ClusterHierarchy::unusable() const { return m_parts->points - m_parts->order.size(); }
std::span<const std::uint32_t> ClusterHierarchy::order() const {
  return {m_parts->order.data(), m_parts->order.size()};
}
double ClusterHierarchy::tree_weight() const { return m_parts->tree_weight; }

std::span<const std::uint32_t> ClusterHierarchy::position_rank() const {
  return {m_parts->rank.data(), m_parts->order.size()};
}

std::vector<double> ClusterHierarchy::Parts::distances(const Scratch<double>& squared, std::size_t n) const {
  std::vector<double> distances(n);
  parallel_blocks(n, kBlock, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t place = begin; place < end; ++place) distances[place] = distance(squared[place]);
  });
  return distances;
}

std::vector<double> ClusterHierarchy::core_distances() const {
  return m_parts->distances(m_parts->core, m_parts->order.size());
}

std::vector<double> ClusterHierarchy::join_distances() const {
  return m_parts->distances(m_parts->join, m_parts->order.size() == 0 ? 0 : m_parts->order.size() - 1);
}

}  // namespace yaan
