// Included once for each instruction set, inside a namespace of its own.

inline void draw(std::uint64_t seed, std::uint64_t item, std::uint32_t first_draw, std::uint32_t count,
                 std::uint32_t below, std::uint32_t own, std::uint32_t* ids, std::uint32_t* bad) {
  constexpr std::uint32_t kLanes = DrawLoops::kLanes;
  const std::uint32_t unfair = (0U - below) % below;
  for (std::uint32_t l = 0; l < kLanes; ++l) bad[l] = 0;
  for (std::uint32_t block = 0; block * 4 < count; ++block) {
    std::uint32_t c[4][kLanes];
    for (std::uint32_t l = 0; l < kLanes; ++l) {
      c[0][l] = block;
      c[1][l] = first_draw + l;
      c[2][l] = static_cast<std::uint32_t>(item);
      c[3][l] = static_cast<std::uint32_t>(item >> 32);
    }
    auto key0 = static_cast<std::uint32_t>(seed), key1 = static_cast<std::uint32_t>(seed >> 32);
    for (int round = 0; round < 10; ++round) {  // philox(), lane by lane
      for (std::uint32_t l = 0; l < kLanes; ++l) {
        const std::uint64_t first = std::uint64_t{0xD2511F53} * c[0][l];
        const std::uint64_t second = std::uint64_t{0xCD9E8D57} * c[2][l];
        c[0][l] = static_cast<std::uint32_t>(second >> 32) ^ c[1][l] ^ key0;
        c[1][l] = static_cast<std::uint32_t>(second);
        c[2][l] = static_cast<std::uint32_t>(first >> 32) ^ c[3][l] ^ key1;
        c[3][l] = static_cast<std::uint32_t>(first);
      }
      key0 += 0x9E3779B9;
      key1 += 0xBB67AE85;
    }
    for (std::uint32_t w = 0; w < 4 && block * 4 + w < count; ++w) {
      std::uint32_t* out = ids + std::size_t{block * 4 + w} * kLanes;
      for (std::uint32_t l = 0; l < kLanes; ++l) {
        const std::uint64_t product = std::uint64_t{c[w][l]} * below;
        bad[l] |= static_cast<std::uint32_t>(static_cast<std::uint32_t>(product) < unfair);
        out[l] = static_cast<std::uint32_t>(product >> 32);
      }
    }
  }
  for (std::uint32_t a = 1; a < count; ++a)
    for (std::uint32_t b = 0; b < a; ++b) {
      const std::uint32_t* first = ids + std::size_t{a} * kLanes;
      const std::uint32_t* second = ids + std::size_t{b} * kLanes;
      for (std::uint32_t l = 0; l < kLanes; ++l) bad[l] |= static_cast<std::uint32_t>(first[l] == second[l]);
    }
  for (std::size_t i = 0; i < std::size_t{count} * kLanes; ++i) ids[i] += static_cast<std::uint32_t>(ids[i] >= own);
}

inline void plain_sum(const std::uint32_t* ids, std::uint32_t count, const double* values, double* sums) {
  constexpr std::uint32_t kLanes = DrawLoops::kLanes;
  double sum[kLanes] = {};
  for (std::uint32_t j = 0; j < count; ++j) {
    const std::uint32_t* row = ids + std::size_t{j} * kLanes;
    for (std::uint32_t l = 0; l < kLanes; ++l) sum[l] += values[static_cast<std::int32_t>(row[l])];
  }
  for (std::uint32_t l = 0; l < kLanes; ++l) sums[l] = sum[l];
}

inline void weighted_sum(const std::uint32_t* ids, std::uint32_t count, const double* weights, const double* values,
                         double* sums) {
  constexpr std::uint32_t kLanes = DrawLoops::kLanes;
  double sum[kLanes] = {};
  for (std::uint32_t j = 0; j < count; ++j) {
    const std::uint32_t* row = ids + std::size_t{j} * kLanes;
    const double weight = weights[j];
    for (std::uint32_t l = 0; l < kLanes; ++l) sum[l] += weight * values[static_cast<std::int32_t>(row[l])];
  }
  for (std::uint32_t l = 0; l < kLanes; ++l) sums[l] = sum[l];
}

constexpr DrawLoops kLoops = {kName, draw, plain_sum, weighted_sum};
