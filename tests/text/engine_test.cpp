#include "yaan/text/engine.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace yaan::text {
namespace {

std::vector<std::string> names_of(const Engine& engine, const char* text) {
  std::vector<std::string> names;
  for (const Glyph& glyph : engine.shape(text, 20).glyphs) names.push_back(engine.glyph_name(glyph.face, glyph.id));
  return names;
}

TEST(Shape, ThaiMarksTakeTheirContextualForms) {
  const Engine engine;
  EXPECT_THAT(names_of(engine, "ปู่"), testing::Contains("uni0E48.narrow"));
  EXPECT_THAT(names_of(engine, "ญู"), testing::Contains("uni0E0D.less"));
  EXPECT_THAT(names_of(engine, "ฏุ"), testing::Contains("uni0E0F.short"));
  const auto nam = names_of(engine, "น้ำ");
  EXPECT_THAT(nam, testing::Contains(testing::HasSubstr("uni0E4D")));
  EXPECT_THAT(nam, testing::Contains("uni0E32"));
}

TEST(Shape, MarksAddNoWidthAndNothingIsMissing) {
  const Engine engine;
  EXPECT_DOUBLE_EQ(engine.measure("ที่", 20), engine.measure("ท", 20));
  for (const char* text :
       {"ย่านสร้างสรรค์ของประเทศไทย", "Wat Phra That Hariphunchai (วัดพระธาตุ) 2,345 – 5 km²", "๑๒๓ · “x” … ฿ °"})
    for (const Glyph& glyph : engine.shape(text, 20).glyphs)
      EXPECT_NE(glyph.id, 0U) << text << " byte " << glyph.cluster;
}

TEST(Shape, ScalesWithItsSize) {
  const Engine engine;
  EXPECT_NEAR(engine.measure("Sukhothai สุโขทัย", 40), 2 * engine.measure("Sukhothai สุโขทัย", 20), 1e-9);
  EXPECT_GT(engine.measure("Nan", 20, Weight::bold), engine.measure("Nan", 20));
  const auto empty = engine.shape("", 10);
  EXPECT_EQ(empty.width, 0);
  EXPECT_GT(empty.ascent, empty.descent);
}

TEST(Shape, BrokenUtf8AndControlsAreHarmless) {
  const Engine engine;
  EXPECT_EQ(decode("a\xFF"
                   "b"),
            U"a\uFFFDb");
  EXPECT_EQ(decode("\xE0\xB8"), U"\uFFFD");
  EXPECT_EQ(decode("\xC0\xAF"), U"\uFFFD\uFFFD") << "an overlong slash is not a slash";
  EXPECT_EQ(engine.shape("a\nb\tc", 20).glyphs.size(), 3U);
  EXPECT_EQ(encode(decode("ย่าน €𝄞")), "ย่าน €𝄞");
}

TEST(Shape, ClustersAreByteOffsetsOfTheTextAsGiven) {
  const Engine engine;
  const auto clusters_of = [&](const char* text) {
    std::vector<std::uint32_t> offsets;
    for (const Glyph& glyph : engine.shape(text, 20).glyphs) offsets.push_back(glyph.cluster);
    return offsets;
  };
  EXPECT_THAT(clusters_of("aกb"), testing::ElementsAre(0U, 1U, 4U));
  EXPECT_THAT(clusters_of("\xFF"
                          "ab"),
              testing::ElementsAre(0U, 1U, 2U))
      << "a broken byte counts as the one byte it is";
  EXPECT_THAT(clusters_of("a\nb"), testing::ElementsAre(0U, 2U));
}

TEST(Shape, MixedTextTakesTheFontOfItsScript) {
  const Engine engine;
  std::vector<std::string> files;
  for (const Glyph& glyph : engine.shape("Nanน่าน", 20, Weight::bold).glyphs) {
    const std::string& path = engine.face_path(glyph.face);
    files.push_back(path.substr(path.find_last_of('/') + 1));
  }
  ASSERT_GE(files.size(), 6U);
  EXPECT_EQ(files.front(), "NotoSans-Bold.ttf");
  EXPECT_EQ(files[2], "NotoSans-Bold.ttf");
  EXPECT_EQ(files[3], "NotoSansThai-Bold.ttf");
  EXPECT_EQ(files.back(), "NotoSansThai-Bold.ttf");
  EXPECT_EQ(engine.shape("\u4E2D", 20).glyphs.at(0).id, 0U) << "a character of no font shows as the missing glyph";
}

TEST(Clusters, KeepMarksWithTheirBase) {
  EXPECT_EQ(clusters("ที่นี่"), (std::vector<std::string>{"ที่", "นี่"}));
  EXPECT_EQ(clusters("น้ำa"), (std::vector<std::string>{"น้ำ", "a"}));
  EXPECT_EQ(clusters("เก้า").size(), 3U);
}

TEST(Wrap, BreaksThaiBetweenWordsAndFits) {
  const Engine engine;
  const std::string text = "แหล่งมรดกวัฒนธรรมและย่านสร้างสรรค์ของจังหวัดสุโขทัย Sukhothai Historical Park";
  const auto lines = engine.wrap(text, 20, Weight::regular, 200);
  ASSERT_GT(lines.size(), 2U);
  for (const std::string& line : lines) {
    EXPECT_LE(engine.measure(line, 20), 200) << line;
    const char32_t first = decode(line).front();
    EXPECT_FALSE(first == 0x0E31 || (first >= 0x0E33 && first <= 0x0E3A) || first >= 0x0E47)
        << "a line begins with a mark";
  }
  const auto without_spaces = [](std::string s) {
    std::erase(s, ' ');
    return s;
  };
  EXPECT_EQ(without_spaces(std::accumulate(lines.begin(), lines.end(), std::string())), without_spaces(text));
  EXPECT_THAT(engine.wrap("ภาษาไทย", 20, Weight::regular, engine.measure("ภาษา", 20) + 1),
              testing::ElementsAre("ภาษา", "ไทย"));
}

TEST(Wrap, KeepsLineBreaksAndLongWords) {
  const Engine engine;
  EXPECT_EQ(engine.wrap("a\nb", 20, Weight::regular, 100), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(engine.wrap("Hariphunchai", 20, Weight::regular, 10), (std::vector<std::string>{"Hariphunchai"}));
  EXPECT_EQ(engine.wrap("", 20, Weight::regular, 10), (std::vector<std::string>{""}));
}

TEST(Wrap, NeverBeginsALineWithAMark) {
  const Engine engine;
  for (const char* text : {"ก-ิข", "a/\u0301b", "ก ่ข"})
    for (const std::string& line : engine.wrap(text, 20, Weight::regular, 1)) {
      const char32_t first = decode(line).front();
      EXPECT_TRUE(first != 0x0E34 && first != 0x0301 && first != 0x0E48) << text;
    }
}

TEST(Fitted, EndsInAnEllipsisOnAClusterBoundary) {
  const Engine engine;
  const std::string text = "พิพิธภัณฑสถานแห่งชาติ";
  const std::string fit = engine.fitted(text, 20, Weight::regular, 80);
  EXPECT_LE(engine.measure(fit, 20), 80);
  EXPECT_TRUE(fit.ends_with("…"));
  const auto all = clusters(text);
  const auto kept = clusters(fit.substr(0, fit.size() - 3));
  EXPECT_TRUE(std::equal(kept.begin(), kept.end(), all.begin()));
  EXPECT_EQ(engine.fitted("Nan", 20, Weight::regular, 80), "Nan");
}

TEST(Rasterise, HasInkWhereTheGlyphIs) {
  const Engine engine;
  const Glyph glyph = engine.shape("ก", 32).glyphs.at(0);
  const Bitmap bitmap = engine.rasterise(glyph.face, glyph.id, 32);
  EXPECT_GT(bitmap.width, 8);
  EXPECT_GT(bitmap.top, 8);
  EXPECT_GT(*std::max_element(bitmap.coverage.begin(), bitmap.coverage.end()), 200);
}

}  // namespace
}  // namespace yaan::text
