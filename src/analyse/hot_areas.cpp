#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <unordered_map>

#include "analyse/outline_rings.hpp"
#include "yaan/analyse/density_contours.hpp"

namespace yaan {

namespace {

/// The highest value v such that the values of at least v add up to `wanted`. Quickselect by sums.
double threshold_of(std::vector<double> values, double wanted, const Progress& progress) {
  auto low = values.begin();
  auto high = values.end();
  double above = 0;
  while (high - low > 1) {
    progress.throw_if_cancelled();
    std::array<double, 3> probe = {*low, *(low + (high - low) / 2), *(high - 1)};
    std::sort(probe.begin(), probe.end());
    const double pivot = probe[1];
    const auto equal = std::partition(low, high, [&](double v) { return v > pivot; });
    const auto less = std::partition(equal, high, [&](double v) { return v == pivot; });
    const double larger = std::accumulate(low, equal, 0.0);
    if (equal != low && above + larger >= wanted) {
      high = equal;
      continue;
    }
    above += larger + pivot * static_cast<double>(less - equal);
    if (above >= wanted || less == high) return pivot;
    low = less;
  }
  return low == values.end() ? 0 : *low;
}

/// Outlines of sets of cells that share sides. A vertex where two cells touch at a corner only is passed twice, each
/// time along one cell; rings are cut in two there.
class CellOutline {
 public:
  CellOutline(const Grid& grid, double threshold)
      : m_grid(grid), m_threshold(threshold), m_columns(grid.columns), m_regions(grid.size()) {}

  std::vector<RegionRing> rings(const Progress& progress) {
    for (std::int64_t r = 0; r < m_grid.rows; ++r) {
      progress.throw_if_cancelled();
      for (std::int64_t c = 0; c < m_columns; ++c)
        if (inside(c, r)) {
          if (inside(c + 1, r)) m_regions.join(cell(c, r), cell(c + 1, r));
          if (inside(c, r + 1)) m_regions.join(cell(c, r), cell(c, r + 1));
        }
    }
    m_walked.assign(m_grid.size(), 0);
    std::vector<RegionRing> all;
    for (std::int64_t r = 0; r < m_grid.rows; ++r) {
      progress.throw_if_cancelled();
      for (std::int64_t c = 0; c < m_columns; ++c)
        for (unsigned side = 0; side < 4; ++side)
          if (has_border(c, r, side) && (m_walked[cell(c, r)] >> side & 1U) == 0) walk(c, r, side, all);
    }
    return all;
  }
  [[nodiscard]] bool inside(std::int64_t c, std::int64_t r) const {
    return c >= 0 && r >= 0 && c < m_columns && r < m_grid.rows &&
           m_grid.values[static_cast<std::size_t>(r * m_columns + c)] >= m_threshold;
  }
  std::uint32_t region(std::uint32_t cell_number) { return m_regions.find(cell_number); }

 private:
  // Sides are numbered south, east, north, west; along each one the cell is on the left.
  static constexpr std::array<std::array<int, 2>, 4> kOut = {{{0, -1}, {1, 0}, {0, 1}, {-1, 0}}};
  static constexpr std::array<std::array<int, 2>, 4> kAlong = {{{1, 0}, {0, 1}, {-1, 0}, {0, -1}}};
  static constexpr std::array<std::array<int, 2>, 4> kStart = {{{0, 0}, {1, 0}, {1, 1}, {0, 1}}};

  using Corner = std::array<std::int64_t, 2>;

  [[nodiscard]] std::uint32_t cell(std::int64_t c, std::int64_t r) const {
    return static_cast<std::uint32_t>(r * m_columns + c);
  }
  [[nodiscard]] bool has_border(std::int64_t c, std::int64_t r, unsigned side) const {
    return inside(c, r) && !inside(c + kOut[side][0], r + kOut[side][1]);
  }

  /// Walks along borders from a cell's side, turning left wherever possible, and adds the rings passed.
  void walk(std::int64_t c, std::int64_t r, unsigned side, std::vector<RegionRing>& all) {
    const std::uint32_t region_name = m_regions.find(cell(c, r));
    std::vector<Corner> corners;
    std::unordered_map<std::int64_t, std::size_t> passed;  // corner -> its place in corners
    while ((m_walked[cell(c, r)] >> side & 1U) == 0) {
      m_walked[cell(c, r)] = static_cast<std::uint8_t>(m_walked[cell(c, r)] | 1U << side);
      const Corner corner = {c + kStart[side][0], r + kStart[side][1]};
      cut_at(corner, corners, passed, region_name, all);
      passed[key(corner)] = corners.size();
      corners.push_back(corner);
      const unsigned left = (side + 1) % 4;
      const std::int64_t ahead_c = c + kAlong[side][0];
      const std::int64_t ahead_r = r + kAlong[side][1];
      if (!inside(ahead_c, ahead_r)) {  // the same cell's next side
        side = left;
      } else if (inside(ahead_c + kOut[side][0], ahead_r + kOut[side][1])) {  // a corner that turns right
        c = ahead_c + kOut[side][0];
        r = ahead_r + kOut[side][1];
        side = (side + 3) % 4;
      } else {
        c = ahead_c;
        r = ahead_r;
      }
    }
    close(corners, 0, region_name, all);
  }

