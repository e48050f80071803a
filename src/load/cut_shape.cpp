#include "load/cut_shape.hpp"

#include <algorithm>
#include <cmath>

#include "yaan/core/antimeridian.hpp"

namespace yaan {

namespace {

constexpr double kRounding = 1e-6;  // of six decimals

bool is_full_turn(const Path& ring, std::size_t i) {
  const std::size_t next = (i + 1) % ring.size();
  return std::abs(ring.x[next] - ring.x[i]) == 360 && ring.y[next] == ring.y[i] && std::abs(ring.y[i]) < 90;
}

// The vertices from `begin` to before `end`, a ring without its repeated last one.
Path path_of(const Shape& shape, std::size_t begin, std::size_t end, bool closed) {
  Path path;
  if (closed && end - begin > 1) --end;
  for (std::size_t i = begin; i < end; ++i) {
    // What is beyond by rounding only would be cut off as a strip of no width.
    const double x = shape.x[i];
    const bool rounded = std::abs(x) > 180 && std::abs(x) <= 180 + kRounding;
    path.push(rounded ? std::copysign(180.0, x) : x, shape.y[i]);
  }
  if (!closed) return path;
  // Once from -180 to 180 and back to the start: its first and last vertex are one place, and it goes round a pole.
  std::size_t turns = 0;
  for (std::size_t i = 0; i < path.size(); ++i)
    if (is_full_turn(path, i)) ++turns;
  if (turns % 2 == 0) return path;
  Path open;
  for (std::size_t i = 0; i < path.size(); ++i)
    if (!is_full_turn(path, i)) open.push(path.x[i], path.y[i]);
  return open;
}

std::vector<RingSet> paths_of(const Shape& shape, bool closed) {
  std::vector<RingSet> parts;
  std::size_t vertex = 0;
  std::size_t part = 0;
  for (std::size_t ring = 0; ring < shape.ring_ends.size(); ++ring) {
    if (ring == 0 || !closed || ring == shape.part_ends[part]) {
      if (ring != 0 && closed) ++part;
      parts.emplace_back();
    }
    parts.back().push_back(path_of(shape, vertex, shape.ring_ends[ring], closed));
    vertex = shape.ring_ends[ring];
  }
  return parts;
}

void add_path(Shape& shape, const Path& path, bool closed) {
  shape.x.insert(shape.x.end(), path.x.begin(), path.x.end());
  shape.y.insert(shape.y.end(), path.y.begin(), path.y.end());
  if (closed) {
    shape.x.push_back(path.x.front());
    shape.y.push_back(path.y.front());
  }
  shape.ring_ends.push_back(shape.x.size());
}

}  // namespace

bool cut_at_antimeridian(Shape& shape) {
  const GeometryKind kind = shape.kind();
  if (kind != GeometryKind::line && kind != GeometryKind::polygon) return false;
  bool beyond = false;
  bool wide = false;
  for (std::size_t i = 0; i < shape.x.size(); ++i) {
    const double x = std::abs(shape.x[i]);
    if (!(x <= 360 + kRounding) || !(std::abs(shape.y[i]) <= 90 + kRounding)) return false;
    beyond = beyond || x > 180 + kRounding;
    wide = wide || (i > 0 && std::abs(shape.x[i] - shape.x[i - 1]) > 180);
  }
  if (!beyond && !wide) return false;
  const bool closed = kind == GeometryKind::polygon;
  std::vector<RingSet> parts = paths_of(shape, closed);
  const bool needed = std::any_of(parts.begin(), parts.end(), [&](const RingSet& part) {
    return std::any_of(part.begin(), part.end(), [&](const Path& path) { return needs_cutting(path, closed); });
  });
  if (!needed) return false;
  Shape cut;
  for (const RingSet& part : parts) {
    if (!closed) {
      for (const Path& piece : cut_line(part.front())) add_path(cut, piece, false);
      continue;
    }
    for (const RingSet& piece : cut_polygon(part)) {
      for (const Path& ring : piece) add_path(cut, ring, true);
      cut.part_ends.push_back(cut.ring_ends.size());
    }
  }
  if (cut.x.empty()) return false;  // without length or area: whoever comes next says so
  shape.x = std::move(cut.x);
  shape.y = std::move(cut.y);
  shape.ring_ends = std::move(cut.ring_ends);
  shape.part_ends = std::move(cut.part_ends);
  return true;
}

}  // namespace yaan
