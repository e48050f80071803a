#include "yaan/style/layer_style.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "style/number_classes.hpp"
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
  EXPECT_EQ(style.legend[3].title.en, "no data");
  EXPECT_EQ(style.legend[3].count, 1U);
  EXPECT_EQ(style.colours[0], rank_colour(1));
  EXPECT_EQ(style.colours[2], style.colours[0]);
  EXPECT_EQ(style.colours[4], tone_colour(Tone::undefined));
  EXPECT_TRUE(style.hatched(4));
  EXPECT_FALSE(style.hatched(0));
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
  EXPECT_EQ(style.legend[0].title.en, "1 – 2");
  EXPECT_EQ(style.legend[1].title.en, "2 – 11");
  EXPECT_EQ(style.legend[1].count, 2U);
  EXPECT_EQ(style.legend[2].title, (Localized{"no data", "ไม่มีข้อมูล"}));
  EXPECT_EQ(style.legend[2].count, 1U);
  EXPECT_TRUE(style.legend[2].hatched);
  EXPECT_EQ(style.colours[4], tone_colour(Tone::undefined));
  EXPECT_EQ(style.title.en, "density");
  ASSERT_EQ(style.notes.size(), 1U);
  EXPECT_EQ(style.notes[0],
            (Localized{"per km² · natural breaks (Fisher-Jenks)", "ต่อ ตร.กม. · ช่วงธรรมชาติ (Fisher-Jenks)"}));
  wish.ramp = Ramp::viridis;
  const LayerStyle other = style_of(five_points(), wish);
  EXPECT_EQ(other.colours[0], ramp_colour(Ramp::viridis, 0));
  EXPECT_EQ(other.colours[3], ramp_colour(Ramp::viridis, 1));
  EXPECT_NE(style.colours[0], other.colours[0]);
}

TEST(StyleOf, DivergenceIsEvenAboutZero) {
  StyleWish wish;
  wish.column = "change";
  wish.classes = 4;
  const LayerStyle style = style_of(five_points(), wish);
  ASSERT_EQ(style.legend.size(), 4U);
  EXPECT_EQ(style.legend[0].title, (Localized{"-4 to -2", "-4 ถึง -2"}));
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
  for (const std::size_t classes : {std::size_t{0}, kMostClasses + 1}) {
    wish.classes = classes;
    EXPECT_THROW(style_of(layer, wish), UsageError);
  }
  wish.column.clear();
  const LayerStyle plain = style_of(layer, wish);
  EXPECT_EQ(plain.colours.size(), 5U);
  EXPECT_TRUE(plain.legend.empty());
}

Layer with_column(Column column) {
  Layer layer;
  layer.name = "areas";
  layer.geometry = Geometry::empty(GeometryKind::none);
  layer.geometry.rows = column.size();
  layer.columns.push_back(std::move(column));
  return layer;
}

LayerStyle styled(Column column, ColourBy colour_by, StyleWish wish = {}) {
  wish.column = column.name;
  column.colour_by = colour_by;
  return style_of(with_column(std::move(column)), wish);
}

std::vector<std::string> words(const LayerStyle& style) {
  std::vector<std::string> titles;
  for (const LegendEntry& entry : style.legend) titles.push_back(entry.title.en);
  return titles;
}

std::vector<std::size_t> counts(const LayerStyle& style) {
  std::vector<std::size_t> all;
  for (const LegendEntry& entry : style.legend) all.push_back(entry.count);
  return all;
}

using testing::ElementsAre;

// LISA marks as local-moran writes them.
Column lisa(const std::vector<const char*>& marks) {
  Column column("local_moran_cluster", ColumnType::text);
  for (const char* mark : marks) {
    if (mark == nullptr)
      column.push_null();
    else
      column.push(mark);
  }
  column.title = {"LISA clusters", "กลุ่ม LISA"};
  column.remark = {"p at most 0.05", "p ไม่เกิน 0.05"};
  column.classes = {
      {"High-High", {"HH", "สส"}, Tone::high},           {"Low-Low", {"LL", "ตต"}, Tone::low},
      {"Low-High", {"LH", "ตส"}, Tone::low_among_high},  {"High-Low", {"HL", "สต"}, Tone::high_among_low},
      {"not significant", {"n. s.", "ไม่"}, Tone::quiet}, {"", {"no neighbours", "ไม่มีเพื่อนบ้าน"}, Tone::undefined}};
  return column;
}

