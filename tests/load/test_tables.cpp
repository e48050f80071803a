// Tables with coordinate columns, as they really arrive.
#include <gmock/gmock.h>

#include "load/test_files.hpp"
#include "load/text_encoding.hpp"

namespace yaan::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Tables : public FileTest {
 protected:
  ReadResult table(std::string_view text, ReadOptions options = {}) {
    if (options.crs.empty()) options.crs = "EPSG:4326";
    return read(write("t.csv", text), options);
  }
};

TEST_F(Tables, TypesAreDetectedAndCodesStayText) {
  const Layer layer = table(
                          "lon,lat,code,n,r,day,word,long,exp,sci,mixed,none\n"
                          "100,13,007,1,1.5,2026-01-31,ก,123456789012345678901,1E5,1.5e-3,1,\n"
                          "101,14,123,-2,2,1999-12-01,ข,2,2E7,2e+3,2026-01-01,\n")
                          .layer;
  EXPECT_EQ(layer.column("code").type(), ColumnType::text);
  EXPECT_EQ(layer.column("code").texts()[0], "007");
  EXPECT_THAT(layer.column("n").integers(), ElementsAre(1, -2));
  EXPECT_THAT(layer.column("r").reals(), ElementsAre(1.5, 2));
  EXPECT_EQ(layer.column("day").type(), ColumnType::date);
  EXPECT_EQ(layer.column("day").display(1), "1999-12-01");
  EXPECT_EQ(layer.column("word").texts()[1], "ข");
  EXPECT_EQ(layer.column("long").type(), ColumnType::text);
  EXPECT_EQ(layer.column("exp").type(), ColumnType::text);
  EXPECT_THAT(layer.column("sci").reals(), ElementsAre(1.5e-3, 2000));
  EXPECT_EQ(layer.column("mixed").type(), ColumnType::text);
  EXPECT_EQ(layer.column("none").type(), ColumnType::text);
  EXPECT_EQ(layer.column("none").null_count(), 2U);
}

TEST_F(Tables, CodesThatLookLikeDecimalsStayAsTheyAreWritten) {
  std::string text = "lon,lat,id,site_code,size,mapped\n";
  for (int i = 1; i <= 10; ++i) {
    const std::string code = "1." + std::to_string(i);
    text += "100,13," + code + "," + code + "," + code + "," + code + "\n";
  }
  ReadOptions options;
  options.key_columns = {"mapped"};
  const Layer layer = table(text, options).layer;
  for (const char* name : {"id", "site_code", "mapped"}) {
    ASSERT_EQ(layer.column(name).type(), ColumnType::text) << name;
    EXPECT_EQ(layer.column(name).texts()[9], "1.10");
  }
  ASSERT_EQ(layer.column("size").type(), ColumnType::real) << "a measure";
  EXPECT_EQ(layer.column("size").reals()[9], 1.1);
  options.id_column = "size";
  EXPECT_EQ(table(text, options).layer.column("size").type(), ColumnType::text);
}

