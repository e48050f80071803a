#include <gmock/gmock.h>

#include <sstream>

#include "load/test_files.hpp"
#include "yaan/load/inspect.hpp"

namespace yaan::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Inspect : public FileTest {
 protected:
  FileReport report(const std::filesystem::path& file, const ReadOptions& options = {}) {
    Progress progress;
    return inspect_file(file, options, progress);
  }
};

TEST_F(Inspect, DescribesEveryColumn) {
  const auto file =
      write("a.csv",
            "id,name,n,day,empty,lon,lat\n1,วัด,5,2026-01-02,,100,13\n2,ตลาด,-7,2025-01-02,,101,14\n3,วัด,,,,102,15\n");
  const FileReport whole = report(file);
  EXPECT_EQ(whole.format, "CSV");
  ASSERT_EQ(whole.layers.size(), 1U);
  const LayerReport& layer = whole.layers[0];
  EXPECT_EQ(layer.features, 3U);
  EXPECT_EQ(layer.usable, 3U);
  EXPECT_EQ(layer.kind, GeometryKind::point);
  EXPECT_EQ(layer.x_column, "lon");
  EXPECT_EQ(layer.extent, (Box{100, 13, 102, 15}));
  EXPECT_EQ(layer.crs.kind(), Crs::Kind::none);
  EXPECT_EQ(layer.diagnostics.count("no-crs"), 1) << "a missing CRS does not stop the report";
  EXPECT_EQ(layer.diagnostics.count("empty-column"), 1);
  ASSERT_EQ(layer.fields.size(), 7U);
  EXPECT_THAT(layer.fields[1].samples, ElementsAre("วัด", "ตลาด"));
  EXPECT_EQ(layer.fields[2].minimum, "-7");
  EXPECT_EQ(layer.fields[2].maximum, "5");
  EXPECT_EQ(layer.fields[2].nulls, 1U);
  EXPECT_EQ(layer.fields[3].minimum, "2025-01-02");
}

TEST_F(Inspect, Doubts) {
  const auto file = write("a.csv", "id,name,lon,lat\na,?????,100,13\nb,ok,100,13\nc,x\uFFFDy,0,0\nd,z,-80,100.5\n");
  ReadOptions options;
  options.crs = "EPSG:4326";
  const LayerReport layer = report(file, options).layers[0];
  EXPECT_EQ(layer.diagnostics.count("lost-text"), 2);
  EXPECT_EQ(layer.diagnostics.count("repeated-position"), 1);
  EXPECT_EQ(layer.diagnostics.count("null-island"), 1);
  EXPECT_EQ(layer.diagnostics.count("swapped-axes"), 1);
  EXPECT_EQ(layer.diagnostics.count("out-of-range-coordinate"), 1) << "not among the others: no swap that is sure";
  EXPECT_EQ(layer.diagnostics.count("no-crs"), 0);
  options.crs = "EPSG:32647";
  const auto degrees = write("b.csv", "lon,lat\n100,13\n");
  EXPECT_EQ(report(degrees, options).layers[0].diagnostics.count("degrees-in-plane"), 1);
}

TEST_F(Inspect, NothingUsableIsADoubt) {
  const auto file = write("a.geojson", R"({"type":"Feature","properties":{"a":1},"geometry":null})");
  const LayerReport layer = report(file).layers[0];
  EXPECT_EQ(layer.usable, 0U);
  EXPECT_EQ(layer.features, 1U);
  EXPECT_EQ(layer.diagnostics.count("no-usable-features"), 1);
}

TEST_F(Inspect, EveryLayerOrTheOneNamed) {
  FileSpec spec;
  spec.driver = "GPKG";
  spec.geometry_type = 1;
  write_by_gdal(path("a.gpkg"), spec, thai_points());
  spec.append = true;
  spec.layer = "more";
  write_by_gdal(path("a.gpkg"), spec, thai_points());
  EXPECT_EQ(report(path("a.gpkg")).layers.size(), 2U);
  ReadOptions options;
  options.layer = "more";
  EXPECT_EQ(report(path("a.gpkg"), options).layers.front().name, "more");
}

