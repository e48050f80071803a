// The parts behind zip archives, folders of files and OpenStreetMap extracts that can be looked at by themselves.
#include <cpl_vsi.h>
#include <gmock/gmock.h>

#include "load/entry_name.hpp"
#include "load/input_file.hpp"
#include "load/osm_tags.hpp"
#include "load/test_files.hpp"
#include "yaan/core/error.hpp"
#include "yaan/load/file_set.hpp"

namespace yaan::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Tags = std::map<std::string, std::string>;

std::string category(const std::string& rules, const Tags& tags) {
  return std::string(category_of(parse_tag_rules(rules), [&](const std::string& key) -> std::string_view {
    const auto at = tags.find(key);
    return at == tags.end() ? std::string_view() : std::string_view(at->second);
  }));
}

TEST(OsmTags, FirstRuleThatHoldsWins) {
  const std::string rules = "temple: amenity=place_of_worship religion=buddhist; faith: amenity=place_of_worship;";
  EXPECT_EQ(category(rules, {{"amenity", "place_of_worship"}, {"religion", "buddhist"}}), "temple");
  EXPECT_EQ(category(rules, {{"amenity", "place_of_worship"}, {"religion", "muslim"}}), "faith");
  EXPECT_EQ(category(rules, {{"amenity", "place_of_worship"}}), "faith");
  EXPECT_EQ(category(rules, {{"religion", "buddhist"}}), "");
}

TEST(OsmTags, Conditions) {
  EXPECT_EQ(category("ศิลปะ: tourism=gallery|museum", {{"tourism", "museum"}}), "ศิลปะ");
  EXPECT_EQ(category("a: shop=*", {{"shop", "art"}}), "a");
  EXPECT_EQ(category("a: shop", {{"shop", "art"}}), "a");
  EXPECT_EQ(category("a: shop=art !name", {{"shop", "art"}, {"name", "x"}}), "");
  EXPECT_EQ(category("a: shop!=art|craft shop", {{"shop", "craft"}}), "");
  EXPECT_EQ(category("a: shop!=art tourism", {{"tourism", "x"}}), "a") << "a missing key is another value";
  EXPECT_EQ(category("a: amenity=bar", {{"amenity", "cafe;bar"}}), "a") << "a list is each of its parts";
  EXPECT_EQ(category("a: amenity!=bar amenity", {{"amenity", "cafe; bar"}}), "");
  EXPECT_EQ(category("a: addr:city=Nan", {{"addr:city", "Nan"}}), "a");
}

TEST(OsmTags, KeysOnceInOrder) {
  EXPECT_THAT(keys_of(parse_tag_rules("a: x=1 y; b: y=2 z!=3; c: x")), ElementsAre("x", "y", "z"));
}

TEST(EntryName, WhatNamesTell) {
  for (const char* name : {"../a.csv", "a/../../b.csv", "/a.csv", "\\a.csv", "C:\\a.csv", "c:a.csv", "a\\..\\b", ".."})
    EXPECT_EQ(kind_of_entry(name), EntryName::outside) << name;
  for (const char* name : {"a\\b.csv", "a//b.csv", "./a.csv", "a\nb.csv", ""})
    EXPECT_EQ(kind_of_entry(name), EntryName::unusual) << name;
  for (const char* name : {"__MACOSX/a.shp", "a/.DS_Store", "Thumbs.db", "a/._b.shp", "__MACOSX/"})
    EXPECT_EQ(kind_of_entry(name), EntryName::leftover) << name;
  EXPECT_EQ(kind_of_entry("a/b/"), EntryName::folder);
  for (const char* name : {"a..b/c.csv", "..a", "แผนที่/วัด.shp", "a/b c.csv"})
    EXPECT_EQ(kind_of_entry(name), EntryName::plain) << name;
}

TEST(InputFile, MemoryReadsAsAFileDoes) {
  std::string bytes = "0123456789";
  const std::string place = std::string(kMemoryRoot) + "/digits";
  VSIFCloseL(VSIFileFromMemBuffer(place.c_str(), reinterpret_cast<GByte*>(bytes.data()), bytes.size(), FALSE));
  EXPECT_EQ(input_size(place), 10U);
  EXPECT_EQ(input_bytes(place), bytes);
  const auto in = open_input(place);
  in->seekg(7);
  std::string end(10, '\0');
  in->read(end.data(), 10);
  EXPECT_EQ(in->gcount(), 3);
  EXPECT_FALSE(*in);
  VSIUnlink(place.c_str());
  EXPECT_FALSE(is_input(place));
  EXPECT_FALSE(*open_input(place));
}

