// Included once for each instruction set, inside a namespace of its own.

template <std::uint32_t kWidth>
inline void add_stencils_of(double* nodes, std::size_t stride, const double* wx, const double* wy, std::size_t points,
                            std::size_t apart, std::uint32_t rows) {
  for (std::uint32_t j = 0; j < rows; ++j) {
    double* row = nodes + j * stride;
    double sum[kWidth];
    for (std::uint32_t i = 0; i < kWidth; ++i) sum[i] = row[i];
    for (std::size_t p = 0; p < points; ++p) {
      const double weight = wy[p * apart + j];
      const double* across = wx + p * apart;
      for (std::uint32_t i = 0; i < kWidth; ++i) sum[i] += weight * across[i];
    }
    for (std::uint32_t i = 0; i < kWidth; ++i) row[i] = sum[i];
  }
}

inline void small_exp(const double* x, double* out, std::size_t count) {
  // 1 / k!, from the highest power down.
  constexpr double kTerm[] = {1.0 / 87178291200,
                              1.0 / 6227020800,
                              1.0 / 479001600,
                              1.0 / 39916800,
                              1.0 / 3628800,
                              1.0 / 362880,
                              1.0 / 40320,
                              1.0 / 5040,
                              1.0 / 720,
                              1.0 / 120,
                              1.0 / 24,
                              1.0 / 6,
                              0.5,
                              1.0,
                              1.0};
  for (std::size_t i = 0; i < count; ++i) {
    double sum = kTerm[0];
    for (int k = 1; k < 15; ++k) sum = sum * x[i] + kTerm[k];
    out[i] = sum;
  }
}

template <std::uint32_t kWidth>
inline void powers_of(double first, double step, const double* __restrict factor, double* __restrict out) {
  constexpr double kOdd[8] = {0, 1, 0, 1, 0, 1, 0, 1};
  constexpr double kEven[8] = {1, 0, 1, 0, 1, 0, 1, 0};
  constexpr double kSecond[8] = {0, 0, 1, 1, 0, 0, 1, 1};
  constexpr double kNotSecond[8] = {1, 1, 0, 0, 1, 1, 0, 0};
  constexpr double kFourth[8] = {0, 0, 0, 0, 1, 1, 1, 1};
  constexpr double kNotFourth[8] = {1, 1, 1, 1, 0, 0, 0, 0};
  const double step2 = step * step;
  const double step4 = step2 * step2;
  const double step8 = step4 * step4;
  double power[kWidth];  // first step^i
  for (std::size_t l = 0; l < 8; ++l)
    power[l] = first * ((kEven[l] + kOdd[l] * step) * (kNotSecond[l] + kSecond[l] * step2)) *
               (kNotFourth[l] + kFourth[l] * step4);
  for (std::uint32_t i = 8; i < kWidth; ++i) power[i] = power[i - 8] * step8;
  for (std::uint32_t i = 0; i < kWidth; ++i) out[i] = power[i] * factor[i];
}

inline void powers(double first, double step, const double* factor, std::uint32_t width, double* out) {
  switch (width) {
    case 16: return powers_of<16>(first, step, factor, out);
    case 24: return powers_of<24>(first, step, factor, out);
    default: return powers_of<32>(first, step, factor, out);
  }
}

inline void add_stencils(double* nodes, std::size_t stride, const double* wx, const double* wy, std::size_t points,
                         std::size_t apart, std::uint32_t rows, std::uint32_t width) {
  switch (width) {
    case 16: return add_stencils_of<16>(nodes, stride, wx, wy, points, apart, rows);
    case 24: return add_stencils_of<24>(nodes, stride, wx, wy, points, apart, rows);
    default: return add_stencils_of<32>(nodes, stride, wx, wy, points, apart, rows);
  }
}

inline double dot(const double* weight, const double* value, std::size_t count) {
  double lane[8] = {};
  std::size_t i = 0;
  for (; i + 8 <= count; i += 8)
    for (std::size_t l = 0; l < 8; ++l) lane[l] += weight[i + l] * value[i + l];
  for (; i < count; ++i) lane[0] += weight[i] * value[i];
  return ((lane[0] + lane[4]) + (lane[1] + lane[5])) + ((lane[2] + lane[6]) + (lane[3] + lane[7]));
}

inline void sum_chunk(const double* weight, std::size_t count, const double* in, std::size_t stride, double* out) {
  double sum[DensityLoops::kChunk] = {};
  for (std::size_t w = 0; w < count; ++w, in += stride) {
    const double factor = weight[w];
    for (std::size_t i = 0; i < DensityLoops::kChunk; ++i) sum[i] += factor * in[i];
  }
  for (std::size_t i = 0; i < DensityLoops::kChunk; ++i) out[i] = sum[i];
}

inline void add_disc_row(double* out, const double* squared, std::size_t count, double left, double factor) {
  for (std::size_t i = 0; i < count; ++i) {
    const double rest = left - squared[i];
    const double kept = rest > 0 ? rest : 0;
    out[i] += factor * kept * kept;
  }
}

inline constexpr DensityLoops kLoops{kName, small_exp, powers, add_stencils, dot, sum_chunk, add_disc_row};
