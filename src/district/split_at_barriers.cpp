#include <algorithm>
#include <array>
#include <numeric>

#include "analyse/index/disjoint_sets.hpp"
#include "analyse/index/spaces.hpp"
#include "analyse/point_set.hpp"
#include "district/barriers.hpp"
#include "district/ground.hpp"
#include "yaan/core/geodesy.hpp"
#include "yaan/core/parallel.hpp"
#include "yaan/district/constrain.hpp"

namespace yaan {

namespace {

constexpr std::size_t kBlock = 512;  // cells

// Points in clusters, in the caller's coordinates.
struct Clustered {
  std::vector<double> x;
  std::vector<double> y;
  std::vector<std::int64_t> cluster;
};

// Points of one cluster in one cell: places begin .. end in the order of the links.
struct Group {
  std::uint32_t begin, end;
  std::int64_t cluster;
  Box box;
};

// Two graphs on the points, by their components: the links, and the links that there would be without barriers.
template <class Space>
class Links {
 public:
  Links(const typename Space::Grid& grid, const Clustered& points, const Barriers& barriers, double squared_limit)
      : m_grid(grid), m_points(points), m_barriers(barriers), m_limit(squared_limit) {
    m_linked.resize(points.x.size());
    std::iota(m_linked.begin(), m_linked.end(), 0U);
    m_near = m_linked;
    m_place = m_linked;
    group();
  }

  void find(const Progress& progress) {
    // All of one cell first: the pairs of cells rely on it.
    over_cells(progress, [&](std::uint32_t cell, const Run*, unsigned) {
      for (std::uint32_t g = m_cell_groups[cell]; g < m_cell_groups[cell + 1]; ++g) link_within(m_groups[g]);
    });
    over_cells(progress, [&](std::uint32_t cell, const Run* runs, unsigned count) {
      for (unsigned r = 0; r < count; ++r)
        for (std::uint32_t other = std::max(runs[r].begin, cell + 1); other < runs[r].end; ++other)
          for (std::uint32_t a = m_cell_groups[cell]; a < m_cell_groups[cell + 1]; ++a)
            for (std::uint32_t b = m_cell_groups[other]; b < m_cell_groups[other + 1]; ++b)
              if (m_groups[a].cluster == m_groups[b].cluster) link_between(m_groups[a], m_groups[b], progress);
    });
  }

  /// Components by the points' own numbers.
  [[nodiscard]] std::vector<std::uint32_t> linked() { return roots(m_linked); }
  [[nodiscard]] std::vector<std::uint32_t> near() { return roots(m_near); }

 private:
  [[nodiscard]] std::uint32_t point(std::uint32_t place) const { return m_grid.point[m_place[place]]; }

  void group() {
    m_cell_groups.push_back(0);
    for (std::uint32_t cell = 0; cell < m_grid.cells; ++cell) {
      const Run run = m_grid.points_of(cell);
      const auto cluster_at = [&](std::uint32_t place) { return m_points.cluster[m_grid.point[place]]; };
      std::stable_sort(m_place.begin() + run.begin, m_place.begin() + run.end,
                       [&](std::uint32_t a, std::uint32_t b) { return cluster_at(a) < cluster_at(b); });
      for (std::uint32_t i = run.begin; i < run.end; ++i) {
        const std::int64_t cluster = cluster_at(m_place[i]);
        if (i == run.begin || m_groups.back().cluster != cluster) m_groups.push_back({i, i, cluster, {}});
        m_groups.back().end = i + 1;
        m_groups.back().box.include(m_points.x[point(i)], m_points.y[point(i)]);
      }
      m_cell_groups.push_back(static_cast<std::uint32_t>(m_groups.size()));
    }
  }

  template <class Visit>
  void over_cells(const Progress& progress, const Visit& visit) {
    parallel_blocks(m_grid.cells, kBlock, [&](std::size_t begin, std::size_t end, std::size_t) {
      typename Space::Neighbours neighbours(m_grid, static_cast<std::uint32_t>(begin));
      std::array<Run, Space::Neighbours::kMaxRuns> runs;
      for (auto cell = static_cast<std::uint32_t>(begin); cell < end; ++cell) {
        if (cell % 64 == 0) progress.throw_if_cancelled();
        visit(cell, runs.data(), neighbours.runs(cell, runs.data()));
      }
    });
  }

  void link_within(const Group& group) {
    const DisjointSets near(m_near.data());
    for (std::uint32_t i = group.begin + 1; i < group.end; ++i) near.unite(i - 1, i);
    const DisjointSets linked(m_linked.data());
    if (!m_barriers.near(group.box)) {
      for (std::uint32_t i = group.begin + 1; i < group.end; ++i) linked.unite(i - 1, i);
      return;
    }
    for (std::uint32_t i = group.begin; i < group.end; ++i)
      for (std::uint32_t j = i + 1; j < group.end; ++j)
        if (linked.find(i) != linked.find(j) && free(i, j)) linked.unite(i, j);
  }

