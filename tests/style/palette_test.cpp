#include "yaan/style/palette.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

#include "yaan/style/ramp.hpp"
#include "yaan/style/scale_bar.hpp"

namespace yaan::style {
namespace {

TEST(Contrast, KnownRatios) {
  EXPECT_NEAR(contrast({0, 0, 0}, {255, 255, 255}), 21, 1e-9);
  EXPECT_NEAR(contrast({255, 255, 255}, {0x76, 0x76, 0x76}), 4.54, 0.01);  // the grey that WCAG guides name
}

TEST(Palette, RegionsStandOutFromTheLandAndFromEachOther) {
  for (std::size_t rank = 1; rank <= kRankColours; ++rank) {
    const Colour colour = rank_colour(static_cast<std::int64_t>(rank));
    EXPECT_GE(contrast(colour, land()), 3) << rank;
    for (std::size_t other = rank + 1; other <= kRankColours; ++other) {
      const Colour second = rank_colour(static_cast<std::int64_t>(other));
      const int apart = std::abs(colour.r - second.r) + std::abs(colour.g - second.g) + std::abs(colour.b - second.b);
      EXPECT_GT(apart, 60) << rank << ' ' << other;
    }
    EXPECT_GE(contrast(colour, ink_on(colour)), 3) << rank;
  }
  EXPECT_EQ(rank_colour(1), rank_colour(1 + static_cast<std::int64_t>(kRankColours)));
  EXPECT_EQ(rank_colour(0), rank_colour(-5));
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
  EXPECT_EQ(ramp_colour(Ramp::balance, std::nan("")), rank_colour(0));
  EXPECT_GT(contrast(ramp_colour(Ramp::balance, 0.5), {0, 0, 0}), contrast(ramp_colour(Ramp::balance, 0.9), {0, 0, 0}));
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
