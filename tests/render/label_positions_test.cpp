// Labels stay apart, off the marks, inside the picture and within their room.
#include "render/label_positions.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace yaan::render {
namespace {

Camera camera_of(int width, int height) {
  Camera camera;
  camera.units_per_pixel = 1;
  camera.width = width;
  camera.height = height;
  camera.centre_x = width / 2.0;
  camera.centre_y = height / 2.0;
  return camera;
}

MapLabel label_at(double x, double y, float clearance = 0, double priority = 0, double room = 0) {
  MapLabel label;
  label.place = {x, y};
  label.text = "x";
  label.clearance = clearance;
  label.priority = priority;
  label.room = room;
  return label;
}

bool shown(const std::vector<PlacedLabel>& placed, std::uint32_t label) {
  return std::any_of(placed.begin(), placed.end(), [&](const PlacedLabel& p) { return p.label == label; });
}

TEST(LabelPositions, TheMoreImportantOfTwoStays) {
  const std::vector<MapLabel> labels = {label_at(200, 200, 0, 1), label_at(205, 200, 0, 2), label_at(400, 200)};
  const auto placed = place_labels(labels, {{60, 20}, {60, 20}, {60, 20}}, {}, 0, camera_of(600, 400), 1);
  EXPECT_FALSE(shown(placed, 0));
  EXPECT_TRUE(shown(placed, 1));
  EXPECT_TRUE(shown(placed, 2));
}

TEST(LabelPositions, CentredOnItsPlace) {
  const auto placed = place_labels({label_at(200, 100)}, {{60, 20}}, {}, 0, camera_of(600, 400), 1);
  ASSERT_EQ(placed.size(), 1U);
  EXPECT_EQ(placed[0].left, 170);
  EXPECT_EQ(placed[0].top, 290) << "y runs down on the screen";
}

TEST(LabelPositions, RoomAndPictureAreRespected) {
  const std::vector<MapLabel> labels = {label_at(200, 200, 0, 0, 50), label_at(200, 300, 0, 0, 70), label_at(-50, 200),
                                        label_at(10, 50)};
  const std::vector<LabelSize> sizes(4, {60, 20});
  const auto placed = place_labels(labels, sizes, {}, 0, camera_of(600, 400), 1);
  EXPECT_FALSE(shown(placed, 0)) << "wider than its room";
  EXPECT_TRUE(shown(placed, 1));
  EXPECT_FALSE(shown(placed, 2)) << "its place is not in the picture";
  EXPECT_FALSE(shown(placed, 3)) << "it would be cut off";
}

TEST(LabelPositions, BesideThePlaceAndOffTheMarks) {
  const std::vector<PlanePoint> marks = {{200, 200}, {250, 200}};  // the second one bars the right side
  const auto placed = place_labels({label_at(200, 200, 11)}, {{60, 20}}, marks, 5, camera_of(600, 400), 1);
  ASSERT_EQ(placed.size(), 1U);
  for (const PlanePoint& mark : marks) {
    const double y = 400 - mark.y;
    EXPECT_TRUE(placed[0].left > mark.x + 5 || placed[0].left + 60 < mark.x - 5 || placed[0].top > y + 5 ||
                placed[0].top + 20 < y - 5);
  }
}

TEST(LabelPositions, NoTwoOverlapInACrowd) {
  std::vector<MapLabel> labels;
  for (int i = 0; i < 200; ++i) labels.push_back(label_at(37 * i % 590, 53 * i % 390, i % 3 == 0 ? 8.0F : 0.0F, i % 7));
  const std::vector<LabelSize> sizes(labels.size(), {48, 16});
  const auto placed = place_labels(labels, sizes, {}, 0, camera_of(600, 400), 1);
  EXPECT_GT(placed.size(), 20U);
  for (const PlacedLabel& a : placed) {
    EXPECT_GE(a.left, 0);
    EXPECT_LE(a.left + 48, 600);
    for (const PlacedLabel& b : placed) {
      if (&a == &b) continue;
      EXPECT_TRUE(a.left + 48 <= b.left || b.left + 48 <= a.left || a.top + 16 <= b.top || b.top + 16 <= a.top);
    }
  }
  EXPECT_THROW(place_labels(labels, {}, {}, 0, camera_of(600, 400), 1), std::invalid_argument);
}

}  // namespace
}  // namespace yaan::render
