#include "yaan/style/palette.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "yaan/style/ramp.hpp"
#include "yaan/style/scale_bar.hpp"

namespace yaan::style {
namespace {

TEST(Contrast, KnownRatios) {
  EXPECT_NEAR(contrast({0, 0, 0}, {255, 255, 255}), 21, 1e-9);
  EXPECT_NEAR(contrast({255, 255, 255}, {0x76, 0x76, 0x76}), 4.54, 0.01);  // the grey that WCAG guides name
}

TEST(Palette, RegionsStandOutFromTheLandAndCarryTheirDigits) {
  for (std::size_t rank = 1; rank <= kRankColours; ++rank) {
    const Colour colour = rank_colour(static_cast<std::int64_t>(rank));
    EXPECT_GE(contrast(colour, land()), 3) << rank;
    EXPECT_GE(contrast(colour, ink_on(colour)), 3) << rank;
  }
  EXPECT_EQ(rank_colour(1), rank_colour(1 + static_cast<std::int64_t>(kRankColours)));
  EXPECT_EQ(rank_colour(0), rank_colour(-5));
}

// A colour in CIELAB (D65) as it reaches an eye; `sight` is a matrix on linear RGB.
using Matrix = std::array<std::array<double, 3>, 3>;
std::array<double, 3> seen(Colour colour, const Matrix& sight) {
  const std::array<std::uint8_t, 3> bytes = {colour.r, colour.g, colour.b};
  std::array<double, 3> linear{};
  for (std::size_t i = 0; i < 3; ++i) {
    const double c = bytes[i] / 255.0;
    linear[i] = c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
  }
  std::array<double, 3> v{};
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) v[i] += sight[i][j] * linear[j];
    v[i] = std::clamp(v[i], 0.0, 1.0);
  }
  const auto f = [](double t) { return t > 0.008856 ? std::cbrt(t) : 7.787 * t + 16.0 / 116; };
  const double x = f((0.4124 * v[0] + 0.3576 * v[1] + 0.1805 * v[2]) / 0.95047);
  const double y = f(0.2126 * v[0] + 0.7152 * v[1] + 0.0722 * v[2]);
  const double z = f((0.0193 * v[0] + 0.1192 * v[1] + 0.9505 * v[2]) / 1.08883);
  return {116 * y - 16, 500 * (x - y), 200 * (y - z)};
}

double difference(Colour one, Colour other, const Matrix& sight) {
  const auto a = seen(one, sight);
  const auto b = seen(other, sight);
  return std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

// Matrices of Machado, Oliveira and Fernandes (2009) for full protanopia and deuteranopia.
constexpr Matrix kProtanopia = {
    {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}}};
constexpr Matrix kDeuteranopia = {
    {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}}};
constexpr Matrix kNormal = {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};

TEST(Palette, RegionsDifferForEveryReader) {
  // The measure itself sees that red and green of one lightness come close to each other without green cones.
  EXPECT_GT(difference({200, 60, 60}, {110, 120, 40}, kNormal), 70);
  EXPECT_LT(difference({200, 60, 60}, {110, 120, 40}, kDeuteranopia), 30);
  const auto ranks = static_cast<std::int64_t>(kRankColours);
  for (std::int64_t one = 1; one <= ranks; ++one)
    for (std::int64_t other = one + 1; other <= ranks; ++other) {
      EXPECT_GE(difference(rank_colour(one), rank_colour(other), kNormal), 20) << one << ' ' << other;
      for (const Matrix& sight : {kProtanopia, kDeuteranopia})
        EXPECT_GE(difference(rank_colour(one), rank_colour(other), sight), other <= 6 ? 14 : 10) << one << ' ' << other;
    }
}

TEST(Palette, TonesDifferForEveryReader) {
  const std::array<Tone, 7> tones = {Tone::high,   Tone::low,   Tone::high_among_low, Tone::low_among_high,
                                     Tone::middle, Tone::quiet, Tone::undefined};
  for (std::size_t one = 0; one < tones.size(); ++one)
    for (std::size_t other = one + 1; other < tones.size(); ++other)
      for (const Matrix& sight : {kNormal, kProtanopia, kDeuteranopia})
        EXPECT_GE(difference(tone_colour(tones[one]), tone_colour(tones[other]), sight), 14) << one << ' ' << other;
  EXPECT_GT(tone_colour(Tone::high).r, tone_colour(Tone::high).b) << "red is hot";
  EXPECT_LT(tone_colour(Tone::low).r, tone_colour(Tone::low).b) << "blue is cold";
}

// Neighbouring classes of the usual five can be told apart on a map by every reader.
TEST(Ramp, StepsDifferForEveryReader) {
  for (const Ramp ramp : {Ramp::yellow_blue, Ramp::yellow_brown, Ramp::viridis, Ramp::cividis, Ramp::blue_red}) {
    const auto colours = ramp_colours(ramp, 5);
    for (std::size_t i = 1; i < colours.size(); ++i)
      for (const Matrix& sight : {kNormal, kProtanopia, kDeuteranopia})
        EXPECT_GE(difference(colours[i], colours[i - 1], sight), 10) << to_string(ramp) << ' ' << i;
  }
}

