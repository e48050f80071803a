#include "yaan/export/print_map.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <vector>

#include "export/print_map_page.hpp"
#include "print_map_samples.hpp"
#include "yaan/core/error.hpp"

namespace yaan {
namespace {

TEST_F(PrintMapTest, HasTheSizeAskedForAndShowsEverything) {
  const Pixels pixels = decoded(painted(m_map));
  ASSERT_EQ(pixels.width, 960);
  ASSERT_EQ(pixels.height, 600);
  constexpr int kPanel = 660;  // the side takes 600 of 1920
  EXPECT_EQ(pixels.at(kPanel / 2, 3), style::sea());
  EXPECT_EQ(pixels.at(kPanel + 40, 590), style::paper());
  EXPECT_GT(pixels.count(style::land(), 0, kPanel), 100000U) << "the areas fill most of the panel";
  EXPECT_GT(pixels.count(style::rank_colour(1), 0, kPanel), 60U) << "badge and sites of the region";
  EXPECT_GT(pixels.count(style::rank_colour(1), kPanel, 960), 50U) << "its row in the list";
  EXPECT_GT(pixels.count(style::ink(), kPanel, 960), 300U) << "title and list";
  EXPECT_GT(pixels.count(style::rank_colour(0), kPanel, 960), 30U) << "legend of what lies outside";

  // The same counts see the difference when regions and sites are gone.
  m_map.regions = nullptr;
  m_map.sites = nullptr;
  const Pixels bare = decoded(painted(m_map));
  EXPECT_EQ(bare.count(style::rank_colour(1), 0, 960), 0U);
  EXPECT_EQ(bare.count(style::rank_colour(0), 0, 960), 0U);
  EXPECT_GT(bare.count(style::land(), 0, kPanel), pixels.count(style::land(), 0, kPanel));
}

TEST_F(PrintMapTest, SameMapSameBytes) {
  const std::string first = painted(m_map);
  EXPECT_EQ(painted(m_map), first);
  m_map.town = true;
  m_map.extent = {100.1, 15.1, 100.7, 15.7};
  const std::string town = painted(m_map);
  EXPECT_EQ(painted(m_map), town);
  EXPECT_NE(town, first);
  m_map.language = Language::thai;
  EXPECT_NE(painted(m_map), town);
}

TEST_F(PrintMapTest, EveryShapeOfPictureIsPainted) {
  for (const auto& [width, height] : {std::pair(1600, 900), {900, 1200}, {2400, 800}}) {
    m_map.width = width;
    m_map.height = height;
    const Pixels pixels = decoded(painted(m_map));
    EXPECT_EQ(pixels.width, width);
    EXPECT_EQ(pixels.height, height);
    EXPECT_GT(pixels.count(style::land(), 0, width / 2), static_cast<std::size_t>(width * height) / 20);
  }
}

TEST_F(PrintMapTest, SvgHoldsShapesAndLetters) {
  m_map.coloured = hot_west(m_areas[0], {"hot", nullptr});
  m_map.title = {"<script>alert(1)</script> & \x01more", ""};
  const std::string svg = painted(m_map, MapFormat::svg);
  EXPECT_THAT(svg, testing::StartsWith("<?xml"));
  EXPECT_THAT(svg, testing::HasSubstr("<title>&lt;script&gt;alert(1)&lt;/script&gt; &amp; more</title>"));
  EXPECT_THAT(svg, testing::Not(testing::HasSubstr("<script")));
  EXPECT_THAT(svg, testing::HasSubstr(">Hot &lt;spots&gt; &amp; cold</text>"));
  EXPECT_THAT(svg, testing::HasSubstr(">p at most 0.05, corrected by Bonferroni</text>"));
  EXPECT_THAT(svg, testing::HasSubstr("rgb(69.80"));  // 0xB2: hot
  EXPECT_THAT(svg, testing::EndsWith("</svg>\n"));
  // Cairo counts on from map to map; our files do not.
  (void)painted(m_map, MapFormat::svg);
  EXPECT_EQ(painted(m_map, MapFormat::svg), svg);
}

TEST_F(PrintMapTest, PdfIsOnePageWithoutAClock) {
  m_map.coloured = hot_west(m_areas[0], {"hot", nullptr});
  m_map.language = Language::thai;
  const std::string pdf = painted(m_map, MapFormat::pdf);
  EXPECT_THAT(pdf, testing::StartsWith("%PDF-"));
  EXPECT_THAT(pdf, testing::HasSubstr("[ 0 0 720 450 ]")) << "960 by 600 pixels at 96 to the inch";
  EXPECT_THAT(pdf, testing::Not(testing::HasSubstr("CreationDate")));
  EXPECT_EQ(painted(m_map, MapFormat::pdf), pdf);
}

TEST(MapFormatOf, FollowsTheExtension) {
  EXPECT_EQ(map_format_of("a/b.svg"), MapFormat::svg);
  EXPECT_EQ(map_format_of("b.pdf"), MapFormat::pdf);
  EXPECT_EQ(map_format_of("b.png"), MapFormat::png);
}

TEST_F(PrintMapTest, NothingToShowIsAnEmptyMap) {
  PrintMap map;
  map.width = 320;
  map.height = 200;
  const Pixels pixels = decoded(painted(map));
  EXPECT_EQ(pixels.at(100, 100), style::sea());
  EXPECT_EQ(pixels.at(310, 100), style::paper());
}

TEST_F(PrintMapTest, ALocalPlaneHasNoMap) {
  Layer local = layer_of("plan", Geometry::points({1}, {2}), {"here"});
  local.crs = Crs::local();
  const PublishedLayer shown = published(local);
  m_map.sites = &shown;
  EXPECT_THROW(painted(m_map), InputError);
}

TEST_F(PrintMapTest, CancelledLeavesNoFile) {
  Progress progress;
  progress.cancel();
  const fs::path path = m_folder / "cancelled.png";
  {
    WholeFile file(path);
    EXPECT_THROW(write_map(m_map, MapFormat::png, file, progress), Cancelled);
  }
  EXPECT_TRUE(fs::is_empty(m_folder));
}

// A page of a town for the parts beneath write_map; holds what a Page refers to.
struct TownPage {
  explicit TownPage(PrintMap& town) : map(town), content(content_of(town)), frame(town.extent, {0, 0, 1320, 1200}, 70) {
    page.regions = frame.to_pixels(map.regions->layer().geometry);
    page.sites = frame.to_pixels(map.sites->layer().geometry);
  }
  PrintMap& map;
  MapContent content;
  Canvas canvas{1920, 1200, MapFormat::png};
  MapFrame frame;
  Page page{map, content, canvas, frame, 1.0, {0, 0, 1320, 1200}, {1320, 0, 1920, 1200}, {}};
};

TEST_F(PrintMapTest, TheSmallMapHidesNoSite) {
  m_map.town = true;
  m_map.extent = {100.1, 15.1, 100.7, 15.7};
  const auto covered = [](const TownPage& town, const Box& box) {
    for (std::size_t i = 0; i < town.page.sites.x.size(); ++i)
      if (town.page.sites.x[i] > box.min_x && town.page.sites.x[i] < box.max_x && town.page.sites.y[i] > box.min_y &&
          town.page.sites.y[i] < box.max_y)
        return true;
    return false;
  };
  const TownPage usual(m_map);
  const Box corner = locator_room(usual.page);
  EXPECT_GT(corner.min_x, 1100) << "the corner on the right at the top";
  EXPECT_LT(corner.max_y, 300);
  EXPECT_FALSE(covered(usual, corner));

  // A site where the small map would be sends it to another corner.
  const PublishedLayer more =
      published(layer_of("sites", Geometry::points({100.3, 100.69, 100.7}, {15.3, 15.69, 15.66}), {"a", "b", "c"}));
  m_map.sites = &more;
  const TownPage crowded(m_map);
  ASSERT_TRUE(covered(crowded, corner)) << "otherwise this proves nothing";
  const Box other = locator_room(crowded.page);
  EXPECT_FALSE(other.empty());
  EXPECT_FALSE(covered(crowded, other));

  m_map.town = false;
  const TownPage country(m_map);
  EXPECT_FALSE(locator_room(country.page).empty()) << "a part of the country";
  m_map.extent = {};
  EXPECT_TRUE(locator_room(country.page).empty()) << "all of it";
}

TEST_F(PrintMapTest, EverySiteOfATownHasANameALetterOrIsCounted) {
  // A tight cluster of long names: most find no room for the name.
  std::vector<double> lon;
  std::vector<double> lat;
  std::vector<std::string> names;
  for (int i = 0; i < 60; ++i) {
    lon.push_back(100.38 + 0.006 * (i % 8));
    lat.push_back(15.38 + 0.005 * (i / 8));
    names.push_back("Very long name of the temple number " + std::to_string(i));
  }
  const PublishedLayer dense = published(layer_of("sites", Geometry::points(lon, lat), names));
  m_map.sites = &dense;
  m_map.town = true;
  m_map.extent = {100.1, 15.1, 100.7, 15.7};
  const TownPage town(m_map);
  std::vector<Box> marks;
  for (std::size_t i = 0; i < town.page.sites.x.size(); ++i)
    marks.push_back(
        {town.page.sites.x[i] - 9, town.page.sites.y[i] - 9, town.page.sites.x[i] + 9, town.page.sites.y[i] + 9});
  const auto plenty = paint_site_labels(town.page, marks, 100);
  ASSERT_GT(plenty.keyed.size(), 2U);
  for (std::size_t i = 0; i < plenty.keyed.size(); ++i) {
    EXPECT_THAT(names, testing::Contains(plenty.keyed[i].name));
    for (std::size_t j = 0; j < i; ++j) {
      EXPECT_NE(plenty.keyed[i].key, plenty.keyed[j].key);
      EXPECT_NE(plenty.keyed[i].name, plenty.keyed[j].name);
    }
  }
  EXPECT_EQ(plenty.keyed[0].key, "a");
  // With room for two letters only, the rest moves to the count: names on the map stay as they were.
  const auto two = paint_site_labels(town.page, marks, 2);
  EXPECT_EQ(two.keyed.size(), 2U);
  EXPECT_EQ(two.keyed.size() + two.unnamed, plenty.keyed.size() + plenty.unnamed);
  EXPECT_LT(plenty.keyed.size() + plenty.unnamed, 60U) << "some do have their name";
}

}  // namespace
}  // namespace yaan
