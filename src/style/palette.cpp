#include "yaan/style/palette.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace yaan::style {

namespace {

// Found by a search for steps between all twelve under normal and red-green-blind sight that keeps the contrasts; the
// first six, which most maps need, are the farthest apart.
constexpr std::array<Colour, kRankColours> kRanks = {{{0xD1, 0x48, 0x56},
                                                      {0x20, 0x8C, 0xC3},
                                                      {0xD1, 0x7A, 0x0E},
                                                      {0x2E, 0x8D, 0x60},
                                                      {0x74, 0x44, 0x98},
                                                      {0x1D, 0x7F, 0x7C},
                                                      {0xA4, 0x4F, 0x33},
                                                      {0xD4, 0x4A, 0xA1},
                                                      {0x5B, 0x76, 0x07},
                                                      {0x27, 0x59, 0xC8},
                                                      {0x9F, 0x81, 0x39},
                                                      {0x48, 0x63, 0x7F}}};

double luminance(Colour colour) {
  const auto linear = [](std::uint8_t channel) {
    const double c = channel / 255.0;
    return c <= 0.03928 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * linear(colour.r) + 0.7152 * linear(colour.g) + 0.0722 * linear(colour.b);
}

}  // namespace

double contrast(Colour one, Colour other) {
  const double a = luminance(one);
  const double b = luminance(other);
  return (std::max(a, b) + 0.05) / (std::min(a, b) + 0.05);
}

Colour ink_on(Colour ground) {
  constexpr Colour kBlack{0x17, 0x1B, 0x20};
  constexpr Colour kWhite{0xFF, 0xFF, 0xFF};
  // Large bold digits need a contrast of 3 (WCAG 2.1, 1.4.3); white keeps a row of colours calm.
  return contrast(ground, kWhite) >= 3 ? kWhite : kBlack;
}

Colour rank_colour(std::int64_t rank) {
  if (rank <= 0) return {0x8A, 0x91, 0x98};
  return kRanks[static_cast<std::size_t>(rank - 1) % kRanks.size()];
}

Colour tone_colour(Tone tone) {
  switch (tone) {
    case Tone::own: break;
    case Tone::high: return {0xB2, 0x18, 0x2B};
    case Tone::low: return {0x21, 0x66, 0xAC};
    case Tone::high_among_low: return {0xF4, 0xA5, 0x82};
    case Tone::low_among_high: return {0x92, 0xC5, 0xDE};
    case Tone::middle: return {0xE8, 0xD2, 0x6A};
    case Tone::quiet: return {0xE6, 0xE6, 0xE4};
    case Tone::undefined: return {0xBB, 0xBD, 0xBF};
  }
  return rank_colour(1);
}

Colour nothing_there() { return {0xF1, 0xEF, 0xE9}; }

Colour sea() { return {0xE4, 0xEB, 0xEF}; }
Colour land() { return {0xFB, 0xF9, 0xF4}; }
Colour border() { return {0xD6, 0xD0, 0xC4}; }
Colour coast() { return {0xA9, 0xA3, 0x96}; }
Colour ink() { return {0x24, 0x29, 0x2F}; }
Colour faint_ink() { return {0x6E, 0x6A, 0x60}; }
Colour paper() { return {0xFF, 0xFF, 0xFF}; }
Colour halo() { return {0xFF, 0xFF, 0xFF}; }
Colour rule() { return {0xDD, 0xDF, 0xE2}; }
Colour accent() { return {0x17, 0x1B, 0x20}; }

Mark mark_of(std::size_t category) { return static_cast<Mark>(category % kMarks); }

}  // namespace yaan::style
