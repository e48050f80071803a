// Names of areas, as people write them, to codes: of small tables, and of the published lists of Thailand.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <map>

#include "yaan/analyse/match_areas.hpp"
#include "yaan/core/error.hpp"
#include "yaan/load/read.hpp"

namespace yaan {
namespace {

Layer table(const std::vector<std::pair<std::string, std::vector<std::string>>>& columns) {
  Layer layer;
  layer.name = "table";
  for (const auto& [name, values] : columns) {
    Column column(name, ColumnType::text);
    for (const std::string& value : values) column.push(std::string_view(value));
    layer.columns.push_back(std::move(column));
  }
  layer.geometry.rows = columns.front().second.size();
  return layer;
}

Layer provinces() {
  Layer layer = table({{"code", {"TH-10", "TH-16", "TH-50", "TH-14", "TH-57"}},
                       {"name_th", {"กรุงเทพมหานคร", "ลพบุรี", "เชียงใหม่", "พระนครศรีอยุธยา", "เชียงราย"}},
                       {"name_en", {"Bangkok", "Lop Buri", "Chiang Mai", "Phra Nakhon Si Ayutthaya", "Chiang Rai"}}});
  layer.roles.code = "code";
  layer.roles.name_th = "name_th";
  layer.roles.name_en = "name_en";
  return layer;
}

MethodResult match(const Layer& rows, const Layer& areas, const MatchAreasOptions& options) {
  MethodInputs inputs;
  inputs.layers["rows"] = &rows;
  inputs.layers["areas"] = &areas;
  Progress progress;
  return match_areas_method().run(inputs, options, progress);
}

const Column& column(const MethodResult& result, std::string_view name) {
  for (const Column& each : result.columns)
    if (each.name == name) return each;
  throw std::logic_error("no such column");
}

TEST(MatchAreas, NamesAsPeopleWriteThem) {
  const struct {
    const char* name;
    const char* code;
    const char* found;
    const char* suggestion;
  } cases[] = {{"เชียงใหม่", "TH-50", "exact", ""},
               {"TH-50", "TH-50", "code", ""},
               {" จังหวัดเชียงใหม่ ", "TH-50", "variant", ""},
               {"จ.เชียงใหม่", "TH-50", "variant", ""},
               {"Lopburi", "TH-16", "variant", ""},
               {"Changwat Lop Buri", "TH-16", "variant", ""},
               {"กทม.", "TH-10", "variant", ""},
               {"อยุธยา", "TH-14", "variant", ""},
               {"Ayutthaya", "TH-14", "variant", ""},
               {"Chiang Mia", "", "suggested", "เชียงใหม่"},
               {"เชียงไหม่", "", "suggested", "เชียงใหม่"},
               {"Vientiane", "", "unknown", ""},
               {"", "", "empty", ""}};
  std::vector<std::string> names;
  for (const auto& each : cases) names.emplace_back(each.name);
  MatchAreasOptions options;
  options.name = "province";
  const MethodResult result = match(table({{"province", names}}), provinces(), options);
  for (std::size_t row = 0; row < names.size(); ++row) {
    EXPECT_EQ(column(result, "match_code").display(row), cases[row].code) << names[row];
    EXPECT_EQ(column(result, "match_found").display(row), cases[row].found) << names[row];
    EXPECT_EQ(column(result, "match_suggestion").display(row), cases[row].suggestion) << names[row];
  }
  EXPECT_EQ(result.diagnostics.count("unmatched-area-name"), 3);
}

TEST(MatchAreas, ParentsTellNamesakesApart) {
  Layer districts = table({{"code", {"4001", "5001", "5002"}},
                           {"name_th", {"เมือง", "เมือง", "แม่ริม"}},
                           {"province", {"ขอนแก่น", "เชียงใหม่", "เชียงใหม่"}},
                           {"province_en", {"Khon Kaen", "Chiang Mai", "Chiang Mai"}}});
  districts.roles.code = "code";
  districts.roles.name_th = "name_th";
  const Layer rows =
      table({{"district", {"อ.เมือง", "อำเภอเมือง", "แม่ริม"}}, {"province", {"Chiang Mai", "จ.ขอนแก่น", "ขอนแก่น"}}});
  MatchAreasOptions options;
  options.name = "district";
  MethodResult result = match(rows, districts, options);
  EXPECT_EQ(column(result, "match_found").display(0), "ambiguous");
  EXPECT_TRUE(column(result, "match_code").is_null(0));
  options.parent = "province";
  EXPECT_THROW(match(rows, districts, options), UsageError);
  options.areas_parent = "province,province_en";
  result = match(rows, districts, options);
  EXPECT_EQ(column(result, "match_code").display(0), "5001");
  EXPECT_EQ(column(result, "match_code").display(1), "4001");
  EXPECT_EQ(column(result, "match_found").display(2), "unknown");  // not in that province
  options.areas_parent = "county";
  EXPECT_THROW(match(rows, districts, options), UsageError);
}

TEST(MatchAreas, SaysWhatIsMissing) {
  const Layer rows = table({{"province", {"ลพบุรี"}}});
  EXPECT_THROW(match(rows, provinces(), {}), UsageError);  // no column named
  Layer bare = provinces();
  bare.roles = {};
  MatchAreasOptions options;
  options.name = "province";
  EXPECT_THROW(match(rows, bare, options), UsageError);
}

class PublishedLists : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* shared = std::getenv("YAAN_SHARED");
    m_folder = std::filesystem::path(shared == nullptr ? "../shared" : shared) / "data/boundaries";
    if (!std::filesystem::exists(m_folder)) GTEST_SKIP() << "no reference data: set YAAN_SHARED";
  }
  [[nodiscard]] Layer read(const std::string& file) const {
    ReadOptions options;
    options.table = true;
    Progress progress;
    return read_layer(m_folder / file, options, progress).layer;
  }
  // Rows whose code is `prefix` and the digits of `wanted`.
  static std::size_t right(const MethodResult& result, const Column& wanted, const std::string& prefix) {
    std::size_t count = 0;
    for (std::size_t row = 0; row < wanted.size(); ++row)
      count += column(result, "match_code").display(row) == prefix + wanted.display(row) ? 1U : 0U;
    return count;
  }

