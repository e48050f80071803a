#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <tuple>
#include <utility>

#include "analyse/index/area_grid.hpp"
#include "yaan/analyse/spatial_weights.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {

namespace {

constexpr std::size_t kEdgeBlock = std::size_t{1} << 13;
constexpr std::size_t kCellBlock = std::size_t{1} << 10;
constexpr double kRounding = 1e-9;            // of the larger side of the box
constexpr double kLeastStretch = 10;          // of the tolerance: shorter stretches are points
constexpr double kMetresPerDegree = 110.6e3;  // of latitude, the least there is: the tolerance is never less than asked
constexpr double kRadian = std::numbers::pi / 180;

struct Edge {
  double ax, ay, bx, by;
  std::uint32_t feature;
};

/// What counts as the same place.
struct Tolerance {
  double reach = 0;      ///< in units of y
  bool narrows = false;  ///< a unit of x is shorter than one of y, by the cosine of the latitude

  [[nodiscard]] double scale_x(double y) const {
    return narrows ? std::max(std::cos(std::clamp(y, -90.0, 90.0) * kRadian), 1e-6) : 1;
  }
};

Tolerance tolerance_of(const Box& box, const Crs& crs, const Length& snap) {
  const bool in_units = !snap.has_unit && !crs.is_geographic();
  double reach = in_units ? snap.value : snap.on(crs, "snap").value;
  if (!(reach >= 0) || !std::isfinite(reach))
    throw UsageError(fmt::format("snap is {}, but must be at least 0 and finite", to_string(snap)));
  const double rounding = kRounding * std::max({box.width(), box.height(), 0.0});
  if (reach == 0) return {rounding, false};
  if (crs.is_geographic()) return {std::max(reach / kMetresPerDegree, rounding), true};
  if (!in_units && crs.metres_per_unit() > 0) reach /= crs.metres_per_unit();
  return {std::max(reach, rounding), false};
}

double squared_to_segment(double px, double py, double ax, double ay, double bx, double by) {
  const double dx = bx - ax, dy = by - ay;
  const double squared = dx * dx + dy * dy;
  const double share = squared > 0 ? std::clamp(((px - ax) * dx + (py - ay) * dy) / squared, 0.0, 1.0) : 0;
  const double ex = ax + share * dx - px, ey = ay + share * dy - py;
  return ex * ex + ey * ey;
}

/// Two edges in a plane whose origin is the first end of the first.
struct EdgePair {
  double ax, ay;          // the other end of the first
  double cx, cy, dx, dy;  // the second

  EdgePair(const Edge& first, const Edge& second, const Tolerance& tolerance) {
    const double scale = tolerance.scale_x(first.ay);
    ax = (first.bx - first.ax) * scale;
    ay = first.by - first.ay;
    cx = (second.ax - first.ax) * scale;
    cy = second.ay - first.ay;
    dx = (second.bx - first.ax) * scale;
    dy = second.by - first.ay;
  }

  [[nodiscard]] bool within(double reach) const {
    if (std::min(cx, dx) > std::max(0.0, ax) + reach || std::max(cx, dx) < std::min(0.0, ax) - reach ||
        std::min(cy, dy) > std::max(0.0, ay) + reach || std::max(cy, dy) < std::min(0.0, ay) - reach)
      return false;
    const double limit = reach * reach;
    if (squared_to_segment(cx, cy, 0, 0, ax, ay) <= limit || squared_to_segment(dx, dy, 0, 0, ax, ay) <= limit ||
        squared_to_segment(0, 0, cx, cy, dx, dy) <= limit || squared_to_segment(ax, ay, cx, cy, dx, dy) <= limit)
      return true;
    const double side_c = ax * cy - ay * cx, side_d = ax * dy - ay * dx;
    const double ex = dx - cx, ey = dy - cy;
    const double side_o = ey * cx - ex * cy, side_a = ex * (ay - cy) - ey * (ax - cx);
    return side_c * side_d < 0 && side_o * side_a < 0;
  }

