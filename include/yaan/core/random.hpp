#pragma once
// Random numbers by counting: the number for a key and a counter is a function of both, so that a permutation test
// gives the same answer in any order and with any number of threads.

#include <array>
#include <cstdint>

namespace yaan {

/// Philox 4x32 with ten rounds: four words for each counter and key. Salmon, J. K., Moraes, M. A., Dror, R. O. and
/// Shaw, D. E. (2011): Parallel random numbers: as easy as 1, 2, 3. SC '11, article 16.
constexpr std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t first = std::uint64_t{0xD2511F53} * counter[0];
    const std::uint64_t second = std::uint64_t{0xCD9E8D57} * counter[2];
    counter = {static_cast<std::uint32_t>(second >> 32) ^ counter[1] ^ key[0], static_cast<std::uint32_t>(second),
               static_cast<std::uint32_t>(first >> 32) ^ counter[3] ^ key[1], static_cast<std::uint32_t>(first)};
    key = {key[0] + 0x9E3779B9, key[1] + 0xBB67AE85};
  }
  return counter;
}

/// The stream of numbers of one draw for one item: independent of every other (seed, item, draw).
class RandomStream {
 public:
  RandomStream(std::uint64_t seed, std::uint64_t item, std::uint32_t draw)
      : m_key{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)},
        m_counter{0, draw, static_cast<std::uint32_t>(item), static_cast<std::uint32_t>(item >> 32)} {}

  /// 32 random bits.
  std::uint32_t bits() {
    if (m_used == 4) {
      m_block = philox(m_counter, m_key);
      ++m_counter[0];
      m_used = 0;
    }
    return m_block[m_used++];
  }

  /// A whole number from 0 to below - 1, each equally likely. below > 0. Lemire, D. (2019): Fast random integer
  /// generation in an interval. ACM Transactions on Modeling and Computer Simulation 29(1), 3.
  std::uint32_t below(std::uint32_t below) {
    std::uint64_t product = std::uint64_t{bits()} * below;
    if (static_cast<std::uint32_t>(product) < below) {
      const std::uint32_t unfair = (0U - below) % below;
      while (static_cast<std::uint32_t>(product) < unfair) product = std::uint64_t{bits()} * below;
    }
    return static_cast<std::uint32_t>(product >> 32);
  }

  /// Evenly in [0, 1), on the 2^53 numbers that a double tells apart.
  double fraction() {
    const std::uint64_t high = bits() >> 5, low = bits() >> 6;
    return static_cast<double>(high << 26 | low) * 0x1p-53;
  }

 private:
  std::array<std::uint32_t, 2> m_key;
  std::array<std::uint32_t, 4> m_counter;
  std::array<std::uint32_t, 4> m_block{};
  unsigned m_used = 4;
};

}  // namespace yaan
