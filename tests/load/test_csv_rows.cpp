// CSV in blocks: cells with and without quotes, and rows across blocks.
#include <fmt/format.h>

#include "load/read_here.hpp"
#include "load/test_files.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan::test {
namespace {

class CsvRows : public FileTest {};

// A quoted cell is read as a text first, a plain one where it stands: they say the same.
TEST_F(CsvRows, CsvCellsWithAndWithoutQuotes) {
  const std::vector<std::string> numbers = {"0",
                                            "7",
                                            "-7",
                                            "007",
                                            "00",
                                            "0.5",
                                            "00.5",
                                            "-0",
                                            "-0.0",
                                            ".5",
                                            "5.",
                                            "-",
                                            ".",
                                            "1e5",
                                            "1.5e5",
                                            "1e-5",
                                            "+5",
                                            "5 ",
                                            " 5",
                                            "1,5",
                                            "NA",
                                            "",
                                            "1.2.3",
                                            "--5",
                                            "123456789012345",
                                            "1234567890123456",
                                            "999999999999999999",
                                            "1000000000000000000",
                                            "9223372036854775807",
                                            "9223372036854775808",
                                            "0.1234567890123",
                                            "123456.789012345678",
                                            "12345678901234567890123"};
  for (const std::string& number : numbers)
    for (const char* kind : {"1", "1.5", "2020-01-01", "word"}) {
      std::string bare = "lon;lat;v\n";
      std::string in_quotes = bare;
      for (int row = 0; row < 5; ++row) {
        const std::string value = row == 3 ? number : kind;
        bare += fmt::format("10{}.5;13.25;{}\n", row, value);
        in_quotes += fmt::format("\"10{}.5\";\"13.25\";\"{}\"\n", row, value);
      }
      ReadOptions options;
      options.crs = "EPSG:4326";
      Progress progress;
      const ReadResult one = read_layer_here(write("a.csv", bare), options, progress);
      const ReadResult two = read_layer_here(write("b.csv", in_quotes), options, progress);
      EXPECT_EQ(first_difference(everything(one.layer), everything(two.layer)), "") << number << " among " << kind;
    }
}

// Several waves, with rows that cross every border between blocks, and quotes that do not come in pairs.
TEST_F(CsvRows, LargeCsv) {
  ReadOptions options;
  options.crs = "EPSG:4326";
  Progress progress;
  for (const bool stray : {false, true}) {
    std::string text = "lon,lat,id,name\n";
    std::string expected;
    for (std::size_t i = 0; text.size() < (std::size_t{20} << 20); ++i) {
      std::string name = fmt::format("\"line one\nline, \"\"two\"\" {}\"", i);
      if (stray && i % 50'000 == 100) name = fmt::format("5\" pipe {}", i);
      text += fmt::format("{:.6f},13.25,{},{}\n", 97 + 1e-5 * static_cast<double>(i), i, name);
    }
    const auto file = write("large.csv", text);
    const ReadResult result = read_layer_here(file, options, progress);
    const Layer& layer = result.layer;
    ASSERT_EQ(layer.column("id").type(), ColumnType::integer);
    for (std::size_t i = 0; i < layer.size(); ++i) {
      ASSERT_EQ(layer.column("id").integers()[i], static_cast<std::int64_t>(i));
      ASSERT_EQ(layer.column("name").texts()[i], stray && i % 50'000 == 100
                                                     ? fmt::format("5\" pipe {}", i)
                                                     : fmt::format("line one\nline, \"two\" {}", i));
    }
    set_thread_count(1);
    const std::string alone = everything(read_layer_here(file, options, progress).layer);
    set_thread_count(0);
    EXPECT_EQ(first_difference(alone, everything(layer)), "");
  }
}

}  // namespace
}  // namespace yaan::test
