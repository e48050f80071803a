#include "analyse/optics_order.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace yaan {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kDone = -1;  // no reachability is below it
constexpr std::uint32_t kNone = NearestLists::kNone;

/// Points by reachability, then rank; those in it can move up. Four children to a node: fewer levels to climb.
class Seeds {
 public:
  Seeds(const double* reach, std::span<const std::uint32_t> rank) : m_reach(reach), m_rank(rank), m_place(rank.size()) {
    std::fill_n(m_place.data(), rank.size(), kNone);
  }

  [[nodiscard]] bool empty() const { return m_heap.empty(); }

  /// Puts the point in, or moves it up after its reachability has fallen.
  void improve(std::uint32_t point) {
    std::uint32_t at = m_place[point];
    if (at == kNone) {
      at = static_cast<std::uint32_t>(m_heap.size());
      m_heap.push_back(point);
    }
    while (at > 0) {
      const std::uint32_t above = (at - 1) / 4;
      if (!before(point, m_heap[above])) break;
      put(m_heap[above], at);
      at = above;
    }
    put(point, at);
  }

  std::uint32_t take() {
    const std::uint32_t first = m_heap.front();
    const std::uint32_t last = m_heap.back();
    m_heap.pop_back();
    m_place[first] = kNone;
    if (!m_heap.empty()) sink(last);
    return first;
  }

 private:
  [[nodiscard]] bool before(std::uint32_t p, std::uint32_t q) const {
    return m_reach[p] != m_reach[q] ? m_reach[p] < m_reach[q] : m_rank[p] < m_rank[q];
  }
  void put(std::uint32_t point, std::uint32_t at) {
    m_heap[at] = point;
    m_place[point] = at;
  }
  void sink(std::uint32_t point) {
    const auto size = static_cast<std::uint32_t>(m_heap.size());
    std::uint32_t at = 0;
    for (std::uint32_t child = 1; child < size; child = 4 * at + 1) {
      std::uint32_t best = child;
      for (std::uint32_t other = child + 1; other < std::min(child + 4, size); ++other)
        if (before(m_heap[other], m_heap[best])) best = other;
      if (!before(m_heap[best], point)) break;
      put(m_heap[best], at);
      at = best;
    }
    put(point, at);
  }

  const double* m_reach;
  std::span<const std::uint32_t> m_rank;
  std::vector<std::uint32_t> m_heap;
  Scratch<std::uint32_t> m_place;
};

class Walk {
 public:
  Walk(const PointTree& tree, const double* squared_core, std::span<const std::uint32_t> rank, double limit)
      : m_tree(tree),
        m_c(tree.coordinates()),
        m_improve_reach(tree.kernels().improve_reach),
        m_core(squared_core),
        m_limit(limit),
        m_reach(tree.points + kReadPast),
        m_from(tree.points),
        m_most(tree.level_begin.back(), kInfinity),
        m_seeds(m_reach.data(), rank),
        m_outward(tree, *this),
        m_rank(rank) {
    std::fill_n(m_reach.data(), tree.points, kInfinity);
    std::fill_n(m_reach.data() + tree.points, kReadPast, kDone);
    std::fill_n(m_from.data(), tree.points, kNone);
  }

  OpticsWalk run(Progress& progress) {
    std::vector<std::uint32_t> starts(m_tree.points);
    for (std::uint32_t p = 0; p < m_tree.points; ++p) starts[m_rank[p]] = p;
    OpticsWalk walk;
    walk.point.reserve(m_tree.points);
    walk.squared_reachability.reserve(m_tree.points);
    walk.predecessor.reserve(m_tree.points);
    std::size_t next_start = 0;
    while (walk.point.size() < m_tree.points) {
      if ((walk.point.size() & 0xfff) == 0) {
        progress.throw_if_cancelled();
        progress.report("walking", static_cast<double>(walk.point.size()) / m_tree.points);
      }
      while (m_seeds.empty() && m_reach[starts[next_start]] == kDone) ++next_start;
      const std::uint32_t point = m_seeds.empty() ? starts[next_start] : m_seeds.take();
      walk.point.push_back(point);
      walk.squared_reachability.push_back(m_reach[point]);
      walk.predecessor.push_back(m_from[point]);
      process(point);
    }
    return walk;
  }

