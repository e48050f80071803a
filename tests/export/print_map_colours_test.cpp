// Printed maps of areas, cells and points by the colours of a column.
#include "print_map_samples.hpp"

namespace yaan {
namespace {

TEST_F(PrintMapTest, AreasInTheirColoursWithALegend) {
  m_map.regions = nullptr;
  m_map.sites = nullptr;
  m_map.coloured = hot_west(m_areas[0], {"hot", nullptr});
  const Pixels pixels = decoded(painted(m_map));
  constexpr int kPanel = 660;
  EXPECT_GT(pixels.count(style::tone_colour(Tone::high), 0, kPanel), 50000U);
  EXPECT_EQ(pixels.count(style::tone_colour(Tone::low), 0, kPanel), 0U);
  EXPECT_EQ(pixels.count(style::land(), 0, kPanel), 0U) << "every area has a colour";
  const std::size_t undefined = pixels.count(style::tone_colour(Tone::undefined), 0, kPanel);
  EXPECT_GT(undefined, 30000U);
  EXPECT_LT(undefined, pixels.count(style::tone_colour(Tone::high), 0, kPanel) * 95 / 100) << "lines are over it";
  for (const Tone tone : {Tone::high, Tone::low, Tone::undefined})
    EXPECT_GT(pixels.count(style::tone_colour(tone), kPanel, 960), 80U) << "a swatch in the legend";
}

TEST_F(PrintMapTest, ACellLayerLiesOverTheGroundAndUnderTheBorders) {
  Geometry cells = Geometry::empty(GeometryKind::polygon);
  add_box(cells, 100.5, 15.2, 101.5, 15.8);
  m_areas.push_back(published(layer_of("cells", std::move(cells), {""})));
  m_map.areas = &m_areas[0];
  m_map.regions = nullptr;
  m_map.sites = nullptr;
  m_map.coloured = hot_west(m_areas[1], {"cold"});
  const Pixels pixels = decoded(painted(m_map));
  EXPECT_GT(pixels.count(style::tone_colour(Tone::low), 0, 660), 20000U);
  EXPECT_GT(pixels.count(style::land(), 0, 660), 20000U) << "the ground around the cell";
  // The border between the areas crosses the cell in the middle of the panel.
  bool crossed = false;
  for (int x = 320; x < 340; ++x) crossed = crossed || pixels.at(x, 300) != style::tone_colour(Tone::low);
  EXPECT_TRUE(crossed);
  // So does a line around the cell, which tells neighbours of one colour apart.
  std::size_t between = 0;
  for (int x = 1; x < 659; ++x)
    for (int dy = -60; dy <= 60; ++dy)
      between += pixels.at(x, 300 + dy) != style::tone_colour(Tone::low) && pixels.at(x, 300 + dy) != style::land() &&
                 pixels.at(x - 1, 300 + dy) == style::land();
  EXPECT_GT(between, 100U);
}

TEST_F(PrintMapTest, PointsInTheirColours) {
  m_map.regions = nullptr;
  m_map.sites = nullptr;
  m_map.coloured = hot_west(m_sites[0], {"hot", "cold", nullptr, "cold"});
  const Pixels pixels = decoded(painted(m_map));
  EXPECT_GT(pixels.count(style::tone_colour(Tone::high), 0, 660), 8U);
  EXPECT_GT(pixels.count(style::tone_colour(Tone::low), 0, 660), 16U);
  EXPECT_GT(pixels.count(style::land(), 0, 660), 100000U);
}

TEST_F(PrintMapTest, SitesBesideColoursArePlain) {
  m_map.regions = nullptr;
  m_map.coloured = hot_west(m_areas[0], {"hot", "cold"});
  const Pixels pixels = decoded(painted(m_map));
  EXPECT_EQ(pixels.count(style::rank_colour(1), 0, 660), 0U) << "their rank has no colour here";
}

}  // namespace
}  // namespace yaan
