#pragma once
// The innermost loops of radius queries, compiled for three instruction sets and chosen when the program runs.
// All give the same bits: no fused multiply-add, and sums in one stated order.

#include <cstddef>
#include <cstdint>

#include "analyse/index/cell_grid.hpp"

namespace yaan {

/// Loops over points in structure-of-arrays order. `c` holds the coordinate arrays, which may be read kReadPast beyond
/// a run; a pair is near when its squared distance (dx dx + dy dy, then + dz dz) is at most `limit`.
struct PointKernels {
  /// Flags the core points of `own`: those with at least `need` points near, themselves included, among `runs` (which
  /// hold `own` too). Returns how many.
  std::uint32_t (*flag_core)(const double* const* c, Run own, const Run* runs, unsigned run_count, double limit,
                             std::uint32_t need, std::uint8_t* core);
  /// Whether any point of the run is near the point `of`.
  bool (*any_near)(const double* const* c, std::uint32_t of, Run run, double limit);
  /// Whether any point of `few` is near any point of `many`. O(few many).
  bool (*any_pair)(const double* const* c, Run few, Run many, double limit);
};

struct RadiusKernels {
  const char* name;
  PointKernels plane;  ///< two coordinates
  PointKernels globe;  ///< three
  /// Longitude and latitude in degrees (|lon| <= 540) in x and y become earth-centred x, y, z on WGS 84, in metres.
  void (*earth_centred)(double* x, double* y, double* z, std::size_t n);
};

enum class InstructionSet { baseline, avx2, avx512 };
/// Null when this processor, or this build, does not have them.
const RadiusKernels* radius_kernels(InstructionSet set);
/// The best that this processor has.
const RadiusKernels& radius_kernels();

}  // namespace yaan