class FileSets : public FileTest {};

TEST_F(FileSets, SideFilesAndOtherFilesAreNotListed) {
  for (const char* name :
       {"b.shp", "b.dbf", "b.shx", "a.csv", "c.geojson.yaan.json", "~$a.xlsx", ".x.csv", "read.md", "n.txt"})
    write(name, "x");
  const FileSet set = list_files(path(""));
  ASSERT_EQ(set.files.size(), 2U);
  EXPECT_EQ(set.files[0].filename(), "a.csv");
  EXPECT_EQ(set.files[1].filename(), "b.shp");
  EXPECT_EQ(set.diagnostics.count("other-files"), 2);
  EXPECT_EQ(list_files(path("*.txt")).files.size(), 1U);
  EXPECT_TRUE(would_list(path(""), path("new.csv")));
  EXPECT_FALSE(would_list(path("*.shp"), path("new.csv")));
  EXPECT_FALSE(would_list(path("a.csv"), path("a.csv"))) << "a file is no set";
}

TEST_F(FileSets, ALoneTableIsAFileOfItsOwn) {
  for (const char* name : {"a.csv", "b.dbf", "c.shp", "c.dbf"}) write(name, "x");
  const FileSet set = list_files(path(""));
  ASSERT_EQ(set.files.size(), 3U);
  EXPECT_EQ(set.files[1].filename(), "b.dbf");
  EXPECT_EQ(list_files(path("*.dbf")).files.size(), 1U);
}

TEST_F(FileSets, ALoneTableInAnArchiveIsRead) {
  FileSpec spec;
  spec.driver = "ESRI Shapefile";
  spec.geometry_type = 100;  // none: the .dbf alone
  spec.date_times = spec.booleans = false;
  write_by_gdal(path("b.dbf"), spec, {{"", "วัด", 1}, {"", "บ้าน", 2}});
  const std::string bytes = input_bytes(path("b.dbf"));
  VSILFILE* entry = VSIFOpenL(("/vsizip/" + path("one.zip").string() + "/tables/b.dbf").c_str(), "wb");
  ASSERT_NE(entry, nullptr);
  EXPECT_EQ(VSIFWriteL(bytes.data(), 1, bytes.size(), entry), bytes.size());
  VSIFCloseL(entry);
  ReadOptions options;
  options.table = true;
  EXPECT_EQ(read(path("one.zip"), options).layer.size(), 2U);
}

TEST_F(FileSets, AQuestionMarkIsOneCharacter) {
  for (const char* name : {"ก.csv", "ab.csv", "a.csv", "กข.csv", "a[1].csv"}) write(name, "x");
  const auto names = [&](const char* pattern) {
    std::vector<std::string> all;
    for (const auto& file : list_files(path(pattern)).files) all.push_back(file.filename().string());
    return all;
  };
  EXPECT_THAT(names("?.csv"), ElementsAre("a.csv", "ก.csv"));
  EXPECT_THAT(names("??.csv"), ElementsAre("ab.csv", "กข.csv"));
  EXPECT_THAT(names("*ข*"), ElementsAre("กข.csv"));
  EXPECT_THAT(names("a*[1]*v"), ElementsAre("a[1].csv"));
  EXPECT_THROW(list_files(path("???.csv")), InputError);
}

TEST_F(FileSets, AFolderHasItsNameHoweverItIsWritten) {
  std::filesystem::create_directory(path("sites"));
  write("sites/a.csv", "longitude,latitude\n99,18\n");
  write("sites/read.md", "x");
  ReadOptions options;
  options.crs = "EPSG:4326";
  for (const char* way : {"sites", "sites/", "sites/.", "sites/../sites/", "sites/*.csv"}) {
    const ReadResult result = read(path(way), options);
    EXPECT_EQ(result.layer.name, "sites") << way;
    for (const Diagnostic& entry : result.diagnostics.entries())
      EXPECT_FALSE(entry.where.empty()) << way << " " << entry.code;
  }
}

