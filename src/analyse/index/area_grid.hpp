#pragma once
// A grid over polygons: which of them can hold a point, and which of their edges matter.

#include <cstdint>
#include <span>
#include <vector>

#include "yaan/core/geometry.hpp"

namespace yaan {

/// Equal intervals along an axis; the number of an interval is a monotone function of the coordinate, which is all that
/// exactness needs.
struct Intervals {
  double origin = 0;
  double inverse = 0;
  std::uint32_t count = 1;

  Intervals() = default;
  Intervals(double low, double high, std::uint32_t intervals);
  [[nodiscard]] std::uint32_t at(double value) const {
    const double place = (value - origin) * inverse;
    if (!(place > 0)) return 0;
    return place < count ? static_cast<std::uint32_t>(place) : count - 1;
  }
};

/// Keeps a reference to the polygons. Answers are exact for every finite point.
///
/// The cells of a row that edges of an area touch stand in runs; what lies between two runs is inside or outside as a
/// whole. So a ray from a point to the right need only be followed to the end of the point's run: the edges there, and
/// what the place behind them is, say whether the point is inside.
class AreaGrid {
 public:
  static constexpr std::int32_t kNone = -1;

  /// `points` is about how many will be asked for; it sets the fineness of the grid.
  AreaGrid(const Geometry& areas, std::size_t points);

  /// The first area in order whose closed region holds the point, or kNone.
  [[nodiscard]] std::int32_t first_holding(double x, double y) const;
  /// The same for each of several points; quicker, because what is needed of one is fetched while others are tested.
  void first_holding(std::span<const double> x, std::span<const double> y, std::span<std::int32_t> areas) const;
  /// Whether the closed region of an area holds the point: locate() != outside.
  [[nodiscard]] bool holds(std::uint32_t area, double x, double y) const;

  [[nodiscard]] const Box& bounds() const { return m_bounds; }
  [[nodiscard]] const Box& bounds(std::uint32_t area) const { return m_area_bounds[area]; }
  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(m_area_bounds.size()); }

  /// Makes visit_edges possible. Not thread-safe.
  void index_edges();
  /// Calls visit(first vertex of the edge) for every edge of the area that meets [low, high] in y, and some others.
  template <class Visit>
  void visit_edges(std::uint32_t area, double low, double high, const Visit& visit) const {
    const Strips& strips = m_strips[area];
    if (strips.edges.empty()) return;
    const std::uint32_t last = strips.intervals.at(high);
    for (std::uint32_t s = strips.intervals.at(low); s <= last; ++s)
      for (std::uint32_t e = strips.begin[s]; e < strips.begin[s + 1]; ++e) visit(strips.edges[e]);
  }

 private:
  static constexpr std::size_t kAreaBlock = 16;

  /// The edges of one area by intervals of y.
  struct Strips {
    Intervals intervals;
    std::vector<std::uint32_t> begin;  // intervals + 1
    std::vector<std::uint64_t> edges;  // first vertices
  };
  /// The lower end first.
  struct Edge {
    double ax, ay, bx, by;
  };
  /// One area in one cell.
  struct Entry {
    std::uint32_t area = 0;
    std::uint32_t first_edge = 0;  // of the run that the cell belongs to; in the edges of the block of areas
    std::uint32_t edges = 0;       // 0: the area covers the whole cell
    bool inside_behind = false;    // to the right of the run
  };
  /// What a block of areas adds to the cells.
  struct Cover {
    std::vector<std::uint32_t> cells;
    std::vector<Entry> entries;
    std::vector<Edge> edges;
  };

  class Coverer;
  void make_strips(std::uint32_t area);
  void collect(const std::vector<Cover>& covers);
  static constexpr std::uint32_t kNoCell = ~std::uint32_t{0};

  [[nodiscard]] std::uint32_t cell_at(double x, double y) const {
    if (!(x >= m_bounds.min_x && x <= m_bounds.max_x && y >= m_bounds.min_y && y <= m_bounds.max_y)) return kNoCell;
    return m_rows.at(y) * m_columns.count + m_columns.at(x);
  }
  [[nodiscard]] std::span<const Entry> entries_of(std::uint32_t cell) const {
    if (cell == kNoCell) return {};
    return {m_entries.data() + m_cell_begin[cell], m_cell_begin[cell + 1] - m_cell_begin[cell]};
  }
  [[nodiscard]] std::int32_t first_of(std::span<const Entry> entries, double x, double y) const {
    for (const Entry& entry : entries)
      if (holds(entry, x, y)) return static_cast<std::int32_t>(entry.area);
    return kNone;
  }
  [[nodiscard]] bool holds(const Entry& entry, double x, double y) const {
    return entry.edges == 0 || holds_in_run(m_edges[entry.area / kAreaBlock].data() + entry.first_edge, entry, x, y);
  }
  [[nodiscard]] static bool holds_in_run(const Edge* edges, const Entry& entry, double x, double y);

  const Geometry& m_areas;
  Box m_bounds;
  std::vector<Box> m_area_bounds;
  std::vector<Strips> m_strips;
  Intervals m_columns, m_rows;
  std::vector<std::uint32_t> m_cell_begin;
  std::vector<Entry> m_entries;
  std::vector<std::vector<Edge>> m_edges;  // of each block of areas
};

}  // namespace yaan
