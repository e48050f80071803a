#include "analyse/index/point_tree.hpp"

#include <algorithm>
#include <limits>

#include "analyse/index/hilbert_order.hpp"
#include "analyse/index/radius_kernels.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {

namespace {

constexpr std::size_t kBlock = std::size_t{1} << 14;
constexpr std::size_t kLeafBlock = std::size_t{1} << 8;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// One spelling for every place, so that points on one spot follow each other: longitude in [-180, 180), 0 at the
/// poles.
void normalise(double& lon, double lat) {
  if (lon >= 180) lon -= 360;
  if (lon < -180) lon += 360;
  if (lon >= 180) lon -= 360;
  if (lat == 90 || lat == -90) lon = 0;
}

void gather(PointTree& tree, std::span<const double> x, std::span<const double> y, bool geographic,
            const Progress& progress) {
  parallel_blocks(tree.points, kBlock, progress, [&](std::size_t begin, std::size_t end, std::size_t) {
    double* to_x = tree.coordinate[0].data();
    double* to_y = tree.coordinate[1].data();
    for (std::size_t i = begin; i < end; ++i) {
      to_x[i] = x[tree.point[i]];
      to_y[i] = y[tree.point[i]];
    }
    if (geographic)
      radius_kernels().earth_centred(to_x + begin, to_y + begin, tree.coordinate[2].data() + begin, end - begin);
  });
  for (unsigned axis = 0; axis < tree.dimensions; ++axis)
    std::fill_n(tree.coordinate[axis].data() + tree.points, kReadPast, 0.0);
}

void bound_leaves(PointTree& tree, const Progress& progress) {
  parallel_blocks(tree.leaves(), kLeafBlock, progress, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t leaf = begin; leaf < end; ++leaf) {
      const Run run = tree.points_of_leaf(static_cast<std::uint32_t>(leaf));
      for (unsigned axis = 0; axis < tree.dimensions; ++axis) {
        const double* c = tree.coordinate[axis].data();
        double least = c[run.begin], most = c[run.begin];
        for (std::uint32_t p = run.begin; p < run.end; ++p) {
          least = c[p] < least ? c[p] : least;
          most = c[p] > most ? c[p] : most;
        }
        tree.least[axis][leaf] = least;
        tree.most[axis][leaf] = most;
      }
    }
  });
}

void lay_out_levels(PointTree& tree) {
  tree.level_begin.push_back(0);
  for (std::uint32_t nodes = (tree.points + PointTree::kLeaf - 1) / PointTree::kLeaf; nodes > 0;) {
    tree.nodes.push_back(nodes);
    const std::uint32_t parents = (nodes + PointTree::kFan - 1) / PointTree::kFan;
    tree.level_begin.push_back(tree.level_begin.back() + parents * PointTree::kFan);
    nodes = nodes == 1 ? 0 : parents;
  }
  tree.levels = static_cast<std::uint32_t>(tree.nodes.size());
  for (unsigned axis = 0; axis < tree.dimensions; ++axis) {
    tree.least[axis].resize(tree.level_begin.back());
    tree.most[axis].resize(tree.level_begin.back());
  }
}

}  // namespace

PointTree point_tree(std::span<const double> x, std::span<const double> y, bool geographic, const Progress& progress) {
  PointTree tree;
  tree.dimensions = geographic ? 3 : 2;
  tree.points = static_cast<std::uint32_t>(x.size());
  for (unsigned axis = 0; axis < tree.dimensions; ++axis) tree.coordinate[axis] = Scratch<double>(x.size() + kReadPast);
  if (geographic) {
    std::vector<double> lon(x.begin(), x.end());
    for (std::size_t i = 0; i < lon.size(); ++i) normalise(lon[i], y[i]);
    tree.point = hilbert_order(lon, y, progress);
  } else {
    tree.point = hilbert_order(x, y, progress);
  }
  gather(tree, x, y, geographic, progress);
  lay_out_levels(tree);
  progress.throw_if_cancelled();
  bound_leaves(tree, progress);
  tree.for_inner_nodes([&](std::size_t node, std::size_t first, std::size_t last) {
    for (unsigned axis = 0; axis < tree.dimensions; ++axis) {
      const auto child = [&](std::vector<double>& values, std::size_t at) { return values.begin() + at; };
      tree.least[axis][node] = *std::min_element(child(tree.least[axis], first), child(tree.least[axis], last));
      tree.most[axis][node] = *std::max_element(child(tree.most[axis], first), child(tree.most[axis], last));
    }
  });
  return tree;
}

