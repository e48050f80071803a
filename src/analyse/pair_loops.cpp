#include "analyse/pair_loops.hpp"

#include <cmath>

#if YAAN_DISPATCH
#include <immintrin.h>
#endif

namespace yaan {

namespace {

// A pair that is too long is written over by the next one: no branch depends on the places.
std::size_t near_one_by_one(const double* x, const double* y, std::size_t count, double px, double py, double limit,
                            double* dx, double* dy, double* distance) {
  std::size_t found = 0;
  for (std::size_t j = 0; j < count; ++j) {
    const double east = x[j] - px, north = y[j] - py;
    const double squared = east * east + north * north;
    dx[found] = east;
    dy[found] = north;
    distance[found] = squared;
    found += static_cast<std::size_t>(squared <= limit);
  }
  for (std::size_t i = 0; i < found; ++i) distance[i] = std::sqrt(distance[i]);
  return found;
}

#if YAAN_DISPATCH
#pragma GCC push_options
#pragma GCC target("avx512f,avx512dq,avx512vl,popcnt")
std::size_t near_eight(const double* x, const double* y, std::size_t count, double px, double py, double limit,
                       double* dx, double* dy, double* distance) {
  const __m512d from_x = _mm512_set1_pd(px), from_y = _mm512_set1_pd(py), most = _mm512_set1_pd(limit);
  std::size_t found = 0;
  for (std::size_t j = 0; j < count; j += 8) {
    const auto there = static_cast<__mmask8>(count - j < 8 ? (1U << (count - j)) - 1 : 0xffU);
    const __m512d east = _mm512_sub_pd(_mm512_maskz_loadu_pd(there, x + j), from_x);
    const __m512d north = _mm512_sub_pd(_mm512_maskz_loadu_pd(there, y + j), from_y);
    const __m512d squared = _mm512_add_pd(_mm512_mul_pd(east, east), _mm512_mul_pd(north, north));
    const __mmask8 near = _mm512_mask_cmp_pd_mask(there, squared, most, _CMP_LE_OQ);
    _mm512_storeu_pd(dx + found, _mm512_maskz_compress_pd(near, east));
    _mm512_storeu_pd(dy + found, _mm512_maskz_compress_pd(near, north));
    _mm512_storeu_pd(distance + found, _mm512_maskz_sqrt_pd(0xff, _mm512_maskz_compress_pd(near, squared)));
    found += static_cast<std::size_t>(__builtin_popcount(near));
  }
  return found;
}
#pragma GCC pop_options
#endif

}  // namespace

const PairLoops* pair_loops(InstructionSet set) {
  static constexpr PairLoops kBaseline{"baseline", near_one_by_one};
  if (!has_instructions(set)) return nullptr;
#if YAAN_DISPATCH
  static constexpr PairLoops kAvx512{"AVX-512", near_eight};
  if (set == InstructionSet::avx512) return &kAvx512;
#endif
  return &kBaseline;  // AVX2 has nothing that closes up gaps
}

const PairLoops& pair_loops() {
  static const PairLoops& best = *best_loops([](InstructionSet set) { return pair_loops(set); });
  return best;
}

}  // namespace yaan