TEST_F(Tables, CodesThatComeBackAreNumbers) {
  const Layer layer = table("lon,lat,id,code\n100,13,1,1.5\n101,14,2,2.25\n").layer;
  EXPECT_EQ(layer.column("id").type(), ColumnType::integer);
  EXPECT_EQ(layer.column("code").type(), ColumnType::real);
  std::string text = "lon,lat,code\n";
  for (int i = 0; i < 5'000; ++i) text += "100,13," + std::to_string(i) + "\n";
  const Layer late = table(text + "100,13,1.10\n").layer;
  ASSERT_EQ(late.column("code").type(), ColumnType::text) << "beyond the rows that the type is guessed from";
  EXPECT_EQ(late.column("code").texts()[5'000], "1.10");
}

TEST_F(Tables, WholeNumbersThatARealCannotHoldStayText) {
  const Layer layer = table("lon,lat,n,m\n100,13,9007199254740993,9007199254740992\n101,14,0.5,0.5\n").layer;
  ASSERT_EQ(layer.column("n").type(), ColumnType::text);
  EXPECT_EQ(layer.column("n").texts()[0], "9007199254740993");
  EXPECT_EQ(layer.column("m").type(), ColumnType::real);
}

TEST_F(Tables, NothingBelowTheHead) {
  ReadOptions options;
  options.table = true;
  EXPECT_EQ(table("id,name\n", options).layer.size(), 0U);
  options.header_row = 2;
  EXPECT_NE(table("a title\nid,name", options).layer.find("name"), nullptr);
}

TEST_F(Tables, ATypeIsThatOfEveryRowHoweverFarDown) {
  std::string text = "lon,lat,v\n";
  for (int i = 0; i < 50'000; ++i) text += "100,13," + std::to_string(i) + "\n";
  EXPECT_EQ(table(text).layer.column("v").type(), ColumnType::integer);
  text += "100,13,0.5\n";
  EXPECT_EQ(table(text).layer.column("v").type(), ColumnType::real);
  text += "100,13,x\n";
  EXPECT_EQ(table(text).layer.column("v").type(), ColumnType::text);
}

TEST_F(Tables, QuotesLineEndsAndByteOrderMark) {
  const Layer layer = table(
                          "\xEF\xBB\xBFlon,lat,name,note\r\n"
                          "100,13,\"ตลาด, \"\"น้ำ\"\"\",\"two\nlines\"\r\n"
                          "\r\n"
                          "101,14,plain,last")
                          .layer;
  ASSERT_EQ(layer.size(), 2U);
  EXPECT_EQ(layer.column("name").texts()[0], "ตลาด, \"น้ำ\"");
  EXPECT_EQ(layer.column("note").texts()[0], "two\nlines");
  EXPECT_EQ(layer.column("note").texts()[1], "last");
  EXPECT_EQ(layer.columns.size(), 2U);
}

TEST_F(Tables, SeparatorsFromTheHeader) {
  EXPECT_EQ(table("lon;lat;name\n100;13;a,b\n").layer.column("name").texts()[0], "a,b");
  EXPECT_EQ(table("lon\tlat\tname\n100\t13\ta;b\n").layer.column("name").texts()[0], "a;b");
  EXPECT_EQ(table("lon|lat|name\n100|13|c\n").layer.column("name").texts()[0], "c");
}

TEST_F(Tables, UsualNamesOfCoordinates) {
  for (const char* header : {"lon,lat", "Longitude,LATITUDE", "lng,lat", "x,y", "ลองจิจูด,ละติจูด", "easting,northing"}) {
    const ReadResult result = table(std::string(header) + ",name\n100,13,a\n");
    EXPECT_THAT(result.layer.geometry.x, ElementsAre(100)) << header;
    EXPECT_EQ(result.diagnostics.count("guessed-coordinates"), 1) << header;
  }
  const ReadResult both = table("x,y,lon,lat\n500000,1500000,100,13\n");
  EXPECT_THAT(both.layer.geometry.x, ElementsAre(100)) << "degrees come before a plane";
  EXPECT_THAT(both.layer.column("x").integers(), ElementsAre(500000));
}

TEST_F(Tables, NamedColumnsAndTheirMistakes) {
  const auto file = write("t.csv", "east,north,name\n100,13,a\n");
  ReadOptions options;
  options.crs = "EPSG:4326";
  Refusal refused = refusal(file, options);
  EXPECT_EQ(refused.kind, "UsageError");
  EXPECT_EQ(refused.what, file.string() + " is a table, and none of its columns is called as coordinates usually are");
  EXPECT_EQ(refused.advice,
            "name the columns with --x and --y, or --position for one that holds both; they are east, north, name");
  options.x_column = "east";
  refused = refusal(file, options);
  EXPECT_EQ(refused.what, file.string() + ": only one coordinate column is named");
  options.y_column = "nort";
  refused = refusal(file, options);
  EXPECT_EQ(refused.kind, "UsageError");
  EXPECT_EQ(refused.what, file.string() + " has no column \"nort\"");
  EXPECT_EQ(refused.advice, "did you mean north? the columns are east, north, name");
  options.y_column = "east";
  EXPECT_THAT(refusal(file, options).what, HasSubstr("name the same column"));
  options.y_column = "north";
  const ReadResult result = read(file, options);
  EXPECT_EQ(result.diagnostics.count("guessed-coordinates"), 0);
  EXPECT_EQ(result.layer.columns.size(), 1U);
  options.layer = "other";
  EXPECT_EQ(refusal(file, options).kind, "UsageError");
}

TEST_F(Tables, UnreadableAndMissingCoordinatesAreSetAside) {
  const ReadResult result = table("id,lat,lon\nA,13,100\nB,,\nC,14,\nD,13 gon,100°30'E\nE, 15 ,+101\n");
  EXPECT_THAT(result.layer.geometry.y, ElementsAre(13, 15));
  EXPECT_THAT(result.layer.geometry.x, ElementsAre(100, 101));
  for (const Diagnostic& e : result.diagnostics.entries()) {
    if (e.code == "null-geometry") {
      EXPECT_THAT(e.features, ElementsAre("B"));
    }
    if (e.code == "unreadable-coordinate") {
      EXPECT_THAT(e.features, ElementsAre("C", "D"));
    }
  }
  EXPECT_EQ(result.diagnostics.count("null-geometry"), 1);
  EXPECT_EQ(result.diagnostics.count("unreadable-coordinate"), 2);
}

TEST_F(Tables, RaggedRowsAndDoubtfulHeaders) {
  const ReadResult result = table("lon,lat,a,a,\n100,13,1\n101,14,1,2,3,4,5\n102,15,1,2,3\n");
  EXPECT_EQ(result.layer.size(), 3U);
  EXPECT_EQ(result.diagnostics.count("short-row"), 1);
  EXPECT_EQ(result.diagnostics.count("long-row"), 1);
  EXPECT_EQ(result.diagnostics.count("repeated-column"), 1);
  EXPECT_EQ(result.diagnostics.count("unnamed-column"), 1);
  EXPECT_THAT(result.layer.column("a_2").integers(), ElementsAre(0, 2, 2));
  EXPECT_TRUE(result.layer.column("column_5").is_null(0));
}

TEST_F(Tables, WordsForNull) {
  const ReadResult result = table("lon,lat,v,w\n100,13,NA,NA\n101,14,2.5,x\n");
  EXPECT_EQ(result.layer.column("v").type(), ColumnType::real);
  EXPECT_TRUE(result.layer.column("v").is_null(0));
  EXPECT_EQ(result.layer.column("w").texts()[0], "NA");
  EXPECT_EQ(result.diagnostics.count("null-word"), 1);
}

TEST_F(Tables, AnOpenQuoteIsACutFile) {
  const auto file = write("t.csv", "lon,lat,name\n100,13,a\n101,14,\"cut he");
  ReadOptions options;
  options.crs = "EPSG:4326";
  const Refusal refused = refusal(file, options);
  EXPECT_EQ(refused.kind, "InputError");
  EXPECT_THAT(refused.what, HasSubstr("is cut short: a quote that opens near row 2 is never closed"));
}

TEST_F(Tables, TableWithoutPositionsWhenAskedFor) {
  ReadOptions options;
  options.table = true;
  const Layer layer = read(write("codes.csv", "code,name\n10,กรุงเทพมหานคร\n"), options).layer;
  EXPECT_EQ(layer.geometry.kind, GeometryKind::none);
  EXPECT_EQ(layer.size(), 1U);
  EXPECT_EQ(layer.column("name").texts()[0], "กรุงเทพมหานคร");
}

TEST_F(Tables, Windows874) {
  // "วัด" and "ตลาดน้ำ" in Windows-874.
  const ReadResult result = table("lon,lat,name\n100,13,\xC7\xD1\xB4\n101,14,\xB5\xC5\xD2\xB4\xB9\xE9\xD3\n");
  EXPECT_EQ(result.layer.column("name").texts()[0], "วัด");
  EXPECT_EQ(result.layer.column("name").texts()[1], "ตลาดน้ำ");
  EXPECT_EQ(result.diagnostics.count("guessed-encoding"), 1);
  EXPECT_EQ(table("lon,lat,name\n1,2,Caf\xE9 du Si\xE8"
                  "cle\n")
                .layer.column("name")
                .texts()[0],
            "Café du Siècle");
}

TEST_F(Tables, AStrayByteIsNotAnotherEncoding) {
  const ReadResult result = table("lon,lat,name\n100,13,วัดพระแก้ว\n101,14,วัดโพธิ์\xFF\n");
  EXPECT_EQ(result.layer.column("name").texts()[0], "วัดพระแก้ว");
  EXPECT_EQ(result.layer.column("name").texts()[1], "วัดโพธิ์\uFFFD");
  EXPECT_EQ(result.diagnostics.count("invalid-utf8"), 1);
}

TEST_F(Tables, AStrayByteDoesNotMakeThaiTextEuropean) {
  std::string text = "lon,lat,name\n";
  for (int i = 0; i < 100; ++i) text += "100,13,\xB5\xC5\xD2\xB4\xB9\xE9\xD3\n";
  const ReadResult result = table(text + "100,13,\xC7\x8A\xD1\xB4\n");
  EXPECT_EQ(result.layer.column("name").texts()[0], "ตลาดน้ำ");
  EXPECT_EQ(result.layer.column("name").texts()[100], "ว\uFFFDัด");
  EXPECT_EQ(result.diagnostics.count("undefined-byte"), 1);
}

TEST(TextEncoding, EuropeanTextIsFullOfBytesThatThaiLeavesOut) {
  EXPECT_EQ(guess_legacy_encoding("M\xFC\xDF"
                                  "chen, Br\xFC\xDC"
                                  "cke"),
            TextEncoding::windows_1252);
  EXPECT_EQ(undefined_bytes("a\x81\x8A", TextEncoding::windows_1252), 1);
  EXPECT_EQ(undefined_bytes("a\x81\x8A", TextEncoding::windows_874), 2);
  EXPECT_EQ(undefined_bytes("\xFF", TextEncoding::utf_8), 0);
}

TEST(TextEncoding, Utf8Validity) {
  for (const char* good : {"", "a", "วัด", "é", "\U0001F600", "abcdefgh\u0E01"}) EXPECT_TRUE(is_utf8(good)) << good;
  for (const char* bad :
       {"\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\x80", "\xE0\xB8", "abcdefgh\xFF"})
    EXPECT_FALSE(is_utf8(bad));
}

}  // namespace
}  // namespace yaan::test
