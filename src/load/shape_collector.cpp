#include "load/shape_collector.hpp"

#include <ogr_geometry.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <limits>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "load/cut_shape.hpp"
#include "yaan/core/diagnostics.hpp"
#include "yaan/core/memory_pages.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {

namespace {

// With room for the rounding of six decimals; further out is another thing than longitude and latitude.
constexpr double kMaxLongitude = 180 + 1e-6;
constexpr double kMaxLatitude = 90 + 1e-6;
constexpr double kFullTurn = 360;

bool has_short_part(const Shape& lines) {
  std::size_t begin = 0;
  for (const std::size_t end : lines.ring_ends) {
    if (end - begin < 2) return true;
    begin = end;
  }
  return false;
}

}  // namespace

ShapeCollector::ShapeCollector(bool degrees, SwappedAxes swapped, Parts parts)
    : m_degrees(degrees), m_swapped(swapped), m_parts(parts) {
  m_points.geometry = Geometry::empty(GeometryKind::point);
  m_lines.geometry = Geometry::empty(GeometryKind::line);
  m_polygons.geometry = Geometry::empty(GeometryKind::polygon);
}

ShapeCollector::Kept& ShapeCollector::kept(GeometryKind kind) {
  switch (kind) {
    case GeometryKind::point: return m_points;
    case GeometryKind::line: return m_lines;
    case GeometryKind::polygon: return m_polygons;
    case GeometryKind::none: break;
  }
  throw std::invalid_argument("nothing is kept without a geometry");
}

void ShapeCollector::reserve_points(std::size_t rows) {
  reserve_in_huge_pages(m_points.geometry.x, rows);
  reserve_in_huge_pages(m_points.geometry.y, rows);
  reserve_in_huge_pages(m_points.rows, rows);
}

void ShapeCollector::note(ShapeNote what, std::size_t row) {
  Tally& tally = m_tallies[static_cast<std::size_t>(what)];
  ++tally.count;
  if (tally.first_rows.size() < kMostNoted) tally.first_rows.push_back(static_cast<std::uint32_t>(row));
}

void ShapeCollector::note_last(ShapeNote what) { note(what, m_rows - 1); }

void ShapeCollector::add_unusable(ShapeNote why) {
  note(why);
  ++m_rows;
}

bool ShapeCollector::in_order(std::span<const double> x, std::span<const double> y, ShapeNote& why) {
  bool finite = true;
  bool in_range = true;
  bool swapped_in_range = true;
  for (std::size_t i = 0; i < x.size(); ++i) {
    finite = finite && std::isfinite(x[i]) && std::isfinite(y[i]);
    in_range = in_range && std::fabs(x[i]) <= kMaxLongitude && std::fabs(y[i]) <= kMaxLatitude;
    swapped_in_range = swapped_in_range && std::fabs(y[i]) <= kMaxLongitude && std::fabs(x[i]) <= kMaxLatitude;
  }
  if (!finite) {
    why = ShapeNote::non_finite;
    return false;
  }
  if (m_degrees && !in_range) {
    if (swapped_in_range) ++m_in_range_when_swapped;
    const bool exchange =
        swapped_in_range && (m_swapped == SwappedAxes::all || (m_swapped == SwappedAxes::fitting && x.size() == 1));
    const bool turn = x.size() == 1 && x[0] > 180 && x[0] <= kFullTurn && std::fabs(y[0]) <= kMaxLatitude;
    why = exchange ? ShapeNote::swapped_axes : turn ? ShapeNote::turned_longitude : ShapeNote::out_of_range;
    return false;
  }
  return true;
}

bool ShapeCollector::is_plain(double x, double y) const {
  return m_degrees ? std::fabs(x) <= kMaxLongitude && std::fabs(y) <= kMaxLatitude
                   : std::isfinite(x) && std::isfinite(y);
}

