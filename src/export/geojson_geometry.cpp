#include "export/geojson_geometry.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "yaan/core/antimeridian.hpp"

namespace yaan {

namespace {

using Position = RoundedFeature::Position;
using PathOfPositions = std::vector<Position>;

std::vector<Position> distinct(const Path& path, double scale) {
  std::vector<Position> positions;
  positions.reserve(path.size() + 1);
  for (std::size_t i = 0; i < path.size(); ++i) {
    const Position p{static_cast<std::int64_t>(std::nearbyint(path.x[i] * scale)),
                     static_cast<std::int64_t>(std::nearbyint(path.y[i] * scale))};
    if (positions.empty() || positions.back() != p) positions.push_back(p);
  }
  return positions;
}

/// Is the ring (open) counter-clockwise? Areas of rounded rings are exact in long double up to 7 decimals.
int turning(const PathOfPositions& ring) {
  long double sum = 0;
  for (std::size_t i = 1; i + 1 < ring.size(); ++i)
    sum += static_cast<long double>(ring[i].first - ring[0].first) *
               static_cast<long double>(ring[i + 1].second - ring[0].second) -
           static_cast<long double>(ring[i + 1].first - ring[0].first) *
               static_cast<long double>(ring[i].second - ring[0].second);
  return sum > 0 ? 1 : (sum < 0 ? -1 : 0);
}

/// Closed ring in the direction wanted; empty when it has collapsed.
PathOfPositions rounded_ring(const Path& ring, bool outer, double scale) {
  PathOfPositions positions = distinct(ring, scale);
  while (positions.size() > 1 && positions.front() == positions.back()) positions.pop_back();
  const int direction = turning(positions);
  if (positions.size() < 3 || direction == 0) return {};
  if ((direction > 0) != outer) std::reverse(positions.begin() + 1, positions.end());
  positions.push_back(positions.front());
  return positions;
}

/// Vertices of a ring or a line's part; vertices that are not finite are passed over.
Path path_of(const Geometry& geometry, std::size_t index, bool closed) {
  const auto x = geometry.ring_x(index);
  const auto y = geometry.ring_y(index);
  const std::size_t n =
      closed && x.size() > 1 && x.front() == x.back() && y.front() == y.back() ? x.size() - 1 : x.size();
  Path path;
  path.x.reserve(n);
  path.y.reserve(n);
  for (std::size_t i = 0; i < n; ++i)
    if (std::isfinite(x[i]) && std::isfinite(y[i])) path.push(x[i], y[i]);
  return path;
}

struct Interval {
  std::int64_t west;
  std::int64_t east;
};

/// The shortest stretch of the parallel that holds all intervals; `turn` is 360 degrees. Among equals the one that does
/// not cross the antimeridian.
Interval shortest_cover(std::vector<Interval>& intervals, std::int64_t turn) {
  Interval whole = intervals.front();
  for (const Interval& interval : intervals)
    whole = {std::min(whole.west, interval.west), std::max(whole.east, interval.east)};
  if (whole.east - whole.west <= turn / 2) return whole;  // no gap within can be wider than the one around

  std::sort(intervals.begin(), intervals.end(), [](const Interval& a, const Interval& b) { return a.west < b.west; });
  std::int64_t east = intervals.front().east;
  std::int64_t widest = 0;
  Interval cover{intervals.front().west, 0};
  for (const Interval& interval : intervals) {
    if (interval.west - east > widest) {
      widest = interval.west - east;
      cover = {interval.west, east};
    }
    east = std::max(east, interval.east);
  }
  return whole.west + turn - whole.east >= widest ? whole : cover;
}

}  // namespace

GeoJsonGeometry::GeoJsonGeometry(const Geometry& geometry, int decimals) : m_geometry(geometry), m_decimals(decimals) {
  for (int i = 0; i < decimals; ++i) m_unit *= 10;
  m_scale = static_cast<double>(m_unit);
}

void GeoJsonGeometry::round_polygon(std::size_t part) {
  RingSet rings;
  bool cut = false;
  for (std::uint64_t ring = m_geometry.part_rings[part]; ring < m_geometry.part_rings[part + 1]; ++ring) {
    rings.push_back(path_of(m_geometry, ring, true));
    cut = cut || needs_cutting(rings.back(), true);
  }
  std::vector<RingSet> pieces;
  if (cut)
    pieces = cut_polygon(rings);
  else
    pieces.push_back(std::move(rings));
  if (pieces.empty()) ++m_feature.collapsed;
  for (const RingSet& piece : pieces) {
    std::vector<PathOfPositions> polygon;
    for (const Path& ring : piece) {
      PathOfPositions positions = rounded_ring(ring, polygon.empty(), m_scale);
      if (positions.empty()) {
        ++m_feature.collapsed;
        if (polygon.empty()) break;  // without its outer ring there is nothing for the holes to be in
        continue;
      }
      polygon.push_back(std::move(positions));
    }
    if (!polygon.empty()) m_feature.polygons.push_back(std::move(polygon));
  }
}

void GeoJsonGeometry::round_line(std::size_t part) {
  Path path = path_of(m_geometry, part, false);
  std::vector<Path> parts;
  if (needs_cutting(path, false))
    parts = cut_line(path);
  else
    parts.push_back(std::move(path));
  for (const Path& piece : parts) {
    PathOfPositions positions = distinct(piece, m_scale);
    if (positions.size() < 2)
      ++m_feature.collapsed;
    else
      m_feature.lines.push_back(std::move(positions));
  }
}

const RoundedFeature& GeoJsonGeometry::rounded(std::size_t f) {
  m_feature.polygons.clear();
  m_feature.lines.clear();
  m_feature.points.clear();
  m_feature.collapsed = 0;
  if (m_geometry.kind == GeometryKind::point) {
    const double x = m_geometry.x[f];
    const double y = m_geometry.y[f];
    if (std::isfinite(x) && std::isfinite(y))
      m_feature.points.emplace_back(static_cast<std::int64_t>(std::nearbyint(wrapped_longitude(x) * m_scale)),
                                    static_cast<std::int64_t>(std::nearbyint(y * m_scale)));
  } else if (m_geometry.kind != GeometryKind::none) {
    for (std::uint64_t part = m_geometry.feature_parts[f]; part < m_geometry.feature_parts[f + 1]; ++part)
      m_geometry.kind == GeometryKind::polygon ? round_polygon(part) : round_line(part);
  }
  return m_feature;
}

void GeoJsonGeometry::append_number(std::string& out, std::int64_t value) const {
  std::array<char, 24> digits{};
  if (value < 0) out += '-';
  const std::int64_t magnitude = value < 0 ? -value : value;
  const auto whole = std::to_chars(digits.data(), digits.data() + digits.size(), magnitude / m_unit);
  out.append(digits.data(), whole.ptr);
  std::int64_t rest = magnitude % m_unit;
  if (rest == 0) return;
  int places = m_decimals;
  while (rest % 10 == 0) {
    rest /= 10;
    --places;
  }
  out += '.';
  const auto fraction = std::to_chars(digits.data(), digits.data() + digits.size(), rest);
  out.append(static_cast<std::size_t>(places - (fraction.ptr - digits.data())), '0');
  out.append(digits.data(), fraction.ptr);
}

void GeoJsonGeometry::append_position(std::string& out, Position position) const {
  out += '[';
  append_number(out, position.first);
  out += ',';
  append_number(out, position.second);
  out += ']';
}

void GeoJsonGeometry::append_path(std::string& out, std::span<const Position> path) const {
  out += '[';
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (i > 0) out += ',';
    append_position(out, path[i]);
  }
  out += ']';
}

