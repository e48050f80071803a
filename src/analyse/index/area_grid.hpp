#pragma once
// A grid over polygons: which of them can hold a point, and which of their edges matter.

#include <cstdint>
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
class AreaGrid {
 public:
  static constexpr std::int32_t kNone = -1;

  /// `points` is about how many will be asked for; it sets the fineness of the grid.
  AreaGrid(const Geometry& areas, std::size_t points);

  /// The first area in order whose closed region holds the point, or kNone.
  [[nodiscard]] std::int32_t first_holding(double x, double y) const;
  /// Whether the closed region of an area holds the point: locate() != outside, by the edges of one strip.
  [[nodiscard]] bool holds(std::uint32_t area, double x, double y) const;

  [[nodiscard]] const Box& bounds() const { return m_bounds; }
  [[nodiscard]] const Box& bounds(std::uint32_t area) const { return m_area_bounds[area]; }
  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(m_area_bounds.size()); }

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
  /// The edges of one area by intervals of y.
  struct Strips {
    Intervals intervals;
    std::vector<std::uint32_t> begin;  // intervals + 1
    std::vector<std::uint64_t> edges;  // first vertices
  };
  struct Entry {
    std::uint32_t cell;
    std::uint32_t area;
    bool covers;  // the whole cell
  };

  void make_strips(std::uint32_t area);
  void cover_cells(std::uint32_t area, std::vector<Entry>& entries) const;
  void collect(const std::vector<std::vector<Entry>>& entries);

  const Geometry& m_areas;
  Box m_bounds;
  std::vector<Box> m_area_bounds;
  std::vector<Strips> m_strips;
  Intervals m_columns, m_rows;
  std::vector<std::uint32_t> m_cell_begin;
  std::vector<std::uint32_t> m_cell_area;  // area << 1 | covers
};

}  // namespace yaan
