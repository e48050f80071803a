// Years, dates and centuries of either era.
#include <gmock/gmock.h>

#include <fstream>

#include "load/test_files.hpp"
#include "load/year_text.hpp"
#include "yaan/core/numbers.hpp"

namespace yaan::test {
namespace {

struct Reading {
  const char* text;
  int from;
  int to;
  Era era;
};

class YearTexts : public ::testing::TestWithParam<Reading> {};

TEST_P(YearTexts, AreRead) {
  const auto year = parse_year(GetParam().text);
  ASSERT_TRUE(year) << GetParam().text;
  EXPECT_EQ(year->from, GetParam().from) << GetParam().text;
  EXPECT_EQ(year->to, GetParam().to) << GetParam().text;
  EXPECT_EQ(year->era, GetParam().era) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    Load, YearTexts,
    ::testing::Values(
        Reading{"2400", 2400, 2400, Era::unknown}, Reading{"พ.ศ. 2400", 2400, 2400, Era::buddhist},
        Reading{"พ.ศ.๒๔๐๐", 2400, 2400, Era::buddhist}, Reading{"ปี พ.ศ. 2400", 2400, 2400, Era::buddhist},
        Reading{"2400 BE", 2400, 2400, Era::buddhist}, Reading{"ค.ศ. 1857", 1857, 1857, Era::common},
        Reading{"A.D. 850", 850, 850, Era::common}, Reading{"c. 1857", 1857, 1857, Era::unknown},
        Reading{"ราว พ.ศ. 1800-1900", 1800, 1900, Era::buddhist}, Reading{"1857–1862", 1857, 1862, Era::unknown},
        Reading{"31/12/2569", 2569, 2569, Era::unknown}, Reading{"2026-12-31", 2026, 2026, Era::unknown},
        Reading{"31 ธันวาคม 2569", 2569, 2569, Era::unknown}, Reading{"31 ธ.ค. พ.ศ. 2569", 2569, 2569, Era::buddhist},
        Reading{"ม.ค. 2569", 2569, 2569, Era::unknown}, Reading{"December 2026", 2026, 2026, Era::unknown},
        Reading{"พุทธศตวรรษที่ 19", 1801, 1900, Era::buddhist}, Reading{"พุทธศตวรรษที่ ๑๘-๑๙", 1701, 1900, Era::buddhist},
        Reading{"คริสต์ศตวรรษที่ 13", 1201, 1300, Era::common}, Reading{"13th century", 1201, 1300, Era::common},
        Reading{"13th-14th century", 1201, 1400, Era::common},
        Reading{"19th century B.E.", 1801, 1900, Era::buddhist}));

TEST(YearText, NoGuess) {
  for (const char* text : {"", "45", "8 ม.ค. 45", "32/1/2569", "13/13/2569", "24000", "ศตวรรษที่ 13", "สมัยสุโขทัย",
                           "2569 2570", "2570-2569", "0th century", "มีนา", "พ.ศ.", "850", "1/2/3"})
    EXPECT_FALSE(parse_year(text)) << text;
}

TEST(YearText, ErasOfHeaders) {
  EXPECT_EQ(era_of_header("ปีขึ้นทะเบียน (พ.ศ.)"), Era::buddhist);
  EXPECT_EQ(era_of_header("Year (B.E.)"), Era::buddhist);
  EXPECT_EQ(era_of_header("ปี ค.ศ."), Era::common);
  EXPECT_EQ(era_of_header("พ.ศ./ค.ศ."), Era::unknown);
  for (const char* header : {"year", "place", "bees", "ad_name", "ปี"})
    EXPECT_EQ(era_of_header(header), Era::unknown) << header;
}

class Years : public FileTest {
 protected:
  ReadResult table(const std::string& header, const std::vector<std::string>& values, ReadOptions options = {}) {
    std::string text = "lon,lat," + header + "\n";
    for (const std::string& value : values) text += "100,13," + value + "\n";
    options.crs = "EPSG:4326";
    return read(write("t.csv", text), options);
  }
};

TEST_F(Years, TheColumnOrEveryValueDecides) {
  const ReadResult header = table("ปี พ.ศ.", {"2400", "1900"});
  EXPECT_THAT(header.layer.column("year_ce").integers(), ::testing::ElementsAre(1857, 1357));
  EXPECT_EQ(header.layer.roles.year, "year_ce");
  EXPECT_EQ(header.diagnostics.count("buddhist-year"), 2);
  EXPECT_THAT(table("year", {"2569", "2400"}).layer.column("year_ce").integers(), ::testing::ElementsAre(2026, 1857));
  const ReadResult common = table("year", {"1980", "2020"});
  EXPECT_EQ(common.layer.find("year_ce"), nullptr) << "years of the common era stay where they are";
  EXPECT_EQ(common.layer.roles.year, "year");
  const ReadResult mixed = table("year", {"1980", "2523", "พ.ศ. 2500"});
  EXPECT_EQ(mixed.diagnostics.count("ambiguous-year"), 2);
  EXPECT_TRUE(mixed.layer.column("year_ce").is_null(0));
  EXPECT_EQ(mixed.layer.column("year_ce").integers()[2], 1957);
  EXPECT_EQ(mixed.layer.column("year").texts()[1], "2523") << "left as it came";
}

TEST_F(Years, SpansAreTwoColumns) {
  const ReadResult result = table("ปีที่สร้าง", {"พุทธศตวรรษที่ 19", "13th century", "พ.ศ. 2400", "นานมาแล้ว"});
  EXPECT_THAT(result.layer.column("year_ce").integers(), ::testing::ElementsAre(1258, 1201, 1857, 0));
  EXPECT_THAT(result.layer.column("year_ce_to").integers(), ::testing::ElementsAre(1357, 1300, 1857, 0));
  EXPECT_EQ(result.diagnostics.count("span-of-years"), 2);
  EXPECT_EQ(result.diagnostics.count("unreadable-year"), 1);
}

TEST_F(Years, DatesAsText) {
  const ReadResult buddhist = table("checked", {"31/12/2569", "1/2/2568"});
  EXPECT_EQ(buddhist.layer.column("checked").display(0), "2026-12-31");
  EXPECT_EQ(buddhist.layer.column("checked").display(1), "2025-02-01");
  EXPECT_EQ(table("checked", {"12/31/2026", "1/2/2025"}).layer.column("checked").display(1), "2025-01-02");
  EXPECT_EQ(table("checked", {"31 ธ.ค. 2569", "1 กุมภาพันธ์ 2568"}).layer.column("checked").display(1), "2025-02-01");
  const ReadResult unclear = table("checked", {"12/31/2026", "31/12/2026"});
  EXPECT_EQ(unclear.layer.column("checked").type(), ColumnType::text);
  EXPECT_EQ(unclear.diagnostics.count("ambiguous-date"), 1);
}

TEST(YearsOfTheDirtyList, AreThoseOfTheTruth) {
  const auto file = shared("data/dirty/heritage_dirty_bom_thaihdr.csv");
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "no reference data: " << file;
  ReadOptions options;
  options.table = true;
  options.crs = "EPSG:4326";
  const Layer layer = read(file, options).layer;
  std::ifstream in(shared("data/dirty/heritage_dirty_truth.csv"));
  std::vector<std::int64_t> truth;
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line))
    if (line.find(",missing,") == std::string::npos)
      truth.push_back(*parse_int(std::string_view(line).substr(line.rfind(',') + 1, 4)));
  EXPECT_THAT(layer.column("year_ce").integers(), ::testing::ElementsAreArray(truth));
}

