#pragma once
// The innermost loops of conditional permutation, compiled for three instruction sets and chosen when the program runs.
// All give the same bits.

#include <cstddef>
#include <cstdint>

#include "analyse/instruction_sets.hpp"

namespace yaan {

struct DrawLoops {
  static constexpr std::uint32_t kLanes = 64;  ///< draws that are made together

  const char* instruction_set;
  /// ids[j kLanes + lane]: the number j < count of draw first_draw + lane for the item, from 0 to below - 1, by
  /// RandomStream(seed, item, draw).below(below); then raised by one from `own` on. bad[lane] is not 0 where a number
  /// would have been drawn again, or is there twice: that draw is not usable.
  void (*draw)(std::uint64_t seed, std::uint64_t item, std::uint32_t first_draw, std::uint32_t count,
               std::uint32_t below, std::uint32_t own, std::uint32_t* ids, std::uint32_t* bad);
  /// sums[lane] = values[ids[lane]] + values[ids[kLanes + lane]] + ..., count of them, in that order.
  void (*sum)(const std::uint32_t* ids, std::uint32_t count, const double* values, double* sums);
  /// The same, number j times weights[j].
  void (*weighted_sum)(const std::uint32_t* ids, std::uint32_t count, const double* weights, const double* values,
                       double* sums);
};

/// For the processor at hand.
const DrawLoops& draw_loops();

/// Null where the processor cannot run them; for tests.
const DrawLoops* draw_loops(InstructionSet set);

}  // namespace yaan
