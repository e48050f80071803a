// Files of spatial weights.
#include <gmock/gmock.h>

#include "load/test_files.hpp"

namespace yaan::test {
namespace {

using ::testing::HasSubstr;

class Weights : public FileTest {
 protected:
  /// The rows of the table as from>to=weight.
  [[nodiscard]] std::vector<std::string> links(std::string_view name, std::string_view text) const {
    const Layer layer = read(write(name, text)).layer;
    std::vector<std::string> rows;
    for (std::size_t row = 0; row < layer.size(); ++row)
      rows.push_back(layer.column("from").display(row) + ">" + layer.column("to").display(row) + "=" +
                     layer.column("weight").display(row));
    return rows;
  }
  [[nodiscard]] std::string what(std::string_view name, std::string_view text) const {
    const Refusal refused = refusal(write(name, text));
    EXPECT_EQ(refused.kind, "InputError") << refused.what;
    EXPECT_FALSE(refused.advice.empty()) << refused.what;
    return refused.what;
  }
};

using Rows = std::vector<std::string>;

TEST_F(Weights, Gal) {
  EXPECT_EQ(links("short.gal", "3\n1 1\n2\n2 2\n3 1\n3 1\n2\n"), (Rows{"1>2=1", "2>3=1", "2>1=1", "3>2=1"}));
  EXPECT_EQ(links("long.gal", "0 3 map ID\r\nก 1\r\nb\r\nb 1\r\nก\r\nc 0\r\n\r\n"), (Rows{"ก>b=1", "b>ก=1", "c>="}));
  EXPECT_EQ(links("mixed.Gal", "2\n1 1\n2\n2 0\n"), (Rows{"1>2=1", "2>="})) << "whatever the letter case";
  EXPECT_EQ(links("islands.gal",
                  "\xEF\xBB\xBF"
                  "2\na 0\nb 0"),
            (Rows{"a>=", "b>="}));
}

TEST_F(Weights, GwtAndKwt) {
  EXPECT_EQ(links("a.gwt", "0 3 map ID\n1 2  0.5\n1 3\t1E-07\n"), (Rows{"1>2=0.5", "1>3=1e-07"}));
  EXPECT_EQ(links("a.kwt", "2\n1 1 1\n1 2 0.25\n"), (Rows{"1>1=1", "1>2=0.25"}));
}

TEST_F(Weights, IsATableWithoutPlace) {
  const Layer layer = read(write("a.gal", "2\nx 1\ny\ny 1\nx\n")).layer;
  EXPECT_EQ(layer.geometry.kind, GeometryKind::none);
  EXPECT_EQ(layer.size(), 2U);
  const Layer csv = read(write("a.csv", "from,to,weight\nx,y,0.5\n")).layer;
  EXPECT_EQ(csv.geometry.kind, GeometryKind::none);
  EXPECT_EQ(csv.size(), 1U);
}

TEST_F(Weights, BrokenGalIsRefusedByLine) {
  EXPECT_THAT(what("a.gal", "x\n1 0\n"), HasSubstr("a.gal, line 1: the head is neither"));
  EXPECT_THAT(what("a.gal", "1 2 3\n"), HasSubstr("line 1: the head"));
  EXPECT_THAT(what("a.gal", "2\n1 1\n2\n2 one\n1\n"), HasSubstr("line 4: an id and the count"));
  EXPECT_THAT(what("a.gal", "2\n1 1\n2\n2 -1\n\n"), HasSubstr("line 4: an id and the count"));
  EXPECT_THAT(what("a.gal", "2\n1 2\n2\n2 1\n1\n"),
              HasSubstr("line 3: 2 neighbours of 1 were expected, but 1 are there"));
  EXPECT_THAT(what("a.gal", "2\n1 1\n2 2\n2 1\n1\n"), HasSubstr("line 3: 1 neighbours of 1 were expected, but 2"));
  EXPECT_THAT(what("a.gal", "2\n1 1\n2\n2 1"), HasSubstr("1 neighbours of 2 were expected, but 0"));
  EXPECT_THAT(what("a.gal", "3\n1 1\n2\n2 1\n1\n"), HasSubstr("the head says 3 features, but 2 are there"));
  EXPECT_THAT(what("a.gal", "1\n1 1\n2\n2 1\n1\n"), HasSubstr("line 4: the head says 1 features, but there are more"));
  EXPECT_THAT(what("a.gal", "2\n1 1\n2\n1 1\n2\n"), HasSubstr("line 4: the feature 1 is there twice"));
  EXPECT_THAT(what("a.gal", "2\n1 2\n2 2\n2 0\n"), HasSubstr("line 3: 1 has the neighbour 2 twice"));
  EXPECT_THAT(what("a.gal", "2\n1 1\n7\n2 0\n"), HasSubstr("line 3: 7 is a neighbour, but no feature of the file"));
  EXPECT_THAT(what("a.gal", "2\n1 1\n\xFF\n2 0\n"), HasSubstr("is not UTF-8"));
}

TEST_F(Weights, BrokenGwtIsRefusedByLine) {
  EXPECT_THAT(what("a.gwt", "2\n1 2\n"), HasSubstr("line 2: two ids and a weight"));
  EXPECT_THAT(what("a.gwt", "2\n1 2 many\n"), HasSubstr("line 2: two ids and a weight"));
  EXPECT_THAT(what("a.gwt", "2\n1 2 nan\n"), HasSubstr("line 2: two ids and a weight"));
  EXPECT_THAT(what("a.gwt", "2\n1 2 -1\n"), HasSubstr("line 2: the weight -1 is negative"));
  EXPECT_THAT(what("a.gwt", "2\n1 2 1\n\n2 3 1\n"), HasSubstr("line 4: the head says 2 features, but there are more"));
}

TEST_F(Weights, RealFiles) {
  const auto folder = shared("data/spatialstats");
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no reference data: " << folder;
  for (const auto& [file, rows] : {std::pair("columbus/columbus.gal", 236U), std::pair("sids2/sids2.gal", 462U),
                                   std::pair("stl/stl_hom_rook.gal", 398U), std::pair("mexico/mexico.gal", 140U),
                                   std::pair("baltim/baltim_k4.gwt", 844U), std::pair("wmat/rook31.gal", 4U)}) {
    const ReadResult result = read(folder / file);
    EXPECT_EQ(result.layer.size(), rows) << file;
    EXPECT_TRUE(result.diagnostics.empty()) << file;
  }
}

}  // namespace
}  // namespace yaan::test
