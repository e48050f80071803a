#include "yaan/analyse/cluster_hierarchy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "analyse/cluster_hierarchy_parts.hpp"
#include "analyse/index/point_tree.hpp"
#include "analyse/index/position_rank.hpp"
#include "analyse/point_set.hpp"
#include "analyse/spanning_tree.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
/// Fewer neighbours than these leave the search for the spanning tree's edges with too much work.
constexpr std::uint32_t kLeastListed = 6;

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
  parallel_blocks(n, kHierarchyBlock, progress, [&](std::size_t begin, std::size_t end, std::size_t) {
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
    if (i % kHierarchyBlock == 0) progress.throw_if_cancelled();
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
  parallel_blocks(n, kHierarchyBlock, progress, [&](std::size_t begin, std::size_t end, std::size_t) {
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
  parallel_blocks(n, kHierarchyBlock, progress, [&](std::size_t begin, std::size_t end, std::size_t) {
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
  std::vector<Block> blocks(block_count(n, kHierarchyBlock));
  parallel_blocks(n, kHierarchyBlock, progress, [&](std::size_t begin, std::size_t end, std::size_t block) {
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
  parallel_blocks(n, kHierarchyBlock, progress, [&](std::size_t begin, std::size_t end, std::size_t block) {
    auto sum = static_cast<std::uint32_t>(before[block]);
    for (std::size_t place = begin; place < end; ++place) entry_begin[place + 1] = sum += entry_begin[place + 1];
    std::copy(blocks[block].from.begin(), blocks[block].from.end(), entry_from.data() + before[block]);
    std::copy(blocks[block].place.begin(), blocks[block].place.end(), entry_place.data() + before[block]);
    blocks[block] = {};
  });
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
  parallel_blocks(n, kHierarchyBlock, progress, [&](std::size_t begin, std::size_t end, std::size_t) {
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
  parallel_blocks(n, kHierarchyBlock, [&](std::size_t begin, std::size_t end, std::size_t) {
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
