#include "analyse/draw_loops.hpp"

#include <initializer_list>

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define YAAN_DISPATCH 1
#else
#define YAAN_DISPATCH 0
#endif

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

const DrawLoops* draw_loops(DrawLoopSet set) {
#if YAAN_DISPATCH
  if (set == DrawLoopSet::avx512) {
    const bool here =
        __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
    return here ? &avx512::kLoops : nullptr;
  }
  if (set == DrawLoopSet::avx2) return __builtin_cpu_supports("avx2") ? &avx2::kLoops : nullptr;
#endif
  return set == DrawLoopSet::baseline ? &baseline::kLoops : nullptr;
}

const DrawLoops& draw_loops() {
  static const DrawLoops& best = []() -> const DrawLoops& {
    for (const DrawLoopSet set : {DrawLoopSet::avx512, DrawLoopSet::avx2})
      if (const DrawLoops* loops = draw_loops(set)) return *loops;
    return *draw_loops(DrawLoopSet::baseline);
  }();
  return best;
}

}  // namespace yaan