bool ShapeCollector::add_plain_points(std::span<const double> x, std::span<const double> y) {
  constexpr std::size_t kBlock = std::size_t{1} << 16;
  std::atomic<bool> plain = true;
  parallel_blocks(x.size(), kBlock, [&](std::size_t begin, std::size_t end, std::size_t) {
    bool all = true;
    for (std::size_t i = begin; i < end; ++i) all = all & is_plain(x[i], y[i]);
    if (!all) plain = false;
  });
  if (!plain) return false;
  Geometry& points = m_points.geometry;
  const auto copy = [](std::span<const double> from, std::vector<double>& to) {
    populate_next(to, from.size());
    to.insert(to.end(), from.begin(), from.end());
  };
  const auto number = [&] {
    populate_next(m_points.rows, x.size());
    const std::size_t before = m_points.rows.size();
    m_points.rows.resize(before + x.size());
    std::iota(m_points.rows.begin() + static_cast<std::ptrdiff_t>(before), m_points.rows.end(),
              static_cast<std::uint32_t>(m_rows));
  };
  parallel_blocks(3, x.size() > kBlock ? 1 : 3, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t task = begin; task < end; ++task) {
      if (task == 0) copy(x, points.x);
      if (task == 1) copy(y, points.y);
      if (task == 2) number();
    }
  });
  m_points.features += x.size();
  m_rows += x.size();
  return true;
}

void ShapeCollector::add_point(double x, double y) {
  ShapeNote why{};
  if (!is_plain(x, y) && !in_order({&x, 1}, {&y, 1}, why)) {
    if (why == ShapeNote::turned_longitude) {
      m_waiting.push_back({static_cast<std::uint32_t>(m_rows++), x - kFullTurn, y, why});
      return;
    }
    if (why != ShapeNote::swapped_axes) return add_unusable(why);
    if (m_swapped == SwappedAxes::fitting) {
      m_waiting.push_back({static_cast<std::uint32_t>(m_rows++), y, x, why});
      return;
    }
    note(why);
    std::swap(x, y);
  }
  m_points.geometry.x.push_back(x);
  m_points.geometry.y.push_back(y);
  m_points.rows.push_back(static_cast<std::uint32_t>(m_rows));
  ++m_points.features;
  ++m_rows;
}

void ShapeCollector::add_wkb(std::span<const std::uint8_t> bytes) {
  m_shape.clear();
  WkbResult result = decode_wkb(bytes, m_shape);
  std::vector<std::uint8_t> plain;
  if (result == WkbResult::curved) {
    plain = linearised(bytes);
    bytes = plain;
    result = plain.empty() ? WkbResult::malformed : WkbResult::decoded;
    if (result == WkbResult::decoded) note(ShapeNote::linearised_curve);
  }
  if (result != WkbResult::decoded) return add_unusable(ShapeNote::unreadable_geometry);
  if (m_shape.has_z) note(ShapeNote::dropped_z);
  if (m_shape.has_m) note(ShapeNote::dropped_m);
  if (m_shape.x.empty()) return add_unusable(ShapeNote::empty);
  if (m_shape.kind() == GeometryKind::point && m_shape.x.size() == 1) return add_point(m_shape.x[0], m_shape.y[0]);
  if (m_shape.kind() == GeometryKind::none) {
    if (m_parts == Parts::keep) {
      note(ShapeNote::mixed_collection);
    } else if (keep_members(bytes)) {
      note(ShapeNote::split_collection);
    }
  } else if (const std::optional<ShapeNote> why = keep_shape()) {
    note(*why);
  }
  ++m_rows;
}

// Puts m_shape where its kind is kept, or says why it cannot.
std::optional<ShapeNote> ShapeCollector::keep_shape() {
  if (m_shape.kind() == GeometryKind::line && has_short_part(m_shape)) return ShapeNote::short_line;
  if (m_degrees && cut_at_antimeridian(m_shape)) note(ShapeNote::cut_at_antimeridian);
  ShapeNote why{};
  if (!in_order(m_shape.x, m_shape.y, why)) {
    if (why != ShapeNote::swapped_axes) return why == ShapeNote::turned_longitude ? ShapeNote::out_of_range : why;
    note(why);
    std::swap(m_shape.x, m_shape.y);
  }
  keep(m_shape);
  return std::nullopt;
}

