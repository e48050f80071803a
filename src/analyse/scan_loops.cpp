#include "analyse/scan_loops.hpp"

namespace yaan {

namespace {
#define YAAN_LOOPS "analyse/scan_loops.inl"
#include "analyse/compiled_loops.inl"
}  // namespace

const ScanLoops* scan_loops(InstructionSet set) { return compiled_loops(set); }

const ScanLoops& scan_loops() {
  static const ScanLoops& best = *best_loops(compiled_loops);
  return best;
}

}  // namespace yaan
