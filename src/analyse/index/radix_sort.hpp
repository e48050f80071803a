#pragma once
// Parallel radix sort of keys that carry the number of their point.

#include <cstdint>

#include "analyse/index/scratch.hpp"
#include "yaan/core/progress.hpp"

namespace yaan {

/// A key and the number of its point, when both do not fit into 64 bits.
struct KeyedPoint {
  std::uint64_t key;
  std::uint32_t point;
};

/// Sorts by the bits [low_bit, low_bit + bits) of the items, stable, least digit first, in fixed blocks: the result
/// does not depend on the thread count. The sorted items end in `items`; `spare` has the same size and is overwritten.
/// O(n bits / 12). Throws Cancelled.
void radix_sort(Scratch<std::uint64_t>& items, Scratch<std::uint64_t>& spare, std::size_t n, unsigned low_bit,
                unsigned bits, const Progress& progress);
/// The same for wide items, by the bits [0, bits) of the key.
void radix_sort(Scratch<KeyedPoint>& items, Scratch<KeyedPoint>& spare, std::size_t n, unsigned bits,
                const Progress& progress);

}  // namespace yaan
