#include "yaan/style/label_layout.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>

namespace yaan::style {
namespace {

TEST(LayOutLabels, NeverOverlapAndStayInside) {
  EXPECT_TRUE(rc::check("labels", [] {
    const auto n = *rc::gen::inRange<std::size_t>(1, 40);
    std::vector<LabelWish> wishes(n);
    for (LabelWish& wish : wishes)
      wish = {static_cast<double>(*rc::gen::inRange(0, 300)), static_cast<double>(*rc::gen::inRange(0, 200)),
              static_cast<double>(*rc::gen::inRange(5, 90)),  12,
              static_cast<double>(*rc::gen::inRange(0, 8)),   static_cast<double>(*rc::gen::inRange(0, 3))};
    const std::vector<Box> obstacles = {{100, 50, 160, 90}};
    const auto boxes = lay_out_labels(wishes, {0, 0, 300, 200}, obstacles, 2);
    std::size_t shown = 0;
    for (std::size_t i = 0; i < n; ++i) {
      if (!boxes[i]) continue;
      ++shown;
      RC_ASSERT(boxes[i]->min_x >= 0 && boxes[i]->max_x <= 300 && boxes[i]->min_y >= 0 && boxes[i]->max_y <= 200);
      const auto apart = [&](const Box& other) {
        return boxes[i]->max_x + 2 <= other.min_x || other.max_x + 2 <= boxes[i]->min_x ||
               boxes[i]->max_y + 2 <= other.min_y || other.max_y + 2 <= boxes[i]->min_y;
      };
      RC_ASSERT(apart(obstacles[0]));
      for (std::size_t j = 0; j < i; ++j) RC_ASSERT(!boxes[j] || apart(*boxes[j]));
    }
    RC_ASSERT(n > 1 || shown == 1 || !boxes[0]);
  }));
}

TEST(LayOutLabels, PriorityWinsAndOtherSidesAreTried) {
  const std::vector<LabelWish> wishes = {{100, 100, 40, 10, 5, 0}, {100, 100, 40, 10, 5, 9}};
  const auto boxes = lay_out_labels(wishes, {0, 0, 300, 200});
  ASSERT_TRUE(boxes[0] && boxes[1]);
  EXPECT_EQ(boxes[1]->min_x, 105) << "the important one gets the best place";
  EXPECT_EQ(boxes[0]->max_x, 95) << "the other one goes left";
}

TEST(SpreadBadges, KeepsThemApartAndNearTheirPlaces) {
  const std::vector<std::pair<double, double>> places(12, {150.0, 100.0});
  const auto middles = spread_badges(places, 20, {0, 0, 300, 200});
  EXPECT_EQ(middles[0], places[0]);
  for (std::size_t i = 0; i < middles.size(); ++i) {
    EXPECT_LT(std::hypot(middles[i].first - 150, middles[i].second - 100), 80);
    for (std::size_t j = 0; j < i; ++j)
      EXPECT_GE(std::hypot(middles[i].first - middles[j].first, middles[i].second - middles[j].second), 20);
  }
}

TEST(LabelPoint, LiesInTheWideEndOfAnLShape) {
  Geometry shape = Geometry::empty(GeometryKind::polygon);
  shape.add_ring(std::vector<double>{0, 10, 10, 4, 4, 0, 0}, std::vector<double>{0, 0, 1, 1, 8, 8, 0});
  shape.end_part();
  shape.end_feature();
  shape.end_feature();
  const auto place = label_point(shape, 0);
  ASSERT_TRUE(place);
  EXPECT_EQ(locate(shape, 0, place->x, place->y), Inside::inside);
  EXPECT_GT(place->radius, 1.8);
  EXPECT_FALSE(label_point(shape, 1));
}

}  // namespace
}  // namespace yaan::style
