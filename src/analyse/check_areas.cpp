#include "yaan/analyse/check_areas.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <numeric>
#include <optional>
#include <tuple>

#include "analyse/degree_area.hpp"
#include "analyse/index/area_grid.hpp"
#include "analyse/index/hilbert_order.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/overlay.hpp"
#include "yaan/core/parallel.hpp"
#include "yaan/core/polygon_index.hpp"

namespace yaan {

namespace {

constexpr std::size_t kPairBlock = 32;
// Places along an edge at which it is asked whose border it is: no simple fractions, where corners of others may touch.
constexpr std::array<double, 3> kSamples = {0.1459, 0.4721, 0.8541};
constexpr std::size_t kUnionBlock = 32;  // areas, then unions, that become one at a time

// Areas in an order of their own, so that no answer depends on the caller's.
std::vector<std::uint32_t> canonical_order(const Layer& areas) {
  const Geometry& g = areas.geometry;
  std::vector<Box> boxes;
  for (std::size_t f = 0; f < g.size(); ++f) boxes.push_back(g.bounds(f));
  std::vector<std::uint32_t> order(g.size());
  std::iota(order.begin(), order.end(), 0U);
  const auto place = [&](std::uint32_t f) {
    const Box& b = boxes[f];
    return std::tuple(b.min_x, b.min_y, b.max_x, b.max_y, g.feature_parts[f + 1] - g.feature_parts[f]);
  };
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    if (boxes[a].empty() || boxes[b].empty()) return !boxes[a].empty() && boxes[b].empty();
    if (place(a) != place(b)) return place(a) < place(b);
    return areas.feature_id(a) < areas.feature_id(b);
  });
  return order;
}

void append(const Geometry& from, std::size_t part, Geometry& to) {
  for (std::size_t ring = from.part_rings[part]; ring < from.part_rings[part + 1]; ++ring)
    to.add_ring(from.ring_x(ring), from.ring_y(ring));
  to.end_part();
}

Geometry part_of(const Geometry& from, std::size_t part) {
  Geometry one = Geometry::empty(GeometryKind::polygon);
  append(from, part, one);
  one.end_feature();
  return one;
}

// Square metres and metres, of pieces and of whole areas.
class Measure {
 public:
  explicit Measure(const Crs& crs) : m_crs(crs) {
    if (crs.kind() == Crs::Kind::projected) m_to_degrees.emplace(crs, Crs::wgs84());
  }

  [[nodiscard]] double area(const Geometry& g, std::size_t feature) const {
    if (m_crs.is_geographic()) return degree_area(g, feature);
    const double planar = planar_area(g, feature);
    return m_to_degrees ? planar * ground_of_plane(g.bounds(feature)) : planar;
  }
  [[nodiscard]] double perimeter(const Geometry& g, std::size_t feature) const {
    if (m_crs.is_geographic()) return degree_perimeter(g, feature);
    double sum = 0;
    for (std::size_t part = g.feature_parts[feature]; part < g.feature_parts[feature + 1]; ++part)
      for (std::size_t ring = g.part_rings[part]; ring < g.part_rings[part + 1]; ++ring)
        for (std::size_t v = g.ring_vertices[ring] + 1; v < g.ring_vertices[ring + 1]; ++v)
          sum += std::hypot(g.x[v] - g.x[v - 1], g.y[v] - g.y[v - 1]);
    return sum * (m_to_degrees ? std::sqrt(ground_of_plane(g.bounds(feature))) : 1);
  }

 private:
  static double planar_area(const Geometry& g, std::size_t feature) {
    double sum = 0;
    for (std::size_t part = g.feature_parts[feature]; part < g.feature_parts[feature + 1]; ++part)
      for (std::size_t ring = g.part_rings[part]; ring < g.part_rings[part + 1]; ++ring)
        sum += ring_area(g.ring_x(ring), g.ring_y(ring));
    return sum;
  }

