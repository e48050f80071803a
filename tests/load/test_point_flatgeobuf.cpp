// The quick reader of FlatGeobuf: the same layer as by GDAL, or none.
#include "load/gdal_layer.hpp"
#include "load/point_flatgeobuf.hpp"
#include "load/point_rows.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan::test {
namespace {

class FlatGeobufRows : public PointRows {
 protected:
  // Whether the rows of name, n, share and open are read directly.
  [[nodiscard]] static bool is_plain(const std::filesystem::path& file) {
    using Take = FieldPlan::Take;
    GdalFile opened(file, "sites", FileFormat::flatgeobuf, "");
    RawLayer raw;
    raw.has_shapes = true;
    raw.columns = {Column("name", ColumnType::text), Column("n", ColumnType::integer),
                   Column("share", ColumnType::real), Column("open", ColumnType::integer)};
    Progress progress;
    const auto layers = opened.layers();
    if (layers.empty()) return false;
    return read_point_flatgeobuf(file, *layers.front().layer,
                                 {{0, Take::text}, {1, Take::integer}, {2, Take::real}, {3, Take::integer}}, raw, {},
                                 progress);
  }
  std::string write_points(const char* file, const std::vector<Row>& rows, const char* index,
                           unsigned geometry_type = 1) const {
    FileSpec spec;
    spec.driver = "FlatGeobuf";
    spec.geometry_type = static_cast<int>(geometry_type);
    spec.dates = spec.date_times = false;
    spec.layer_options = {std::string("SPATIAL_INDEX=") + index};
    write_by_gdal(path(file), spec, rows);
    return whole_file(path(file));
  }
};

TEST_F(FlatGeobufRows, ManyBlocks) {
  for (const std::size_t count : {70'000U, 8'192U, 4'097U, 17U, 2U, 1U})
    for (const char* index : {"NO", "YES"}) {
      std::vector<Row> rows = many_rows(count);
      // An index has no place for a feature without a geometry.
      if (*index == 'Y')
        for (Row& row : rows)
          if (row.wkt.empty()) row.wkt = "POINT (100 13)";
      write_points("a.fgb", rows, index);
      EXPECT_TRUE(is_plain(path("a.fgb"))) << count << index;
      expect_same(path("a.fgb"), fmt::format("{} {}", count, index));
      set_thread_count(1);
      const std::string alone = outcome(path("a.fgb"), true);
      set_thread_count(0);
      EXPECT_EQ(first_difference(alone, outcome(path("a.fgb"), true)), "");
    }
}

TEST_F(FlatGeobufRows, OthersAreLeftToGdal) {
  constexpr unsigned kPointZ = 0x80000001U;
  const struct {
    const char* wkt;
    unsigned type;
  } cases[] = {{"POINT Z (100 13 5)", kPointZ},
               {"POINT (100 13)", 0},
               {"MULTIPOINT ((100 13),(101 14))", 4},
               {"LINESTRING (100 13, 101 14)", 2},
               {"POINT EMPTY", 1}};
  for (const auto& [wkt, type] : cases) {
    write_points("b.fgb", {{wkt, "a", 1, 0.5}, {wkt, "b", 2, 1.5}}, "NO", type);
    if (std::string_view(wkt) != "POINT EMPTY") {  // which GDAL writes as no geometry
      EXPECT_FALSE(is_plain(path("b.fgb"))) << wkt;
    }
    expect_same(path("b.fgb"), wkt);
  }
}

// Whatever is written over a file, or how much of it is missing: no crash, and never another layer than GDAL's in
// silence.
TEST_F(FlatGeobufRows, Damaged) {
  for (const char* index : {"YES", "NO"}) {
    const std::string whole = write_points("a.fgb", many_rows(3), index);
    std::size_t plain = 0;
    for (std::size_t at = 0; at < whole.size(); ++at) {
      std::string changed = whole;
      changed[at] = static_cast<char>(changed[at] ^ 1 << 5 * at % 8);
      write("b.fgb", changed);
      try {
        if (!is_plain(path("b.fgb"))) continue;
      } catch (const Error&) {  // GDAL does not open it
        continue;
      }
      ++plain;
      expect_same(path("b.fgb"), fmt::format("index {}, byte {}", index, at));
    }
    EXPECT_GT(plain, 50U);
    for (std::size_t size = 0; size < whole.size(); size += 7) {
      write("b.fgb", std::string_view(whole).substr(0, size));
      try {
        EXPECT_FALSE(is_plain(path("b.fgb"))) << size;
      } catch (const Error&) {
      }
    }
    write("b.fgb", whole + "more");
    EXPECT_FALSE(is_plain(path("b.fgb")));
  }
}

}  // namespace
}  // namespace yaan::test
