// Included once for each instruction set, within a namespace that defines, for eight points or numbers at once,
// near_mask: bit k says whether point first + k is near the point at q; at_most_mask and below_mask: bit k says whether
// number k is at most, or below, the limit; and keep_nearest_few, which does the work of keep_nearest, or says no.

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
std::uint32_t flag_core_weighted(const double* const* c, Run own, const Run* runs, unsigned run_count, double limit,
                                 const std::uint64_t* weight, std::uint64_t need, std::uint8_t* core) {
  std::uint32_t found = 0;
  for (std::uint32_t p = own.begin; p < own.end; ++p) {
    double q[kDimensions];
    for (unsigned axis = 0; axis < kDimensions; ++axis) q[axis] = c[axis][p];
    std::uint64_t sum = 0;
    for (unsigned r = 0; r < run_count && sum < need; ++r) {
      for (std::uint32_t i = runs[r].begin; i < runs[r].end && sum < need; i += 8) {
        unsigned mask = near_mask<kDimensions>(c, i, q, limit);
        const std::uint32_t left = runs[r].end - i;
        if (left < 8) mask &= (1U << left) - 1;
        for (; mask != 0; mask &= mask - 1) sum += weight[i + static_cast<std::uint32_t>(__builtin_ctz(mask))];
      }
    }
    core[p] = sum >= need;
    found += sum >= need;
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

template <unsigned kDimensions>
unsigned near_boxes(const BoxArrays& boxes, std::size_t first, const double* least, const double* most, double limit,
                    double* squared) {
  Eight sum = {};
  for (unsigned axis = 0; axis < kDimensions; ++axis) {
    Eight low, high;
    std::memcpy(&low, boxes.least[axis] + first, sizeof low);
    std::memcpy(&high, boxes.most[axis] + first, sizeof high);
    const Eight below = low - most[axis];
    const Eight above = least[axis] - high;
    Eight gap = below > above ? below : above;
    gap = gap > 0.0 ? gap : Eight{};
    sum += gap * gap;
  }
  std::memcpy(squared, &sum, sizeof sum);
  return at_most_mask(sum, limit);
}

template <unsigned kDimensions>
void keep_nearest(const double* const* c, const double* q, Run run, std::uint32_t count, double* squared,
                  std::uint32_t* point) {
  if (keep_nearest_few<kDimensions>(c, q, run, count, squared, point)) return;
  for (std::uint32_t i = run.begin; i < run.end; i += 8) {
    unsigned mask = near_mask<kDimensions>(c, i, q, squared[count - 1]);
    const std::uint32_t left = run.end - i;
    if (left < 8) mask &= (1U << left) - 1;
    for (; mask != 0; mask &= mask - 1) {
      const std::uint32_t other = i + static_cast<std::uint32_t>(__builtin_ctz(mask));
      double sum = 0;
      for (unsigned axis = 0; axis < kDimensions; ++axis) {
        const double difference = c[axis][other] - q[axis];
        sum += difference * difference;
      }
      if (!(sum < squared[count - 1])) continue;
      std::uint32_t to = count - 1;
      for (; to > 0 && squared[to - 1] > sum; --to) {
        squared[to] = squared[to - 1];
        point[to] = point[to - 1];
      }
      squared[to] = sum;
      point[to] = other;
    }
  }
}

template <unsigned kDimensions>
unsigned improve_reach(const double* const* c, const double* q, std::uint32_t first, double core, double limit,
                       const double* reach, double* improved) {
  Eight sum = {};
  for (unsigned axis = 0; axis < kDimensions; ++axis) {
    Eight there;
    std::memcpy(&there, c[axis] + first, sizeof there);
    const Eight difference = there - q[axis];
    sum += difference * difference;
  }
  Eight held;
  std::memcpy(&held, reach + first, sizeof held);
  const unsigned near = at_most_mask(sum, limit);
  sum = sum < core ? Eight{} + core : sum;
  std::memcpy(improved, &sum, sizeof sum);
  const EightFlags better = sum < held;
  unsigned mask = 0;
  for (unsigned k = 0; k < 8; ++k) mask |= static_cast<unsigned>(better[k] & 1) << k;
  return mask & near;
}

template <unsigned kDimensions>
void nearest_foreign(const double* const* c, const double* q, Run run, const Groups& groups, Foreign& nearest) {
  for (std::uint32_t i = run.begin; i < run.end; i += 8) {
    Eight sum = {};
    for (unsigned axis = 0; axis < kDimensions; ++axis) {
      Eight there;
      std::memcpy(&there, c[axis] + i, sizeof there);
      const Eight difference = there - q[axis];
      sum += difference * difference;
    }
    Eight core;
    EightNumbers group;
    std::memcpy(&core, groups.squared_core + i, sizeof core);
    std::memcpy(&group, groups.group + i, sizeof group);
    sum = core > sum ? core : sum;
    sum = sum < nearest.squared_core ? Eight{} + nearest.squared_core : sum;
    sum = __builtin_convertvector(group == nearest.group, EightFlags) ? Eight{} + kForeignNone : sum;
    // Squared distances below the best so far, and not at it: the first of several at the same distance stays.
    unsigned mask = below_mask(sum, nearest.squared);
    const std::uint32_t left = run.end - i;
    if (left < 8) mask &= (1U << left) - 1;
    for (; mask != 0; mask &= mask - 1) {
      const auto k = static_cast<unsigned>(__builtin_ctz(mask));
      if (sum[k] < nearest.squared) {
        nearest.squared = sum[k];
        nearest.point = i + k;
      }
    }
  }
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
  const auto quarter = std::bit_cast<std::uint64_t>(shifted);
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

constexpr PointKernels kPlane{flag_core<2>, flag_core_weighted<2>, any_near<2>, any_pair<2>, near_boxes<2>, keep_nearest<2>, improve_reach<2>, nearest_foreign<2>};
constexpr PointKernels kGlobe{flag_core<3>, flag_core_weighted<3>, any_near<3>, any_pair<3>, near_boxes<3>, keep_nearest<3>, improve_reach<3>, nearest_foreign<3>};
