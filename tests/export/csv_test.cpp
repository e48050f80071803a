#include "yaan/export/csv.hpp"

#include <gtest/gtest.h>

#include "export/sample_layers.hpp"
#include "yaan/core/error.hpp"

namespace yaan {
namespace {

using namespace testing;  // NOLINT: the sample layers

std::string csv_of(const Layer& layer, const CsvOptions& options = {false, 7}) {
  StringSink sink;
  Progress progress;
  stream_csv(sink, published(layer), options, progress);
  return sink.text;
}

Layer table_of(std::vector<Column> columns) {
  Layer layer = layer_of("table", Geometry{});
  layer.geometry.rows = columns.front().size();
  for (Column& column : columns) layer.set(std::move(column));
  return layer;
}

TEST(Csv, PointsGetCoordinatesInFront) {
  Layer layer = layer_of("p", Geometry::points({98.98525, 190}, {18.5, -3}));
  layer.set(text_column("name_th", {"น้ำปู่", ""}));
  layer.set(real_column("share", {0.25, 1e-7}));
  EXPECT_EQ(csv_of(layer), "longitude,latitude,name_th,share\r\n98.98525,18.5,น้ำปู่,0.25\r\n-170,-3,,1e-07\r\n");
  EXPECT_EQ(csv_of(layer, {}).substr(0, 12), "\xEF\xBB\xBFlongitude");
}

TEST(Csv, ExistingCoordinateColumnsAreNotRepeated) {
  const std::string text = csv_of(sites());
  EXPECT_EQ(text.substr(0, text.find("\r\n")), "id,name_th,name_en,category,publication,longitude,latitude");
}

TEST(Csv, LocalPlanesHaveXAndY) {
  Layer layer = layer_of("p", Geometry::points({5}, {6}));
  layer.crs = Crs::local();
  EXPECT_EQ(csv_of(layer), "x,y\r\n5,6\r\n");
}

TEST(Csv, QuotingByRfc4180) {
  const Layer layer =
      table_of({text_column("a,b", {"x, y", "say \"hi\"", "two\nlines", "plain"}), real_column("n", {1, 2, 3, 4})});
  EXPECT_EQ(csv_of(layer), "\"a,b\",n\r\n\"x, y\",1\r\n\"say \"\"hi\"\"\",2\r\n\"two\nlines\",3\r\nplain,4\r\n");
}

TEST(Csv, FormulasAreDefusedAndNumbersStay) {
  const Layer layer =
      table_of({text_column("=t", {"=1+1", "+cmd", "-cmd", "@sum", "\t=1", "  =1", "\r=1", "-5", "a=b", "＝1"}),
                real_column("n", {-1, -2.5, 3, 4, 5, 6, 7, 8, 9, 10})});
  EXPECT_EQ(csv_of(layer),
            "'=t,n\r\n'=1+1,-1\r\n'+cmd,-2.5\r\n'-cmd,3\r\n'@sum,4\r\n'\t=1,5\r\n'  =1,6\r\n\"'\r=1\",7\r\n-5,8\r\n"
            "a=b,9\r\n'＝1,10\r\n");
}

TEST(Csv, ListsNullsAndBadBytes) {
  Column list("codes", ColumnType::text_list);
  list.push(StringList{"=a", "b"});
  list.push_null();
  Column numbers("shares", ColumnType::real_list);
  numbers.push(DoubleList{0.5, 0.25});
  numbers.push_null();
  EXPECT_EQ(csv_of(table_of({list, numbers, text_column("t", {"\xFF", ""})})),
            "codes,shares,t\r\n'=a; b,0.5; 0.25,\uFFFD\r\n,,\r\n");
}

TEST(Csv, OneEmptyColumnStillMakesRecords) {
  EXPECT_EQ(csv_of(table_of({text_column("t", {"", "x"})})), "t\r\n\"\"\r\nx\r\n");
}

TEST(Csv, RecordsAreCountedBack) {
  const TemporaryFolder folder;
  Progress progress;
  WholeFile file(folder / "t.csv");
  EXPECT_EQ(write_csv(file, published(table_of({text_column("t", {"a\r\nb\n", "\"", ""})})), {}, progress), 3U);
  file.commit();
  EXPECT_EQ(count_records(folder / "t.csv"), 4U);
  write_bytes(folder / "open.csv", "a,\"b");
  EXPECT_THROW(count_records(folder / "open.csv"), OutputError);
}

TEST(Csv, DecimalsOutOfRange) { EXPECT_THROW(csv_of(sites(), {true, 16}), UsageError); }

}  // namespace
}  // namespace yaan
