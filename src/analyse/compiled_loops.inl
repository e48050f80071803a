// Included within a namespace without name, behind all other headers (what a header defines would otherwise be compiled
// for a processor that is not there): compiles the file YAAN_LOOPS, which defines kLoops, for each instruction set.
namespace baseline {
constexpr const char* kName = "baseline";
#include YAAN_LOOPS
}  // namespace baseline

#if YAAN_DISPATCH
#pragma GCC push_options
#pragma GCC target("avx2")
namespace avx2 {
constexpr const char* kName = "AVX2";
#include YAAN_LOOPS
}  // namespace avx2
#pragma GCC pop_options

#pragma GCC push_options
#pragma GCC target("avx512f,avx512dq,avx512vl,prefer-vector-width=512")
namespace avx512 {
constexpr const char* kName = "AVX-512";
#include YAAN_LOOPS
}  // namespace avx512
#pragma GCC pop_options
#endif

/// Null for a set that this processor, or this build, does not have.
const auto* compiled_loops(InstructionSet set) {
  const decltype(&baseline::kLoops) none = nullptr;
  if (!has_instructions(set)) return none;
#if YAAN_DISPATCH
  if (set == InstructionSet::avx512) return &avx512::kLoops;
  if (set == InstructionSet::avx2) return &avx2::kLoops;
#endif
  return &baseline::kLoops;
}