  void link_between(const Group& a, const Group& b, const Progress& progress) {
    const DisjointSets linked(m_linked.data());
    const DisjointSets near(m_near.data());
    Box box = a.box;
    box.include(b.box);
    const bool open = !m_barriers.near(box);
    if (open && linked.find(a.begin) == linked.find(b.begin)) return;
    for (std::uint32_t i = a.begin; i < a.end; ++i) {
      if ((i - a.begin) % 256 == 255) progress.throw_if_cancelled();
      for (std::uint32_t j = b.begin; j < b.end; ++j) {
        if ((!open && linked.find(i) == linked.find(j)) || !within(i, j)) continue;
        near.unite(i, j);
        if (open || free(i, j)) linked.unite(i, j);
        if (open) return;  // each of the two groups hangs together
      }
    }
  }

  [[nodiscard]] bool within(std::uint32_t i, std::uint32_t j) const {
    double squared = 0;
    for (unsigned axis = 0; axis < Space::kDimensions; ++axis) {
      const double difference = m_grid.coordinate[axis][m_place[i]] - m_grid.coordinate[axis][m_place[j]];
      squared += difference * difference;
    }
    return squared <= m_limit;
  }
  [[nodiscard]] bool free(std::uint32_t i, std::uint32_t j) const {
    const std::uint32_t p = point(i);
    const std::uint32_t q = point(j);
    return !m_barriers.between(m_points.x[p], m_points.y[p], m_points.x[q], m_points.y[q]);
  }

  std::vector<std::uint32_t> roots(std::vector<std::uint32_t>& parents) {
    const DisjointSets sets(parents.data());
    std::vector<std::uint32_t> root(parents.size());
    for (std::uint32_t i = 0; i < root.size(); ++i) root[point(i)] = sets.find(i);
    return root;
  }

  const typename Space::Grid& m_grid;
  const Clustered& m_points;
  const Barriers& m_barriers;
  double m_limit;
  std::vector<std::uint32_t> m_place;  // of the grid, those of a cell by cluster
  std::vector<Group> m_groups;
  std::vector<std::uint32_t> m_cell_groups;
  std::vector<std::uint32_t> m_linked;
  std::vector<std::uint32_t> m_near;
};

struct Components {
  std::vector<std::uint32_t> linked;
  std::vector<std::uint32_t> near;
};

template <class Space>
Components components(const typename Space::Grid& grid, const Clustered& points, const Barriers& barriers,
                      double squared_limit, const Progress& progress) {
  Links<Space> links(grid, points, barriers, squared_limit);
  links.find(progress);
  return {links.linked(), links.near()};
}

}  // namespace

Pieces split_at_barriers(std::span<const double> x, std::span<const double> y, std::span<const std::int64_t> cluster,
                         const Crs& crs, const Geometry& barriers, const Length& link_distance,
                         const Progress& progress) {
  const double radius = checked_ground_length(crs, link_distance, "link_distance");
  const bool geographic = crs.is_geographic();
  Clustered points;
  std::vector<std::uint32_t> row;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (cluster[i] == 0) continue;
    row.push_back(static_cast<std::uint32_t>(i));
    points.x.push_back(geographic ? turned_to(x[i], 0) : x[i]);
    points.y.push_back(y[i]);
    points.cluster.push_back(cluster[i]);
  }
  const Barriers lines(barriers, geographic);
  Components found;
  if (geographic) {
    const double chord = chord_of(Metres{radius});
    found = components<Globe>(globe_grid(points.x, points.y, chord, progress), points, lines, chord * chord, progress);
  } else {
    found =
        components<Plane>(plane_grid(points.x, points.y, radius, progress), points, lines, radius * radius, progress);
  }

  Pieces pieces;
  pieces.piece.assign(x.size(), Pieces::kNone);
  std::vector<std::uint32_t> number(row.size(), Pieces::kNone);
  std::vector<std::pair<std::int64_t, std::uint32_t>> near;  // clusters with their components
  for (std::size_t i = 0; i < row.size(); ++i) {
    std::uint32_t& piece = number[found.linked[i]];
    if (piece == Pieces::kNone) piece = pieces.count++;
    pieces.piece[row[i]] = piece;
    near.emplace_back(points.cluster[i], found.near[i]);
  }
  std::sort(near.begin(), near.end());
  near.erase(std::unique(near.begin(), near.end()), near.end());
  for (std::size_t i = 1; i < near.size(); ++i)
    pieces.loose += near[i].first == near[i - 1].first && (i < 2 || near[i - 2].first != near[i].first);
  return pieces;
}

}  // namespace yaan