void GeoJsonGeometry::append(std::string& out, const RoundedFeature& feature) const {
  const auto list = [&out](const auto& items, auto&& append_item) {
    out += '[';
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (i > 0) out += ',';
      append_item(items[i]);
    }
    out += ']';
  };
  const auto path = [&](const PathOfPositions& positions) { append_path(out, positions); };
  if (feature.empty()) {
    out += "null";
    return;
  }
  if (!feature.points.empty()) {
    out += R"({"type":"Point","coordinates":)";
    append_position(out, feature.points.front());
  } else if (!feature.lines.empty()) {
    out += feature.lines.size() == 1 ? R"({"type":"LineString","coordinates":)"
                                     : R"({"type":"MultiLineString","coordinates":)";
    feature.lines.size() == 1 ? path(feature.lines.front()) : list(feature.lines, path);
  } else {
    const auto polygon = [&](const std::vector<PathOfPositions>& rings) { list(rings, path); };
    out += feature.polygons.size() == 1 ? R"({"type":"Polygon","coordinates":)"
                                        : R"({"type":"MultiPolygon","coordinates":)";
    feature.polygons.size() == 1 ? polygon(feature.polygons.front()) : list(feature.polygons, polygon);
  }
  out += '}';
}

void GeoJsonGeometry::append_bbox(std::string& out) {
  std::vector<Interval> intervals;
  std::int64_t south = INT64_MAX;
  std::int64_t north = INT64_MIN;
  const auto include = [&](std::span<const Position> path) {
    Interval interval{INT64_MAX, INT64_MIN};
    for (const Position& p : path) {
      interval = {std::min(interval.west, p.first), std::max(interval.east, p.first)};
      south = std::min(south, p.second);
      north = std::max(north, p.second);
    }
    intervals.push_back(interval);
  };
  for (std::size_t f = 0; f < m_geometry.size(); ++f) {
    const RoundedFeature& feature = rounded(f);
    if (!feature.points.empty()) include(feature.points);
    for (const auto& line : feature.lines) include(line);
    for (const auto& polygon : feature.polygons) include(polygon.front());
  }
  if (intervals.empty()) return;
  const Interval cover = shortest_cover(intervals, 360 * m_unit);
  out += '[';
  for (const std::int64_t value : {cover.west, south, cover.east, north}) {
    append_number(out, value);
    out += ',';
  }
  out.back() = ']';
}

}  // namespace yaan
