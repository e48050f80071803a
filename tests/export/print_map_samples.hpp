#pragma once
// A small map for the tests of printed maps, and its pixels.

#include <gtest/gtest.h>
#include <png.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "yaan/export/print_map.hpp"

namespace yaan {

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

inline Pixels decoded(const std::string& bytes) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  EXPECT_NE(png_image_begin_read_from_memory(&image, bytes.data(), bytes.size()), 0) << image.message;
  image.format = PNG_FORMAT_RGB;
  Pixels pixels{static_cast<int>(image.width), static_cast<int>(image.height), {}};
  pixels.rgb.resize(PNG_IMAGE_SIZE(image));
  EXPECT_NE(png_image_finish_read(&image, nullptr, pixels.rgb.data(), 0, nullptr), 0) << image.message;
  return pixels;
}

inline void add_box(Geometry& geometry, double west, double south, double east, double north) {
  geometry.add_ring(std::vector<double>{west, east, east, west, west},
                    std::vector<double>{south, south, north, north, south});
  geometry.end_part();
  geometry.end_feature();
}

inline Column texts(const char* name, const std::vector<std::string>& values) {
  Column column(name, ColumnType::text);
  for (const std::string& value : values) column.push(value);
  return column;
}

inline Layer layer_of(const char* name, Geometry geometry, const std::vector<std::string>& names) {
  Layer layer;
  layer.name = name;
  layer.crs = Crs::wgs84();
  layer.geometry = std::move(geometry);
  layer.set(texts("name_en", names));
  layer.roles.name_en = "name_en";
  return layer;
}

inline PublishedLayer published(const Layer& layer) {
  Diagnostics diagnostics;
  return publish(layer, PublicationPolicy(), diagnostics);
}

// The western area hot, the eastern one without a value.
inline ColouredLayer hot_west(const PublishedLayer& layer, const std::vector<const char*>& marks) {
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

}  // namespace yaan
