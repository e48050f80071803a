#include "analyse/index/radius_kernels.hpp"

#include <bit>
#include <cmath>
#include <numbers>

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define YAAN_DISPATCH 1
#include <immintrin.h>
#else
#define YAAN_DISPATCH 0
#endif

namespace yaan {

// Whole loops, not single tests, are compiled for each instruction set: a call for each test would cost more than the
// test. Everything from other headers must be included above, or it would be compiled for a processor that is not
// there.
namespace baseline {
template <unsigned kDimensions>
inline unsigned near_mask(const double* const* c, std::uint32_t first, const double* q, double limit) {
  unsigned mask = 0;
  for (unsigned k = 0; k < 8; ++k) {
    double sum = 0;
    for (unsigned axis = 0; axis < kDimensions; ++axis) {
      const double difference = c[axis][first + k] - q[axis];
      sum += difference * difference;
    }
    mask |= static_cast<unsigned>(sum <= limit) << k;
  }
  return mask;
}
#include "analyse/index/radius_kernels.inl"
}  // namespace baseline

#if YAAN_DISPATCH

#pragma GCC push_options
#pragma GCC target("avx2,popcnt")
namespace avx2 {
template <unsigned kDimensions>
inline unsigned near_mask(const double* const* c, std::uint32_t first, const double* q, double limit) {
  const auto four = [&](std::uint32_t at) {
    __m256d sum = _mm256_setzero_pd();
    for (unsigned axis = 0; axis < kDimensions; ++axis) {
      const __m256d difference = _mm256_sub_pd(_mm256_loadu_pd(c[axis] + at), _mm256_set1_pd(q[axis]));
      sum = _mm256_add_pd(sum, _mm256_mul_pd(difference, difference));
    }
    return static_cast<unsigned>(_mm256_movemask_pd(_mm256_cmp_pd(sum, _mm256_set1_pd(limit), _CMP_LE_OQ)));
  };
  return four(first) | four(first + 4) << 4;
}
#include "analyse/index/radius_kernels.inl"
}  // namespace avx2
#pragma GCC pop_options

#pragma GCC push_options
#pragma GCC target("avx512f,avx512dq,avx512vl,popcnt")
namespace avx512 {
template <unsigned kDimensions>
inline unsigned near_mask(const double* const* c, std::uint32_t first, const double* q, double limit) {
  __m512d sum = _mm512_setzero_pd();
  for (unsigned axis = 0; axis < kDimensions; ++axis) {
    const __m512d difference = _mm512_sub_pd(_mm512_loadu_pd(c[axis] + first), _mm512_set1_pd(q[axis]));
    sum = _mm512_add_pd(sum, _mm512_mul_pd(difference, difference));
  }
  return _cvtmask8_u32(_mm512_cmp_pd_mask(sum, _mm512_set1_pd(limit), _CMP_LE_OQ));
}
#include "analyse/index/radius_kernels.inl"
}  // namespace avx512
#pragma GCC pop_options

#endif

const RadiusKernels* radius_kernels(InstructionSet set) {
  static constexpr RadiusKernels kBaseline{"baseline", baseline::kPlane, baseline::kGlobe, baseline::earth_centred};
#if YAAN_DISPATCH
  static constexpr RadiusKernels kAvx2{"AVX2", avx2::kPlane, avx2::kGlobe, avx2::earth_centred};
  static constexpr RadiusKernels kAvx512{"AVX-512", avx512::kPlane, avx512::kGlobe, avx512::earth_centred};
  if (set == InstructionSet::avx512) {
    const bool here = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("popcnt");
    return here ? &kAvx512 : nullptr;
  }
  if (set == InstructionSet::avx2)
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt") ? &kAvx2 : nullptr;
#endif
  return set == InstructionSet::baseline ? &kBaseline : nullptr;
}

const RadiusKernels& radius_kernels() {
  static const RadiusKernels& best = [&]() -> const RadiusKernels& {
    for (const InstructionSet set : {InstructionSet::avx512, InstructionSet::avx2})
      if (const RadiusKernels* kernels = radius_kernels(set)) return *kernels;
    return *radius_kernels(InstructionSet::baseline);
  }();
  return best;
}

}  // namespace yaan
