#include "load/wkb.hpp"

#include <bit>
#include <cmath>
#include <cstring>

namespace yaan {

void Shape::clear() {
  has_points = has_lines = has_polygons = has_z = has_m = false;
  closed_rings = 0;
  x.clear();
  y.clear();
  ring_ends.clear();
  part_ends.clear();
}

GeometryKind Shape::kind() const {
  if (static_cast<int>(has_points) + static_cast<int>(has_lines) + static_cast<int>(has_polygons) != 1)
    return GeometryKind::none;
  if (has_points) return GeometryKind::point;
  return has_lines ? GeometryKind::line : GeometryKind::polygon;
}

namespace {

constexpr int kMaxDepth = 16;

class Decoder {
 public:
  Decoder(std::span<const std::uint8_t> bytes, Shape& shape) : m_bytes(bytes), m_shape(shape) {}

  WkbResult geometry(int depth) {
    if (depth > kMaxDepth || left() < 5) return WkbResult::malformed;
    const std::uint8_t order = m_bytes[m_at++];
    if (order > 1) return WkbResult::malformed;
    const bool swap_before = m_swap;
    m_swap = (order == 1) != (std::endian::native == std::endian::little);
    const WkbResult result = body(depth);
    m_swap = swap_before;
    return result;
  }

 private:
  [[nodiscard]] std::size_t left() const { return m_bytes.size() - m_at; }

  template <class Unsigned>
  Unsigned take() {
    Unsigned value = 0;
    std::memcpy(&value, m_bytes.data() + m_at, sizeof(value));
    m_at += sizeof(value);
    if (m_swap) {
      Unsigned turned = 0;
      for (std::size_t i = 0; i < sizeof(value); ++i, value >>= 8)
        turned = static_cast<Unsigned>(turned << 8 | (value & 0xFF));
      return turned;
    }
    return value;
  }

  // A count of items of at least `item_bytes` each, or nothing when the bytes cannot hold them.
  bool count(std::size_t item_bytes, std::size_t& items) {
    if (left() < 4) return false;
    items = take<std::uint32_t>();
    return items <= left() / item_bytes;
  }

  WkbResult body(int depth) {
    auto type = take<std::uint32_t>();
    bool z = (type & 0x80000000U) != 0;
    bool m = (type & 0x40000000U) != 0;
    const bool srid = (type & 0x20000000U) != 0;
    type &= 0x1FFFFFFFU;
    if (srid) {
      if (left() < 4) return WkbResult::malformed;
      m_at += 4;
    }
    if (type >= 1000) {
      const std::uint32_t dimension = type / 1000;
      if (dimension > 3) return WkbResult::malformed;
      z = z || dimension == 1 || dimension == 3;
      m = m || dimension >= 2;
      type %= 1000;
    }
    m_shape.has_z = m_shape.has_z || z;
    m_shape.has_m = m_shape.has_m || m;
    m_stride = 16 + (z ? 8U : 0U) + (m ? 8U : 0U);
    switch (type) {
      case 1: return point();
      case 2: return line();
      case 3: return polygon();
      case 4:
      case 5:
      case 6:
      case 7: return members(depth);
      default: return type >= 8 && type <= 17 ? WkbResult::curved : WkbResult::malformed;
    }
  }

  void vertex() {
    m_shape.x.push_back(std::bit_cast<double>(take<std::uint64_t>()));
    m_shape.y.push_back(std::bit_cast<double>(take<std::uint64_t>()));
    m_at += m_stride - 16;
  }

  WkbResult point() {
    if (left() < m_stride) return WkbResult::malformed;
    vertex();
    if (std::isnan(m_shape.x.back()) && std::isnan(m_shape.y.back())) {
      m_shape.x.pop_back();
      m_shape.y.pop_back();
    } else {
      m_shape.has_points = true;
    }
    return WkbResult::decoded;
  }

  WkbResult line() {
    std::size_t vertices = 0;
    if (!count(m_stride, vertices)) return WkbResult::malformed;
    if (vertices == 0) return WkbResult::decoded;
    m_shape.has_lines = true;
    for (std::size_t i = 0; i < vertices; ++i) vertex();
    m_shape.ring_ends.push_back(m_shape.x.size());
    return WkbResult::decoded;
  }

  WkbResult polygon() {
    std::size_t rings = 0;
    if (!count(4, rings)) return WkbResult::malformed;
    bool any = false;
    for (std::size_t r = 0; r < rings; ++r) {
      std::size_t vertices = 0;
      if (!count(m_stride, vertices)) return WkbResult::malformed;
      if (vertices == 0) continue;
      any = true;
      const std::size_t first = m_shape.x.size();
      for (std::size_t i = 0; i < vertices; ++i) vertex();
      // Copied first: push_back of an element of the same vector is safe, but reads worse.
      const double x = m_shape.x[first];
      const double y = m_shape.y[first];
      if (x != m_shape.x.back() || y != m_shape.y.back()) {
        m_shape.x.push_back(x);
        m_shape.y.push_back(y);
        ++m_shape.closed_rings;
      }
      m_shape.ring_ends.push_back(m_shape.x.size());
    }
    if (any) {
      m_shape.has_polygons = true;
      m_shape.part_ends.push_back(m_shape.ring_ends.size());
    }
    return WkbResult::decoded;
  }

  WkbResult members(int depth) {
    std::size_t items = 0;
    if (!count(5, items)) return WkbResult::malformed;
    for (std::size_t i = 0; i < items; ++i) {
      const WkbResult result = geometry(depth + 1);
      if (result != WkbResult::decoded) return result;
    }
    return WkbResult::decoded;
  }

  std::span<const std::uint8_t> m_bytes;
  Shape& m_shape;
  std::size_t m_at = 0;
  std::size_t m_stride = 16;
  bool m_swap = false;
};

}  // namespace

WkbResult decode_wkb(std::span<const std::uint8_t> bytes, Shape& shape) { return Decoder(bytes, shape).geometry(0); }

}  // namespace yaan
