// Included once for each instruction set, within a namespace that defines near_mask: bit k says whether point first + k
// is near the point at q, for eight points.

template <unsigned kDimensions>
std::uint32_t flag_core(const double* const* c, Run own, const Run* runs, unsigned run_count, double limit,
                        std::uint32_t need, std::uint8_t* core) {
  std::uint32_t found = 0;
  for (std::uint32_t p = own.begin; p < own.end; ++p) {
    double q[kDimensions];
    for (unsigned axis = 0; axis < kDimensions; ++axis) q[axis] = c[axis][p];
    std::uint32_t count = 0;
    for (unsigned r = 0; r < run_count && count < need; ++r) {
      for (std::uint32_t i = runs[r].begin; i < runs[r].end; i += 8) {
        unsigned mask = near_mask<kDimensions>(c, i, q, limit);
        const std::uint32_t left = runs[r].end - i;
        if (left < 8) mask &= (1U << left) - 1;
        count += static_cast<std::uint32_t>(__builtin_popcount(mask));
        if (count >= need) break;
      }
    }
    core[p] = count >= need;
    found += count >= need;
  }
  return found;
}

template <unsigned kDimensions>
bool any_near(const double* const* c, std::uint32_t of, Run run, double limit) {
  double q[kDimensions];
  for (unsigned axis = 0; axis < kDimensions; ++axis) q[axis] = c[axis][of];
  for (std::uint32_t i = run.begin; i < run.end; i += 8) {
    unsigned mask = near_mask<kDimensions>(c, i, q, limit);
    const std::uint32_t left = run.end - i;
    if (left < 8) mask &= (1U << left) - 1;
    if (mask != 0) return true;
  }
  return false;
}

template <unsigned kDimensions>
bool any_pair(const double* const* c, Run few, Run many, double limit) {
  for (std::uint32_t p = few.begin; p < few.end; ++p)
    if (any_near<kDimensions>(c, p, many, limit)) return true;
  return false;
}

struct SineCosine {
  double sine;
  double cosine;
};

/// Of degrees, by the nearest quarter turn and Taylor's series to below 1e-18: the same bits on every processor, which
/// the C library does not promise.
inline SineCosine sine_cosine(double degrees) {
  constexpr double kRound = 6755399441055744.0;  // 1.5 * 2^52: adding it rounds to a whole number
  const double shifted = degrees * (1.0 / 90) + kRound;
  const std::uint64_t quarter = std::bit_cast<std::uint64_t>(shifted);
  const double x = (degrees - (shifted - kRound) * 90) * (std::numbers::pi / 180);
  const double t = x * x;
  const double s =
      x + x * t * (-1.0 / 6 + t * (1.0 / 120 + t * (-1.0 / 5040 + t * (1.0 / 362880 + t * (-1.0 / 39916800 +
      t * (1.0 / 6227020800 + t * (-1.0 / 1307674368000 + t * (1.0 / 355687428096000))))))));
  const double k =
      1 + t * (-1.0 / 2 + t * (1.0 / 24 + t * (-1.0 / 720 + t * (1.0 / 40320 + t * (-1.0 / 3628800 +
      t * (1.0 / 479001600 + t * (-1.0 / 87178291200 + t * (1.0 / 20922789888000))))))));
  const bool swapped = (quarter & 1) != 0;
  const double sine = swapped ? k : s;
  const double cosine = swapped ? s : k;
  return {(quarter & 2) != 0 ? -sine : sine, ((quarter + 1) & 2) != 0 ? -cosine : cosine};
}

inline void earth_centred(double* __restrict x, double* __restrict y, double* __restrict z, std::size_t n) {
  constexpr double kSemiMajor = 6378137.0;  // WGS 84
  constexpr double kFlattening = 1 / 298.257223563;
  constexpr double kSquaredEccentricity = kFlattening * (2 - kFlattening);
  for (std::size_t i = 0; i < n; ++i) {
    const SineCosine lon = sine_cosine(x[i]);
    const SineCosine lat = sine_cosine(y[i]);
    const double normal = kSemiMajor / std::sqrt(1 - kSquaredEccentricity * lat.sine * lat.sine);
    x[i] = normal * lat.cosine * lon.cosine;
    y[i] = normal * lat.cosine * lon.sine;
    z[i] = normal * (1 - kSquaredEccentricity) * lat.sine;
  }
}

constexpr PointKernels kPlane{flag_core<2>, any_near<2>, any_pair<2>};
constexpr PointKernels kGlobe{flag_core<3>, any_near<3>, any_pair<3>};