  // What OutwardSearch asks for.
  [[nodiscard]] double limit() const { return m_limit; }
  [[nodiscard]] unsigned admits(std::size_t first) const {
    unsigned mask = 0;
    for (unsigned k = 0; k < PointTree::kFan; ++k) mask |= static_cast<unsigned>(m_most[first + k] > m_own_core) << k;
    return mask;
  }
  [[nodiscard]] bool open(double squared, std::size_t node) const {
    return m_most[node] > std::max(m_own_core, squared);
  }
  void visit(std::uint32_t leaf) {
    const Run run = m_tree.points_of_leaf(leaf);
    double improved[8];
    for (std::uint32_t first = run.begin; first < run.end; first += 8) {
      unsigned mask = m_improve_reach(m_c.data(), m_q, first, m_own_core, m_limit, m_reach.data(), improved);
      if (run.end - first < 8) mask &= (1U << (run.end - first)) - 1;
      for (; mask != 0; mask &= mask - 1) {
        const auto k = static_cast<unsigned>(std::countr_zero(mask));
        m_reach[first + k] = improved[k];
        m_from[first + k] = m_own;
        m_seeds.improve(first + k);
      }
    }
    lower_most(leaf);
  }

 private:
  void process(std::uint32_t point) {
    m_reach[point] = kDone;
    m_own = point;
    m_own_core = m_core[point];
    const std::uint32_t leaf = point / PointTree::kLeaf;
    if (m_own_core == kInfinity) {
      lower_most(leaf);
      return;
    }
    for (unsigned axis = 0; axis < m_tree.dimensions; ++axis) m_q[axis] = m_c[axis][point];
    m_outward.run(leaf, m_q, m_q);
  }

  /// The largest reachability in a leaf may have fallen, and with it those of the nodes above.
  void lower_most(std::uint32_t leaf) {
    const Run run = m_tree.points_of_leaf(leaf);
    double most = kDone;
    for (std::uint32_t p = run.begin; p < run.end; ++p) most = std::max(most, m_reach[p]);
    std::uint32_t node = leaf;
    for (std::uint32_t level = 0;; ++level) {
      double& held = m_most[m_tree.level_begin[level] + node];
      if (held == most) return;
      held = most;
      if (level + 1 == m_tree.levels) return;
      node /= PointTree::kFan;
      const std::size_t first = m_tree.level_begin[level] + std::size_t{node} * PointTree::kFan;
      const std::size_t last = m_tree.level_begin[level] + std::min((node + 1) * PointTree::kFan, m_tree.nodes[level]);
      most = *std::max_element(m_most.begin() + static_cast<std::ptrdiff_t>(first),
                               m_most.begin() + static_cast<std::ptrdiff_t>(last));
    }
  }

  const PointTree& m_tree;
  const std::array<const double*, 3> m_c;
  decltype(PointKernels::improve_reach) m_improve_reach;
  const double* m_core;
  double m_limit;
  Scratch<double> m_reach;        // squared; kDone once the point has come
  Scratch<std::uint32_t> m_from;  // predecessor
  std::vector<double> m_most;     // of each node of the tree: the largest reachability
  Seeds m_seeds;
  OutwardSearch<Walk> m_outward;
  std::span<const std::uint32_t> m_rank;
  std::uint32_t m_own = 0;
  double m_own_core = 0;
  double m_q[3] = {};
};

}  // namespace

OpticsWalk walk(const PointTree& tree, const double* squared_core, std::span<const std::uint32_t> rank, double limit,
                Progress& progress) {
  if (tree.points == 0) return {};
  return Walk(tree, squared_core, rank, limit).run(progress);
}

}  // namespace yaan