void ShapeCollector::settle_axes() {
  if (m_waiting.empty()) return;
  Box around = m_points.geometry.bounds();
  const bool any_west = !around.empty() && around.min_x < 0;
  if (!around.empty()) {
    const double wide = std::max(around.width() / 2, 1.0);
    const double high = std::max(around.height() / 2, 1.0);
    around = {around.min_x - wide, around.min_y - high, around.max_x + wide, around.max_y + high};
  }
  std::vector<Late> fitting;
  for (const Late& point : m_waiting) {
    const bool fits = point.why == ShapeNote::turned_longitude ? !any_west
                                                               : point.x >= around.min_x && point.x <= around.max_x &&
                                                                     point.y >= around.min_y && point.y <= around.max_y;
    note(fits ? point.why : ShapeNote::out_of_range, point.row);
    if (fits) fitting.push_back(point);
  }
  m_waiting.clear();
  insert(fitting);
}

void ShapeCollector::insert(std::span<const Late> points) {
  Kept merged;
  merged.geometry = Geometry::empty(GeometryKind::point);
  std::size_t next = 0;
  const auto take_until = [&](std::uint32_t row) {
    for (; next < m_points.rows.size() && m_points.rows[next] < row; ++next) {
      merged.geometry.x.push_back(m_points.geometry.x[next]);
      merged.geometry.y.push_back(m_points.geometry.y[next]);
      merged.rows.push_back(m_points.rows[next]);
    }
  };
  for (const Late& point : points) {
    take_until(point.row);
    merged.geometry.x.push_back(point.x);
    merged.geometry.y.push_back(point.y);
    merged.rows.push_back(point.row);
  }
  take_until(std::numeric_limits<std::uint32_t>::max());
  merged.features = m_points.features + points.size();
  m_points = std::move(merged);
}

std::vector<ShapeCollector::Noted> ShapeCollector::noted() const {
  std::vector<Noted> all;
  for (const ShapeNote about :
       {ShapeNote::null, ShapeNote::empty, ShapeNote::non_finite, ShapeNote::out_of_range,
        ShapeNote::unreadable_coordinate, ShapeNote::unreadable_geometry, ShapeNote::swapped_axes})
    for (const std::uint32_t row : tally(about).first_rows) {
      // Of a collection that was split, another member may have been set aside than the point.
      const bool placed = std::binary_search(m_points.rows.begin(), m_points.rows.end(), row);
      if (!placed || about == ShapeNote::swapped_axes) all.push_back({row, about});
    }
  std::stable_sort(all.begin(), all.end(), [](const Noted& a, const Noted& b) { return a.row < b.row; });
  return all;
}

void ShapeCollector::place(std::span<const Noted> rows, std::span<const double> x, std::span<const double> y) {
  std::vector<Late> placed;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    Tally& tally = m_tallies[static_cast<std::size_t>(rows[i].note)];
    --tally.count;
    std::erase(tally.first_rows, rows[i].row);
    placed.push_back({rows[i].row, x[i], y[i], {}});
  }
  insert(placed);
}

// OGR knows arcs and surfaces; what it makes of them is decoded like any other geometry. Nothing where it cannot be.
std::vector<std::uint8_t> ShapeCollector::linearised(std::span<const std::uint8_t> bytes) {
  OGRGeometry* parsed = nullptr;
  if (OGRGeometryFactory::createFromWkb(bytes.data(), nullptr, &parsed, bytes.size(), wkbVariantIso) != OGRERR_NONE)
    return {};
  OGRGeometryUniquePtr geometry(parsed);
  std::vector<std::uint8_t> plain;
  const auto decodes = [&] {
    if (!geometry) return false;
    plain.resize(geometry->WkbSize());
    m_shape.clear();
    return geometry->exportToWkb(wkbNDR, plain.data(), wkbVariantIso) == OGRERR_NONE &&
           decode_wkb(plain, m_shape) == WkbResult::decoded;
  };
  geometry.reset(geometry->getLinearGeometry());
  if (decodes()) return plain;
  if (!geometry) return {};
  geometry.reset(OGRGeometryFactory::forceToMultiPolygon(geometry.release()));  // surfaces made of triangles
  return decodes() ? plain : std::vector<std::uint8_t>();
}

