// The table by area: districts that cross areas, codes that several polygons share, names of columns.
#include "study/area_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "yaan/core/error.hpp"

namespace yaan {
namespace {

Column texts(const char* name, const std::vector<std::string>& values) {
  Column column(name, ColumnType::text);
  for (const std::string& value : values) {
    if (value.empty())
      column.push_null();
    else
      column.push(std::string_view(value));
  }
  return column;
}

Layer three_squares() {
  Layer areas;
  areas.name = "areas";
  areas.crs = Crs::local();
  areas.geometry = Geometry::empty(GeometryKind::polygon);
  for (const double x : {0.0, 2000.0, 4000.0}) {
    const std::vector<double> xs = {x, x + 1000, x + 1000, x, x};
    const std::vector<double> ys = {0, 0, 1000, 1000, 0};
    areas.geometry.add_ring(xs, ys);
    areas.geometry.end_part();
    areas.geometry.end_feature();
  }
  areas.set(texts("code", {"A", "B", "A"}));
  areas.roles.code = "code";
  return areas;
}

Layer sites(const std::vector<std::string>& codes, const std::vector<std::string>& districts,
            const std::vector<std::string>& categories) {
  Layer points;
  points.name = "sites";
  points.crs = Crs::local();
  points.geometry = Geometry::points(std::vector<double>(codes.size(), 1), std::vector<double>(codes.size(), 1));
  points.set(texts("area_code", codes));
  if (!districts.empty()) points.set(texts("district_id", districts));
  points.set(texts("kind", categories));
  points.roles.category = "kind";
  return points;
}

std::vector<std::string> shown(const Layer& table, const char* column) {
  std::vector<std::string> rows;
  for (std::size_t row = 0; row < table.size(); ++row) rows.push_back(table.column(column).display(row));
  return rows;
}

using ::testing::ElementsAre;

TEST(AreaTable, CountsADistrictInEachAreaThatItTouches) {
  Diagnostics diagnostics;
  const Layer table = area_table(three_squares(),
                                 sites({"A", "A", "B", "B", "", "Z"}, {"D1", "D2", "D1", "", "D1", ""},
                                       {"temple", "", "temple", "sites", "temple", "temple"}),
                                 diagnostics);
  EXPECT_THAT(shown(table, "code"), ElementsAre("A", "B"));
  EXPECT_THAT(shown(table, "sites"), ElementsAre("2", "2"));
  EXPECT_THAT(shown(table, "districts"), ElementsAre("2", "1"));
  EXPECT_THAT(shown(table, "sites_in_districts"), ElementsAre("2", "1"));
  EXPECT_THAT(shown(table, "temple"), ElementsAre("1", "1"));
  EXPECT_THAT(shown(table, "no_category"), ElementsAre("1", "0"));
  EXPECT_THAT(shown(table, "category sites"), ElementsAre("0", "1"));
  EXPECT_THAT(shown(table, "area_km2"), ElementsAre("2", "1"));  // two polygons share the code A
  EXPECT_THAT(shown(table, "sites_per_1000km2"), ElementsAre("1000", "2000"));
  EXPECT_EQ(diagnostics.count("outside-every-area-row"), 2);
}

TEST(AreaTable, LeavesDistrictsEmptyBeforeAnyClustering) {
  Diagnostics diagnostics;
  const Layer table = area_table(three_squares(), sites({"A"}, {}, {"temple"}), diagnostics);
  EXPECT_THAT(shown(table, "districts"), ElementsAre("", ""));
  EXPECT_THAT(shown(table, "sites_in_districts"), ElementsAre("", ""));
  EXPECT_THAT(shown(table, "sites"), ElementsAre("1", "0"));
}

TEST(AreaTable, NeedsTheAreaOfEachSite) {
  Diagnostics diagnostics;
  Layer points = sites({"A"}, {}, {"temple"});
  points.columns.erase(points.columns.begin());
  EXPECT_THROW(area_table(three_squares(), points, diagnostics), UsageError);
}

TEST(AreaTable, MeasuresHolesAway) {
  Layer areas;
  areas.crs = Crs::local();
  areas.geometry = Geometry::empty(GeometryKind::polygon);
  areas.geometry.add_ring(std::vector<double>{0, 1000, 1000, 0, 0}, std::vector<double>{0, 0, 1000, 1000, 0});
  areas.geometry.add_ring(std::vector<double>{200, 200, 700, 700, 200}, std::vector<double>{200, 700, 700, 200, 200});
  areas.geometry.end_part();
  areas.geometry.end_feature();
  EXPECT_THAT(areas_km2(areas), ElementsAre(0.75));
}

}  // namespace
}  // namespace yaan
