#include "analyse/draw_loops.hpp"

namespace yaan {

namespace {

namespace baseline {
constexpr const char* kName = "baseline";
#include "analyse/draw_loops.inl"
}  // namespace baseline

// Everything from other headers must be included above, or it would be compiled for a processor that is not there.
#if YAAN_DISPATCH
#pragma GCC push_options
#pragma GCC target("avx2")
namespace avx2 {
constexpr const char* kName = "AVX2";
#include "analyse/draw_loops.inl"
}  // namespace avx2
#pragma GCC pop_options

#pragma GCC push_options
#pragma GCC target("avx512f,avx512dq,avx512vl,prefer-vector-width=512")
namespace avx512 {
constexpr const char* kName = "AVX-512";
#include "analyse/draw_loops.inl"
}  // namespace avx512
#pragma GCC pop_options
#endif

}  // namespace

const DrawLoops* draw_loops(InstructionSet set) {
  if (!has_instructions(set)) return nullptr;
#if YAAN_DISPATCH
  if (set == InstructionSet::avx512) return &avx512::kLoops;
  if (set == InstructionSet::avx2) return &avx2::kLoops;
#endif
  return &baseline::kLoops;
}

const DrawLoops& draw_loops() {
  static const DrawLoops& best = *best_loops([](InstructionSet set) { return draw_loops(set); });
  return best;
}

}  // namespace yaan
