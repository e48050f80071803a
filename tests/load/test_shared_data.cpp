// Real files, with the counts of the reference data's own index.
#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>

#include "load/test_files.hpp"
#include "yaan/core/error.hpp"
#include "yaan/load/inspect.hpp"

namespace yaan::test {
namespace {

struct Expected {
  std::string file;
  std::size_t features;
  std::size_t vertices;
  std::int64_t invalid;
};

class Boundaries : public ::testing::TestWithParam<Expected> {};

TEST_P(Boundaries, CountsAsPublished) {
  const auto file = shared("data/boundaries/" + GetParam().file);
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "no reference data: " << file;
  const ReadResult result = read(file);
  EXPECT_EQ(result.layer.size() + static_cast<std::size_t>(result.diagnostics.count("unrepairable-polygon")),
            GetParam().features);
  if (GetParam().vertices > 0) {
    EXPECT_EQ(result.layer.geometry.x.size(), GetParam().vertices);
  }
  EXPECT_EQ(result.diagnostics.count("invalid-polygon"), GetParam().invalid);
  EXPECT_TRUE(result.layer.crs.is_wgs84());
  // Thailand lies within these degrees.
  const Box box = result.layer.geometry.bounds();
  EXPECT_GT(box.min_x, 97.3);
  EXPECT_LT(box.max_x, 105.7);
  EXPECT_GT(box.min_y, 5.5);
  EXPECT_LT(box.max_y, 20.5);
}

INSTANTIATE_TEST_SUITE_P(
    Load, Boundaries,
    ::testing::Values(Expected{"ne10m_qgis_thailand.geojson", 77, 4501, 0}, Expected{"thailand.json", 77, 26709, 0},
                      Expected{"mapthai_tha1.gpkg", 77, 0, 0}, Expected{"mapthai_tha2.gpkg", 928, 0, 0},
                      Expected{"mapthai_tha3.gpkg", 7425, 0, 0},
                      Expected{"sompobch_thailand_province.geojson", 77, 0, 9},
                      Expected{"sompobch_thailand_district.geojson", 928, 0, 9},
                      Expected{"sompobch_thailand_sub_district.geojson", 7419, 0, 51}),
    [](const auto& parameter) { return parameter.param.file.substr(0, parameter.param.file.find('.')); });

TEST(SharedData, ShapefilesInUtm) {
  const auto file = shared("data/dirty/utm47_32647/prov.shp");
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "no reference data: " << file;
  const Layer layer = read(file).layer;
  EXPECT_EQ(layer.size(), 77U);
  EXPECT_EQ(layer.crs.code(), "EPSG:32647");
  EXPECT_EQ(layer.column("adm1_th").texts()[0], "กรุงเทพมหานคร");
}

TEST(SharedData, ThaiDbfWithoutItsEncoding) {
  const auto file = shared("data/dirty/cp874_nocpg/prov.shp");
  const auto utf8 = shared("data/dirty/utm47_32647/prov.shp");
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "no reference data: " << file;
  const ReadResult result = read(file);
  EXPECT_EQ(result.diagnostics.count("guessed-encoding"), 77);
  const Layer truth = read(utf8).layer;
  for (std::size_t row = 0; row < 77; ++row)
    EXPECT_EQ(result.layer.column("adm1_th").texts()[row], truth.column("adm1_th").texts()[row]);
}

// Degrees between the vertices of the provinces in a folder and those on WGS 84.
double apart_from_truth(const char* folder, const ReadOptions& options, std::int64_t notes) {
  const Layer truth = read(shared("data/dirty/cp874_nocpg/prov.shp")).layer;
  const ReadResult result = read(shared(std::string("data/dirty/") + folder + "/prov.shp"), options);
  const Layer layer = reprojected(result.layer, Crs::wgs84());
  EXPECT_EQ(result.diagnostics.count("datum-shift"), notes) << folder;
  EXPECT_EQ(layer.geometry.x.size(), truth.geometry.x.size()) << folder;
  double farthest = 0;
  for (std::size_t i = 0; i < truth.geometry.x.size() && i < layer.geometry.x.size(); ++i)
    farthest = std::max({farthest, std::fabs(layer.geometry.x[i] - truth.geometry.x[i]),
                         std::fabs(layer.geometry.y[i] - truth.geometry.y[i])});
  return farthest;
}

TEST(SharedData, ProvincesInEverySystemLieTogether) {
  const auto file = shared("data/dirty/cp874_nocpg/prov.shp");
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "no reference data: " << file;
  constexpr double kMetre = 9e-6;
  EXPECT_LT(apart_from_truth("utm47_32647", {}, 0), kMetre);
  EXPECT_LT(apart_from_truth("utm48_32648", {}, 0), kMetre);
  // These files were made with PROJ's own operation: it brings them back, and the Thai shift lies 190 m away from it.
  ReadOptions by_proj;
  by_proj.datum_shift = "EPSG:1812";
  EXPECT_LT(apart_from_truth("indian_24047", by_proj, 1), kMetre);
  EXPECT_NEAR(apart_from_truth("indian_24047", {}, 1), 190 * kMetre, 20 * kMetre);
  by_proj.crs = "EPSG:24047";
  EXPECT_LT(apart_from_truth("cp874_noprj_24047", by_proj, 1), kMetre);
}

TEST(SharedData, SidecarsMissing) {
  const auto file = shared("data/dirty/sidecars/thailand.shp");
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "no reference data: " << file;
  ReadOptions options;
  options.crs = "EPSG:4326";
  const ReadResult result = read(file, options);
  EXPECT_EQ(result.layer.size(), 224U);
  EXPECT_EQ(result.diagnostics.count("missing-dbf"), 1);
  EXPECT_EQ(refusal(shared("data/dirty/sidecars/cvibhagool/thailand-provinces.shp")).kind, "InputError");
}

TEST(SharedData, LostText) {
  const auto file = shared("data/dirty/sidecars/apisit_simplified/thailand.shp");
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "no reference data: " << file;
  Progress progress;
  const FileReport report = inspect_file(file, {}, progress);
  EXPECT_EQ(report.layers.front().diagnostics.count("no-crs"), 1);
}

// Good files load or are refused for a stated reason; bad ones never end otherwise.
TEST(SharedData, GeoJsonSuite) {
  const auto folder = shared("data/suites/geojsonhint/test/data");
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no reference data: " << folder;
  std::size_t seen = 0;
  std::size_t bad_ones = 0;
  Progress progress;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".geojson") continue;
    ++seen;
    const Refusal refused = refusal(entry.path());
    EXPECT_NE(refused.kind, "other") << entry.path() << ": " << refused.what;
    EXPECT_NE(refused.kind, "UsageError") << entry.path() << ": " << refused.what;
    if (refused.kind == "InputError") {
      EXPECT_THAT(refused.what, ::testing::HasSubstr(entry.path().string()));
    }
    const bool bad = entry.path().parent_path().filename() == "bad";
    bad_ones += bad ? 1U : 0U;
    try {
      const FileReport report = inspect_file(entry.path(), {}, progress);
      EXPECT_FALSE(to_text(report).empty());
      if (bad) {
        EXPECT_FALSE(report.layers.front().diagnostics.empty()) << entry.path() << " is read without a word";
      }
    } catch (const InputError& error) {
      EXPECT_TRUE(bad) << entry.path() << ": " << error.what();
      EXPECT_EQ(refused.kind, "InputError") << entry.path();
    }
  }
  EXPECT_EQ(seen, 62U);
  EXPECT_EQ(bad_ones, 44U);
}

TEST(SharedData, ShapefilesOfEveryType) {
  const auto folder = shared("data/suites/shapelib");
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no reference data: " << folder;
  std::size_t seen = 0;
  ReadOptions options;
  options.crs = "local";
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".shp") continue;
    ++seen;
    const Refusal refused = refusal(entry.path(), options);
    EXPECT_EQ(refused.kind, "none") << entry.path() << ": " << refused.what;
  }
  EXPECT_GT(seen, 15U);
}

}  // namespace
}  // namespace yaan::test
