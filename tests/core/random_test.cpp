#include "yaan/core/random.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace yaan {
namespace {

using Words = std::array<std::uint32_t, 4>;

// Known answers of the authors of Philox (Random123, kat_vectors).
TEST(Random, GivesThePublishedAnswers) {
  EXPECT_EQ(philox({0, 0, 0, 0}, {0, 0}), (Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(philox({~0U, ~0U, ~0U, ~0U}, {~0U, ~0U}), (Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Random, EveryNumberBelowABoundIsEquallyLikely) {
  constexpr std::uint32_t kBelow = 7, kDraws = 70000;
  std::vector<int> count(kBelow);
  RandomStream stream(5, 11, 3);
  for (std::uint32_t i = 0; i < kDraws; ++i) ++count.at(stream.below(kBelow));
  double chi = 0;
  for (const int c : count) chi += (c - 10000.0) * (c - 10000.0) / 10000.0;
  EXPECT_LT(chi, 22.5);  // 0.999 quantile at 6 degrees of freedom
}

TEST(Random, StreamsDifferByEachPartOfTheirName) {
  const auto first = [](std::uint64_t seed, std::uint64_t item, std::uint32_t draw) {
    return RandomStream(seed, item, draw).bits();
  };
  EXPECT_EQ(first(1, 2, 3), first(1, 2, 3));
  EXPECT_NE(first(1, 2, 3), first(2, 2, 3));
  EXPECT_NE(first(1, 2, 3), first(1 + (std::uint64_t{1} << 32), 2, 3));
  EXPECT_NE(first(1, 2, 3), first(1, 3, 3));
  EXPECT_NE(first(1, 2, 3), first(1, 2 + (std::uint64_t{1} << 32), 3));
  EXPECT_NE(first(1, 2, 3), first(1, 2, 4));
}

}  // namespace
}  // namespace yaan
