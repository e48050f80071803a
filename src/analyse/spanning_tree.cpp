#include "analyse/spanning_tree.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <limits>
#include <utility>

#include "analyse/index/radius_kernels.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {

namespace {

constexpr std::size_t kLeafBlock = std::size_t{1} << 7;
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr std::uint32_t kMixed = 0xffffffff;

/// The shortest edge outwards of each component, offered by many threads at once.
class BestEdges {
 public:
  explicit BestEdges(std::size_t n) : m_squared(n), m_a(n), m_b(n) {}

  void clear(std::uint32_t component) { m_squared[component] = kInfinity; }

  /// Never below the final value.
  [[nodiscard]] double squared(std::uint32_t component) const {
    return std::atomic_ref<double>(const_cast<double&>(m_squared[component])).load(std::memory_order_relaxed);
  }

  /// Whether an edge of that length from point `a` could still be taken.
  [[nodiscard]] bool open(std::uint32_t component, double least, std::uint32_t a) {
    // The length is read before the point: the point is then that of this edge or of a better one.
    const double best = std::atomic_ref<double>(m_squared[component]).load(std::memory_order_acquire);
    return least < best ||
           (least == best && a < std::atomic_ref<std::uint32_t>(m_a[component]).load(std::memory_order_relaxed));
  }

  void offer(std::uint32_t component, double length, std::uint32_t a, std::uint32_t b) {
    if (length > squared(component)) return;
    const Lock lock(m_locks[component % kLocks]);
    if (length > m_squared[component] || (length == m_squared[component] && a >= m_a[component])) return;
    std::atomic_ref<std::uint32_t>(m_a[component]).store(a, std::memory_order_relaxed);
    m_b[component] = b;
    std::atomic_ref<double>(m_squared[component]).store(length, std::memory_order_release);
  }

  [[nodiscard]] TreeEdge edge(std::uint32_t component) const {
    return {m_squared[component], m_a[component], m_b[component]};
  }

 private:
  static constexpr std::size_t kLocks = 1024;
  class Lock {
   public:
    explicit Lock(std::atomic_flag& flag) : m_flag(flag) {
      while (m_flag.test_and_set(std::memory_order_acquire)) {
      }
    }
    ~Lock() { m_flag.clear(std::memory_order_release); }
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;

   private:
    std::atomic_flag& m_flag;
  };

  Scratch<double> m_squared;
  Scratch<std::uint32_t> m_a, m_b;
  std::array<std::atomic_flag, kLocks> m_locks{};
};

class Boruvka {
 public:
  Boruvka(const PointTree& tree, const NearestLists& lists, Progress& progress)
      : m_tree(tree),
        m_lists(lists),
        m_progress(progress),
        m_c(tree.coordinates()),
        m_kernels(tree.kernels()),
        m_parent(tree.points),
        m_component(tree.points + kReadPast),
        m_listed(tree.points),
        m_best(tree.points),
        m_least_core(tree.level_begin.back()),
        m_node_component(tree.level_begin.back()) {}

  std::vector<TreeEdge> run() {
    m_edges.reserve(m_tree.points - 1);
    prepare();
    join_spots();
    relabel();
    const double all = m_tree.points;
    while (m_roots.size() > 1) {
      m_progress.report("joining points", 1 - static_cast<double>(m_roots.size()) / all);
      for (const std::uint32_t root : m_roots) m_best.clear(root);
      for_leaves([&](std::uint32_t leaf) { look_in_lists(leaf); });
      for_leaves([&](std::uint32_t leaf) { search_from(leaf); });
      contract();
      relabel();
    }
    return std::move(m_edges);
  }

 private:
  template <class Body>
  void for_leaves(const Body& body) {
    parallel_blocks(m_tree.leaves(), kLeafBlock, [&](std::size_t begin, std::size_t end, std::size_t) {
      m_progress.throw_if_cancelled();
      for (std::size_t leaf = begin; leaf < end; ++leaf) body(static_cast<std::uint32_t>(leaf));
    });
  }

  void prepare() {
    for_leaves([&](std::uint32_t leaf) {
      const Run run = m_tree.points_of_leaf(leaf);
      double least = kInfinity;
      for (std::uint32_t p = run.begin; p < run.end; ++p) {
        m_parent[p] = p;
        m_component[p] = p;
        m_listed[p] = 1;
        least = std::min(least, core(p));
      }
      m_least_core[leaf] = least;
    });
    m_tree.for_inner_nodes([&](std::size_t node, std::size_t first, std::size_t last) {
      m_least_core[node] = *std::min_element(m_least_core.begin() + first, m_least_core.begin() + last);
    });
    std::fill_n(m_component.data() + m_tree.points, kReadPast, kMixed);
    m_roots.resize(m_tree.points);
    for (std::uint32_t p = 0; p < m_tree.points; ++p) m_roots[p] = p;
  }

