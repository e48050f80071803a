#include "analyse/index/radius_kernels.hpp"

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <numbers>

#if YAAN_DISPATCH
#include <immintrin.h>
#endif

namespace yaan {

namespace {

constexpr double kForeignNone = std::numeric_limits<double>::infinity();

// Vectors of eight, which the compiler splits where the processor's registers are shorter.
using Eight = double __attribute__((vector_size(64)));
using EightFlags = std::int64_t __attribute__((vector_size(64)));
using EightNumbers = std::uint32_t __attribute__((vector_size(32)));

}  // namespace

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
inline unsigned at_most_mask(const Eight& numbers, double limit) {
  unsigned mask = 0;
  for (unsigned k = 0; k < 8; ++k) mask |= static_cast<unsigned>(numbers[k] <= limit) << k;
  return mask;
}
inline unsigned below_mask(const Eight& numbers, double limit) {
  unsigned mask = 0;
  for (unsigned k = 0; k < 8; ++k) mask |= static_cast<unsigned>(numbers[k] < limit) << k;
  return mask;
}
template <unsigned kDimensions>
bool keep_nearest_few(const double* const*, const double*, Run, std::uint32_t, double*, std::uint32_t*) {
  return false;
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
template <int kComparison>
inline unsigned compared_mask(const Eight& numbers, double limit) {
  const auto* half = reinterpret_cast<const double*>(&numbers);
  const __m256d bound = _mm256_set1_pd(limit);
  const auto mask = [&](const double* from) {
    return static_cast<unsigned>(_mm256_movemask_pd(_mm256_cmp_pd(_mm256_loadu_pd(from), bound, kComparison)));
  };
  return mask(half) | mask(half + 4) << 4;
}
inline unsigned at_most_mask(const Eight& numbers, double limit) { return compared_mask<_CMP_LE_OQ>(numbers, limit); }
inline unsigned below_mask(const Eight& numbers, double limit) { return compared_mask<_CMP_LT_OQ>(numbers, limit); }
template <unsigned kDimensions>
bool keep_nearest_few(const double* const*, const double*, Run, std::uint32_t, double*, std::uint32_t*) {
  return false;
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
inline unsigned at_most_mask(const Eight& numbers, double limit) {
  return _cvtmask8_u32(_mm512_cmp_pd_mask(numbers, _mm512_set1_pd(limit), _CMP_LE_OQ));
}
inline unsigned below_mask(const Eight& numbers, double limit) {
  return _cvtmask8_u32(_mm512_cmp_pd_mask(numbers, _mm512_set1_pd(limit), _CMP_LT_OQ));
}
/// The list in registers: a new entry opens a gap by an expanding move, without a loop over those behind it.
template <unsigned kDimensions>
bool keep_nearest_few(const double* const* c, const double* q, Run run, std::uint32_t count, double* squared,
                      std::uint32_t* point) {
  if (count > 16) return false;
  const auto held = static_cast<__mmask16>((1U << count) - 1);
  const auto held_low = static_cast<__mmask8>(held), held_high = static_cast<__mmask8>(held >> 8);
  const __m512d none = _mm512_set1_pd(kForeignNone);
  __m512d low = _mm512_mask_loadu_pd(none, held_low, squared);
  __m512d high = _mm512_mask_loadu_pd(none, held_high, squared + 8);
  __m512i points = _mm512_maskz_loadu_epi32(held, point);
  const __m512i last_place = _mm512_set1_epi64(count - 1);
  const __m512i seventh = _mm512_set1_epi64(7);
  __m512d worst = _mm512_permutex2var_pd(low, last_place, high);
  for (std::uint32_t i = run.begin; i < run.end; i += 8) {
    __m512d sum = _mm512_setzero_pd();
    for (unsigned axis = 0; axis < kDimensions; ++axis) {
      const __m512d difference = _mm512_sub_pd(_mm512_loadu_pd(c[axis] + i), _mm512_set1_pd(q[axis]));
      sum = _mm512_add_pd(sum, _mm512_mul_pd(difference, difference));
    }
    unsigned mask = _cvtmask8_u32(_mm512_cmp_pd_mask(sum, worst, _CMP_LT_OQ));
    const std::uint32_t left = run.end - i;
    if (left < 8) mask &= (1U << left) - 1;
    while (mask != 0) {
      const int lane = __builtin_ctz(mask);
      const __m512d value = _mm512_maskz_permutexvar_pd(0xff, _mm512_set1_epi64(lane), sum);
      const unsigned before = _cvtmask8_u32(_mm512_cmp_pd_mask(low, value, _CMP_LE_OQ)) |
                              _cvtmask8_u32(_mm512_cmp_pd_mask(high, value, _CMP_LE_OQ)) << 8;
      const unsigned gap = before + 1;  // ascending, so `before` is all ones
      const unsigned moved = ~gap;
      points = _mm512_mask_expand_epi32(_mm512_set1_epi32(static_cast<int>(i) + lane), static_cast<__mmask16>(moved),
                                        points);
      const bool in_high = gap > 0xff;
      const __m512d carried = in_high ? value : _mm512_maskz_permutexvar_pd(0xff, seventh, low);
      high = _mm512_mask_expand_pd(carried, static_cast<__mmask8>(in_high ? moved >> 8 : 0xfe), high);
      low = _mm512_mask_expand_pd(value, static_cast<__mmask8>(moved), low);
      worst = _mm512_permutex2var_pd(low, last_place, high);
      mask &= mask - 1;
      mask &= _cvtmask8_u32(_mm512_cmp_pd_mask(sum, worst, _CMP_LT_OQ));
    }
  }
  _mm512_mask_storeu_pd(squared, held_low, low);
  _mm512_mask_storeu_pd(squared + 8, held_high, high);
  _mm512_mask_storeu_epi32(point, held, points);
  return true;
}
#include "analyse/index/radius_kernels.inl"
}  // namespace avx512
#pragma GCC pop_options

#endif

const RadiusKernels* radius_kernels(InstructionSet set) {
  static constexpr RadiusKernels kBaseline{"baseline", baseline::kPlane, baseline::kGlobe, baseline::earth_centred};
  if (!has_instructions(set)) return nullptr;
#if YAAN_DISPATCH
  static constexpr RadiusKernels kAvx2{"AVX2", avx2::kPlane, avx2::kGlobe, avx2::earth_centred};
  static constexpr RadiusKernels kAvx512{"AVX-512", avx512::kPlane, avx512::kGlobe, avx512::earth_centred};
  if (set == InstructionSet::avx512) return &kAvx512;
  if (set == InstructionSet::avx2) return &kAvx2;
#endif
  return &kBaseline;
}

const RadiusKernels& radius_kernels() {
  static const RadiusKernels& best = *best_loops([](InstructionSet set) { return radius_kernels(set); });
  return best;
}

}  // namespace yaan
