#include "analyse/draw_loops.hpp"

namespace yaan {

namespace {
#define YAAN_LOOPS "analyse/draw_loops.inl"
#include "analyse/compiled_loops.inl"
}  // namespace

const DrawLoops* draw_loops(InstructionSet set) { return compiled_loops(set); }

const DrawLoops& draw_loops() {
  static const DrawLoops& best = *best_loops(compiled_loops);
  return best;
}

}  // namespace yaan
