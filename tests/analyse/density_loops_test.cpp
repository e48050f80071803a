#include "analyse/density_loops.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

namespace yaan {
namespace {

// Whatever the processor, the same bits.
TEST(DensityLoops, AgreeBitByBitBetweenInstructionSets) {
  std::mt19937 random(9);
  std::uniform_real_distribution<double> any(-0.55, 0.55);
  std::vector<double> x(640);
  for (double& value : x) value = any(random);
  const auto results = [&](const DensityLoops& loops) {
    std::vector<double> all(64);
    loops.small_exp(x.data(), all.data(), 37);
    for (const std::uint32_t width : {16U, 24U, 32U}) {
      std::vector<double> out(32);
      loops.powers(0.3, 1.4, x.data(), width, out.data());
      all.insert(all.end(), out.begin(), out.end());
      std::vector<double> nodes(x.begin(), x.begin() + 400);
      loops.add_stencils(nodes.data(), 40, x.data() + 1, x.data() + 33, 3, 70, 9, width);
      all.insert(all.end(), nodes.begin(), nodes.end());
    }
    for (const std::size_t count : {0U, 3U, 8U, 61U}) all.push_back(loops.dot(x.data(), x.data() + 100, count));
    std::vector<double> chunk(DensityLoops::kChunk);
    loops.sum_chunk(x.data(), 9, x.data() + 50, 35, chunk.data());
    all.insert(all.end(), chunk.begin(), chunk.end());
    loops.add_disc_row(chunk.data(), x.data(), 29, 0.2, 1.7);
    all.insert(all.end(), chunk.begin(), chunk.end());
    return all;
  };
  const std::vector<double> expected = results(*density_loops(InstructionSet::baseline));
  for (std::size_t i = 0; i < 37; ++i) EXPECT_NEAR(expected[i] / std::exp(x[i]), 1, 1e-15);
  for (std::size_t i = 0; i < 16; ++i) EXPECT_NEAR(expected[64 + i], 0.3 * std::pow(1.4, i) * x[i], 1e-13);
  for (const InstructionSet set : {InstructionSet::avx2, InstructionSet::avx512})
    if (const DensityLoops* loops = density_loops(set)) {
      EXPECT_EQ(results(*loops), expected) << loops->instruction_set;
    }
}

}  // namespace
}  // namespace yaan
