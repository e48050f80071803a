#include "analyse/index/radix_sort.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "yaan/core/parallel.hpp"

namespace yaan {

namespace {

// More buckets than this leave the first cache and the page table's fast entries.
constexpr unsigned kDigitBits = 12;

std::uint64_t key_of(std::uint64_t item) { return item; }
std::uint64_t key_of(const KeyedPoint& item) { return item.key; }

/// Turns the counts of each block into the place where its first item of each digit goes.
void counts_to_places(std::vector<std::uint32_t>& counts, std::size_t blocks, std::size_t buckets) {
  std::vector<std::uint32_t> next(buckets, 0);
  for (std::size_t b = 0; b < blocks; ++b)
    for (std::size_t d = 0; d < buckets; ++d) next[d] += counts[b * buckets + d];
  std::uint32_t sum = 0;
  for (auto& place : next) sum += std::exchange(place, sum);
  for (std::size_t b = 0; b < blocks; ++b)
    for (std::size_t d = 0; d < buckets; ++d) {
      const std::uint32_t count = counts[b * buckets + d];
      counts[b * buckets + d] = next[d];
      next[d] += count;
    }
}

template <class Item>
void sort_items(Scratch<Item>& items, Scratch<Item>& spare, std::size_t n, unsigned low_bit, unsigned bits,
                const Progress& progress) {
  if (n < 2 || bits == 0) return;
  const unsigned passes = (bits + kDigitBits - 1) / kDigitBits;
  const unsigned digit_bits = (bits + passes - 1) / passes;
  const std::size_t buckets = std::size_t{1} << digit_bits;
  const std::uint64_t mask = buckets - 1;
  const std::size_t block_size = std::max<std::size_t>(std::size_t{1} << 16, n / 64 + 1);
  const std::size_t blocks = block_count(n, block_size);
  std::vector<std::uint32_t> counts(blocks * buckets);
  for (unsigned pass = 0; pass < passes; ++pass) {
    const unsigned shift = low_bit + pass * digit_bits;
    const Item* from = items.data();
    Item* to = spare.data();
    std::fill(counts.begin(), counts.end(), 0);
    parallel_blocks(n, block_size, progress, [&](std::size_t begin, std::size_t end, std::size_t block) {
      std::uint32_t* count = counts.data() + block * buckets;
      for (std::size_t i = begin; i < end; ++i) ++count[(key_of(from[i]) >> shift) & mask];
    });
    counts_to_places(counts, blocks, buckets);
    parallel_blocks(n, block_size, progress, [&](std::size_t begin, std::size_t end, std::size_t block) {
      std::uint32_t* place = counts.data() + block * buckets;
      for (std::size_t i = begin; i < end; ++i) to[place[(key_of(from[i]) >> shift) & mask]++] = from[i];
    });
    std::swap(items, spare);
  }
}

}  // namespace

void radix_sort(Scratch<std::uint64_t>& items, Scratch<std::uint64_t>& spare, std::size_t n, unsigned low_bit,
                unsigned bits, const Progress& progress) {
  sort_items(items, spare, n, low_bit, bits, progress);
}

void radix_sort(Scratch<KeyedPoint>& items, Scratch<KeyedPoint>& spare, std::size_t n, unsigned bits,
                const Progress& progress) {
  sort_items(items, spare, n, 0, bits, progress);
}

}  // namespace yaan