  // Square metres on the ellipsoid of one squared unit of the plane there: of a square as wide as the box, cut into
  // pieces small enough to be straight in degrees too.
  [[nodiscard]] double ground_of_plane(const Box& box) const {
    constexpr int kPieces = 64;
    const double side = std::max({box.width(), box.height(), 1 / m_crs.metres_per_unit()});
    const double left = (box.min_x + box.max_x - side) / 2;
    const double low = (box.min_y + box.max_y - side) / 2;
    std::vector<double> x;
    std::vector<double> y;
    for (const auto& [dx, dy, at_x, at_y] :
         {std::tuple{1, 0, 0, 0}, std::tuple{0, 1, 1, 0}, std::tuple{-1, 0, 1, 1}, std::tuple{0, -1, 0, 1}})
      for (int i = 0; i < kPieces; ++i) {
        x.push_back(left + side * (at_x + dx * static_cast<double>(i) / kPieces));
        y.push_back(low + side * (at_y + dy * static_cast<double>(i) / kPieces));
      }
    if (m_to_degrees->apply(x, y) != 0) return m_crs.metres_per_unit() * m_crs.metres_per_unit();
    return std::abs(degree_ring_area(x, y)) / (side * side);
  }

  const Crs& m_crs;
  std::optional<Transformer> m_to_degrees;
};

class CoverageCheck {
 public:
  CoverageCheck(const Layer& areas, const CheckAreasOptions& options, const std::vector<std::uint8_t>& left_out,
                Progress& progress)
      : m_given(areas),
        m_order(canonical_order(areas)),
        m_areas(areas.geometry.select(m_order)),
        m_measure(areas.crs),
        m_options(options),
        m_progress(progress) {
    for (const std::uint32_t f : m_order) m_left_out.push_back(left_out.empty() ? std::uint8_t{0} : left_out[f]);
  }

  CoverageReport run() {
    measure_areas();
    find_overlaps();
    find_gaps();
    for (CoverageFault& fault : m_report.faults)
      for (std::uint32_t& area : fault.areas) area = m_order[area];
    std::stable_sort(m_report.faults.begin(), m_report.faults.end(),
                     [](const CoverageFault& a, const CoverageFault& b) {
                       const auto place = [](const CoverageFault& fault) {
                         const Box box = fault.shape.bounds();
                         return std::tuple(-fault.square_metres, box.min_x, box.min_y, fault.kind);
                       };
                       return place(a) < place(b);
                     });
    return std::move(m_report);
  }

 private:
  // Whole areas are too wide for one scale of a plane.
  void measure_areas() {
    const bool projected = m_given.crs.kind() == Crs::Kind::projected;
    const Geometry moved = projected ? reprojected(m_given, Crs::wgs84()).geometry : Geometry();
    for (std::size_t f = 0; f < m_given.size(); ++f)
      m_report.area_square_metres.push_back(
          std::abs(projected ? degree_area(moved, f) : m_measure.area(m_given.geometry, f)));
  }

  void find_overlaps() {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs = meeting_boxes(m_areas);
    std::erase_if(pairs, [&](const auto& pair) { return m_left_out[pair.first] + m_left_out[pair.second] != 0; });
    std::vector<Geometry> shared(pairs.size());
    m_progress.report("comparing areas", 0);
    parallel_blocks(pairs.size(), kPairBlock, m_progress, [&](std::size_t begin, std::size_t end, std::size_t) {
      for (std::size_t i = begin; i < end; ++i) {
        m_progress.throw_if_cancelled();
        shared[i] = intersection(m_areas.select({pairs[i].first}), m_areas.select({pairs[i].second}));
      }
    });
    for (std::size_t i = 0; i < pairs.size(); ++i)
      for (std::size_t part = 0; part + 1 < shared[i].part_rings.size(); ++part)
        add(CoverageFault::Kind::overlap, {pairs[i].first, pairs[i].second}, part_of(shared[i], part));
  }