TEST_F(FileSets, AFileOutsideOfTheExtentIsNoErrorWhereOthersLieWithin) {
  write("a.csv", "longitude,latitude\n99,18\n");
  write("b.csv", "longitude,latitude\n105,15\n");
  ReadOptions options;
  options.crs = "EPSG:4326";
  options.extent = "98,17,100,19";
  const ReadResult result = read(path(""), options);
  EXPECT_EQ(result.layer.size(), 1U);
  EXPECT_EQ(result.diagnostics.count("outside-extent"), 1);
  options.extent = "1,1,2,2";
  const Refusal refused = refusal(path(""), options);
  EXPECT_EQ(refused.kind, "InputError");
  EXPECT_THAT(refused.what, HasSubstr("touches the extent 1,1,2,2"));
  EXPECT_EQ(refusal(path("a.csv"), options).kind, "InputError");
}

TEST_F(FileSets, AFileWithoutAnythingUsableIsCounted) {
  write("a.csv", "longitude,latitude\n99,18\n");
  write("b.csv", "longitude,latitude\n,\nx,y\n");
  ReadOptions options;
  options.crs = "EPSG:4326";
  const ReadResult result = read(path(""), options);
  EXPECT_EQ(result.layer.size(), 1U);
  EXPECT_EQ(result.diagnostics.count("null-geometry"), 1);
  EXPECT_EQ(result.diagnostics.count("unreadable-coordinate"), 1);
  std::filesystem::remove(path("a.csv"));
  EXPECT_THAT(refusal(path(""), options).what, HasSubstr("none of the 2 features"));
}

TEST_F(FileSets, IntegersThatARealCannotHoldBecomeText) {
  write("a.csv", "longitude,latitude,n\n99,18,9007199254740993\n");
  write("b.csv", "longitude,latitude,n\n99,18,0.5\n");
  ReadOptions options;
  options.crs = "EPSG:4326";
  const ReadResult result = read(path(""), options);
  const Column& column = result.layer.column("n");
  ASSERT_EQ(column.type(), ColumnType::text);
  EXPECT_EQ(column.display(0), "9007199254740993");
  EXPECT_EQ(column.display(1), "0.5");
  EXPECT_EQ(result.layer.sources.size(), 2U);
}

TEST_F(FileSets, PolygonsOfSeveralFilesKeepTheirRings) {
  const auto area = [](const char* id, int x, bool hole) {
    const auto ring = [&](double from, double to) {
      return "[[" + std::to_string(x + from) + ",1" + "],[" + std::to_string(x + to) + ",1],[" +
             std::to_string(x + to) + "," + std::to_string(1 + to - from) + "],[" + std::to_string(x + from) + ",1]]";
    };
    return std::string(R"({"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":")") + id +
           R"("},"geometry":{"type":"Polygon","coordinates":[)" + ring(0, 2) +
           (hole ? ",[[" + std::to_string(x + 1.2) + ",1.1],[" + std::to_string(x + 1.6) + ",1.1],[" +
                       std::to_string(x + 1.6) + ",1.3],[" + std::to_string(x + 1.2) + ",1.1]]"
                 : "") +
           "]}}]}";
  };
  write("a.geojson", area("a", 10, true));
  write("b.geojson", area("b", 20, false));
  const Layer layer = read(path("")).layer;
  const Layer first = read(path("a.geojson")).layer;
  const Layer second = read(path("b.geojson")).layer;
  ASSERT_EQ(layer.size(), 2U);
  EXPECT_EQ(layer.geometry.bounds(0), first.geometry.bounds(0));
  EXPECT_EQ(layer.geometry.bounds(1), second.geometry.bounds(0));
  EXPECT_EQ(layer.geometry.x.size(), first.geometry.x.size() + second.geometry.x.size());
  EXPECT_EQ(locate(layer.geometry, 0, 11.5, 1.2), locate(first.geometry, 0, 11.5, 1.2));
  EXPECT_EQ(locate(layer.geometry, 1, 21.5, 1.2), Inside::inside);
}

TEST_F(FileSets, YearsOfAllFilesAreInOneColumn) {
  write("a.csv", "longitude,latitude,year\n99,18,1999\n");
  write("b.csv", "longitude,latitude,year\n99,18,พ.ศ. 2542\n");
  ReadOptions options;
  options.crs = "EPSG:4326";
  const Layer layer = read(path(""), options).layer;
  ASSERT_EQ(layer.roles.year, "year_ce");
  EXPECT_EQ(layer.column("year_ce").display(0), "1999");
  EXPECT_EQ(layer.column("year_ce").display(1), "1999");
}

}  // namespace
}  // namespace yaan::test