void ShapeCollector::keep(const Shape& shape) {
  Kept& target = kept(shape.kind());
  Geometry& geometry = target.geometry;
  const auto row = static_cast<std::uint32_t>(m_rows);
  ++target.features;
  if (shape.kind() == GeometryKind::point) {
    geometry.x.insert(geometry.x.end(), shape.x.begin(), shape.x.end());
    geometry.y.insert(geometry.y.end(), shape.y.begin(), shape.y.end());
    target.rows.insert(target.rows.end(), shape.x.size(), row);
    if (shape.x.size() > 1) note(ShapeNote::split_multipoint);
    return;
  }
  if (shape.closed_rings > 0) note(ShapeNote::unclosed_ring);
  const bool split = m_parts == Parts::split;
  std::size_t features = 0;
  const auto end_feature = [&] {
    geometry.end_feature();
    target.rows.push_back(row);
    ++features;
  };
  std::size_t vertex = 0;
  std::size_t part = 0;
  for (std::size_t ring = 0; ring < shape.ring_ends.size(); ++ring) {
    const std::size_t count = shape.ring_ends[ring] - vertex;
    geometry.add_ring({shape.x.data() + vertex, count}, {shape.y.data() + vertex, count});
    vertex = shape.ring_ends[ring];
    const bool polygon = shape.kind() == GeometryKind::polygon;
    const bool ends = !polygon || ring + 1 == shape.part_ends[part];
    if (polygon && ends) {
      geometry.end_part();
      ++part;
    }
    if (split && ends) end_feature();
  }
  if (!split) end_feature();
  if (features > 1) note(ShapeNote::split_parts);
}

// Each member of a collection of straight pieces by itself; false when none can be used. Members of one kind count as
// one feature, and why they cannot be used is noted.
bool ShapeCollector::keep_members(std::span<const std::uint8_t> bytes) {
  OGRGeometry* parsed = nullptr;
  if (OGRGeometryFactory::createFromWkb(bytes.data(), nullptr, &parsed, bytes.size(), wkbVariantIso) != OGRERR_NONE) {
    note(ShapeNote::unreadable_geometry);
    return false;
  }
  const OGRGeometryUniquePtr geometry(parsed);
  std::array<OGRGeometryCollection, 3> kinds;  // points, lines, polygons
  std::vector<const OGRGeometry*> open = {geometry.get()};
  while (!open.empty()) {
    const OGRGeometry* next = open.back();
    open.pop_back();
    if (next->IsEmpty()) continue;
    if (OGR_GT_IsSubClassOf(next->getGeometryType(), wkbGeometryCollection)) {
      const OGRGeometryCollection* members = next->toGeometryCollection();
      for (int i = members->getNumGeometries(); i-- > 0;) open.push_back(members->getGeometryRef(i));
    } else {
      kinds.at(static_cast<std::size_t>(next->getDimension())).addGeometry(next);
    }
  }
  bool any = false;
  for (const OGRGeometryCollection& kind : kinds) {
    if (kind.IsEmpty()) continue;
    std::vector<std::uint8_t> plain(kind.WkbSize());
    m_shape.clear();
    if (kind.exportToWkb(wkbNDR, plain.data(), wkbVariantIso) != OGRERR_NONE ||
        decode_wkb(plain, m_shape) != WkbResult::decoded) {
      note(ShapeNote::unreadable_geometry);
    } else if (const std::optional<ShapeNote> why = keep_shape()) {
      note(*why);
    } else {
      any = true;
    }
  }
  return any;
}

}  // namespace yaan
