#pragma once
// The innermost loops of kernel sums, compiled for three instruction sets and chosen when the program runs. All give
// the same bits: no fused multiply-add, and sums in one stated order.

#include <cstddef>
#include <cstdint>

#include "analyse/instruction_sets.hpp"

namespace yaan {

struct DensityLoops {
  /// Columns whose sums stay in registers.
  static constexpr std::size_t kChunk = 32;
  /// Widths of stencils are rounded up to a multiple of this.
  static constexpr std::uint32_t kStencilStep = 8;
  static constexpr std::uint32_t kMostStencil = 32;

  const char* instruction_set;
  /// out[i] = exp(x[i]) for |x| <= 0.56, to 2e-16 relative and a few roundings (Taylor's series).
  void (*small_exp)(const double* x, double* out, std::size_t count);
  /// out[i] = first step^i factor[i], i < width; width is 16, 24 or 32.
  void (*powers)(double first, double step, const double* factor, std::uint32_t width, double* out);
  /// nodes[j stride + i] += wy[p apart + j] wx[p apart + i] for one p < points after the other, j < rows, i < width;
  /// width is 16, 24 or 32.
  void (*add_stencils)(double* nodes, std::size_t stride, const double* wx, const double* wy, std::size_t points,
                       std::size_t apart, std::uint32_t rows, std::uint32_t width);
  /// Sum of weight[i] value[i], i < count, in eight partial sums by i modulo 8; what is left over goes to the first.
  double (*dot)(const double* weight, const double* value, std::size_t count);
  /// out[i] = sum over w < count of weight[w] in[w stride + i], i < kChunk.
  void (*sum_chunk)(const double* weight, std::size_t count, const double* in, std::size_t stride, double* out);
  /// out[i] += factor max(0, left - squared[i])^2, i < count.
  void (*add_disc_row)(double* out, const double* squared, std::size_t count, double left, double factor);
};

/// For the processor at hand.
const DensityLoops& density_loops();

/// Null where the processor cannot run them; for tests.
const DensityLoops* density_loops(InstructionSet set);

}  // namespace yaan
