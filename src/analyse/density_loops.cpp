#include "analyse/density_loops.hpp"

namespace yaan {

namespace {
#define YAAN_LOOPS "analyse/density_loops.inl"
#include "analyse/compiled_loops.inl"
}  // namespace

const DensityLoops* density_loops(InstructionSet set) { return compiled_loops(set); }

const DensityLoops& density_loops() {
  static const DensityLoops& best = *best_loops(compiled_loops);
  return best;
}

}  // namespace yaan