  [[nodiscard]] std::int64_t key(const Corner& corner) const { return corner[1] * (m_columns + 1) + corner[0]; }

  void cut_at(const Corner& corner, std::vector<Corner>& corners, std::unordered_map<std::int64_t, std::size_t>& passed,
              std::uint32_t region_name, std::vector<RegionRing>& all) const {
    const auto before = passed.find(key(corner));
    if (before == passed.end()) return;
    const std::size_t from = before->second;
    close(corners, from, region_name, all);
    for (std::size_t i = from; i < corners.size(); ++i) passed.erase(key(corners[i]));
    corners.resize(from);
  }

  /// The corners from `from` on as a ring, those on straight runs left out.
  void close(const std::vector<Corner>& corners, std::size_t from, std::uint32_t region_name,
             std::vector<RegionRing>& all) const {
    const std::size_t n = corners.size() - from;
    if (n < 4) return;
    RegionRing ring{region_name, {}, {}};
    for (std::size_t i = 0; i < n; ++i) {
      const Corner& before = corners[from + (i + n - 1) % n];
      const Corner& here = corners[from + i];
      const Corner& after = corners[from + (i + 1) % n];
      if ((before[0] == here[0] && here[0] == after[0]) || (before[1] == here[1] && here[1] == after[1])) continue;
      ring.x.push_back(m_grid.origin_x + static_cast<double>(here[0]) * m_grid.cell);
      ring.y.push_back(m_grid.origin_y + static_cast<double>(here[1]) * m_grid.cell);
    }
    ring.x.push_back(ring.x.front());
    ring.y.push_back(ring.y.front());
    all.push_back(std::move(ring));
  }

  const Grid& m_grid;
  double m_threshold;
  std::int64_t m_columns;
  LatticeRegions m_regions;
  std::vector<std::uint8_t> m_walked;  // by cell: a bit for each side
};

struct Piece {
  std::uint32_t region = 0;
  double mass = 0;
  double peak = 0;
  std::size_t cells = 0;
};

/// Pieces in the order of their first cell, which is also the order of their polygons.
std::vector<Piece> pieces_of(const Grid& density, CellOutline& outline) {
  std::vector<Piece> pieces;
  std::unordered_map<std::uint32_t, std::size_t> number;
  for (std::uint32_t i = 0; i < density.size(); ++i) {
    if (!outline.inside(i % density.columns, i / density.columns)) continue;
    const std::uint32_t region = outline.region(i);
    const auto [entry, opened] = number.try_emplace(region, pieces.size());
    if (opened) pieces.push_back({region, 0, 0, 0});
    Piece& piece = pieces[entry->second];
    piece.mass += density.values[i];
    piece.peak = std::max(piece.peak, density.values[i]);
    ++piece.cells;
  }
  return pieces;
}

}  // namespace

Geometry cells_above(const Grid& grid, double level, const Progress& progress) {
  return polygons_of(CellOutline(grid, level).rings(progress), true);
}

HotAreas hot_areas(const Grid& density, double share, const Progress& progress) {
  progress.throw_if_cancelled();
  HotAreas hot;
  hot.polygons = Geometry::empty(GeometryKind::polygon);
  std::vector<double> positive;
  for (const double value : density.values)
    if (value > 0) positive.push_back(value);
  const double total = std::accumulate(positive.begin(), positive.end(), 0.0);
  if (!(total > 0)) return hot;
  hot.threshold = threshold_of(std::move(positive), share * total, progress);

  CellOutline outline(density, hot.threshold);
  const Geometry unsorted = polygons_of(outline.rings(progress), false);
  const std::vector<Piece> pieces = pieces_of(density, outline);
  std::vector<std::uint32_t> order(pieces.size());
  std::iota(order.begin(), order.end(), std::uint32_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return pieces[a].mass > pieces[b].mass; });
  hot.polygons = unsorted.select(order);
  for (const std::uint32_t i : order) {
    hot.mass_share.push_back(pieces[i].mass / total);
    hot.peak.push_back(pieces[i].peak);
    hot.total_share += pieces[i].mass / total;
    hot.cells += pieces[i].cells;
  }
  return hot;
}

}  // namespace yaan
