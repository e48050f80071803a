#include <algorithm>
#include <bit>

#include "analyse/index/radix_sort.hpp"
#include "analyse/spanning_tree.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {

namespace {
constexpr std::size_t kBlock = std::size_t{1} << 14;
}  // namespace

Scratch<TreeEdge> sorted_edges(const std::vector<TreeEdge>& edges, const Progress& progress) {
  const std::size_t n = edges.size();
  // Squared lengths are not negative, so their bits are in their order. The first 32 that differ, and then by hand.
  const auto bits_of = [&](std::size_t i) { return std::bit_cast<std::uint64_t>(edges[i].squared + 0.0); };
  const std::size_t blocks = block_count(n, kBlock);
  std::vector<std::uint64_t> leasts(blocks, ~std::uint64_t{0}), mosts(blocks, 0);
  parallel_blocks(n, kBlock, progress, [&](std::size_t begin, std::size_t end, std::size_t block) {
    for (std::size_t i = begin; i < end; ++i) {
      leasts[block] = std::min(leasts[block], bits_of(i));
      mosts[block] = std::max(mosts[block], bits_of(i));
    }
  });
  if (n == 0) return {};
  const std::uint64_t least = *std::min_element(leasts.begin(), leasts.end());
  const auto width = static_cast<unsigned>(std::bit_width(*std::max_element(mosts.begin(), mosts.end()) - least));
  const unsigned drop = width > 32 ? width - 32 : 0;
  Scratch<std::uint64_t> items(n);
  {
    Scratch<std::uint64_t> spare(n);
    parallel_blocks(n, kBlock, progress, [&](std::size_t begin, std::size_t end, std::size_t) {
      for (std::size_t i = begin; i < end; ++i) items[i] = (bits_of(i) - least) >> drop << 32 | i;
    });
    radix_sort(items, spare, n, 32, width - drop, progress);
  }
  Scratch<TreeEdge> sorted(n);
  parallel_blocks(n, kBlock, progress, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t i = begin; i < end; ++i) sorted[i] = edges[items[i] & 0xffffffff];
  });
  const auto less = [](const TreeEdge& p, const TreeEdge& q) {
    if (p.squared != q.squared) return p.squared < q.squared;
    return p.a != q.a ? p.a < q.a : p.b < q.b;
  };
  const auto alike = [&](std::size_t i, std::size_t j) { return items[i] >> 32 == items[j] >> 32; };
  // A block sorts the runs of alike edges that begin in it.
  parallel_blocks(n, kBlock, progress, [&](std::size_t begin, std::size_t stop, std::size_t) {
    while (begin > 0 && begin < stop && alike(begin, begin - 1)) ++begin;
    while (begin < stop) {
      std::size_t end = begin + 1;
      while (end < n && alike(end, begin)) ++end;
      if (end - begin > 1) std::sort(sorted.data() + begin, sorted.data() + end, less);
      begin = end;
    }
  });
  return sorted;
}

}  // namespace yaan