TEST(StyleOf, WordsWithAMeaningHaveItsColourAndAreAllInTheLegend) {
  const LayerStyle style =
      styled(lisa({"Low-Low", "not significant", nullptr, "High-High", "not significant"}), ColourBy::category);
  EXPECT_THAT(words(style), ElementsAre("HH", "LL", "LH", "HL", "n. s.", "no neighbours"));
  EXPECT_THAT(counts(style), ElementsAre(1U, 1U, 0U, 0U, 2U, 1U));
  EXPECT_EQ(style.colours[0], tone_colour(Tone::low));
  EXPECT_EQ(style.colours[3], tone_colour(Tone::high));
  EXPECT_EQ(style.colours[1], tone_colour(Tone::quiet));
  EXPECT_TRUE(style.hatched(2));
  EXPECT_EQ(style.title.th, "กลุ่ม LISA");
  ASSERT_EQ(style.notes.size(), 1U) << "the remark of the run, and no breaks";
  EXPECT_EQ(style.notes[0].th, "p ไม่เกิน 0.05");
  // Below: no value, then what says little; on top the first of the legend.
  EXPECT_THAT(drawing_order(style), ElementsAre(2U, 1U, 4U, 0U, 3U));
}

TEST(StyleOf, ACategoryWithoutNullsHasNoEntryForThem) {
  EXPECT_THAT(words(styled(lisa({"Low-Low"}), ColourBy::category)), ElementsAre("HH", "LL", "LH", "HL", "n. s."));
}

TEST(StyleOf, ZeroIsAClassOfItsOwnInASequence) {
  const LayerStyle style = styled(Column::of("n", std::vector<std::int64_t>{0, 0, 0, 1, 2, 3, 8, 9, 20, 21}),
                                  ColourBy::sequence, {"", {}, 4, {}, {}, {}});
  EXPECT_THAT(words(style), ElementsAre("0", "1 – 3", "4 – 10", "11 – 21"));
  EXPECT_THAT(counts(style), ElementsAre(3U, 3U, 2U, 2U));
  EXPECT_EQ(style.colours[0], nothing_there());
  const LayerStyle real = styled(Column::of("r", std::vector<double>{0, 0, 0.1, 0.2, 0.7, 0.8}), ColourBy::sequence,
                                 {"", {}, 3, {}, {}, {}});
  EXPECT_EQ(real.legend[1].title, (Localized{"above 0 – 0.2", "มากกว่า 0 – 0.2"}));
  EXPECT_THAT(counts(real), ElementsAre(2U, 2U, 2U));
}

TEST(StyleOf, FewValuesAreTheirOwnClasses) {
  EXPECT_THAT(words(styled(Column::of("n", std::vector<std::int64_t>{5, 2, 2, 9}), ColourBy::sequence)),
              ElementsAre("2", "5", "9"));
}

TEST(StyleOf, RatiosStandAboutOneInFixedSteps) {
  const LayerStyle style = styled(Column::of("lq", std::vector<double>{0.1, 0.9, 1, 1.1, 1.3, 7}), ColourBy::ratio);
  EXPECT_THAT(words(style),
              ElementsAre("0 – 0.25", "0.25 – 0.5", "0.5 – 0.8", "0.8 – 1.25", "1.25 – 2", "2 – 4", "4 – 7"));
  EXPECT_THAT(counts(style), ElementsAre(1U, 0U, 0U, 3U, 1U, 0U, 1U));
  EXPECT_EQ(style.colours[2], ramp_colour(Ramp::blue_red, 0.5));
  EXPECT_GT(style.colours[5].r, style.colours[5].b) << "more is red";
  EXPECT_LT(style.colours[0].r, style.colours[0].b) << "less is blue";
  EXPECT_EQ(style.notes[0].en, "fixed steps about 1");
  // A map of other values gives a step the same colour, and leaves out the ends that nobody is in.
  const LayerStyle near = styled(Column::of("lq", std::vector<double>{0.6, 1, 1.3}), ColourBy::ratio);
  EXPECT_THAT(words(near), ElementsAre("0.5 – 0.8", "0.8 – 1.25", "1.25 – 2"));
  EXPECT_EQ(near.colours[2], style.colours[4]);
}

