#include "yaan/style/palette.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

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
