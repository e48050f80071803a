#pragma once
// Random sets of other features, drawn without replacement, for conditional permutation.

#include <cstdint>
#include <span>
#include <vector>

#include "analyse/draw_loops.hpp"

namespace yaan {

/// Draws sets of other items for one item after another; one for each thread. The set of (seed, item, draw) is always
/// the same: by RandomStream, numbers that are there already drawn again; above 32 of them by Fisher and Yates'
/// shuffle.
class NeighbourDraws {
 public:
  static constexpr std::uint32_t kLanes = DrawLoops::kLanes;

  NeighbourDraws(std::uint32_t items, std::uint64_t seed) : m_others(items - 1), m_seed(seed) {}

  /// For the draws first_draw .. first_draw + kLanes - 1 of the item: `count` others each, at [j kLanes + lane].
  /// count <= items - 1. Valid until the next call.
  std::span<const std::uint32_t> draw(std::uint64_t item, std::uint32_t own, std::uint32_t first_draw,
                                      std::uint32_t count);

 private:
  void draw_one(std::uint64_t item, std::uint32_t own, std::uint32_t draw, std::uint32_t count, std::uint32_t* ids);

  std::uint32_t m_others;
  std::uint64_t m_seed;
  std::vector<std::uint32_t> m_ids;
  std::vector<std::uint32_t> m_pool;  // 0 .. m_others - 1, in order between calls
  std::vector<std::uint32_t> m_swapped;
};

}  // namespace yaan
