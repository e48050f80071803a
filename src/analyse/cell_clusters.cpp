#include "analyse/cell_clusters.hpp"

#include <algorithm>
#include <atomic>
#include <utility>
#include <vector>

#include "analyse/index/disjoint_sets.hpp"
#include "analyse/index/nearest_pair.hpp"
#include "analyse/index/spaces.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {

namespace {

constexpr std::size_t kCellBlock = std::size_t{1} << 12;
constexpr std::uint32_t kNoCluster = 0xffffffff;

/// The smallest of several points by (x, y), met in any order by any thread. Points of equal position are as good as
/// each other.
class SmallestPoint {
 public:
  void offer(std::uint32_t point, const ClusterRule& rule) {
    std::uint32_t held = m_point.load(std::memory_order_relaxed);
    while (held == kNoCluster || less(point, held, rule))
      if (m_point.compare_exchange_weak(held, point, std::memory_order_relaxed)) return;
  }
  [[nodiscard]] std::uint32_t get() const { return m_point.load(std::memory_order_relaxed); }

  static bool less(std::uint32_t p, std::uint32_t q, const ClusterRule& rule) {
    return rule.x[p] < rule.x[q] || (rule.x[p] == rule.x[q] && rule.y[p] < rule.y[q]);
  }

 private:
  std::atomic<std::uint32_t> m_point{kNoCluster};
};

template <class Space>
class CellClusters {
 public:
  CellClusters(typename Space::Grid& grid, const ClusterRule& rule, Progress& progress)
      : m_grid(grid),
        m_rule(rule),
        m_progress(progress),
        m_core_count(grid.cells),
        m_set(grid.cells),
        m_near_core(grid.cells) {
    for (unsigned axis = 0; axis < 3; ++axis) m_coordinate[axis] = grid.coordinate[axis].data();
  }

  DbscanLabels run() {
    m_progress.report("finding core points", 0.4);
    find_core_points();
    m_progress.report("joining cells", 0.6);
    join_cells();
    m_progress.report("numbering clusters", 0.8);
    number_clusters();
    m_progress.report("labelling points", 0.9);
    return label_points();
  }

 private:
  template <class Body>
  void for_cells(const Body& body) {
    parallel_blocks(m_grid.cells, kCellBlock, [&](std::size_t begin, std::size_t end, std::size_t block) {
      m_progress.throw_if_cancelled();
      body(static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end), block);
    });
  }

  void find_core_points() {
    Scratch<std::uint8_t> core(m_grid.points);
    sort_weights();
    for_cells([&](std::uint32_t begin, std::uint32_t end, std::size_t) {
      typename Space::Neighbours neighbours(m_grid, begin);
      for (std::uint32_t cell = begin; cell < end; ++cell) {
        const Run own = m_grid.points_of(cell);
        m_set[cell] = cell;
        m_near_core[cell] = 0;
        m_core_count[cell] =
            weight_of(own) >= m_rule.min_points ? own.size() : count_core(neighbours, cell, own, core.data());
      }
    });
    m_weight = {};
    // Only now, when nobody counts any more, may points move.
    for_cells([&](std::uint32_t begin, std::uint32_t end, std::size_t) {
      for (std::uint32_t cell = begin; cell < end; ++cell) {
        const Run own = m_grid.points_of(cell);
        if (m_core_count[cell] != 0 && m_core_count[cell] != own.size()) put_core_first(own, core.data());
      }
    });
  }

  void sort_weights() {
    if (m_rule.weight.empty()) return;
    m_weight = Scratch<std::uint64_t>(m_grid.points);
    for_cells([&](std::uint32_t begin, std::uint32_t end, std::size_t) {
      const Run points = m_grid.points_of(Run{begin, end});
      for (std::uint32_t p = points.begin; p < points.end; ++p) m_weight[p] = m_rule.weight[m_grid.point[p]];
    });
  }

  /// Of a cell, or at least min_points.
  [[nodiscard]] std::uint64_t weight_of(Run points) const {
    if (m_weight.size() == 0) return points.size();
    std::uint64_t sum = 0;
    for (std::uint32_t p = points.begin; p < points.end && sum < m_rule.min_points; ++p) sum += m_weight[p];
    return sum;
  }

