#include "analyse/optics_order.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace yaan {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kDone = -1;  // no reachability is below it
constexpr std::uint32_t kNone = NearestLists::kNone;

/// A queue of points or nodes by `before`; those in it can move up. Four children to a node: fewer levels to climb.
template <class Before>
class Queue {
 public:
  Queue(std::size_t size, Before before) : m_before(before), m_place(size) { std::fill_n(m_place.data(), size, kNone); }

  [[nodiscard]] bool empty() const { return m_heap.empty(); }

  [[nodiscard]] std::uint32_t first() const { return m_heap.front(); }

  /// Puts the item in, or moves it up after its key has fallen.
  void improve(std::uint32_t item) {
    std::uint32_t at = m_place[item];
    if (at == kNone) {
      at = static_cast<std::uint32_t>(m_heap.size());
      m_heap.push_back(item);
    }
    while (at > 0) {
      const std::uint32_t above = (at - 1) / 4;
      if (!m_before(item, m_heap[above])) break;
      put(m_heap[above], at);
      at = above;
    }
    put(item, at);
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
  void put(std::uint32_t item, std::uint32_t at) {
    m_heap[at] = item;
    m_place[item] = at;
  }
  void sink(std::uint32_t item) {
    const auto size = static_cast<std::uint32_t>(m_heap.size());
    std::uint32_t at = 0;
    for (std::uint32_t child = 1; child < size; child = 4 * at + 1) {
      std::uint32_t best = child;
      for (std::uint32_t other = child + 1; other < std::min(child + 4, size); ++other)
        if (m_before(m_heap[other], m_heap[best])) best = other;
      if (!m_before(m_heap[best], item)) break;
      put(m_heap[best], at);
      at = best;
    }
    put(item, at);
  }

  Before m_before;
  std::vector<std::uint32_t> m_heap;
  Scratch<std::uint32_t> m_place;
};

struct LessReach {
  const double* reach;
  const std::uint32_t* rank;
  bool operator()(std::uint32_t p, std::uint32_t q) const {
    return reach[p] != reach[q] ? reach[p] < reach[q] : rank[p] < rank[q];
  }
};

struct NearerNode {
  const double* key;
  bool operator()(std::uint32_t p, std::uint32_t q) const { return key[p] != key[q] ? key[p] < key[q] : p < q; }
};

/// An upper bound of the squared distances between a place and the points of a node, like least_squared.
double most_squared(const PointTree& tree, const double* place, std::size_t node) {
  double sum = 0;
  for (unsigned axis = 0; axis < tree.dimensions; ++axis) {
    const double below = place[axis] - tree.least[axis][node];
    const double above = tree.most[axis][node] - place[axis];
    const double gap = std::max(below, above);
    sum += gap * gap;
  }
  return sum;
}

/// The walk of Prim's algorithm, lazily: what a point that has come offers to the points of a far node (reachability
/// from it) waits at the node, which opens no sooner than the best offer to its box could decide the next place.
/// Offers that cannot be the best for any point of the box are dropped. So a front that moves towards a far cluster
/// does not touch each of its points at each step.
class Walk {
 public:
  Walk(const PointTree& tree, const double* squared_core, std::span<const std::uint32_t> rank, double limit)
      : m_tree(tree),
        m_c(tree.coordinates()),
        m_improve_reach(tree.kernels().improve_reach),
        m_near_boxes(tree.kernels().near_boxes),
        m_boxes(tree.boxes()),
        m_core(squared_core),
        m_limit(limit),
        m_rank(rank),
        m_reach(tree.points + kReadPast),
        m_from(tree.points),
        m_most(tree.level_begin.back(), kInfinity),
        m_key(tree.level_begin.back(), kInfinity),
        m_waiting(tree.level_begin.back()),
        m_open(tree.level_begin.back(), 0),
        m_seeds(tree.points, {m_reach.data(), rank.data()}),
        m_nodes(tree.level_begin.back(), {m_key.data()}),
        m_outward(tree, *this) {
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
      while (!m_nodes.empty() && (m_seeds.empty() || m_key[m_nodes.first()] <= m_reach[m_seeds.first()]))
        open_node(m_nodes.take());
      while (m_seeds.empty() && m_reach[starts[next_start]] == kDone) ++next_start;
      const std::uint32_t point = m_seeds.empty() ? start(starts[next_start]) : m_seeds.take();
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
  bool open(double squared, std::size_t node) {
    const double low = std::max(m_own_core, squared);
    if (m_most[node] <= low) return false;
    if (m_open[node] != 0) return true;
    if (offer(low, node)) settle_above(place_of(node));
    return false;
  }
  void visit(std::uint32_t leaf) {
    if (improve(leaf)) settle({0, leaf}, most_of_leaf(leaf));
  }

 private:
  void look_from(std::uint32_t point) {
    m_own = point;
    m_own_core = m_core[point];
    for (unsigned axis = 0; axis < m_tree.dimensions; ++axis) m_q[axis] = m_c[axis][point];
  }

  void process(std::uint32_t point) {
    m_reach[point] = kDone;
    look_from(point);
    const std::uint32_t leaf = point / PointTree::kLeaf;
    settle({0, leaf}, most_of_leaf(leaf));
    if (m_own_core < kInfinity) m_outward.run(leaf, m_q, m_q);
  }

  /// No node waits: all around the point are open from here on.
  std::uint32_t start(std::uint32_t point) {
    std::uint32_t node = point / PointTree::kLeaf;
    for (std::uint32_t level = 0; level < m_tree.levels; ++level) {
      m_open[m_tree.level_begin[level] + node] = 1;
      node /= PointTree::kFan;
    }
    return point;
  }

  /// The points of a leaf that are nearer from the own point; whether there are any.
  bool improve(std::uint32_t leaf) {
    const Run run = m_tree.points_of_leaf(leaf);
    double improved[8];
    bool any = false;
    for (std::uint32_t first = run.begin; first < run.end; first += 8) {
      unsigned mask = m_improve_reach(m_c.data(), m_q, first, m_own_core, m_limit, m_reach.data(), improved);
      if (run.end - first < 8) mask &= (1U << (run.end - first)) - 1;
      any = any || mask != 0;
      for (; mask != 0; mask &= mask - 1) {
        const auto k = static_cast<unsigned>(std::countr_zero(mask));
        m_reach[first + k] = improved[k];
        m_from[first + k] = m_own;
        m_seeds.improve(first + k);
      }
    }
    return any;
  }

  /// The own point waits at a closed node, of which no point can be nearer than `low`. Returns whether the largest
  /// reachability in the node has fallen.
  bool offer(double low, std::size_t node) {
    const double most = most_squared(m_tree, m_q, node);
    const double worst = std::max(m_own_core, most);
    const bool better = most <= m_limit && worst < m_most[node];
    if (better) m_most[node] = worst;
    std::vector<std::uint32_t>& waiting = m_waiting[node];
    if (waiting.size() == waiting.capacity() && waiting.size() >= kFullList) {
      // Offers that cannot be the best any more go; the list grows only where more than half of them stay.
      std::erase_if(waiting, [&](std::uint32_t p) { return least_offer(p, node) > m_most[node]; });
      waiting.reserve(2 * waiting.size());
    }
    waiting.push_back(m_own);
    if (low < m_key[node]) {
      m_key[node] = low;
      m_nodes.improve(static_cast<std::uint32_t>(node));
    }
    return better;
  }

  [[nodiscard]] double least_offer(std::uint32_t point, std::size_t node) const {
    const double place[3] = {m_c[0][point], m_c[1][point], m_tree.dimensions == 3 ? m_c[2][point] : 0};
    return std::max(m_core[point], least_squared(m_tree, place, node));
  }

  /// Hands what waits at a node on to its children, or to its points.
  void open_node(std::size_t node) {
    m_open[node] = 1;
    const std::vector<std::uint32_t> waiting = std::move(m_waiting[node]);
    const Place place = place_of(node);
    if (place.level == 0) {
      for (const std::uint32_t point : waiting) {
        look_from(point);
        improve(place.node);
      }
      settle(place, most_of_leaf(place.node));
      return;
    }
    const Children children = children_of(place);
    for (const std::uint32_t point : waiting) {
      look_from(point);
      double squared[PointTree::kFan];
      unsigned mask = m_near_boxes(m_boxes, children.begin, m_q, m_q, m_limit, squared) & children.mask;
      for (; mask != 0; mask &= mask - 1) {
        const auto child = static_cast<unsigned>(std::countr_zero(mask));
        const double low = std::max(m_own_core, squared[child]);
        if (low < m_most[children.begin + child]) offer(low, children.begin + child);
      }
    }
    settle(place, most_of_children(children));
  }

  struct Place {
    std::uint32_t level;
    std::uint32_t node;
  };
  [[nodiscard]] Place place_of(std::size_t node) const {
    std::uint32_t level = 0;
    while (node >= m_tree.level_begin[level + 1]) ++level;
    return {level, static_cast<std::uint32_t>(node - m_tree.level_begin[level])};
  }

  struct Children {
    std::size_t begin;
    unsigned mask;  ///< a bit for each that is there
  };
  [[nodiscard]] Children children_of(Place place) const {
    const std::uint32_t first = place.node * PointTree::kFan;
    const std::uint32_t there = std::min(PointTree::kFan, m_tree.nodes[place.level - 1] - first);
    return {std::size_t{m_tree.level_begin[place.level - 1]} + first, (1U << there) - 1};
  }

  [[nodiscard]] double most_of_leaf(std::uint32_t leaf) const {
    const Run run = m_tree.points_of_leaf(leaf);
    return *std::max_element(m_reach.data() + run.begin, m_reach.data() + run.end);
  }
  [[nodiscard]] double most_of_children(Children children) const {
    const double* first = m_most.data() + children.begin;
    return *std::max_element(first, first + std::popcount(children.mask));
  }

  /// Notes the largest reachability in a node, and what follows for those above.
  void settle(Place place, double most) {
    double& held = m_most[m_tree.level_begin[place.level] + place.node];
    if (held == most) return;
    held = most;
    settle_above(place);
  }
  void settle_above(Place place) {
    if (place.level + 1 == m_tree.levels) return;
    const Place above{place.level + 1, place.node / PointTree::kFan};
    settle(above, most_of_children(children_of(above)));
  }

  static constexpr std::size_t kFullList = 16;

  const PointTree& m_tree;
  const std::array<const double*, 3> m_c;
  decltype(PointKernels::improve_reach) m_improve_reach;
  decltype(PointKernels::near_boxes) m_near_boxes;
  BoxArrays m_boxes;
  const double* m_core;
  double m_limit;
  std::span<const std::uint32_t> m_rank;
  Scratch<double> m_reach;        // squared; kDone once the point has come
  Scratch<std::uint32_t> m_from;  // predecessor
  // Of each node of the tree:
  std::vector<double> m_most;                         // no point in it has a larger reachability
  std::vector<double> m_key;                          // the best that an offer can be
  std::vector<std::vector<std::uint32_t>> m_waiting;  // points with offers, in the order of the walk
  std::vector<std::uint8_t> m_open;                   // offers go on to what is below; so are all above
  Queue<LessReach> m_seeds;
  Queue<NearerNode> m_nodes;
  OutwardSearch<Walk> m_outward;
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