void PointTree::for_inner_nodes(const std::function<void(std::size_t, std::size_t, std::size_t)>& body) const {
  for (std::uint32_t level = 1; level < levels; ++level)
    parallel_blocks(nodes[level], kBlock, [&](std::size_t begin, std::size_t end, std::size_t) {
      for (std::size_t node = begin; node < end; ++node) {
        const std::size_t last = std::min<std::size_t>((node + 1) * kFan, nodes[level - 1]);
        body(level_begin[level] + node, level_begin[level - 1] + node * kFan, level_begin[level - 1] + last);
      }
    });
}

namespace {

/// Finds the lists of the points of one leaf together: what is near to one is near to all.
class LeafSearch {
 public:
  LeafSearch(const PointTree& tree, std::uint32_t count)
      : m_tree(tree),
        m_c(tree.coordinates()),
        m_kernels(tree.kernels()),
        m_outward(tree, *this),
        m_count(count),
        m_squared(static_cast<std::size_t>(PointTree::kLeaf) * count),
        m_point(m_squared.size()) {}

  void run(std::uint32_t leaf) {
    m_own = m_tree.points_of_leaf(leaf);
    std::fill(m_squared.begin(), m_squared.end(), kInfinity);
    std::fill(m_point.begin(), m_point.end(), NearestLists::kNone);
    double least[3], most[3];
    for (unsigned axis = 0; axis < m_tree.dimensions; ++axis) {
      least[axis] = m_tree.least[axis][leaf];
      most[axis] = m_tree.most[axis][leaf];
    }
    m_leaf = leaf;
    m_worst = kInfinity;
    m_outward.run(leaf, least, most);
  }

  [[nodiscard]] double limit() const { return m_worst; }
  [[nodiscard]] static unsigned admits(std::size_t) { return ~0U; }
  [[nodiscard]] bool open(double squared, std::size_t) const { return squared < m_worst; }
  [[nodiscard]] const std::uint32_t* points(std::uint32_t i) const { return m_point.data() + std::size_t{i} * m_count; }
  [[nodiscard]] const double* squared(std::uint32_t i) const { return m_squared.data() + std::size_t{i} * m_count; }

  void visit(std::uint32_t leaf) {
    const bool own = leaf == m_leaf;
    const Run run = m_tree.points_of_leaf(leaf);
    double worst = 0;
    for (std::uint32_t p = m_own.begin; p < m_own.end; ++p) {
      const std::size_t at = std::size_t{p - m_own.begin} * m_count;
      double* squared = m_squared.data() + at;
      std::uint32_t* point = m_point.data() + at;
      double q[3];
      for (unsigned axis = 0; axis < m_tree.dimensions; ++axis) q[axis] = m_c[axis][p];
      if (own) {
        m_kernels.keep_nearest(m_c.data(), q, {run.begin, p}, m_count, squared, point);
        m_kernels.keep_nearest(m_c.data(), q, {p + 1, run.end}, m_count, squared, point);
      } else if (least_squared(m_tree, q, leaf) < squared[m_count - 1]) {
        m_kernels.keep_nearest(m_c.data(), q, run, m_count, squared, point);
      }
      worst = std::max(worst, squared[m_count - 1]);
    }
    m_worst = worst;
  }

 private:
  const PointTree& m_tree;
  const std::array<const double*, 3> m_c;
  const PointKernels& m_kernels;
  OutwardSearch<LeafSearch> m_outward;
  std::uint32_t m_count;
  std::uint32_t m_leaf = 0;
  Run m_own;
  double m_worst = 0;
  std::vector<double> m_squared;
  std::vector<std::uint32_t> m_point;
};

}  // namespace

NearestLists nearest_lists(const PointTree& tree, std::uint32_t count, std::uint32_t core_rank,
                           const Progress& progress) {
  NearestLists lists;
  lists.count = count;
  lists.point = Scratch<std::uint32_t>(static_cast<std::size_t>(tree.points) * count);
  lists.squared_core = Scratch<double>(tree.points + kReadPast);
  std::fill_n(lists.squared_core.data() + tree.points, kReadPast, kInfinity);
  parallel_blocks(tree.leaves(), kLeafBlock, progress, [&](std::size_t begin, std::size_t end, std::size_t) {
    LeafSearch search(tree, count);
    for (std::size_t leaf = begin; leaf < end; ++leaf) {
      if ((leaf & 31) == 0) progress.throw_if_cancelled();
      search.run(static_cast<std::uint32_t>(leaf));
      const Run own = tree.points_of_leaf(static_cast<std::uint32_t>(leaf));
      for (std::uint32_t p = own.begin; p < own.end; ++p) {
        std::copy_n(search.points(p - own.begin), count, lists.point.data() + std::size_t{p} * count);
        lists.squared_core[p] = core_rank == 0 ? 0 : search.squared(p - own.begin)[core_rank - 1];
      }
    }
  });
  return lists;
}

}  // namespace yaan