class DateColumns : public FileTest {
 protected:
  ReadResult table(const std::string& days) {
    ReadOptions options;
    options.table = true;
    return read(write("t.csv", "id,day\n" + days), options);
  }
};

TEST_F(DateColumns, OneTextThatIsNoDateIsDoubted) {
  std::string days;
  for (int i = 0; i < 100; ++i) days += "a" + std::to_string(i) + ",15/3/2568\n";
  EXPECT_EQ(table(days).layer.column("day").type(), ColumnType::date);
  for (const char* odd : {"30/02/2568", "ไม่ทราบ"}) {
    const ReadResult result = table(days + "odd," + odd + "\n");
    EXPECT_EQ(result.layer.column("day").type(), ColumnType::text) << odd;
    EXPECT_EQ(result.diagnostics.count("unreadable-date"), 1) << odd;
  }
  EXPECT_EQ(table("a,ไม่ทราบ\nb,15/3/2568\nc,วัด\n").diagnostics.count("unreadable-date"), 0)
      << "a text with a date in it is no column of dates";
}

TEST_F(DateColumns, ALeapDayThatTheCommonEraLacksIsDoubted) {
  const ReadResult result = table("a,2560-02-28\nb,2560-02-29\n");  // 2017 had no such day
  EXPECT_EQ(result.layer.column("day").display(0), "2560-02-28");
  EXPECT_EQ(result.diagnostics.count("unreadable-date"), 1);
}

}  // namespace
}  // namespace yaan::test
