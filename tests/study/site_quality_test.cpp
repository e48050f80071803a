// Sites that stand in a list twice, and sites that do not lie where they claim to.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "yaan/analyse/check_claims.hpp"
#include "yaan/analyse/find_duplicates.hpp"
#include "yaan/core/error.hpp"
#include "yaan/load/read.hpp"

namespace yaan {
namespace {

struct Site {
  const char* id;
  const char* name;
  double x;
  double y;
  const char* area = "";
};

Layer sites(const std::vector<Site>& list) {
  Layer layer;
  layer.name = "sites";
  layer.crs = Crs::wgs84();
  layer.geometry = Geometry::points({}, {});
  Column id("id", ColumnType::text);
  Column name("name", ColumnType::text);
  Column area("area", ColumnType::text);
  for (const Site& site : list) {
    layer.geometry.x.push_back(site.x);
    layer.geometry.y.push_back(site.y);
    id.push(site.id);
    name.push(site.name);
    area.push(site.area);
  }
  for (Column* column : {&id, &name, &area}) layer.columns.push_back(std::move(*column));
  layer.roles.id = "id";
  layer.roles.name_en = "name";
  layer.roles.area = "area";
  return layer;
}

MethodResult run(const Method& method, const std::map<std::string, const Layer*>& layers, const std::any& options) {
  MethodInputs inputs;
  for (const auto& [role, layer] : layers) inputs.layers[role] = layer;
  Progress progress;
  return method.run(inputs, options, progress);
}

const Column& column(const MethodResult& result, std::string_view name) {
  for (const Column& each : result.columns)
    if (each.name == name) return each;
  throw std::logic_error("no such column");
}

TEST(FindDuplicates, PairsByNameAndPlace) {
  // 0.0005 degrees of latitude are 55 m.
  const Layer layer = sites({{"a", "Wat Phra That", 100.5, 13.7},
                             {"b", "Wat Prathat", 100.5, 13.7005},
                             {"c", "Wat Phra That", 100.5, 13.7},
                             {"d", "Wat Phra That", 100.5, 13.8},
                             {"e", "Floating Market", 100.5, 13.7},
                             {"f", "", 100.5, 13.7},
                             {"g", "วัดโพธิ์", 101, 14},
                             {"h", "โพธิ์", 101, 14},
                             {"i", "วัดโพธิ", 101, 14.0002}});
  const MethodResult result = run(find_duplicates_method(), {{"points", &layer}}, FindDuplicatesOptions{});
  const Column& of = column(result, "duplicate_of");
  std::vector<std::string> firsts;
  for (std::size_t row = 0; row < of.size(); ++row) firsts.push_back(of.display(row));
  EXPECT_THAT(firsts, ::testing::ElementsAre("", "a", "a", "", "", "", "", "g", "g"));
  const Layer& pairs = result.layers.front();
  ASSERT_EQ(pairs.size(), 6U);
  EXPECT_EQ(pairs.column("first").display(0), "a");
  EXPECT_EQ(pairs.column("second").display(0), "c");
  EXPECT_EQ(pairs.column("kind").display(0), "exact");
  EXPECT_EQ(pairs.column("score").reals()[0], 1);
  EXPECT_EQ(pairs.column("kind").display(1), "same-name");  // g and h, at the same place
  EXPECT_EQ(column(result, "duplicate_score").reals()[4], 0);
  for (std::size_t row = 1; row < pairs.size(); ++row)
    EXPECT_LE(pairs.column("score").reals()[row], pairs.column("score").reals()[row - 1]);
  FindDuplicatesOptions near;
  near.within = Metres{10};
  EXPECT_EQ(run(find_duplicates_method(), {{"points", &layer}}, near).layers.front().size(), 2U);
}

TEST(FindDuplicates, NeedsNames) {
  Layer layer = sites({{"a", "x", 100.5, 13.7}});
  layer.roles.name_en.clear();
  EXPECT_THROW(run(find_duplicates_method(), {{"points", &layer}}, FindDuplicatesOptions{}), UsageError);
}

// Two areas of one degree side by side, and sea south of 13 degrees.
Layer areas() {
  Layer layer;
  layer.name = "areas";
  layer.crs = Crs::wgs84();
  layer.geometry = Geometry::empty(GeometryKind::polygon);
  Column code("code", ColumnType::text);
  Column name("name", ColumnType::text);
  const std::pair<const char*, const char*> all[] = {{"W", "Chiang Mai"}, {"E", "Chiang Rai"}, {"N", "Lampang"}};
  for (std::size_t i = 0; i < 3; ++i) {
    const double west = i == 1 ? 101 : 100;
    const double south = i == 2 ? 14 : 13;
    const double width = i == 2 ? 2 : 1;
    layer.geometry.add_ring(std::vector<double>{west, west + width, west + width, west, west},
                            std::vector<double>{south, south, south + 1, south + 1, south});
    layer.geometry.end_part();
    layer.geometry.end_feature();
    code.push(all[i].first);
    name.push(all[i].second);
  }
  layer.columns.push_back(std::move(code));
  layer.columns.push_back(std::move(name));
  layer.roles.code = "code";
  layer.roles.name_en = "name";
  return layer;
}

TEST(CheckClaims, ReasonsAndRepairs) {
  const Layer layer = sites({{"agrees", "", 100.5, 13.5, "Chiang Mai"},
                             {"edge", "", 101, 13.5, "Chiang Rai"},
                             {"code", "", 101.5, 13.5, "E"},
                             {"swapped", "", 13.5, 100.5, "Chiang Mai"},
                             {"border", "", 100.5, 14.005, "Chiang Mai"},
                             {"coast", "", 100.5, 12.98, "Chiang Mai"},
                             {"similar", "", 101.4, 13.4, "Chiang Mai"},
                             {"far", "", 108.77, 19.77, "Chiang Mai"},
                             {"unknown", "", 100.5, 13.5, "Atlantis"},
                             {"none", "", 100.5, 13.5, ""}});
  const Layer known = areas();
  const MethodResult result = run(check_claims_method(), {{"points", &layer}, {"areas", &known}}, CheckClaimsOptions{});
  const std::vector<std::pair<std::string, std::string>> expected = {{"agrees", ""},
                                                                     {"agrees", ""},
                                                                     {"agrees", ""},
                                                                     {"swapped-axes", "move"},
                                                                     {"border", "keep"},
                                                                     {"coast", "keep"},
                                                                     {"similar-name", "rename"},
                                                                     {"far", ""},
                                                                     {"unknown-name", ""},
                                                                     {"no-claim", ""}};
  for (std::size_t row = 0; row < expected.size(); ++row) {
    EXPECT_EQ(column(result, "claim_state").display(row), expected[row].first) << layer.feature_id(row);
    EXPECT_EQ(column(result, "claim_repair").display(row), expected[row].second) << layer.feature_id(row);
  }
  EXPECT_EQ(column(result, "claim_x").reals()[3], 100.5);
  EXPECT_EQ(column(result, "claim_y").reals()[3], 13.5);
  // 0.005 degrees of latitude at 14 degrees north, by the length of a meridian degree there, 110,649 m.
  EXPECT_NEAR(column(result, "claim_distance_m").reals()[4], 0.005 * 110'649, 1);
  EXPECT_EQ(column(result, "claim_distance_m").reals()[0], 0);
  EXPECT_EQ(column(result, "claim_found_code").display(6), "E");
  EXPECT_TRUE(column(result, "claim_found_code").is_null(7));
}

TEST(CheckClaims, OneDigit) {
  const Layer known = areas();
  // 18 for 13, and 31 for 13.
  const Layer layer = sites({{"digit", "", 100.5, 18.5, "Chiang Mai"}, {"neighbours", "", 101.5, 31.5, "Chiang Rai"}});
  const MethodResult result = run(check_claims_method(), {{"points", &layer}, {"areas", &known}}, CheckClaimsOptions{});
  EXPECT_EQ(column(result, "claim_state").display(0), "digit");
  EXPECT_EQ(column(result, "claim_x").reals()[0], 100.5);
  EXPECT_EQ(column(result, "claim_y").reals()[0], 13.5);
  EXPECT_EQ(column(result, "claim_y").reals()[1], 13.5);
  // 101.5 and 102.0 would do: people must look.
  const Layer two = sites({{"two", "", 102.5, 13.5, "Chiang Rai"}});
  const MethodResult open = run(check_claims_method(), {{"points", &two}, {"areas", &known}}, CheckClaimsOptions{});
  EXPECT_EQ(column(open, "claim_state").display(0), "digit");
  EXPECT_TRUE(column(open, "claim_repair").is_null(0));
}

TEST(CheckClaims, OldDatumIsSeenWhenManyAgree) {
  const Layer known = areas();
  // Positions on Indian 1975 just west of the border, which lie up to 300 m elsewhere on WGS 84.
  Transformer to_old(Crs::wgs84(), Crs::from_text("EPSG:4240"));
  std::vector<Site> list;
  for (int i = 0; i < 4; ++i) {
    double x = i < 3 ? 101.0005 : 101.4;
    double y = 13.2 + 0.1 * i;
    to_old.apply({&x, 1}, {&y, 1});
    list.push_back({"old", "", x, y, "Chiang Rai"});
  }
  ASSERT_GT(list[0].x, 101.002);  // the shift goes east
  for (Site& site : list) site.area = "Chiang Rai";
  const Layer agreeing = sites(list);
  const MethodResult agree =
      run(check_claims_method(), {{"points", &agreeing}, {"areas", &known}}, CheckClaimsOptions{});
  EXPECT_EQ(column(agree, "claim_state").display(0), "agrees");
  // West of the border on WGS 84, east of it as they stand.
  for (int i = 0; i < 3; ++i) {
    double x = 100.999;
    double y = 13.2 + 0.1 * i;
    to_old.apply({&x, 1}, {&y, 1});
    list[static_cast<std::size_t>(i)] = {"old", "", x, y, "Chiang Mai"};
  }
  const Layer old = sites(list);
  const MethodResult result = run(check_claims_method(), {{"points", &old}, {"areas", &known}}, CheckClaimsOptions{});
  for (std::size_t row = 0; row < 3; ++row) {
    EXPECT_EQ(column(result, "claim_state").display(row), "datum");
    EXPECT_NEAR(column(result, "claim_x").reals()[row], 100.999, 1e-6);
  }
  EXPECT_EQ(column(result, "claim_state").display(3), "agrees");
}

TEST(DirtyList, DuplicatesOfTheTruthAreFound) {
  const char* shared = std::getenv("YAAN_SHARED");
  const std::filesystem::path folder = std::filesystem::path(shared == nullptr ? "../shared" : shared) / "data/dirty";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no reference data: set YAAN_SHARED";
  ReadOptions options;
  options.crs = "EPSG:4326";
  options.plane_crs = "EPSG:32647";
  Progress progress;
  Layer list = read_layer(folder / "heritage_dirty_bom_thaihdr.csv", options, progress).layer;
  options = {};
  options.table = options.plain_table = true;
  const Layer truth = read_layer(folder / "heritage_dirty_truth.csv", options, progress).layer;
  for (const Column& each : list.columns)
    if (each.name.starts_with("ชื่อ")) list.roles.name_th = each.name;
  std::int64_t expected = 0;
  for (std::size_t row = 0; row < truth.size(); ++row)
    expected += truth.column("defect").display(row).starts_with("duplicate") ? 1 : 0;
  ASSERT_GT(expected, 0);
  FindDuplicatesOptions near;
  near.within = Metres{1};
  near.similarity = 1;
  const MethodResult result = run(find_duplicates_method(), {{"points", &list}}, near);
  EXPECT_EQ(
      static_cast<std::int64_t>(column(result, "duplicate_of").size() - column(result, "duplicate_of").null_count()),
      expected);
}

}  // namespace
}  // namespace yaan
