#include "district/density_outline.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <unordered_map>
#include <utility>
#include <vector>

namespace yaan {

namespace {

constexpr double kSidesPerBandwidth = 10;
constexpr double kMostCorners = 4e6;

// Values at the corners of squares. Square (c, r) is cut by the diagonal from its lower left to its upper right corner.
struct Surface {
  double left = 0;
  double low = 0;
  double side = 1;
  std::int64_t columns = 0;  // corners
  std::int64_t rows = 0;
  std::vector<double> value;

  [[nodiscard]] double at(std::int64_t column, std::int64_t row) const {
    return value[static_cast<std::size_t>(row * columns + column)];
  }
  [[nodiscard]] double between(double x, double y) const {
    const double u = (x - left) / side;
    const double v = (y - low) / side;
    const auto c = static_cast<std::int64_t>(u);
    const auto r = static_cast<std::int64_t>(v);
    const double du = u - static_cast<double>(c);
    const double dv = v - static_cast<double>(r);
    const double a = at(c, r);
    const double d = at(c + 1, r + 1);
    return du >= dv ? a + du * (at(c + 1, r) - a) + dv * (d - at(c + 1, r))
                    : a + dv * (at(c, r + 1) - a) + du * (d - at(c, r + 1));
  }
};

Surface kernel_sums(std::span<const double> x, std::span<const double> y, double bandwidth) {
  Box box;
  for (std::size_t i = 0; i < x.size(); ++i) box.include(x[i], y[i]);
  Surface surface;
  const double width = box.width() + 2 * bandwidth;
  const double height = box.height() + 2 * bandwidth;
  surface.side = std::max(bandwidth / kSidesPerBandwidth, std::sqrt(width * height / kMostCorners));
  if (!(surface.side <= bandwidth / 2)) return surface;
  // One more square all round, where nothing reaches: every contour closes.
  surface.left = box.min_x - bandwidth - surface.side;
  surface.low = box.min_y - bandwidth - surface.side;
  surface.columns = static_cast<std::int64_t>(std::ceil(width / surface.side)) + 4;
  surface.rows = static_cast<std::int64_t>(std::ceil(height / surface.side)) + 4;
  surface.value.assign(static_cast<std::size_t>(surface.columns * surface.rows), 0);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const auto first = [&](double place, double start) {
      return static_cast<std::int64_t>(std::ceil((place - bandwidth - start) / surface.side));
    };
    const auto last = [&](double place, double start) {
      return static_cast<std::int64_t>((place + bandwidth - start) / surface.side);
    };
    for (std::int64_t r = first(y[i], surface.low); r <= last(y[i], surface.low); ++r)
      for (std::int64_t c = first(x[i], surface.left); c <= last(x[i], surface.left); ++c) {
        const double dx = surface.left + static_cast<double>(c) * surface.side - x[i];
        const double dy = surface.low + static_cast<double>(r) * surface.side - y[i];
        const double rest = 1 - (dx * dx + dy * dy) / (bandwidth * bandwidth);
        if (rest > 0) surface.value[static_cast<std::size_t>(r * surface.columns + c)] += rest * rest;
      }
  }
  return surface;
}

// Contour lines of the triangles, chained into rings with the higher ground on their left.
class Contour {
 public:
  Contour(const Surface& surface, double level) : m_surface(surface), m_level(level) {
    for (std::int64_t r = 0; r + 1 < surface.rows; ++r)
      for (std::int64_t c = 0; c + 1 < surface.columns; ++c) {
        const Corner a{c, r};
        const Corner d{c + 1, r + 1};
        cut({a, {c + 1, r}, d});
        cut({a, d, {c, r + 1}});
      }
  }

  [[nodiscard]] std::vector<std::vector<std::array<double, 2>>> rings() const {
    std::vector<std::vector<std::array<double, 2>>> found;
    std::vector<bool> used(m_crossings.size(), false);
    for (std::size_t start = 0; start < m_crossings.size(); ++start) {
      if (used[start]) continue;
      std::vector<std::array<double, 2>> ring;
      for (std::size_t at = start; !used[at]; at = m_next[at]) {
        used[at] = true;
        ring.push_back(m_crossings[at]);
      }
      ring.push_back(ring.front());
      found.push_back(std::move(ring));
    }
    return found;
  }

 private:
  struct Corner {
    std::int64_t c, r;
  };

  // `corners` run counter-clockwise.
  void cut(const std::array<Corner, 3>& corners) {
    unsigned above = 0;
    for (unsigned k = 0; k < 3; ++k) above |= (m_surface.at(corners[k].c, corners[k].r) >= m_level ? 1U : 0U) << k;
    if (above == 0 || above == 7) return;
    // Along the triangle's edges the boundary goes from where the ground rises over the level to where it falls.
    std::size_t falls = 0;
    std::size_t rises = 0;
    for (unsigned k = 0; k < 3; ++k) {
      const unsigned next = (k + 1) % 3;
      const bool here = (above >> k & 1U) != 0;
      const bool there = (above >> next & 1U) != 0;
      if (here == there) continue;
      (here ? falls : rises) = crossing(corners[k], corners[next]);
    }
    m_next[falls] = rises;
  }

