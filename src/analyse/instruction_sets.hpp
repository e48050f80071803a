#pragma once
// Loops that are compiled for several instruction sets, and which of them this processor can run. All give the same
// bits: no fused multiply-add, and sums in one stated order.

#include <initializer_list>

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define YAAN_DISPATCH 1
#else
#define YAAN_DISPATCH 0
#endif

namespace yaan {

enum class InstructionSet { baseline, avx2, avx512 };

/// Whether this processor, and this build, have it.
inline bool has_instructions(InstructionSet set) {
#if YAAN_DISPATCH
  switch (set) {
    case InstructionSet::avx512:
      return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
             __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("popcnt");
    case InstructionSet::avx2: return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt");
    case InstructionSet::baseline: break;
  }
#endif
  return set == InstructionSet::baseline;
}

/// The loops of the best set, where loops_of(set) points to those of a set.
template <class LoopsOf>
auto best_loops(const LoopsOf& loops_of) {
  for (const InstructionSet set : {InstructionSet::avx512, InstructionSet::avx2})
    if (has_instructions(set)) return loops_of(set);
  return loops_of(InstructionSet::baseline);
}

}  // namespace yaan
