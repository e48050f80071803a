#include "analyse/index/position_rank.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include "analyse/index/radix_sort.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {

namespace {

constexpr std::size_t kBlock = std::size_t{1} << 15;
constexpr unsigned kKeyBits = 32;
constexpr std::uint64_t kPointMask = 0xffffffff;

}  // namespace

Scratch<std::uint32_t> position_ranks(std::span<const double> x, std::span<const double> y, const Progress& progress) {
  const std::size_t n = x.size();
  Scratch<std::uint32_t> rank(n);
  if (n == 0) return rank;
  const auto [least, most] = std::minmax_element(x.begin(), x.end());
  const double origin = *least;
  // Rounding is monotone, so a smaller x never gets a larger key; equal keys are settled below.
  const double scale = 0x1p32 / (*most - origin);
  Scratch<std::uint64_t> items(n);
  {
    Scratch<std::uint64_t> spare(n);
    parallel_blocks(n, kBlock, progress, [&](std::size_t begin, std::size_t end, std::size_t) {
      for (std::size_t i = begin; i < end; ++i) {
        const double step = std::isfinite(scale) ? (x[i] - origin) * scale : 0;
        const std::uint64_t key =
            step < 0x1p32 ? static_cast<std::uint64_t>(static_cast<std::int64_t>(step)) : kPointMask;
        items[i] = key << kKeyBits | i;
      }
    });
    radix_sort(items, spare, n, kKeyBits, kKeyBits, progress);
  }
  const auto key = [&](std::size_t i) { return items[i] >> kKeyBits; };
  const auto place = [&](std::uint64_t item) {
    const std::uint64_t p = item & kPointMask;
    return std::tuple(x[p], y[p], p);
  };
  parallel_blocks(n, kBlock, progress, [&](std::size_t begin, std::size_t end, std::size_t) {
    std::size_t i = begin;
    // A run of equal keys belongs to the block where it begins.
    while (i != 0 && i < end && key(i) == key(i - 1)) ++i;
    while (i < end) {
      std::size_t stop = i + 1;
      while (stop < n && key(stop) == key(i)) ++stop;
      if (stop - i > 1)
        std::sort(items.data() + i, items.data() + stop,
                  [&](std::uint64_t a, std::uint64_t b) { return place(a) < place(b); });
      for (; i < stop; ++i) rank[items[i] & kPointMask] = static_cast<std::uint32_t>(i);
    }
  });
  return rank;
}

}  // namespace yaan
