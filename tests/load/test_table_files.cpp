// Tables as offices export them: large ones in blocks, and heads that are not the first row.
#include <gmock/gmock.h>
#include <xlsxwriter.h>

#include <random>

#include "load/csv_columns.hpp"
#include "load/table_head.hpp"
#include "load/test_files.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan::test {
namespace {

RawLayer columns_of(std::string_view body, char separator, std::size_t columns) {
  RawLayer raw;
  raw.where = raw.shown = "table.csv";
  std::vector<std::string> names;
  for (std::size_t c = 0; c < columns; ++c) names.push_back("c" + std::to_string(c));
  Progress progress;
  read_csv_columns({body, separator}, names, raw, {}, progress);
  return raw;
}

// The cells of RFC 4180 by its grammar, one character after another; blank lines are no rows.
TextRows plain_rows(std::string_view text, char separator) {
  TextRows rows;
  std::size_t at = 0;
  while (at < text.size()) {
    std::vector<std::string> row;
    for (bool more = true; more;) {
      std::string cell;
      bool quoted = at < text.size() && text[at] == '"';
      if (quoted) ++at;
      while (at < text.size()) {
        const char c = text[at];
        if (quoted && c == '"') {
          if (at + 1 < text.size() && text[at + 1] == '"') {
            cell += '"';
            at += 2;
            continue;
          }
          quoted = false;
          ++at;
          continue;
        }
        if (!quoted && (c == separator || c == '\n' || c == '\r')) break;
        cell += c;
        ++at;
      }
      row.push_back(cell);
      more = at < text.size() && text[at] == separator;
      if (at < text.size()) at += text.substr(at, 2) == "\r\n" ? 2U : 1U;
    }
    if (row.size() > 1 || !row.front().empty()) rows.push_back(row);
  }
  return rows;
}

std::string quoted(const std::string& text) {
  std::string cell = "\"";
  for (const char c : text) cell += c == '"' ? std::string("\"\"") : std::string(1, c);
  return cell + '"';
}

// Several blocks of four megabytes, with everything that makes the border between rows hard to see.
TEST(CsvBlocks, LargeTextsGiveTheCellsOfTheGrammar) {
  std::mt19937 random(20261124);
  const std::vector<std::string> hard = {"plain", "วัด", "two\nlines", "a,b", "say \"so\"", "\r\n", ",\n\"", "", "'"};
  for (const bool middle_quotes : {false, true}) {
    std::string text;
    while (text.size() < (std::size_t{13} << 20)) {
      text += std::to_string(random() % 1'000'000) + "," + std::to_string(random() % 100'000) + "." +
              std::to_string(random() % 1'000'000) + ",";
      const std::string& word = hard[random() % hard.size()];
      text += random() % 4 == 0 || word.find_first_of(",\n\"\r") != std::string::npos ? quoted(word) : word;
      // A quote within a cell is a character, and shifts every count of quotes behind it.
      if (middle_quotes && random() % 20'000 == 0) text += " 12\" wide";
      text += "," + std::string(random() % 90, 'x') + (random() % 3 == 0 ? "\r\n" : "\n");
      if (random() % 500 == 0) text += "\n";
    }
    const TextRows expected = plain_rows(text, ',');
    const RawLayer raw = columns_of(text, ',', 4);
    ASSERT_EQ(raw.rows, expected.size());
    EXPECT_EQ(raw.columns[0].type(), ColumnType::integer);
    EXPECT_EQ(raw.columns[1].type(), ColumnType::real);
    std::size_t different = 0;
    for (std::size_t row = 0; row < raw.rows; ++row) {
      different += raw.columns[0].integers()[row] != std::stoll(expected[row][0]) ? 1U : 0U;
      different += raw.columns[1].reals()[row] != std::stod(expected[row][1]) ? 1U : 0U;
      for (const std::size_t c : {2U, 3U}) different += raw.columns[c].texts()[row] != expected[row][c] ? 1U : 0U;
    }
    EXPECT_EQ(different, 0U);
    set_thread_count(1);
    const RawLayer alone = columns_of(text, ',', 4);
    set_thread_count(0);
    for (std::size_t c = 0; c < 4; ++c) {
      EXPECT_EQ(alone.columns[c].validity(), raw.columns[c].validity());
      EXPECT_EQ(alone.columns[2].texts().bytes(), raw.columns[2].texts().bytes());
    }
  }
}

// What no sample foretells: the type of a column changes far below.
TEST(CsvBlocks, TypesAreThoseOfAllRows) {
  std::string text;
  std::size_t rows = 0;
  for (; text.size() < (std::size_t{9} << 20); ++rows)
    text += std::to_string(rows) + "," + std::to_string(rows) + ",,2020-01-01," + (rows == 5 ? "NA" : "1") + ",\n";
  text += "7,1.5,late,never,2,\n8,9\n1,2,3,4,5,6,7\n";
  const RawLayer raw = columns_of(text, ',', 6);
  ASSERT_EQ(raw.rows, rows + 3);
  EXPECT_EQ(raw.columns[0].type(), ColumnType::integer);
  EXPECT_EQ(raw.columns[1].type(), ColumnType::real);
  EXPECT_EQ(raw.columns[2].type(), ColumnType::text);
  EXPECT_EQ(raw.columns[2].texts()[rows], "late");
  EXPECT_EQ(raw.columns[3].type(), ColumnType::text);
  EXPECT_EQ(raw.columns[3].texts()[3], "2020-01-01");
  EXPECT_EQ(raw.columns[4].type(), ColumnType::integer);
  EXPECT_TRUE(raw.columns[4].is_null(5));
  EXPECT_EQ(raw.columns[5].type(), ColumnType::integer);
  EXPECT_EQ(raw.columns[5].null_count(), raw.rows - 1);
  EXPECT_EQ(raw.diagnostics.count("null-word"), 1);
  EXPECT_EQ(raw.diagnostics.count("short-row"), 1);
  EXPECT_EQ(raw.diagnostics.count("long-row"), 1);
  for (const Diagnostic& entry : raw.diagnostics.entries())
    if (entry.code == "short-row") {
      EXPECT_THAT(entry.features, ::testing::ElementsAre("#" + std::to_string(rows + 2)));
    }
}

TEST(CsvBlocks, QuoteThatNothingCloses) {
  EXPECT_THROW(columns_of("1,2\n3,\"4\n5,6\n", ',', 2), InputError);
  const std::string long_text = "1,\"" + std::string(std::size_t{9} << 20, 'x') + "\n2,3\n";
  EXPECT_THROW(columns_of(long_text, ',', 2), InputError);
}

TEST(TableHead, FirstRowUnlessItIsATitle) {
  const auto row_of = [](const TextRows& rows) { return find_table_head(rows, 0, "table").row; };
  EXPECT_EQ(row_of({{"name", "lon", "lat"}, {"a", "1", "2"}}), 0U);
  EXPECT_EQ(row_of({{"1", "2", "3"}, {"a", "1", "2"}}), 0U);
  EXPECT_EQ(row_of({{"name"}, {"a"}, {"b"}}), 0U);
  EXPECT_EQ(row_of({{"name", "x"}, {"a", "1", "2", "3", "4", "5"}}), 0U);  // long rows, not a title
  EXPECT_EQ(row_of({{"รายชื่อแหล่งท่องเที่ยว", "", ""}, {"", "", ""}, {"ชื่อ", "ละติจูด", "ลองจิจูด"}, {"วัด", "13.7", "100.5"}}),
            2U);
  EXPECT_EQ(row_of({{"title", "", ""}, {"ชื่อ", "13.7", "100.5"}, {"วัด", "13.7", "100.5"}}), 0U);  // no names below
  EXPECT_EQ(row_of({}), 0U);
}

TEST(TableHead, MergedCellsAndUnits) {
  const TextRows rows = {{"รายชื่อ", "", "", "", "", "", ""},
                         {"ชื่อ", "พิกัด", "", "จำนวน", "", "ปี", "พื้นที่"},
                         {"", "ละติจูด", "ลองจิจูด", "คน", "ห้อง", "", ""},
                         {"", "(องศา)", "(องศา)", "", "", "พ.ศ.", "ตร.ม."},
                         {"วัด", "13.7", "100.5", "3", "4", "2560", "12"}};
  const TableHead head = find_table_head(rows, 0, "table");
  EXPECT_EQ(head.row, 1U);
  EXPECT_EQ(head.data_row, 4U);
  EXPECT_THAT(head.names, ::testing::ElementsAre("ชื่อ", "ละติจูด", "ลองจิจูด", "คน", "ห้อง", "ปี พ.ศ.", "พื้นที่"));
  EXPECT_THAT(head.units, ::testing::ElementsAre("", "องศา", "องศา", "", "", "", "ตร.ม."));
  const TextRows twice = {
      {"name", "2566", "", "2567", ""}, {"", "men", "women", "men", "women"}, {"a", "1", "2", "3", "4"}};
  EXPECT_THAT(find_table_head(twice, 1, "table").names,
              ::testing::ElementsAre("name", "2566 men", "2566 women", "2567 men", "2567 women"));
}

// Rows of a plain table that could be taken for more of its head.
TEST(TableHead, DataStaysData) {
  const auto data_row = [](const TextRows& rows) { return find_table_head(rows, 0, "table").data_row; };
  EXPECT_EQ(data_row({{"name", "kind", ""}, {"วัด", "", "note"}, {"wat", "temple", ""}}), 1U);
  EXPECT_EQ(data_row({{"", "name", "x"}, {"1", "a", "2"}, {"2", "b", "3"}}), 1U);
  EXPECT_EQ(data_row({{"name", "note"}, {"ปี", "x"}, {"a", "1"}}), 1U);
  EXPECT_EQ(data_row({{"a", "b"}, {"", ""}, {"1", "2"}}), 1U);
}

TEST(TableHead, AskedRow) {
  EXPECT_EQ(find_table_head({{"a", "b"}, {"name", "x"}, {"1", "2"}}, 2, "table").names.front(), "name");
  EXPECT_THROW(find_table_head({{"a", "b"}}, 2, "table"), UsageError);
}

class CsvFiles : public FileTest {};

TEST_F(CsvFiles, HeadBelowATitle) {
  const std::string text =
      "ทะเบียนแหล่งมรดก ประจำปี 2567\n\n\"ชื่อ\",ละติจูด,ลองจิจูด,ระยะ\n,(องศา),(องศา),(กม.)\nวัดโพธิ์,13.7465,100.4927,2\n";
  write("head.csv", text);
  ReadOptions options;
  options.crs = "EPSG:4326";
  ReadResult result = read(path("head.csv"), options);
  ASSERT_EQ(result.layer.size(), 1U);
  EXPECT_EQ(result.layer.geometry.x[0], 100.4927);
  EXPECT_EQ(result.layer.column("ระยะ").unit, "กม.");
  EXPECT_EQ(result.diagnostics.count("header-row"), 2);
  EXPECT_EQ(result.diagnostics.count("unit-row"), 1);
  options.header_row = 4;
  options.table = true;
  EXPECT_NE(read(path("head.csv"), options).layer.find("(กม.)"), nullptr);
  options.header_row = 9;
  EXPECT_THROW(read(path("head.csv"), options), UsageError);
}

// A sheet as offices keep them: a title, merged cells over names, a row of units, dates, a formula.
class XlsxHeads : public FileTest {
 protected:
  void SetUp() override {
    lxw_workbook* book = workbook_new(path("head.xlsx").c_str());
    lxw_worksheet* sheet = workbook_add_worksheet(book, "Sites");
    lxw_format* date = workbook_add_format(book);
    format_set_num_format(date, "[$-D07041E]d mmmm yyyy");  // shown in the Buddhist era
    worksheet_merge_range(sheet, 0, 0, 0, 4, "ทะเบียนแหล่งมรดก", nullptr);
    const std::vector<std::vector<const char*>> heads = {{"ชื่อ", "พิกัด", nullptr, "สำรวจ", "จำนวน"},
                                                         {nullptr, "ละติจูด", "ลองจิจูด"},
                                                         {nullptr, "(องศา)", "(องศา)", nullptr, "(แห่ง)"}};
    for (std::size_t row = 0; row < heads.size(); ++row)
      for (std::size_t column = 0; column < heads[row].size(); ++column)
        if (heads[row][column] != nullptr)
          worksheet_write_string(sheet, static_cast<lxw_row_t>(row + 2), static_cast<lxw_col_t>(column),
                                 heads[row][column], nullptr);
    worksheet_merge_range(sheet, 2, 1, 2, 2, "พิกัด", nullptr);
    const double places[2][2] = {{13.7465, 100.4927}, {13.7437, 100.4889}};
    for (lxw_row_t row = 0; row < 2; ++row) {
      worksheet_write_string(sheet, row + 5, 0, row == 0 ? "วัดโพธิ์" : "วัดอรุณ", nullptr);
      worksheet_write_number(sheet, row + 5, 1, places[row][0], nullptr);
      worksheet_write_number(sheet, row + 5, 2, places[row][1], nullptr);
      worksheet_write_number(sheet, row + 5, 3, 45'322 + row, date);  // 2024-01-31
      worksheet_write_formula_num(sheet, row + 5, 4, "=1+2", nullptr, 3);
    }
    lxw_worksheet* second = workbook_add_worksheet(book, "Plain");
    worksheet_write_string(second, 0, 0, "name", nullptr);
    worksheet_write_string(second, 1, 0, "x", nullptr);
    ASSERT_EQ(workbook_close(book), LXW_NO_ERROR);
  }
};

TEST_F(XlsxHeads, AreFound) {
  ReadOptions options;
  options.crs = "EPSG:4326";
  options.layer = "Sites";
  const ReadResult result = read(path("head.xlsx"), options);
  ASSERT_EQ(result.layer.size(), 2U);
  EXPECT_EQ(result.layer.geometry.x[0], 100.4927);
  EXPECT_EQ(result.layer.geometry.y[1], 13.7437);
  EXPECT_EQ(result.layer.column("ชื่อ").texts()[1], "วัดอรุณ");
  ASSERT_EQ(result.layer.column("สำรวจ").type(), ColumnType::date);
  EXPECT_EQ(result.layer.column("สำรวจ").display(0), "2024-01-31");
  EXPECT_EQ(result.layer.column("จำนวน").integers()[0], 3);
  EXPECT_EQ(result.layer.column("จำนวน").unit, "แห่ง");
  EXPECT_GT(result.diagnostics.count("header-row"), 0);
  EXPECT_EQ(result.diagnostics.count("unit-row"), 1);
}

TEST_F(XlsxHeads, AFormulaThatGivesNoLettersHasAValue) {
  lxw_workbook* book = workbook_new(path("empty.xlsx").c_str());
  lxw_worksheet* sheet = workbook_add_worksheet(book, "Sites");
  for (const auto& [column, name] : {std::pair<lxw_col_t, const char*>{0, "name"}, {1, "note"}, {2, "n"}})
    worksheet_write_string(sheet, 0, column, name, nullptr);
  worksheet_write_string(sheet, 1, 0, "วัด", nullptr);
  worksheet_write_formula_str(sheet, 1, 1, "=IF(TRUE,\"\",1)", nullptr, "");
  worksheet_write_formula_num(sheet, 1, 2, "=1+2", nullptr, 3);
  ASSERT_EQ(workbook_close(book), LXW_NO_ERROR);
  ReadOptions options;
  options.table = true;
  const ReadResult result = read(path("empty.xlsx"), options);
  EXPECT_EQ(result.layer.column("n").integers()[0], 3);
  EXPECT_TRUE(result.layer.column("note").is_null(0));
  EXPECT_EQ(result.diagnostics.count("formula-without-value"), 0);
}

TEST_F(XlsxHeads, AreTakenFromTheRowThatIsAskedFor) {
  ReadOptions options;
  options.table = true;
  options.layer = "Sites";
  options.header_row = 1;
  EXPECT_NE(read(path("head.xlsx"), options).layer.find("ทะเบียนแหล่งมรดก"), nullptr);
  options.header_row = 99;
  EXPECT_EQ(refusal(path("head.xlsx"), options).kind, "UsageError");
  options.header_row = 0;
  options.layer = "Plain";
  EXPECT_EQ(read(path("head.xlsx"), options).layer.column("name").display(0), "x");
}

}  // namespace
}  // namespace yaan::test