TEST(Palette, TextsAreReadable) {
  EXPECT_GE(contrast(ink(), paper()), 7);
  EXPECT_GE(contrast(ink(), land()), 7);
  EXPECT_GE(contrast(faint_ink(), land()), 4.5);
  EXPECT_GE(contrast(faint_ink(), sea()), 4.4);
}

// Entries of the published tables, in between the samples that the ramps are made of.
TEST(Ramp, FollowsThePublishedTables) {
  struct Entry {
    Ramp ramp;
    int index;  // of 0 to 255
    Colour colour;
    int tolerance;
  };
  for (const Entry& entry :
       {Entry{Ramp::viridis, 0, {68, 1, 84}, 0}, Entry{Ramp::viridis, 40, {69, 55, 129}, 6},
        Entry{Ramp::viridis, 100, {42, 118, 142}, 6}, Entry{Ramp::viridis, 200, {112, 207, 87}, 6},
        Entry{Ramp::viridis, 255, {253, 231, 37}, 0}, Entry{Ramp::cividis, 0, {0, 34, 78}, 0},
        Entry{Ramp::cividis, 40, {39, 62, 110}, 11}, Entry{Ramp::cividis, 128, {125, 124, 120}, 11},
        Entry{Ramp::cividis, 200, {196, 180, 104}, 11}, Entry{Ramp::cividis, 255, {254, 232, 56}, 0}}) {
    const Colour colour = ramp_colour(entry.ramp, entry.index / 255.0);
    EXPECT_NEAR(colour.r, entry.colour.r, entry.tolerance) << entry.index;
    EXPECT_NEAR(colour.g, entry.colour.g, entry.tolerance) << entry.index;
    EXPECT_NEAR(colour.b, entry.colour.b, entry.tolerance) << entry.index;
  }
}

TEST(Ramp, GrowsLighterAndHoldsItsEnds) {
  for (const Ramp ramp : {Ramp::viridis, Ramp::cividis}) {
    const auto colours = ramp_colours(ramp, 40);
    for (std::size_t i = 1; i < colours.size(); ++i)
      EXPECT_GT(contrast(colours[i], {0, 0, 0}), contrast(colours[i - 1], {0, 0, 0})) << i;
    EXPECT_EQ(ramp_colour(ramp, -3), colours.front());
    EXPECT_EQ(ramp_colour(ramp, 7), colours.back());
  }
  for (const Ramp ramp : {Ramp::yellow_blue, Ramp::yellow_brown}) {
    const auto colours = ramp_colours(ramp, 9);
    for (std::size_t i = 1; i < colours.size(); ++i)
      EXPECT_LT(contrast(colours[i], {0, 0, 0}), contrast(colours[i - 1], {0, 0, 0})) << i;
  }
  EXPECT_EQ(ramp_colour(Ramp::blue_red, std::nan("")), rank_colour(0));
  EXPECT_GT(contrast(ramp_colour(Ramp::blue_red, 0.5), {0, 0, 0}),
            contrast(ramp_colour(Ramp::blue_red, 0.9), {0, 0, 0}));
  EXPECT_EQ(ramp_colours(Ramp::viridis, 1).at(0), ramp_colour(Ramp::viridis, 0.5));
}

TEST(ScaleBar, SpeaksThai) {
  EXPECT_EQ(scale_bar(1000, 220, Language::thai).label, "200 กม.");
  EXPECT_EQ(scale_bar(3, 200, Language::thai).label, "500 ม.");
}

// Whatever the map, the bar is 1, 2 or 5 times a power of ten, and as long as there is room for.
TEST(ScaleBar, IsTheLongestNiceLengthThatFits) {
  for (double metres_per_pixel = 0.02; metres_per_pixel < 20000; metres_per_pixel *= 1.07) {
    const ScaleBar bar = scale_bar(metres_per_pixel, 200);
    const double digit = bar.metres / std::pow(10, std::floor(std::log10(bar.metres) + 1e-9));
    EXPECT_TRUE(std::abs(digit - 1) < 1e-9 || std::abs(digit - 2) < 1e-9 || std::abs(digit - 5) < 1e-9) << bar.metres;
    EXPECT_LE(bar.pixels, 200 * (1 + 1e-12));
    EXPECT_GT(bar.pixels, 200 / 2.51) << metres_per_pixel;
  }
}

TEST(ScaleBar, TakesNiceLengths) {
  EXPECT_EQ(scale_bar(1, 250).metres, 200);
  EXPECT_EQ(scale_bar(1000, 220).label, "200 km");
  EXPECT_EQ(scale_bar(3, 200).label, "500 m");
  const ScaleBar bar = scale_bar(7.3, 180);
  EXPECT_LE(bar.pixels, 180);
  EXPECT_DOUBLE_EQ(bar.pixels * 7.3, bar.metres);
}

}  // namespace
}  // namespace yaan::style