  std::size_t crossing(Corner p, Corner q) {
    if (std::pair(q.r, q.c) < std::pair(p.r, p.c)) std::swap(p, q);
    const auto corner = static_cast<std::uint64_t>(p.r * m_surface.columns + p.c);
    const auto direction = static_cast<std::uint64_t>((q.r - p.r) * 2 + (q.c - p.c));  // 1 east, 2 north, 3 diagonal
    const auto [at, fresh] = m_number.emplace(corner * 4 + direction, m_crossings.size());
    if (fresh) {
      const double from = m_surface.at(p.c, p.r);
      const double to = m_surface.at(q.c, q.r);
      // Off the corners by a hair, so that rings never touch.
      const double t = std::clamp((m_level - from) / (to - from), 1e-6, 1 - 1e-6);
      m_crossings.push_back(
          {m_surface.left + (static_cast<double>(p.c) + t * static_cast<double>(q.c - p.c)) * m_surface.side,
           m_surface.low + (static_cast<double>(p.r) + t * static_cast<double>(q.r - p.r)) * m_surface.side});
      m_next.push_back(0);
    }
    return at->second;
  }

  const Surface& m_surface;
  double m_level;
  std::unordered_map<std::uint64_t, std::size_t> m_number;
  std::vector<std::array<double, 2>> m_crossings;
  std::vector<std::size_t> m_next;
};

// A ring as a polygon of its own.
Geometry alone(const std::vector<std::array<double, 2>>& ring) {
  std::vector<double> x;
  std::vector<double> y;
  for (const auto& [px, py] : ring) {
    x.push_back(px);
    y.push_back(py);
  }
  Geometry polygon = Geometry::empty(GeometryKind::polygon);
  polygon.add_ring(x, y);
  polygon.end_part();
  polygon.end_feature();
  return polygon;
}

double area_of(const Geometry& ring) { return ring_area(ring.ring_x(0), ring.ring_y(0)); }

Geometry polygons_of(const std::vector<std::vector<std::array<double, 2>>>& rings) {
  std::vector<Geometry> outer;
  std::vector<Geometry> holes;
  for (const auto& ring : rings) {
    Geometry polygon = alone(ring);
    (area_of(polygon) > 0 ? outer : holes).push_back(std::move(polygon));
  }
  // Rings do not cross, so a hole belongs to the smallest outer ring that holds one of its vertices.
  std::vector<std::vector<std::size_t>> holes_of(outer.size());
  for (std::size_t h = 0; h < holes.size(); ++h) {
    std::size_t home = outer.size();
    for (std::size_t o = 0; o < outer.size(); ++o)
      if (locate(outer[o], 0, holes[h].x[0], holes[h].y[0]) == Inside::inside &&
          (home == outer.size() || area_of(outer[o]) < area_of(outer[home])))
        home = o;
    if (home < outer.size()) holes_of[home].push_back(h);
  }
  Geometry out = Geometry::empty(GeometryKind::polygon);
  for (std::size_t o = 0; o < outer.size(); ++o) {
    out.add_ring(outer[o].x, outer[o].y);
    for (const std::size_t h : holes_of[o]) out.add_ring(holes[h].x, holes[h].y);
    out.end_part();
  }
  out.end_feature();
  return out;
}

}  // namespace

DensityContour density_contour(std::span<const double> x, std::span<const double> y, double bandwidth, double share) {
  DensityContour contour;
  contour.polygons = Geometry::empty(GeometryKind::polygon);
  const Surface surface = kernel_sums(x, y, bandwidth);
  const bool one_spot = std::all_of(x.begin(), x.end(), [&](double v) { return v == x[0]; }) &&
                        std::all_of(y.begin(), y.end(), [&](double v) { return v == y[0]; });
  if (surface.value.empty() || one_spot) {
    contour.polygons.end_feature();
    return contour;
  }
  std::vector<double> at_point(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) at_point[i] = surface.between(x[i], y[i]);
  const auto wanted = static_cast<std::size_t>(std::ceil(share * static_cast<double>(x.size()) - 1e-9));
  const auto nth = at_point.begin() + static_cast<std::ptrdiff_t>(std::max<std::size_t>(wanted, 1) - 1);
  std::nth_element(at_point.begin(), nth, at_point.end(), [](double a, double b) { return a > b; });
  contour.level = *nth * (1 - 1e-5);  // the points at the level itself are inside, beyond all rounding
  contour.polygons = polygons_of(Contour(surface, contour.level).rings());
  return contour;
}

}  // namespace yaan