  // All areas as one, a few at a time: areas that follow one another on Hilbert's curve lie side by side, so that most
  // borders go early.
  Geometry ground() {
    std::vector<double> x;
    std::vector<double> y;
    std::vector<std::uint32_t> some;
    for (std::uint32_t f = 0; f < m_areas.size(); ++f) {
      const Box box = m_areas.bounds(f);
      if (box.empty()) continue;
      some.push_back(f);
      x.push_back((box.min_x + box.max_x) / 2);
      y.push_back((box.min_y + box.max_y) / 2);
    }
    std::vector<Geometry> pieces;
    const Scratch<std::uint32_t> order = hilbert_order(x, y, m_progress);
    for (std::size_t i = 0; i < order.size(); ++i) pieces.push_back(m_areas.select({some[order[i]]}));
    if (pieces.empty()) return Geometry::empty(GeometryKind::polygon);
    while (pieces.size() > 1) {
      std::vector<Geometry> joined(block_count(pieces.size(), kUnionBlock));
      parallel_blocks(pieces.size(), kUnionBlock, m_progress,
                      [&](std::size_t begin, std::size_t end, std::size_t block) {
                        Geometry together = Geometry::empty(GeometryKind::polygon);
                        for (std::size_t i = begin; i < end; ++i) {
                          for (std::size_t part = 0; part + 1 < pieces[i].part_rings.size(); ++part)
                            append(pieces[i], part, together);
                          together.end_feature();
                        }
                        joined[block] = united(together);
                      });
      pieces = std::move(joined);
    }
    return std::move(pieces.front());
  }

  void find_gaps() {
    m_progress.report("looking for gaps", 0.5);
    const Box around = m_areas.bounds();
    if (around.empty()) return;
    const Geometry all = ground();
    m_progress.throw_if_cancelled();
    // What is left of a wider frame: one piece that touches the frame, and those that are enclosed.
    const double margin = std::max({around.width(), around.height(), 1e-3}) / 8;
    const Box frame = {around.min_x - margin, around.min_y - margin, around.max_x + margin, around.max_y + margin};
    Geometry wide = Geometry::empty(GeometryKind::polygon);
    wide.add_ring(std::vector{frame.min_x, frame.max_x, frame.max_x, frame.min_x, frame.min_x},
                  std::vector{frame.min_y, frame.min_y, frame.max_y, frame.max_y, frame.min_y});
    wide.end_part();
    wide.end_feature();
    const Geometry open = difference(wide, all);
    m_progress.report("looking for gaps", 0.9);
    AreaGrid grid(m_areas, m_areas.size());
    grid.index_edges();
    for (std::size_t part = 0; part + 1 < open.part_rings.size(); ++part) {
      m_progress.throw_if_cancelled();
      Geometry piece = part_of(open, part);
      if (piece.bounds().min_x < around.min_x - margin / 2) continue;  // the outside
      std::vector<std::uint32_t> along = areas_along(grid, piece);
      if (along.size() == 1) {
        ++m_report.within_one;
        m_report.within_one_square_metres += std::abs(m_measure.area(piece, 0));
        continue;
      }
      std::erase_if(along, [&](std::uint32_t area) { return m_left_out[area] != 0; });
      add(CoverageFault::Kind::gap, std::move(along), std::move(piece));
    }
  }

