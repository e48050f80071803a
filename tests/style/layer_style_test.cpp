#include "yaan/style/layer_style.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "yaan/core/error.hpp"

namespace yaan::style {
namespace {

Layer five_points() {
  Layer layer;
  layer.name = "sites";
  layer.geometry = Geometry::points({0, 1, 2, 3, 4}, {0, 0, 0, 0, 0});
  Column kind("kind", ColumnType::text);
  for (const char* value : {"temple", "market", "temple", "attic"}) kind.push(value);
  kind.push_null();
  layer.set(std::move(kind));
  layer.set(Column::of("district_rank", std::vector<std::int64_t>{2, 1, 13, 2, 1}));
  layer.find("district_rank")->colour_by = ColourBy::category;
  Column density("density", ColumnType::real);
  for (const double value : {1.0, 2.0, 10.0, 11.0}) density.push(value);
  density.push_null();
  density.unit = "1/km2";
  layer.set(std::move(density));
  layer.set(Column::of("change", std::vector<double>{-2, -1, 0.1, 1, 4}));
  layer.find("change")->colour_by = ColourBy::divergence;
  return layer;
}

TEST(StyleOf, TextsTakeTheOrderOfTheirTitles) {
  StyleWish wish;
  wish.column = "kind";
  wish.titles = {{"temple", {"Temple", "วัด"}}, {"food", {"Food", "อาหาร"}}};
  const LayerStyle style = style_of(five_points(), wish);
  ASSERT_EQ(style.legend.size(), 4U) << "two in no title's order, none for a kind that is not there";
  EXPECT_EQ(style.legend[0].title.th, "วัด");
  EXPECT_EQ(style.legend[0].count, 2U);
  EXPECT_EQ(style.legend[1].title.en, "attic");
  EXPECT_EQ(style.legend[2].title.en, "market");
  EXPECT_EQ(style.legend[3].title.en, "no value");
  EXPECT_EQ(style.legend[3].count, 1U);
  EXPECT_EQ(style.colours[0], rank_colour(1));
  EXPECT_EQ(style.colours[2], style.colours[0]);
  EXPECT_EQ(style.colours[4], rank_colour(0));
}

TEST(StyleOf, RanksKeepTheirColourEverywhere) {
  StyleWish wish;
  wish.column = "district_rank";
  const LayerStyle style = style_of(five_points(), wish);
  EXPECT_EQ(style.colours[0], rank_colour(2));
  EXPECT_EQ(style.colours[1], rank_colour(1));
  ASSERT_EQ(style.legend.size(), 3U);
  EXPECT_EQ(style.legend[0].title.en, "1");
  EXPECT_EQ(style.legend[2].title.en, "13");
  // Rank 13 has the colour of rank 1 and a mark of its own.
  EXPECT_EQ(style.colours[2], style.colours[1]);
  EXPECT_NE(style.marks[2], style.marks[1]);
}

TEST(StyleOf, NumbersFallIntoClassesWithTheirUnit) {
  StyleWish wish;
  wish.column = "density";
  wish.classes = 2;
  const LayerStyle style = style_of(five_points(), wish);
  ASSERT_EQ(style.legend.size(), 3U);
  EXPECT_EQ(style.legend[0].title.en, "1 – 2 1/km2");
  EXPECT_EQ(style.legend[1].title.en, "2 – 11 1/km2");
  EXPECT_EQ(style.legend[1].count, 2U);
  EXPECT_EQ(style.colours[0], ramp_colour(Ramp::viridis, 0));
  EXPECT_EQ(style.colours[3], ramp_colour(Ramp::viridis, 1));
  EXPECT_EQ(style.colours[4], rank_colour(0));
}

TEST(StyleOf, DivergenceIsEvenAboutZero) {
  StyleWish wish;
  wish.column = "change";
  wish.classes = 4;
  const LayerStyle style = style_of(five_points(), wish);
  ASSERT_EQ(style.legend.size(), 4U);
  EXPECT_EQ(style.legend[0].title.en, "-4 – -2");
  EXPECT_EQ(style.legend[3].title.en, "2 – 4");
  EXPECT_NE(style.colours[1], style.colours[2]) << "-1 and 0.1 lie on different sides";
  EXPECT_EQ(style.colours[2], style.colours[3]);
}

TEST(StyleOf, RefusesWhatCannotColour) {
  Layer layer = five_points();
  Column lists("tags", ColumnType::text_list);
  for (int i = 0; i < 5; ++i) lists.push(StringList{"a"});
  layer.set(std::move(lists));
  StyleWish wish;
  wish.column = "tags";
  EXPECT_THROW(style_of(layer, wish), UsageError);
  wish.column = "kindd";
  EXPECT_THROW(style_of(layer, wish), UsageError);
  wish.column = "density";
  wish.bounds = {3, 1};
  EXPECT_THROW(style_of(layer, wish), UsageError);
  wish.bounds.clear();
  wish.classes = 0;
  EXPECT_THROW(style_of(layer, wish), UsageError);
  wish.column.clear();
  const LayerStyle plain = style_of(layer, wish);
  EXPECT_EQ(plain.colours.size(), 5U);
  EXPECT_TRUE(plain.legend.empty());
}

}  // namespace
}  // namespace yaan::style