  /// How far the second runs along the first within reach; 0 where it only meets it and leaves.
  [[nodiscard]] double stretch(double reach) const {
    const double length = std::hypot(ax, ay);
    if (!(length > 0)) return 0;
    const double ux = ax / length, uy = ay / length;
    const double along_c = cx * ux + cy * uy, along_d = dx * ux + dy * uy;
    const double low = std::max(0.0, std::min(along_c, along_d)), high = std::min(length, std::max(along_c, along_d));
    if (!(high > low)) return 0;
    const double off_c = ux * cy - uy * cx, off_d = ux * dy - uy * dx;
    const double slope = (off_d - off_c) / (along_d - along_c);
    const auto off = [&](double at) { return std::abs(off_c + slope * (at - along_c)); };
    return off(low) <= reach && off(high) <= reach ? high - low : 0;
  }
};

std::vector<Edge> edges_of(const Geometry& polygons, const Box& box, bool geographic, const Tolerance& tolerance) {
  std::vector<Edge> edges;
  edges.reserve(polygons.x.size());
  for (std::uint32_t f = 0; f < polygons.size(); ++f)
    for (auto part = polygons.feature_parts[f]; part < polygons.feature_parts[f + 1]; ++part)
      for (auto ring = polygons.part_rings[part]; ring < polygons.part_rings[part + 1]; ++ring)
        for (auto v = polygons.ring_vertices[ring]; v + 1 < polygons.ring_vertices[ring + 1]; ++v)
          edges.push_back({polygons.x[v], polygons.y[v], polygons.x[v + 1], polygons.y[v + 1], f});
  if (!geographic) return edges;
  const std::size_t own = edges.size();
  for (std::size_t e = 0; e < own; ++e) {  // what lies at the western end stands beside the eastern end as well
    const Edge edge = edges[e];
    const double reach = tolerance.reach / tolerance.scale_x(std::max(std::abs(edge.ay), std::abs(edge.by)));
    if (std::min(edge.ax, edge.bx) + 360 - reach <= box.max_x)
      edges.push_back({edge.ax + 360, edge.ay, edge.bx + 360, edge.by, edge.feature});
  }
  return edges;
}

/// A uniform grid whose cells list the edges that pass within the tolerance.
class EdgeGrid {
 public:
  EdgeGrid(const std::vector<Edge>& edges, const Box& box, const Tolerance& tolerance, const Progress& progress)
      : m_edges(edges), m_reach_y(tolerance.reach) {
    const double farthest = std::max(std::abs(box.min_y), std::abs(box.max_y));
    m_reach_x = tolerance.reach / tolerance.scale_x(farthest);
    const double cells = static_cast<double>(std::clamp<std::size_t>(edges.size(), 256, std::size_t{1} << 22));
    const double shape = std::clamp(box.width() / std::max(box.height(), 1e-300), 1e-3, 1e3);
    m_columns = intervals(box.min_x, box.max_x, std::sqrt(cells * shape), m_reach_x);
    m_rows = intervals(box.min_y, box.max_y, std::sqrt(cells / shape), m_reach_y);
    std::vector<std::vector<std::pair<std::uint32_t, std::uint32_t>>> entries(block_count(edges.size(), kEdgeBlock));
    parallel_blocks(edges.size(), kEdgeBlock, progress, [&](std::size_t begin, std::size_t end, std::size_t block) {
      for (std::size_t e = begin; e < end; ++e) cover(static_cast<std::uint32_t>(e), entries[block]);
    });
    m_begin.assign(cells_count() + 1, 0);
    for (const auto& block : entries)
      for (const auto& [cell, edge] : block) ++m_begin[cell + 1];
    for (std::size_t cell = 0; cell < cells_count(); ++cell) m_begin[cell + 1] += m_begin[cell];
    m_list.resize(m_begin.back());
    std::vector<std::uint32_t> next(m_begin.begin(), m_begin.end() - 1);
    for (const auto& block : entries)
      for (const auto& [cell, edge] : block) m_list[next[cell]++] = edge;
  }

  [[nodiscard]] std::size_t cells_count() const { return std::size_t{m_columns.count} * m_rows.count; }
  [[nodiscard]] std::span<const std::uint32_t> edges_in(std::size_t cell) const {
    return {m_list.data() + m_begin[cell], m_begin[cell + 1] - m_begin[cell]};
  }

 private:
  static Intervals intervals(double low, double high, double wanted, double reach) {
    const double most = reach > 0 ? (high - low) / (2 * reach) : wanted;
    return Intervals(low, high, static_cast<std::uint32_t>(std::clamp(std::min(wanted, most), 1.0, 65536.0)));
  }