TEST(StyleOf, SmallPValuesAreStrongAndLargeOnesGrey) {
  const LayerStyle style =
      styled(Column::of("p", std::vector<double>{0.0005, 0.02, 0.05, 0.07, 0.3, 1}), ColourBy::probability);
  EXPECT_THAT(words(style), ElementsAre("up to 0.001", "up to 0.01", "up to 0.05", "up to 0.1", "above 0.1"));
  EXPECT_THAT(counts(style), ElementsAre(1U, 0U, 2U, 1U, 2U));
  EXPECT_EQ(style.colours[5], tone_colour(Tone::quiet));
  EXPECT_LT(contrast(style.colours[0], {0, 0, 0}), contrast(style.colours[3], {0, 0, 0})) << "darker";
}

TEST(StyleOf, AnOddNumberOfClassesHasASmallMiddleOne) {
  const LayerStyle style =
      styled(Column::of("z", std::vector<double>{-5, -2, -0.1, 0.1, 0.3, 2, 5.5}), ColourBy::divergence);
  EXPECT_THAT(words(style), ElementsAre("-5.5 to -2", "-2 to -0.2", "-0.2 to 0.2", "0.2 – 2", "2 – 5.5"));
  EXPECT_THAT(counts(style), ElementsAre(2U, 0U, 2U, 2U, 1U));
  EXPECT_EQ(style.colours[3], ramp_colour(Ramp::blue_red, 0.5));
  // Values on one side alone keep the colours of that side.
  const LayerStyle above = styled(Column::of("z", std::vector<double>{1, 2, 5, 6, 9}), ColourBy::divergence);
  for (const LegendEntry& entry : above.legend) EXPECT_GE(entry.colour.r, entry.colour.b) << entry.title.en;
}

// Counts that gained much in one place: what was lost elsewhere is seen, and only 0 is white.
TEST(StyleOf, SmallLossesBesideLargeGainsAreSeen) {
  const LayerStyle style =
      styled(Column::of("n", std::vector<std::int64_t>{-4, -1, 0, 0, 1, 2, 3, 4, 5, 40, 60}), ColourBy::divergence);
  EXPECT_THAT(words(style), ElementsAre("-10 to -1", "0", "1 – 10", "11 – 60"));
  EXPECT_THAT(counts(style), ElementsAre(2U, 2U, 5U, 2U));
  EXPECT_LT(style.colours[1].r, style.colours[1].b) << "a loss of one is blue";
  EXPECT_EQ(style.colours[2], ramp_colour(Ramp::blue_red, 0.5));
  EXPECT_GT(style.colours[4].r, style.colours[4].b) << "a gain of one is red";
  EXPECT_THAT(words(styled(Column::of("n", std::vector<std::int64_t>{-1, 0, 1}), ColourBy::divergence)),
              ElementsAre("-1", "0", "1"));
}

TEST(StyleOf, ScoresHaveTheUsualLevels) {
  std::vector<double> residuals(20, 0.3);
  residuals.insert(residuals.end(), {-5.9, -2, 1.7, 40});
  const LayerStyle style = styled(Column::of("z", residuals), ColourBy::score);
  EXPECT_THAT(words(style), ElementsAre("below -2.58", "-2.58 to -1.96", "-1.96 to -1.65", "-1.65 to 1.65",
                                        "1.65 – 1.96", "1.96 – 2.58", "above 2.58"));
  EXPECT_THAT(counts(style), ElementsAre(1U, 1U, 0U, 20U, 1U, 0U, 1U));
  EXPECT_EQ(style.colours[0], ramp_colour(Ramp::blue_red, 0.5));
  EXPECT_EQ(style.notes[0].en, "levels of 10, 5 and 1 %");
  const LayerStyle weak = styled(Column::of("z", std::vector<double>{0.1, 1.8}), ColourBy::score);
  EXPECT_THAT(words(weak), ElementsAre("-1.65 to 1.65", "1.65 – 1.96"));
  EXPECT_EQ(weak.colours[1], style.colours[22]) << "a step has one colour on all maps";
}