  std::uint32_t count_core(typename Space::Neighbours& neighbours, std::uint32_t cell, Run own, std::uint8_t* core) {
    Run runs[Space::Neighbours::kMaxRuns];
    const unsigned count = neighbours.runs(cell, runs);
    std::uint64_t candidates = 0;
    for (unsigned r = 0; r < count; ++r) {
      runs[r] = m_grid.points_of(runs[r]);
      candidates += m_weight.size() == 0 ? runs[r].size() : m_rule.min_points;
    }
    if (candidates < m_rule.min_points) return 0;
    if (m_weight.size() != 0)
      return Space::kernels().flag_core_weighted(m_coordinate, own, runs, count, m_rule.limit, m_weight.data(),
                                                 m_rule.min_points, core);
    return Space::kernels().flag_core(m_coordinate, own, runs, count, m_rule.limit,
                                      static_cast<std::uint32_t>(m_rule.min_points), core);
  }

  void put_core_first(Run own, std::uint8_t* core) {
    std::uint32_t to = own.begin;
    for (std::uint32_t p = own.begin; p < own.end; ++p) {
      if (core[p] == 0) continue;
      for (unsigned axis = 0; axis < Space::kDimensions; ++axis)
        std::swap(m_grid.coordinate[axis][p], m_grid.coordinate[axis][to]);
      std::swap(m_grid.point[p], m_grid.point[to]);
      ++to;
    }
  }

  [[nodiscard]] Run core_of(std::uint32_t cell) const {
    return {m_grid.cell_begin[cell], m_grid.cell_begin[cell] + m_core_count[cell]};
  }

  void join_cells() {
    const DisjointSets sets(m_set.data());
    for_cells([&](std::uint32_t begin, std::uint32_t end, std::size_t) {
      typename Space::Neighbours neighbours(m_grid, begin);
      Run runs[Space::Neighbours::kMaxRuns];
      for (std::uint32_t cell = begin; cell < end; ++cell) {
        if (m_core_count[cell] == 0) continue;
        const unsigned count = neighbours.runs(cell, runs);
        std::uint32_t root = sets.find(cell);
        for (unsigned r = 0; r < count; ++r) {
          for (std::uint32_t other = runs[r].begin; other < runs[r].end; ++other) {
            mark_near_core(other);
            if (other <= cell || m_core_count[other] == 0) continue;  // each pair once
            const std::uint32_t other_root = sets.find(other);
            if (other_root == root) continue;
            if (!any_pair_within(m_grid, Space::kDimensions, Space::kernels(), core_of(cell), core_of(other),
                                 m_rule.limit))
              continue;
            sets.unite(root, other_root);
            root = sets.find(root);
          }
        }
      }
    });
  }

  /// By many threads at once; most cells are marked already, and reading them keeps their memory shared.
  void mark_near_core(std::uint32_t cell) {
    const std::atomic_ref<std::uint8_t> mark(m_near_core[cell]);
    if (mark.load(std::memory_order_relaxed) == 0) mark.store(1, std::memory_order_relaxed);
  }

  void number_clusters() {
    const DisjointSets sets(m_set.data());
    const auto is_root = [&](std::uint32_t cell) { return m_core_count[cell] != 0 && m_set[cell] == cell; };
    std::vector<std::uint32_t> first(block_count(m_grid.cells, kCellBlock) + 1, 0);
    for_cells([&](std::uint32_t begin, std::uint32_t end, std::size_t block) {
      for (std::uint32_t cell = begin; cell < end; ++cell) first[block + 1] += is_root(cell);
    });
    for (std::size_t b = 1; b < first.size(); ++b) first[b] += first[b - 1];
    m_clusters = first.back();

    Scratch<std::uint32_t> of_root(m_grid.cells);
    for_cells([&](std::uint32_t begin, std::uint32_t end, std::size_t block) {
      std::uint32_t next = first[block];
      for (std::uint32_t cell = begin; cell < end; ++cell)
        if (is_root(cell)) of_root[cell] = next++;
    });
    m_cluster = Scratch<std::uint32_t>(m_grid.cells);
    std::vector<SmallestPoint> smallest(m_clusters);
    for_cells([&](std::uint32_t begin, std::uint32_t end, std::size_t) {
      for (std::uint32_t cell = begin; cell < end; ++cell) {
        if (m_core_count[cell] == 0) {
          m_cluster[cell] = kNoCluster;
          continue;
        }
        const std::uint32_t cluster = m_cluster[cell] = of_root[sets.find(cell)];
        const Run core = core_of(cell);
        std::uint32_t least = m_grid.point[core.begin];
        for (std::uint32_t p = core.begin + 1; p < core.end; ++p)
          if (SmallestPoint::less(m_grid.point[p], least, m_rule)) least = m_grid.point[p];
        smallest[cluster].offer(least, m_rule);
      }
    });
    number_by(smallest);
  }