  // The areas whose edges the border of the piece follows, the longest stretch first.
  [[nodiscard]] std::vector<std::uint32_t> areas_along(const AreaGrid& grid, const Geometry& piece) const {
    const Box& all = grid.bounds();
    const double largest =
        std::max({std::abs(all.min_x), std::abs(all.max_x), std::abs(all.min_y), std::abs(all.max_y)});
    const double reach = std::ldexp(largest, -41);  // some cells of the grid on which overlays run
    const Box box = piece.bounds();
    std::vector<std::pair<double, std::uint32_t>> found;
    for (std::uint32_t area = 0; area < grid.size(); ++area) {
      const Box& other = grid.bounds(area);
      if (other.empty() || other.min_x > box.max_x + reach || other.max_x < box.min_x - reach ||
          other.min_y > box.max_y + reach || other.max_y < box.min_y - reach)
        continue;
      double length = 0;
      for (std::size_t ring = 0; ring + 1 < piece.ring_vertices.size(); ++ring)
        for (std::size_t v = piece.ring_vertices[ring] + 1; v < piece.ring_vertices[ring + 1]; ++v) {
          const double edge = std::hypot(piece.x[v] - piece.x[v - 1], piece.y[v] - piece.y[v - 1]);
          for (const double at : kSamples) {
            const double x = piece.x[v - 1] + at * (piece.x[v] - piece.x[v - 1]);
            const double y = piece.y[v - 1] + at * (piece.y[v] - piece.y[v - 1]);
            if (follows(grid, area, x, y, reach)) length += edge / kSamples.size();
          }
        }
      // Vertices that were one but for rounding leave edges of a few cells of the grid, at corners of other areas too.
      if (length > 16 * reach) found.emplace_back(-length, area);
    }
    std::sort(found.begin(), found.end());
    std::vector<std::uint32_t> along;
    along.reserve(found.size());
    for (const auto& [length, area] : found) along.push_back(area);
    return along;
  }

  [[nodiscard]] bool follows(const AreaGrid& grid, std::uint32_t area, double x, double y, double reach) const {
    bool on_edge = false;
    grid.visit_edges(area, y - reach, y + reach, [&](std::uint64_t v) {
      if (on_edge) return;
      const double ax = m_areas.x[v] - x;
      const double ay = m_areas.y[v] - y;
      const double dx = m_areas.x[v + 1] - m_areas.x[v];
      const double dy = m_areas.y[v + 1] - m_areas.y[v];
      const double length = dx * dx + dy * dy;
      const double t = length > 0 ? std::clamp(-(ax * dx + ay * dy) / length, 0.0, 1.0) : 0;
      on_edge = std::hypot(ax + t * dx, ay + t * dy) <= reach;
    });
    return on_edge;
  }

  void add(CoverageFault::Kind kind, std::vector<std::uint32_t> along, Geometry shape) {
    CoverageFault fault{kind, std::move(along), std::move(shape), 0, 0};
    fault.square_metres = std::abs(m_measure.area(fault.shape, 0));
    if (!(fault.square_metres >= m_options.least_area)) {
      ++m_report.small;
      m_report.small_square_metres += fault.square_metres;
      return;
    }
    fault.mean_width = 2 * fault.square_metres / m_measure.perimeter(fault.shape, 0);
    m_report.faults.push_back(std::move(fault));
  }

  const Layer& m_given;
  std::vector<std::uint32_t> m_order;
  Geometry m_areas;
  Measure m_measure;
  const CheckAreasOptions& m_options;
  Progress& m_progress;
  std::vector<std::uint8_t> m_left_out;
  CoverageReport m_report;
};

}  // namespace

CoverageReport check_areas(const Layer& areas, const CheckAreasOptions& options,
                           const std::vector<std::uint8_t>& left_out, Progress& progress) {
  if (areas.crs.kind() == Crs::Kind::none)
    throw UsageError(
        fmt::format("the coordinate reference system of layer {} is unknown, so nothing can be measured", areas.name),
        "name it, such as --crs EPSG:4326, or --crs local for a plane in metres");
  if (areas.geometry.kind != GeometryKind::polygon)
    throw UsageError(fmt::format("the areas are of kind {}, but must be polygons", to_string(areas.geometry.kind)));
  if (!(options.least_area >= 0)) throw UsageError("least_area must be at least 0");
  progress.throw_if_cancelled();
  return CoverageCheck(areas, options, left_out, progress).run();
}

}  // namespace yaan