  std::filesystem::path m_folder;
};

TEST_F(PublishedLists, AllProvincesAreFoundByAnyOfTheirNames) {
  const Layer rows = read("province_codes.csv");
  for (const bool thai : {true, false}) {  // the areas know names of one language only
    Layer areas = read("mapthai_tha1.gpkg");
    areas.roles.code = "adm1_pcode";
    (thai ? areas.roles.name_th : areas.roles.name_en) = thai ? "adm1_th" : "adm1_en";
    for (const char* name : {"name_th", "name_en_cod", "name_en_ne"}) {
      if (thai != (std::string(name) == "name_th")) continue;
      MatchAreasOptions options;
      options.name = name;
      EXPECT_EQ(right(match(rows, areas, options), rows.column("tis1099"), "TH"), 77U) << name;
    }
  }
}

TEST_F(PublishedLists, AllDistrictsAreFoundInTheirProvince) {
  Layer rows = read("dhanabhon_districts.csv");
  const Layer provinces = read("dhanabhon_provinces.csv");
  std::map<std::string, std::size_t> row_of;
  for (std::size_t row = 0; row < provinces.size(); ++row) row_of[provinces.column("PROVINCE_ID").display(row)] = row;
  for (const char* name : {"PROVINCE_THAI", "PROVINCE_ENGLISH"}) {
    Column parent(name, ColumnType::text);
    for (std::size_t row = 0; row < rows.size(); ++row)
      parent.push(std::string_view(provinces.column(name).display(row_of.at(rows.column("PROVINCE_ID").display(row)))));
    rows.set(std::move(parent));
  }
  for (const std::string language : {"THAI", "ENGLISH"}) {
    Layer areas = read("mapthai_tha2.gpkg");
    areas.roles.code = "adm2_pcode";
    (language == "THAI" ? areas.roles.name_th : areas.roles.name_en) = language == "THAI" ? "adm2_th" : "adm2_en";
    MatchAreasOptions options;
    options.name = "DISTRICT_" + language;
    options.parent = "PROVINCE_" + language;
    options.areas_parent = "adm1_th,adm1_en";
    const MethodResult result = match(rows, areas, options);
    if (language == "THAI") {
      EXPECT_EQ(right(result, rows.column("DISTRICT_CODE"), "TH"), 928U);
      continue;
    }
    // บางไทร and บางซ้าย of Ayutthaya are both Bang Sai, and Galyani Vadhana is misspelt.
    EXPECT_EQ(right(result, rows.column("DISTRICT_CODE"), "TH"), 925U);
    for (std::size_t row = 0; row < rows.size(); ++row) {
      const std::string name = rows.column("DISTRICT_ENGLISH").display(row);
      const std::string found = column(result, "match_found").display(row);
      if (found == "ambiguous") {
        EXPECT_EQ(name, "Bang Sai");
      } else if (found == "suggested") {
        EXPECT_EQ(name, "Galayani Vadhana");
        EXPECT_EQ(column(result, "match_suggestion").display(row), "Galyani Vadhana");
      } else {
        EXPECT_EQ(column(result, "match_code").display(row), "TH" + rows.column("DISTRICT_CODE").display(row));
      }
    }
  }
}

}  // namespace
}  // namespace yaan
