#include "analyse/index/hilbert_order.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <tuple>
#include <vector>

#include "analyse/index/radix_sort.hpp"
#include "yaan/core/geometry.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {

namespace {

constexpr std::size_t kBlock = std::size_t{1} << 15;
constexpr std::size_t kFewPoints = 16;  // no curve is worth its while below

/// Four levels of the curve at once: for each of its four orientations and each four bits of x and of y, the eight bits
/// of the place along the curve and the orientation that follows.
class CurveTable {
 public:
  CurveTable() {
    for (unsigned state = 0; state < 4; ++state)
      for (unsigned cell = 0; cell < 256; ++cell) m_step[state][cell] = descend(state, cell >> 4, cell & 15);
  }

  [[nodiscard]] std::uint64_t place(std::uint32_t x, std::uint32_t y) const {
    std::uint64_t key = 0;
    unsigned state = 0;
    for (int shift = 28; shift >= 0; shift -= 4) {
      const unsigned step = m_step[state][((x >> shift) & 15) << 4 | ((y >> shift) & 15)];
      key = key << 8 | (step & 255);
      state = step >> 8;
    }
    return key;
  }

 private:
  /// The orientation is two flags: x and y exchanged, both turned round.
  static std::uint16_t descend(unsigned state, unsigned x, unsigned y) {
    bool exchanged = (state & 1) != 0;
    bool turned = (state & 2) != 0;
    unsigned key = 0;
    for (int bit = 3; bit >= 0; --bit) {
      unsigned right = (x >> bit) & 1;
      unsigned up = (y >> bit) & 1;
      if (turned) {
        right ^= 1;
        up ^= 1;
      }
      if (exchanged) std::swap(right, up);
      key = key << 2 | ((3 * right) ^ up);
      if (up == 0) {
        turned ^= right != 0;
        exchanged = !exchanged;
      }
    }
    return static_cast<std::uint16_t>(key | (exchanged ? 256U : 0U) | (turned ? 512U : 0U));
  }

  std::array<std::array<std::uint16_t, 256>, 4> m_step{};
};

const CurveTable& curve() {
  static const CurveTable table;
  return table;
}

/// From coordinates to the curve's steps within a box.
class Steps {
 public:
  explicit Steps(const Box& box)
      : m_x(box.min_x), m_y(box.min_y), m_scale(0x1p32 / std::max(box.width(), box.height())) {}
  [[nodiscard]] bool usable() const { return std::isfinite(m_scale); }
  [[nodiscard]] std::uint64_t place(double x, double y) const {
    return curve().place(step((x - m_x) * m_scale), step((y - m_y) * m_scale));
  }

 private:
  static std::uint32_t step(double value) {
    return value < 0x1p32 ? static_cast<std::uint32_t>(static_cast<std::int64_t>(value)) : 0xffffffffU;
  }
  double m_x, m_y, m_scale;
};

struct Positions {
  std::span<const double> x;
  std::span<const double> y;
  [[nodiscard]] auto of(std::uint32_t p) const { return std::tuple(x[p], y[p], p); }
};

/// Orders some points that share a step of a coarser curve.
void order_few(std::span<std::uint32_t> points, const Positions& at) {
  const auto by_position = [&](std::uint32_t p, std::uint32_t q) { return at.of(p) < at.of(q); };
  Box box;
  for (const std::uint32_t p : points) box.include(at.x[p], at.y[p]);
  const Steps steps(box);
  if (points.size() <= kFewPoints || !steps.usable()) {
    std::sort(points.begin(), points.end(), by_position);
    return;
  }
  std::vector<std::pair<std::uint64_t, std::uint32_t>> placed;
  placed.reserve(points.size());
  for (const std::uint32_t p : points) placed.emplace_back(steps.place(at.x[p], at.y[p]), p);
  std::sort(placed.begin(), placed.end());
  for (std::size_t begin = 0; begin < placed.size();) {
    std::size_t end = begin;
    for (; end < placed.size() && placed[end].first == placed[begin].first; ++end) points[end] = placed[end].second;
    if (end - begin > 1) order_few(points.subspan(begin, end - begin), at);
    begin = end;
  }
}

Box bounds_of(const Positions& at, const Progress& progress) {
  std::vector<Box> boxes(block_count(at.x.size(), kBlock));
  parallel_blocks(at.x.size(), kBlock, progress, [&](std::size_t begin, std::size_t end, std::size_t block) {
    Box box{at.x[begin], at.y[begin], at.x[begin], at.y[begin]};
    for (std::size_t i = begin; i < end; ++i) {
      box.min_x = at.x[i] < box.min_x ? at.x[i] : box.min_x;
      box.max_x = at.x[i] > box.max_x ? at.x[i] : box.max_x;
      box.min_y = at.y[i] < box.min_y ? at.y[i] : box.min_y;
      box.max_y = at.y[i] > box.max_y ? at.y[i] : box.max_y;
    }
    boxes[block] = box;
  });
  Box all;
  for (const Box& box : boxes) all.include(box);
  return all;
}

}  // namespace

Scratch<std::uint32_t> hilbert_order(std::span<const double> x, std::span<const double> y, const Progress& progress) {
  const std::size_t n = x.size();
  const Positions at{x, y};
  Scratch<std::uint32_t> order(n);
  if (n == 0) return order;
  const Steps steps(bounds_of(at, progress));
  if (n <= kFewPoints || !steps.usable()) {
    for (std::size_t i = 0; i < n; ++i) order[i] = static_cast<std::uint32_t>(i);
    order_few({order.data(), n}, at);
    return order;
  }
  // The key's first bits and the point in one word; a thousand steps to a point leave few points to order by hand.
  const auto point_bits = static_cast<unsigned>(std::bit_width(n));
  const unsigned key_bits = std::min(64 - point_bits, point_bits + 10);
  Scratch<std::uint64_t> items(n);
  {
    Scratch<std::uint64_t> spare(n);
    parallel_blocks(n, kBlock, progress, [&](std::size_t begin, std::size_t end, std::size_t) {
      for (std::size_t i = begin; i < end; ++i) items[i] = steps.place(x[i], y[i]) >> (64 - key_bits) << point_bits | i;
    });
    radix_sort(items, spare, n, point_bits, key_bits, progress);
  }
  const std::uint64_t mask = (std::uint64_t{1} << point_bits) - 1;
  parallel_blocks(n, kBlock, progress, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t i = begin; i < end; ++i) order[i] = static_cast<std::uint32_t>(items[i] & mask);
  });
  const auto key = [&](std::size_t i) { return items[i] >> point_bits; };
  parallel_blocks(n, kBlock, progress, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t i = begin; i < end;) {
      std::size_t stop = i + 1;
      while (stop < n && key(stop) == key(i)) ++stop;
      // A run belongs to the block where it begins.
      if (stop - i > 1 && (i != begin || i == 0 || key(i - 1) != key(i))) order_few({order.data() + i, stop - i}, at);
      i = stop;
    }
  });
  return order;
}

}  // namespace yaan