  [[nodiscard]] double core(std::uint32_t p) const { return m_lists.squared_core[p]; }

  [[nodiscard]] double squared_distance(std::uint32_t p, std::uint32_t q) const {
    double sum = 0;
    for (unsigned axis = 0; axis < m_tree.dimensions; ++axis) {
      const double difference = m_c[axis][p] - m_c[axis][q];
      sum += difference * difference;
    }
    return sum;
  }

  [[nodiscard]] std::uint32_t find(std::uint32_t p) {
    while (m_parent[p] != p) {
      m_parent[p] = m_parent[m_parent[p]];
      p = m_parent[p];
    }
    return p;
  }

  void take(const TreeEdge& edge) {
    std::uint32_t a = find(edge.a), b = find(edge.b);
    if (a == b) return;
    if (a > b) std::swap(a, b);
    m_parent[b] = a;
    m_edges.push_back(edge);
  }

  void join_spots() {
    for (std::uint32_t p = 1; p < m_tree.points; ++p) {
      if ((p & 0xffff) == 0) m_progress.throw_if_cancelled();
      if (squared_distance(p - 1, p) == 0) take({std::max(core(p - 1), core(p)), p - 1, p});
    }
  }

  void contract() {
    std::size_t count = 0;
    for (const std::uint32_t root : m_roots) {
      if ((++count & 0xffff) == 0) m_progress.throw_if_cancelled();
      take(m_best.edge(root));
    }
  }

  void relabel() {
    // A root is the smallest point of its component, so parents come before children.
    for (const std::uint32_t root : m_roots) m_parent[root] = m_parent[m_parent[root]];
    std::erase_if(m_roots, [&](std::uint32_t root) { return m_parent[root] != root; });
    for_leaves([&](std::uint32_t leaf) {
      const Run run = m_tree.points_of_leaf(leaf);
      std::uint32_t all = m_parent[m_component[run.begin]];
      for (std::uint32_t p = run.begin; p < run.end; ++p) {
        m_component[p] = m_parent[m_component[p]];
        if (m_component[p] != all) all = kMixed;
      }
      m_node_component[leaf] = all;
    });
    m_tree.for_inner_nodes([&](std::size_t node, std::size_t first, std::size_t last) {
      std::uint32_t all = m_node_component[first];
      for (std::size_t child = first; child < last; ++child)
        if (m_node_component[child] != all) all = kMixed;
      m_node_component[node] = all;
    });
  }

  /// The best edge of a point in its list, of those to other components; none left means that none ever will be.
  [[nodiscard]] Foreign best_listed(std::uint32_t p) const {
    Foreign best{core(p), m_component[p], kMixed, kInfinity};
    const std::uint32_t* list = m_lists.point.data() + std::size_t{p} * m_lists.count;
    for (std::uint32_t i = 0; i < m_lists.count && list[i] != NearestLists::kNone; ++i) {
      if (m_component[list[i]] == best.group) continue;
      const double reach = std::max({core(p), core(list[i]), squared_distance(p, list[i])});
      if (reach < best.squared) {
        best.squared = reach;
        best.point = list[i];
      }
    }
    return best;
  }

  /// Nothing outside the list is nearer than this.
  [[nodiscard]] double beyond_list(std::uint32_t p) const {
    const std::uint32_t last = m_lists.point[std::size_t{p} * m_lists.count + m_lists.count - 1];
    return last == NearestLists::kNone ? kInfinity : std::max(core(p), squared_distance(p, last));
  }

  void look_in_lists(std::uint32_t leaf) {
    const Run run = m_tree.points_of_leaf(leaf);
    for (std::uint32_t p = run.begin; p < run.end; ++p) {
      if (m_listed[p] == 0 || core(p) > m_best.squared(m_component[p])) continue;
      const Foreign best = best_listed(p);
      if (best.point == kMixed) {
        m_listed[p] = 0;
      } else {
        m_best.offer(best.group, best.squared, p, best.point);
      }
    }
  }

  void search_from(std::uint32_t leaf) {
    if (m_node_component[leaf] != kMixed) {
      search_together(leaf);
      return;
    }
    const Run run = m_tree.points_of_leaf(leaf);
    for (std::uint32_t p = run.begin; p < run.end; ++p) search_alone(leaf, p);
  }

  /// Whether the tree could hold a better edge for the point than its list, which `best` is set to.
  bool needs_search(std::uint32_t p, Foreign& best) {
    const std::uint32_t component = m_component[p];
    if (!m_best.open(component, core(p), p)) return false;
    const double beyond = beyond_list(p);
    if (!m_best.open(component, beyond, p)) return false;
    best = m_listed[p] != 0 ? best_listed(p) : Foreign{core(p), component, kMixed, kInfinity};
    return best.squared > beyond;
  }