TEST(StyleOf, NullSaysWhatItMeans) {
  Column column = Column::of("risk", std::vector<double>{std::nan(""), 2});
  column.null_title = {"outside every cluster", "อยู่นอกทุกคลัสเตอร์"};
  EXPECT_THAT(words(styled(column.select({0, 1}), ColourBy::ratio)), ElementsAre("1.25 – 2", "outside every cluster"));
  Column cluster("cluster", ColumnType::integer);
  cluster.push_null();
  cluster.null_title = {"in no cluster", "ไม่อยู่ในกลุ่มใด"};
  EXPECT_THAT(words(styled(cluster, ColourBy::category)), ElementsAre("in no cluster"));
}

TEST(StyleOf, EveryFeatureIsInTheClassThatTheLegendSays) {
  std::vector<double> values;
  for (int i = 0; i < 200; ++i) values.push_back(std::sin(i * 1.7) * std::exp(i % 13));
  for (const ColourBy colour_by : {ColourBy::sequence, ColourBy::divergence, ColourBy::ratio})
    for (const Classing how : {Classing::equal_interval, Classing::quantile, Classing::fisher_jenks}) {
      std::vector<double> used = values;
      if (colour_by == ColourBy::ratio)
        for (double& value : used) value = std::abs(value);
      const LayerStyle style = styled(Column::of("v", used), colour_by, {"", how, 6, {}, {}, {}});
      std::size_t total = 0;
      for (const LegendEntry& entry : style.legend) {
        EXPECT_NE(entry.title.en, "outside the bounds") << entry.count;
        EXPECT_NE(entry.title.en, "no data");
        total += entry.count;
      }
      EXPECT_EQ(total, used.size());
    }
}

TEST(StyleOf, BoundsByHandLeaveOthersOutside) {
  StyleWish wish;
  wish.bounds = {0, 10, 20};
  const LayerStyle style =
      styled(Column::of("v", std::vector<double>{-1, 5, 15, 25, std::nan("")}), ColourBy::sequence, wish);
  EXPECT_THAT(words(style), ElementsAre("0 – 10", "10 – 20", "outside the bounds", "no data"));
  EXPECT_THAT(counts(style), ElementsAre(1U, 1U, 2U, 1U));
}

TEST(StyleOf, FeaturesThatAreNotShownCountNowhere) {
  Column column = Column::of("v", std::vector<double>{1, 2, 3, 1000});
  column.colour_by = ColourBy::sequence;
  StyleWish wish;
  wish.column = "v";
  const std::vector<std::uint8_t> shown = {1, 1, 1, 0};
  const LayerStyle style = style_of(with_column(std::move(column)), wish, shown);
  EXPECT_EQ(style.colours.size(), 4U);
  EXPECT_THAT(words(style), ElementsAre("1", "2", "3", "no data")) << "1000 would tell the hidden one";
  EXPECT_THAT(counts(style), ElementsAre(1U, 1U, 1U, 0U));
}

TEST(StyleOf, NothingToClassIsAllNoData) {
  const LayerStyle style = styled(Column::of("v", std::vector<double>{std::nan(""), std::nan("")}), ColourBy::ratio);
  EXPECT_THAT(words(style), ElementsAre("no data"));
  EXPECT_TRUE(style.notes.empty());
  EXPECT_TRUE(styled(Column::of("v", std::vector<double>{}), ColourBy::sequence).legend.empty());
}

TEST(RoundBetween, TakesTheFewestDigits) {
  EXPECT_EQ(round_between(2, 10), 2);
  EXPECT_EQ(round_between(9, 14), 10);
  EXPECT_EQ(round_between(0.0123, 0.0199), 0.013);
  EXPECT_EQ(round_between(-3.7, -2.2), -3);
  EXPECT_EQ(round_between(-0.5, 0.5), 0);
  EXPECT_EQ(round_between(1234567, 1234570), 1234567);
  EXPECT_EQ(round_between(5, 5), 5) << "nothing lies between";
  const double next = std::nextafter(0.1, 1);
  EXPECT_EQ(round_between(0.1, next), 0.1);
  for (int i = 1; i < 2000; ++i) {  // always in between, whatever the digits
    const double low = std::sin(i) * std::pow(10, i % 40 - 20);
    const double high = low + std::abs(low) * std::pow(10, -(i % 16));
    if (!(high > low)) continue;
    const double round = round_between(low, high);
    EXPECT_GE(round, low);
    EXPECT_LT(round, high);
  }
}

}  // namespace
}  // namespace yaan::style
