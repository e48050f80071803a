#pragma once
// The innermost loop of pairs of points, compiled for two instruction sets and chosen when the program runs. Both give
// the same bits.

#include <cstddef>

#include "analyse/instruction_sets.hpp"

namespace yaan {

struct PairLoops {
  static constexpr std::size_t kSlack = 8;  ///< numbers that may be written past the last one

  const char* instruction_set;
  /// For those of `count` points whose squared distance from (px, py) is at most `limit`, in order: the difference of
  /// the coordinates and the distance. Returns how many. The arrays hold `count` numbers and the slack.
  std::size_t (*near)(const double* x, const double* y, std::size_t count, double px, double py, double limit,
                      double* dx, double* dy, double* distance);
};

/// For the processor at hand.
const PairLoops& pair_loops();

/// Null where the processor cannot run them; for tests.
const PairLoops* pair_loops(InstructionSet set);

}  // namespace yaan
