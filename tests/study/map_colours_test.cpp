#include "yaan/study/map_colours.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "yaan/core/error.hpp"
#include "yaan/study/registry.hpp"
#include "yaan/study/study.hpp"

namespace yaan {
namespace {

Column numbers(const char* name, ColourBy colour_by = ColourBy::none) {
  Column column = Column::of(name, std::vector<double>{1, 2});
  column.colour_by = colour_by;
  return column;
}

Layer areas() {
  Layer layer;
  layer.name = "areas";
  layer.crs = Crs::wgs84();
  layer.geometry = Geometry::empty(GeometryKind::polygon);
  for (const double west : {100.0, 101.0}) {
    layer.geometry.add_ring(std::vector<double>{west, west + 1, west + 1, west, west},
                            std::vector<double>{15, 15, 16, 16, 15});
    layer.geometry.end_part();
    layer.geometry.end_feature();
  }
  layer.set(numbers("population"));
  return layer;
}

Layer points() {
  Layer layer;
  layer.name = "points";
  layer.crs = Crs::wgs84();
  layer.geometry = Geometry::points({100.5, 101.5}, {15.5, 15.5});
  layer.set(numbers("weight"));
  return layer;
}

StudyStep step(const char* method, std::map<std::string, std::string, std::less<>> roles, std::string output = {}) {
  StudyStep made;
  made.method = &method_named(method);
  made.options = made.method->default_options();
  made.roles = std::move(roles);
  made.output = std::move(output);
  return made;
}

class MapColoursTest : public testing::Test {
 protected:
  MapColoursTest() {
    m_layers["areas"] = areas();
    m_layers["points"] = points();
  }
  std::optional<ColourChoice> choice(const MapColours& wishes = {}) {
    std::vector<std::string> all;
    for (const auto& [name, layer] : m_layers) all.push_back(name);
    return colour_choice(wishes, m_steps, {"areas", "points"}, all, [&](const std::string& name) {
      const auto at = m_layers.find(name);
      return at == m_layers.end() ? nullptr : &at->second;
    });
  }
  std::string message(const MapColours& wishes) {
    try {
      (void)choice(wishes);
    } catch (const UsageError& error) {
      return std::string(error.what()) + " | " + error.advice();
    }
    return {};
  }
  std::map<std::string, Layer> m_layers;
  std::vector<StudyStep> m_steps;
};

TEST_F(MapColoursTest, TheLastStepWithSomethingToShowDecides) {
  EXPECT_FALSE(choice().has_value()) << "no step, no colours";
  m_steps = {step("area-statistics", {{"areas", "areas"}, {"points", "points"}}),
             step("local-moran", {{"features", "areas"}}), step("moran", {{"features", "areas"}})};
  m_layers["areas"].set(numbers("point_density_km2"));
  m_layers["areas"].set(numbers("local_moran_cluster"));
  const auto chosen = choice();
  ASSERT_TRUE(chosen.has_value());
  EXPECT_EQ(chosen->layer, "areas");
  EXPECT_EQ(chosen->wish.column, "local_moran_cluster");
  m_steps[1].prefix = "food_";
  EXPECT_EQ(choice()->wish.column, "point_density_km2") << "there is no column food_local_moran_cluster";
  m_layers["areas"].set(numbers("food_local_moran_cluster"));
  EXPECT_EQ(choice()->wish.column, "food_local_moran_cluster");
}

TEST_F(MapColoursTest, PlainCategoriesLeaveTheMapToDistricts) {
  m_layers["areas"].set(numbers("point_density_km2"));
  m_layers["points"].set(numbers("cluster"));
  m_steps = {step("area-statistics", {{"areas", "areas"}, {"points", "points"}}),
             step("dbscan", {{"points", "points"}})};
  EXPECT_FALSE(choice().has_value());
  MapColours wishes;
  wishes.layer = "areas";
  EXPECT_EQ(choice(wishes)->wish.column, "point_density_km2") << "of the last step on that layer";
  wishes = {};
  wishes.wish.column = "cluster";
  EXPECT_EQ(choice(wishes)->layer, "points");
}

TEST_F(MapColoursTest, NullIsNoColours) {
  m_layers["areas"].set(numbers("point_density_km2"));
  m_steps = {step("area-statistics", {{"areas", "areas"}, {"points", "points"}})};
  EXPECT_TRUE(choice().has_value());
  MapColours wishes;
  wishes.districts = true;
  EXPECT_FALSE(choice(wishes).has_value());
}

TEST_F(MapColoursTest, AStepWhoseTableIsOnNoMapIsPassedOver) {
  Layer table;
  table.geometry = Geometry::empty(GeometryKind::none);
  table.set(Column::of("clq", std::vector<double>{}));
  m_layers["colocations"] = table;
  m_layers["points"].set(numbers("nearest_distance_m"));
  m_steps = {step("nearest", {{"points", "points"}}),
             step("colocation-quotient", {{"points", "points"}}, "colocations")};
  const auto chosen = choice();
  ASSERT_TRUE(chosen.has_value());
  EXPECT_EQ(chosen->layer, "points");
  EXPECT_EQ(chosen->wish.column, "nearest_distance_m");
}

TEST_F(MapColoursTest, ALayerWithoutStepsShowsItsFirstColumnThatColours) {
  MapColours wishes;
  wishes.layer = "areas";
  EXPECT_THAT(message(wishes), testing::HasSubstr("no column of layer areas says that it is for colouring a map"));
  m_layers["areas"].set(numbers("share", ColourBy::sequence));
  EXPECT_EQ(choice(wishes)->wish.column, "share");
}

TEST_F(MapColoursTest, RefusalsNameTheNearest) {
  MapColours wishes;
  wishes.wish.column = "populaton";
  EXPECT_THAT(message(wishes), testing::HasSubstr("| did you mean population?"));
  wishes.wish.column = "weight";
  EXPECT_EQ(choice(wishes)->layer, "points");
  m_layers["table"].geometry = Geometry::empty(GeometryKind::none);
  wishes.layer = "table";
  EXPECT_THAT(message(wishes), testing::HasSubstr("holds neither points nor areas"));
}

}  // namespace
}  // namespace yaan
