#include "yaan/core/names.hpp"

#include <gtest/gtest.h>

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
  EXPECT_EQ(tidy_text(""), "");
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
