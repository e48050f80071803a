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
// Of nine and of eleven classes.
constexpr std::array<std::uint32_t, 9> kYellowBlue = {0xFFFFD9, 0xEDF8B1, 0xC7E9B4, 0x7FCDBB, 0x41B6C4,
                                                      0x1D91C0, 0x225EA8, 0x253494, 0x081D58};
constexpr std::array<std::uint32_t, 9> kYellowBrown = {0xFFFFE5, 0xFFF7BC, 0xFEE391, 0xFEC44F, 0xFE9929,
                                                       0xEC7014, 0xCC4C02, 0x993404, 0x662506};
constexpr std::array<std::uint32_t, 11> kBlueRed = {0x053061, 0x2166AC, 0x4393C3, 0x92C5DE, 0xD1E5F0, 0xF7F7F7,
                                                    0xFDDBC7, 0xF4A582, 0xD6604D, 0xB2182B, 0x67001F};

std::span<const std::uint32_t> samples_of(Ramp ramp) {
  switch (ramp) {
    case Ramp::viridis: return kViridis;
    case Ramp::cividis: return kCividis;
    case Ramp::yellow_blue: return kYellowBlue;
    case Ramp::yellow_brown: return kYellowBrown;
    case Ramp::blue_red: return kBlueRed;
  }
  return kViridis;
}

std::uint8_t between(std::uint32_t low, std::uint32_t high, unsigned shift, double share) {
  const double a = (low >> shift) & 0xFFU;
  const double b = (high >> shift) & 0xFFU;
  return static_cast<std::uint8_t>(std::lround(a + (b - a) * share));
}

}  // namespace

std::string_view to_string(Ramp ramp) {
  switch (ramp) {
    case Ramp::viridis: return "viridis";
    case Ramp::cividis: return "cividis";
    case Ramp::yellow_blue: return "yellow-blue";
    case Ramp::yellow_brown: return "yellow-brown";
    case Ramp::blue_red: return "blue-red";
  }
  return {};
}

const std::vector<Ramp>& sequential_ramps() {
  static const std::vector<Ramp> ramps = {Ramp::yellow_blue, Ramp::yellow_brown, Ramp::viridis, Ramp::cividis};
  return ramps;
}

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
