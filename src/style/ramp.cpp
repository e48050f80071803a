#include "yaan/style/ramp.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <span>

#include "yaan/style/palette.hpp"

namespace yaan::style {

namespace {

constexpr std::array<std::uint32_t, 17> kViridis = {0x440154, 0x48186A, 0x472D7B, 0x424086, 0x3B528B, 0x33638D,
                                                    0x2C728E, 0x26818E, 0x21908C, 0x1F9F88, 0x28AE80, 0x3EBC74,
                                                    0x5DC963, 0x82D34C, 0xABDC32, 0xD5E21A, 0xFDE725};
constexpr std::array<std::uint32_t, 17> kCividis = {0x00224E, 0x002E6A, 0x1A386F, 0x32436D, 0x434E6C, 0x52596D,
                                                    0x61656F, 0x6F7073, 0x7C7B78, 0x8B8778, 0x9B9376, 0xABA072,
                                                    0xBBAD6C, 0xCCBA64, 0xDDC958, 0xEFD748, 0xFEE838};
constexpr std::array<std::uint32_t, 7> kBalance = {0x1B4F8A, 0x4F86BC, 0xA3C4DE, 0xEEEEEA,
                                                   0xF0C48E, 0xD98B3A, 0xA34A12};

std::span<const std::uint32_t> samples_of(Ramp ramp) {
  switch (ramp) {
    case Ramp::viridis: return kViridis;
    case Ramp::cividis: return kCividis;
    case Ramp::balance: return kBalance;
  }
  return kViridis;
}

std::uint8_t between(std::uint32_t low, std::uint32_t high, unsigned shift, double share) {
  const double a = (low >> shift) & 0xFFU;
  const double b = (high >> shift) & 0xFFU;
  return static_cast<std::uint8_t>(std::lround(a + (b - a) * share));
}

}  // namespace

Colour ramp_colour(Ramp ramp, double share) {
  if (std::isnan(share)) return rank_colour(0);
  const auto samples = samples_of(ramp);
  const double place = std::clamp(share, 0.0, 1.0) * static_cast<double>(samples.size() - 1);
  const auto low = std::min(static_cast<std::size_t>(place), samples.size() - 2);
  const double rest = place - static_cast<double>(low);
  return {between(samples[low], samples[low + 1], 16, rest), between(samples[low], samples[low + 1], 8, rest),
          between(samples[low], samples[low + 1], 0, rest)};
}

std::vector<Colour> ramp_colours(Ramp ramp, std::size_t n) {
  std::vector<Colour> colours;
  for (std::size_t i = 0; i < n; ++i)
    colours.push_back(ramp_colour(ramp, n == 1 ? 0.5 : static_cast<double>(i) / static_cast<double>(n - 1)));
  return colours;
}

}  // namespace yaan::style