  void cover(std::uint32_t e, std::vector<std::pair<std::uint32_t, std::uint32_t>>& entries) const {
    double ax = m_edges[e].ax, ay = m_edges[e].ay, bx = m_edges[e].bx, by = m_edges[e].by;
    if (ay > by) {
      std::swap(ax, bx);
      std::swap(ay, by);
    }
    const auto [least, most] = std::minmax(ax, bx);
    const double height = m_rows.inverse > 0 ? 1 / m_rows.inverse : 0;
    const double room_y = m_reach_y + 1e-6 * height;  // more than rounding takes
    const double room_x = m_reach_x + (m_columns.inverse > 0 ? 1e-6 / m_columns.inverse : 0);
    for (std::uint32_t row = m_rows.at(ay - room_y); row <= m_rows.at(by + room_y); ++row) {
      double low = least, high = most;
      if (by > ay && height > 0) {
        const double bottom = std::clamp(m_rows.origin + row * height - room_y, ay, by);
        const double top = std::clamp(m_rows.origin + (row + 1) * height + room_y, ay, by);
        const double at_bottom = ax + (bx - ax) * ((bottom - ay) / (by - ay));
        const double at_top = ax + (bx - ax) * ((top - ay) / (by - ay));
        low = std::max(low, std::min(at_bottom, at_top));
        high = std::min(high, std::max(at_bottom, at_top));
      }
      for (std::uint32_t column = m_columns.at(low - room_x); column <= m_columns.at(high + room_x); ++column)
        entries.emplace_back(row * m_columns.count + column, e);
    }
  }

  const std::vector<Edge>& m_edges;
  double m_reach_x = 0, m_reach_y;
  Intervals m_columns{0, 0, 1}, m_rows{0, 0, 1};
  std::vector<std::uint32_t> m_begin;
  std::vector<std::uint32_t> m_list;
};

/// Two edges of two features that run along each other, or meet.
struct Meeting {
  std::uint32_t a, b;  // features, a < b
  std::uint32_t edge_a, edge_b;
  double stretch;
  auto key() const { return std::tie(a, b, edge_a, edge_b); }
};

void find_meetings(const std::vector<Edge>& edges, std::span<const std::uint32_t> cell, const Tolerance& tolerance,
                   Contiguity kind, std::vector<Meeting>& found) {
  for (std::size_t i = 0; i < cell.size(); ++i)
    for (std::size_t j = i + 1; j < cell.size(); ++j) {
      std::uint32_t first = cell[i], second = cell[j];
      if (edges[first].feature == edges[second].feature) continue;
      if (edges[first].feature > edges[second].feature) std::swap(first, second);
      const Edge& a = edges[first];
      const Edge& b = edges[second];
      if (kind == Contiguity::queen) {
        if (!found.empty() && found.back().a == a.feature && found.back().b == b.feature) continue;
        if (EdgePair(a, b, tolerance).within(tolerance.reach)) found.push_back({a.feature, b.feature, 0, 0, 0});
      } else {
        const double stretch = EdgePair(a, b, tolerance).stretch(tolerance.reach);
        if (stretch > 0) found.push_back({a.feature, b.feature, first, second, stretch});
      }
    }
}

}  // namespace

std::vector<std::pair<std::uint32_t, std::uint32_t>> contiguous_pairs(const Geometry& polygons, const Crs& crs,
                                                                      Contiguity kind, const Length& snap,
                                                                      const Progress& progress) {
  if (polygons.kind != GeometryKind::polygon)
    throw UsageError(
        fmt::format("contiguity needs polygons, but the features are of kind {}", to_string(polygons.kind)),
        "use the neighbours nearest or distance_band");
  const Box box = polygons.bounds();
  const Tolerance tolerance = tolerance_of(box.empty() ? Box{0, 0, 0, 0} : box, crs, snap);
  progress.throw_if_cancelled();
  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
  if (box.empty()) return pairs;
  const std::vector<Edge> edges = edges_of(polygons, box, crs.is_geographic(), tolerance);
  const EdgeGrid grid(edges, box, tolerance, progress);
  std::vector<std::vector<Meeting>> found(block_count(grid.cells_count(), kCellBlock));
  parallel_blocks(grid.cells_count(), kCellBlock, progress, [&](std::size_t begin, std::size_t end, std::size_t block) {
    for (std::size_t cell = begin; cell < end; ++cell)
      find_meetings(edges, grid.edges_in(cell), tolerance, kind, found[block]);
  });
  std::vector<Meeting> all;
  for (const auto& block : found) all.insert(all.end(), block.begin(), block.end());
  std::sort(all.begin(), all.end(), [](const Meeting& m, const Meeting& n) { return m.key() < n.key(); });
  all.erase(std::unique(all.begin(), all.end(), [](const Meeting& m, const Meeting& n) { return m.key() == n.key(); }),
            all.end());
  for (std::size_t i = 0; i < all.size();) {
    double together = 0;
    const std::size_t first = i;
    for (; i < all.size() && all[i].a == all[first].a && all[i].b == all[first].b; ++i) together += all[i].stretch;
    if (kind == Contiguity::queen || together > kLeastStretch * tolerance.reach)
      pairs.emplace_back(all[first].a, all[first].b);
  }
  return pairs;
}

}  // namespace yaan
