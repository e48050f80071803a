#include "yaan/core/names.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace yaan {
namespace {

TEST(TidyText, WritesTheSameCharactersInOneWay) {
  EXPECT_EQ(tidy_text("พ.ศ. ๒๕๖๙"), "พ.ศ. 2569");
  EXPECT_EQ(tidy_text("น\u0E4Dา"), "นำ") << "ำ in two parts";
  EXPECT_EQ(tidy_text("น\u0E4D\u0E49า"), "น้ำ") << "with the tone mark between them";
  EXPECT_EQ(tidy_text("ท\u0E48\u0E35"), "ที่") << "a tone mark before its vowel";
  EXPECT_EQ(tidy_text("ที่\u0E48"), "ที่") << "the same mark twice";
  EXPECT_EQ(tidy_text("เเม่"), "แม่");
  EXPECT_EQ(tidy_text(" วัด\u00A0โพธิ์\u200B  A B "), "วัด โพธิ์ a b");
  EXPECT_EQ(tidy_text("นำ\u0E49"), "น้ำ") << "the tone mark behind ำ";
  EXPECT_EQ(tidy_text("น\u0E49า\u0E4D"), "น้ำ") << "nikhahit behind า";
  EXPECT_EQ(tidy_text("นา\u0E4D"), "นำ");
  EXPECT_EQ(tidy_text("ฤาษี"), "ฤๅษี");
  EXPECT_EQ(tidy_text("Cafe\u0301"), tidy_text("CAFÉ"));
  EXPECT_EQ(tidy_text("Đà Nẵng"), "da nang");
  EXPECT_EQ(tidy_text("ＷＡＴ１"), "wat1") << "of full width";
  EXPECT_EQ(tidy_text("\uFEFFวัด\u2060\u202Aโพธิ์\u00AD"), "วัดโพธิ์");
  EXPECT_EQ(tidy_text("a\u3000\u2009\u202Fb"), "a b");
  EXPECT_EQ(tidy_text(""), "");
}

TEST(KeyText, KeepsLettersAsTheyAre) {
  EXPECT_EQ(key_text("วัด\u200B"), "วัด");
  EXPECT_EQ(key_text("หมู่\u00A0๑๒"), "หมู่ 12");
  EXPECT_EQ(key_text("น\u0E4D\u0E49า"), "น้ำ");
  EXPECT_EQ(key_text(" Café  Design "), "Café Design");
  EXPECT_NE(key_text("temple"), key_text("Temple"));
}

TEST(TidyText, IsItsOwnKey) {
  // Every string of up to four of these comes to rest at once.
  const std::vector<std::string> pieces = {"น", "\u0E4D", "\u0E49", "\u0E48", "\u0E35", "า", "ำ",
                                           "เ", "ฤ",      " ",      "\u200B", "๑",      "É"};
  std::vector<std::string> texts = {""};
  for (std::size_t begin = 0, length = 0; length < 4; ++length) {
    const std::size_t end = texts.size();
    for (; begin < end; ++begin)
      for (const std::string& piece : pieces) texts.push_back(texts[begin] + piece);
  }
  ASSERT_GT(texts.size(), 28'000U);
  for (const std::string& text : texts) {
    ASSERT_EQ(tidy_text(tidy_text(text)), tidy_text(text)) << text;
    ASSERT_EQ(key_text(key_text(text)), key_text(text)) << text;
  }
}

TEST(NameKey, TitlesSpellingAndSpacesDoNotCount) {
  const auto area = [](const char* name) { return name_key(name, NameKind::area); };
  const auto site = [](const char* name) { return name_key(name, NameKind::site); };
  EXPECT_EQ(area("จังหวัดเชียงใหม่"), area("เชียงใหม่"));
  EXPECT_EQ(area("จ.เชียงใหม่"), area("จ. เชียงใหม่"));
  EXPECT_EQ(area("Changwat Lop Buri"), area("Lopburi"));
  EXPECT_EQ(area("Chon Buri Province"), area("Chonburi"));
  EXPECT_EQ(area("Buri Ram"), area("Buriram"));
  EXPECT_EQ(area("Nakorn Pathom"), area("Nakhon Pathom"));
  EXPECT_EQ(area("Amphoe Mueang Nan"), area("Muang Nan"));
  EXPECT_EQ(site("Wat Phra That"), site("Wat Prathat"));
  EXPECT_EQ(site("วัดพระธาตุช้างค้ำ"), site("พระธาตุช้างค้ำ"));
  EXPECT_EQ(site("Wat Si Chum (Sukhothai)"), site("Sri Chum Temple"));
  // Different places stay different.
  EXPECT_NE(area("เชียงใหม่"), area("เชียงราย"));
  EXPECT_NE(area("Nakhon Pathom"), area("Nakhon Phanom"));
  EXPECT_NE(area("เขตพระนคร"), area("พระนครศรีอยุธยา"));
  EXPECT_NE(site("วัดมหาธาตุ"), site("วัดศรีชุม"));
  EXPECT_EQ(area("Khetkaew"), name_key("khetkaew", NameKind::area)) << "a title is a whole word";
  EXPECT_FALSE(site("วัด").empty()) << "a name that is nothing but its title";
  EXPECT_EQ(site("---"), "");
}

TEST(NameSimilarity, CountsCharacters) {
  EXPECT_EQ(name_similarity("", ""), 1);
  EXPECT_EQ(name_similarity("abc", "abc"), 1);
  EXPECT_EQ(name_similarity("abc", ""), 0);
  EXPECT_DOUBLE_EQ(name_similarity("abcd", "abdc"), 0.75) << "two neighbours exchanged are one mistake";
  EXPECT_DOUBLE_EQ(name_similarity("วัด", "วัก"), 1 - 1.0 / 3) << "characters, not bytes";
  EXPECT_DOUBLE_EQ(name_similarity("chiangmai", "chiangrai"), 1 - 1.0 / 9);
}

}  // namespace
}  // namespace yaan