TEST_F(Inspect, FragmentsSayHowTheFileWasRead) {
  const auto fragment = [&](const std::filesystem::path& file, const ReadOptions& options) {
    const FileReport whole = report(file, options);
    return study_fragment(whole, whole.layers.at(0));
  };
  ReadOptions options;
  EXPECT_EQ(fragment(write("w.csv", "name,wkt\nวัด,POINT(100 13)\n"), options),
            R"("w": {"file": "w.csv", "geometry": "wkt", "crs": "EPSG:4326", "columns": {"name_th": "name"}})");
  EXPECT_EQ(fragment(write("p.csv", "name,พิกัด\nวัด,\"13.75, 100.5\"\n"), options),
            R"("p": {"file": "p.csv", "position": "พิกัด", "crs": "EPSG:4326", "columns": {"name_th": "name"}})");
  options.encoding = "Windows-874";
  options.header_row = 2;
  options.crs = "EPSG:4326";
  EXPECT_EQ(fragment(write("t.csv", "title\nname,lon,lat\n\xC7\xD1\xB4,100,13\n"), options),
            R"("t": {"file": "t.csv", "x": "lon", "y": "lat", "crs": "EPSG:4326", "encoding": "Windows-874", )"
            R"("header_row": "2", "columns": {"name_th": "name"}})");
}

TEST_F(Inspect, FragmentsNameTheLayerThatWasAskedFor) {
  FileSpec spec;
  spec.driver = "GPKG";
  spec.layer = "S1";
  spec.geometry_type = 1;
  write_by_gdal(path("two.gpkg"), spec, thai_points());
  spec.layer = "S2";
  spec.append = true;
  write_by_gdal(path("two.gpkg"), spec, thai_points());
  ReadOptions options;
  options.layer = "S2";
  options.crs = "EPSG:32647";
  const FileReport whole = report(path("two.gpkg"), options);
  const std::string fragment = study_fragment(whole, whole.layers.at(0));
  EXPECT_THAT(fragment, HasSubstr(R"("S2": {"file": "two.gpkg", "layer": "S2")"));
  EXPECT_THAT(fragment, HasSubstr(R"("crs": "EPSG:32647", "override_crs": true)"));
}

TEST_F(Inspect, TextFitsATerminalAndCannotDriveIt) {
  std::string thai;
  for (int i = 0; i < 40; ++i) thai += "น้ำปู่ญู";
  const auto file = write("a.csv", "id,a_very_long_column_name_that_goes_on_and_on,lon,lat\n1,\"\x1b[31m" + thai +
                                       "\",100,13\n2,\"b\",100,13\n");
  const std::string text = to_text(report(file));
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_THAT(text, HasSubstr("2 features, 2 usable as point"));
  EXPECT_THAT(text, HasSubstr("doubt     no-crs"));
  EXPECT_THAT(text, HasSubstr("..."));
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::size_t columns = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
      const auto byte = static_cast<unsigned char>(line[i]);
      if ((byte & 0xC0) == 0x80) continue;
      // U+0E31, U+0E34 to 0E3A and U+0E47 to 0E4E stand above or below a letter.
      const std::string_view letter = std::string_view(line).substr(i, 3);
      const bool mark = letter == "ั" || (letter >= "ิ" && letter <= "ฺ") || (letter >= "็" && letter <= "๎");
      columns += mark ? 0 : 1;
    }
    EXPECT_LE(columns, 100U) << line;
  }
}

TEST_F(Inspect, ThousandsSeparators) {
  std::string text = "lon,lat\n";
  for (int i = 0; i < 12'345; ++i) text += std::to_string(100 + i * 1e-4) + ",13\n";
  EXPECT_THAT(to_text(report(write("many.csv", text))), HasSubstr("12,345 features"));
}

}  // namespace
}  // namespace yaan::test
