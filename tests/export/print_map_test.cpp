#include "yaan/export/print_map.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <png.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

#include "export/print_map_page.hpp"
#include "yaan/core/error.hpp"

namespace yaan {
namespace {

namespace fs = std::filesystem;
using style::Colour;

struct Pixels {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> rgb;
  [[nodiscard]] Colour at(int x, int y) const {
    const std::size_t i =
        3 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x));
    return {rgb[i], rgb[i + 1], rgb[i + 2]};
  }
  [[nodiscard]] std::size_t count(Colour colour, int from_x, int to_x) const {
    std::size_t n = 0;
    for (int y = 0; y < height; ++y)
      for (int x = from_x; x < to_x; ++x) n += at(x, y) == colour ? 1U : 0U;
    return n;
  }
};

Pixels decoded(const std::string& bytes) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  EXPECT_NE(png_image_begin_read_from_memory(&image, bytes.data(), bytes.size()), 0) << image.message;
  image.format = PNG_FORMAT_RGB;
  Pixels pixels{static_cast<int>(image.width), static_cast<int>(image.height), {}};
  pixels.rgb.resize(PNG_IMAGE_SIZE(image));
  EXPECT_NE(png_image_finish_read(&image, nullptr, pixels.rgb.data(), 0, nullptr), 0) << image.message;
  return pixels;
}

void add_box(Geometry& geometry, double west, double south, double east, double north) {
  geometry.add_ring(std::vector<double>{west, east, east, west, west},
                    std::vector<double>{south, south, north, north, south});
  geometry.end_part();
  geometry.end_feature();
}

Column texts(const char* name, const std::vector<std::string>& values) {
  Column column(name, ColumnType::text);
  for (const std::string& value : values) column.push(value);
  return column;
}

Layer layer_of(const char* name, Geometry geometry, const std::vector<std::string>& names) {
  Layer layer;
  layer.name = name;
  layer.crs = Crs::wgs84();
  layer.geometry = std::move(geometry);
  layer.set(texts("name_en", names));
  layer.roles.name_en = "name_en";
  return layer;
}

PublishedLayer published(const Layer& layer) {
  Diagnostics diagnostics;
  return publish(layer, PublicationPolicy(), diagnostics);
}

// Two square areas side by side, one region in the western one, sites in it and one outside.
class PrintMapTest : public testing::Test {
 protected:
  PrintMapTest() {
    Geometry areas = Geometry::empty(GeometryKind::polygon);
    add_box(areas, 100, 15, 101, 16);
    add_box(areas, 101, 15, 102, 16);
    m_areas.push_back(published(layer_of("areas", std::move(areas), {"West", "East"})));

    Geometry regions = Geometry::empty(GeometryKind::polygon);
    add_box(regions, 100.2, 15.2, 100.6, 15.6);
    Layer region = layer_of("regions", std::move(regions), {"Old town"});
    region.set(Column::of("rank", std::vector<std::int64_t>{1}));
    region.set(Column::of("count", std::vector<std::int64_t>{3}));
    m_regions.push_back(published(region));

    Layer sites = layer_of("sites", Geometry::points({100.3, 100.4, 100.5, 101.7}, {15.3, 15.4, 15.5, 15.7}),
                           {"Wat One", "Market", "Craft house", "Far museum"});
    sites.set(texts("kind", {"temple", "market", "craft", "museum"}));
    Column ranks("district_rank", ColumnType::integer);
    for (int i = 0; i < 3; ++i) ranks.push(std::int64_t{1});
    ranks.push_null();
    sites.set(std::move(ranks));
    sites.roles.category = "kind";
    m_sites.push_back(published(sites));

    m_map.title = {"Creative districts", "ย่านสร้างสรรค์"};
    m_map.subtitle = {"1 district, 4 sites", "1 ย่าน 4 แห่ง"};
    m_map.regions_title = {"Districts", "ย่าน"};
    m_map.count_word = {"sites", "แห่ง"};
    m_map.outside_title = {"outside every district", "อยู่นอกย่าน"};
    m_map.site_rank_column = "district_rank";
    m_map.areas = &m_areas[0];
    m_map.regions = &m_regions[0];
    m_map.sites = &m_sites[0];
    m_map.width = 960;
    m_map.height = 600;
    m_map.sources = {"Areas: nobody"};
    fs::create_directories(m_folder);
  }
  ~PrintMapTest() override { fs::remove_all(m_folder); }

  std::string painted(const PrintMap& map, MapFormat format = MapFormat::png) {
    const fs::path path = m_folder / ("map" + std::to_string(m_count++));
    Progress progress;
    WholeFile file(path);
    write_map(map, format, file, progress);
    file.commit();
    std::ifstream in(path, std::ios::binary);
    std::ostringstream bytes;
    bytes << in.rdbuf();
    return bytes.str();
  }

  fs::path m_folder = fs::path(testing::TempDir()) /
                      (std::string("yaan_print_map_") + testing::UnitTest::GetInstance()->current_test_info()->name());
  int m_count = 0;
  std::vector<PublishedLayer> m_areas;
  std::vector<PublishedLayer> m_regions;
  std::vector<PublishedLayer> m_sites;
  PrintMap m_map;
};

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

// The western area hot, the eastern one without a value.
ColouredLayer hot_west(const PublishedLayer& layer, const std::vector<const char*>& marks) {
  Layer copy = layer.layer();
  Column column("mark", ColumnType::text);
  for (const char* mark : marks) {
    if (mark == nullptr)
      column.push_null();
    else
      column.push(mark);
  }
  column.colour_by = ColourBy::category;
  column.title = {"Hot <spots> & cold", "จุดร้อน"};
  column.remark = {"p at most 0.05, corrected by Bonferroni", "p ไม่เกิน 0.05"};
  column.classes = {{"hot", {"Hot spot", "จุดร้อน"}, Tone::high}, {"cold", {"Cold spot", "จุดเย็น"}, Tone::low}};
  copy.set(std::move(column));
  style::StyleWish wish;
  wish.column = "mark";
  return {&layer, style::style_of(copy, wish), {"areas", "พื้นที่"}};
}

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
  EXPECT_TRUE(locator_room(TownPage(m_map).page).empty());
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