  /// Replaces the clusters' first numbers by 1 + their rank.
  void number_by(const std::vector<SmallestPoint>& smallest) {
    std::vector<std::uint32_t> order(m_clusters);
    for (std::uint32_t k = 0; k < m_clusters; ++k) order[k] = k;
    std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
      return SmallestPoint::less(smallest[a].get(), smallest[b].get(), m_rule);
    });
    std::vector<std::uint32_t> number(m_clusters);
    for (std::uint32_t rank = 0; rank < m_clusters; ++rank) number[order[rank]] = rank + 1;
    for_cells([&](std::uint32_t begin, std::uint32_t end, std::size_t) {
      for (std::uint32_t cell = begin; cell < end; ++cell)
        if (m_cluster[cell] != kNoCluster) m_cluster[cell] = number[m_cluster[cell]];
    });
  }

  DbscanLabels label_points() {
    DbscanLabels labels;
    labels.cluster.resize(m_rule.x.size());
    labels.core.resize(m_rule.x.size());
    labels.clusters = m_clusters;
    struct Count {
      std::int64_t core = 0;
      std::int64_t border = 0;
    };
    std::vector<Count> counts(block_count(m_grid.cells, kCellBlock));
    for_cells([&](std::uint32_t begin, std::uint32_t end, std::size_t block) {
      typename Space::Neighbours neighbours(m_grid, begin);
      Count count;
      std::vector<std::uint32_t> with_core;  // kept from cell to cell for its memory
      for (std::uint32_t cell = begin; cell < end; ++cell) {
        const Run own = m_grid.points_of(cell);
        const Run core = core_of(cell);
        count.core += core.size();
        for (std::uint32_t p = core.begin; p < core.end; ++p) {
          labels.cluster[m_grid.point[p]] = static_cast<std::int32_t>(m_cluster[cell]);
          labels.core[m_grid.point[p]] = 1;
        }
        if (core.end < own.end && m_near_core[cell] != 0)
          count.border += label_border(neighbours, cell, {core.end, own.end}, with_core, labels.cluster);
      }
      counts[block] = count;
    });
    std::int64_t border = 0;
    for (const Count& count : counts) {
      labels.core_count += count.core;
      border += count.border;
    }
    labels.noise = static_cast<std::int64_t>(m_rule.x.size()) - labels.core_count - border;
    return labels;
  }

  /// Gives the points of a cell that are not core the lowest-numbered cluster that they touch; returns how many touch
  /// one.
  std::int64_t label_border(typename Space::Neighbours& neighbours, std::uint32_t cell, Run points,
                            std::vector<std::uint32_t>& with_core, std::vector<std::int32_t>& labels) {
    Run runs[Space::Neighbours::kMaxRuns];
    const unsigned count = neighbours.runs(cell, runs);
    with_core.clear();
    for (unsigned r = 0; r < count; ++r)
      for (std::uint32_t other = runs[r].begin; other < runs[r].end; ++other)
        if (m_cluster[other] != kNoCluster) with_core.push_back(other);
    m_progress.throw_if_cancelled();
    std::int64_t touching = 0;
    for (std::uint32_t p = points.begin; p < points.end; ++p) {
      std::uint32_t best = m_cluster[cell];  // a core point of the own cell is near
      for (const std::uint32_t other : with_core)
        if (m_cluster[other] < best && Space::kernels().any_near(m_coordinate, p, core_of(other), m_rule.limit))
          best = m_cluster[other];
      if (best == kNoCluster) continue;
      labels[m_grid.point[p]] = static_cast<std::int32_t>(best);
      ++touching;
    }
    return touching;
  }

  typename Space::Grid& m_grid;
  const ClusterRule& m_rule;
  Progress& m_progress;
  const double* m_coordinate[3] = {};
  Scratch<std::uint64_t> m_weight;      // of the sorted points while core points are counted; empty without weights
  Scratch<std::uint32_t> m_core_count;  // of each cell
  Scratch<std::uint32_t> m_set;         // union-find over cells
  Scratch<std::uint8_t> m_near_core;    // whether a cell near by, or the cell itself, holds core points
  Scratch<std::uint32_t> m_cluster;     // number of the cluster of each cell's core points
  std::uint32_t m_clusters = 0;
};

}  // namespace

DbscanLabels cluster_cells(CellGrid& plane, const ClusterRule& rule, Progress& progress) {
  return CellClusters<Plane>(plane, rule, progress).run();
}

DbscanLabels cluster_cells(GlobeGrid& globe, const ClusterRule& rule, Progress& progress) {
  return CellClusters<Globe>(globe, rule, progress).run();
}

}  // namespace yaan