  /// Which of eight nodes hold other components and core points dense enough.
  [[nodiscard]] unsigned worth_while(std::size_t first, std::uint32_t component, double limit) const {
    unsigned mask = 0;
    for (unsigned k = 0; k < PointTree::kFan; ++k)
      mask |= static_cast<unsigned>(m_node_component[first + k] != component && m_least_core[first + k] <= limit) << k;
    return mask;
  }

  struct PointSearch {
    Boruvka& of;
    std::uint32_t p;
    Foreign best;
    double q[3];

    [[nodiscard]] double limit() const { return std::min(best.squared, of.m_best.squared(best.group)); }
    [[nodiscard]] unsigned admits(std::size_t first) const { return of.worth_while(first, best.group, limit()); }
    [[nodiscard]] bool open(double squared, std::size_t node) const {
      const double least = std::max({best.squared_core, of.m_least_core[node], squared});
      return least < best.squared && of.m_best.open(best.group, least, p);
    }
    void visit(std::uint32_t leaf) {
      const Groups groups{of.m_lists.squared_core.data(), of.m_component.data()};
      of.m_kernels.nearest_foreign(of.m_c.data(), q, of.m_tree.points_of_leaf(leaf), groups, best);
    }
  };

  void search_alone(std::uint32_t leaf, std::uint32_t p) {
    PointSearch search{*this, p, {}, {}};
    if (!needs_search(p, search.best)) return;
    for (unsigned axis = 0; axis < m_tree.dimensions; ++axis) search.q[axis] = m_c[axis][p];
    OutwardSearch(m_tree, search).run(leaf, search.q, search.q);
    if (search.best.point != kMixed) m_best.offer(search.best.group, search.best.squared, p, search.best.point);
  }

  /// The points of a leaf that lies within one component.
  struct LeafSearch {
    Boruvka& of;
    std::uint32_t component;
    double least_core;
    unsigned count = 0;
    std::array<std::uint32_t, PointTree::kLeaf> point;
    std::array<Foreign, PointTree::kLeaf> best;

    [[nodiscard]] double limit() const { return of.m_best.squared(component); }
    [[nodiscard]] unsigned admits(std::size_t first) const { return of.worth_while(first, component, limit()); }
    [[nodiscard]] bool open(double squared, std::size_t node) const {
      return of.m_best.open(component, std::max({least_core, of.m_least_core[node], squared}), point[0]);
    }
    void visit(std::uint32_t leaf) {
      if (of.m_node_component[leaf] == component) return;
      const Groups groups{of.m_lists.squared_core.data(), of.m_component.data()};
      for (unsigned i = 0; i < count; ++i) {
        double q[3];
        for (unsigned axis = 0; axis < of.m_tree.dimensions; ++axis) q[axis] = of.m_c[axis][point[i]];
        const double least = std::max({best[i].squared_core, of.m_least_core[leaf], least_squared(of.m_tree, q, leaf)});
        if (!(least < best[i].squared) || !of.m_best.open(component, least, point[i])) continue;
        of.m_kernels.nearest_foreign(of.m_c.data(), q, of.m_tree.points_of_leaf(leaf), groups, best[i]);
        if (best[i].point != kMixed) of.m_best.offer(component, best[i].squared, point[i], best[i].point);
      }
    }
  };

  void search_together(std::uint32_t leaf) {
    const Run run = m_tree.points_of_leaf(leaf);
    LeafSearch search{*this, m_node_component[leaf], m_least_core[leaf], 0, {}, {}};
    for (std::uint32_t p = run.begin; p < run.end; ++p) {
      search.point[search.count] = p;
      search.count += needs_search(p, search.best[search.count]);
    }
    if (search.count == 0) return;
    double least[3], most[3];
    for (unsigned axis = 0; axis < m_tree.dimensions; ++axis) {
      least[axis] = m_tree.least[axis][leaf];
      most[axis] = m_tree.most[axis][leaf];
    }
    OutwardSearch(m_tree, search).run(leaf, least, most);
  }

  const PointTree& m_tree;
  const NearestLists& m_lists;
  Progress& m_progress;
  const std::array<const double*, 3> m_c;
  const PointKernels& m_kernels;
  Scratch<std::uint32_t> m_parent;
  Scratch<std::uint32_t> m_component;  // of each point: the smallest point of its component
  Scratch<std::uint8_t> m_listed;      // whether the point's list may hold points of other components
  BestEdges m_best;
  std::vector<double> m_least_core;             // of each node
  std::vector<std::uint32_t> m_node_component;  // of each node: that of all its points, or kMixed
  std::vector<std::uint32_t> m_roots;           // components, ascending
  std::vector<TreeEdge> m_edges;
};

}  // namespace

std::vector<TreeEdge> spanning_tree(const PointTree& tree, const NearestLists& lists, Progress& progress) {
  if (tree.points < 2) return {};
  return Boruvka(tree, lists, progress).run();
}

}  // namespace yaan
