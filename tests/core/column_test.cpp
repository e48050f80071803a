#include "yaan/core/column.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "yaan/core/diagnostics.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/layer.hpp"

namespace yaan {
namespace {

TEST(Column, KeepsNullsApartFromValues) {
  Column reals("density", ColumnType::real);
  reals.push(1.5);
  reals.push(std::nan(""));
  reals.push_null();
  EXPECT_EQ(reals.null_count(), 2U);
  EXPECT_EQ(reals.number(0), 1.5);
  EXPECT_FALSE(reals.number(1));
  EXPECT_EQ(reals.display(1), "");
}

TEST(Column, SelectKeepsMeaningAndOrder) {
  Column texts("name", ColumnType::text);
  texts.unit = "u";
  texts.push("ย่าน");
  texts.push_null();
  texts.push("");
  const Column chosen = texts.select({2, 0, 1});
  EXPECT_EQ(chosen.unit, "u");
  EXPECT_FALSE(chosen.is_null(0));
  EXPECT_EQ(chosen.texts()[1], "ย่าน");
  EXPECT_TRUE(chosen.is_null(2));
}

TEST(Column, ShowsListsAndDates) {
  Column lists("codes", ColumnType::text_list);
  lists.push(StringList{"TH-10", "TH-11"});
  EXPECT_EQ(lists.display(0), "TH-10; TH-11");
  EXPECT_EQ(to_string(Date{20780}), "2026-11-23");
  EXPECT_EQ(to_string(Date{-1}), "1969-12-31");
}

Layer two_points() {
  Layer layer;
  layer.name = "sites";
  layer.geometry = Geometry::points({100, 101}, {13, 14});
  Column ids("id", ColumnType::text);
  ids.push("a");
  ids.push_null();
  layer.set(ids);
  layer.roles.id = "id";
  return layer;
}

TEST(Layer, NamesTheNearestColumn) {
  Layer layer = two_points();
  try {
    static_cast<void>(layer.column("di"));
    FAIL() << "an unknown column must throw";
  } catch (const UsageError& error) {
    EXPECT_NE(std::string(error.what()).find("sites"), std::string::npos);
    EXPECT_NE(error.advice().find("did you mean id?"), std::string::npos);
  }
}

TEST(Layer, FeatureIdFallsBackToTheRow) {
  const Layer layer = two_points();
  EXPECT_EQ(layer.feature_id(0), "a");
  EXPECT_EQ(layer.feature_id(1), "#2");
}

TEST(Layer, RefusesAColumnOfAnotherLength) {
  Layer layer = two_points();
  EXPECT_THROW(layer.set(Column::of("n", std::vector<std::int64_t>{1})), std::invalid_argument);
}

TEST(Diagnostics, AddsUpTheSameFindingAndKeepsTheFirstFew) {
  Diagnostics found;
  for (int i = 0; i < 9; ++i)
    found.add(Severity::skipped, "null-geometry", "sites", "features have no geometry", 1, std::to_string(i));
  ASSERT_EQ(found.entries().size(), 1U);
  EXPECT_EQ(found.count("null-geometry"), 9);
  EXPECT_EQ(found.entries()[0].features, (std::vector<std::string>{"0", "1", "2", "3", "4"}));
  Diagnostics other = found;
  other.merge(found);
  EXPECT_EQ(other.count("null-geometry"), 18);
}

}  // namespace
}  // namespace yaan
