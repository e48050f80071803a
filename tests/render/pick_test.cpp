// Picking against a search over everything.
#include "yaan/render/pick.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <limits>

namespace yaan::render {
namespace {

std::optional<std::uint32_t> nearest_of_all(const std::vector<double>& x, const std::vector<double>& y,
                                            PlanePoint place, double within) {
  std::optional<std::uint32_t> found;
  double best = within * within;
  for (std::uint32_t i = 0; i < x.size(); ++i) {
    const double squared = (x[i] - place.x) * (x[i] - place.x) + (y[i] - place.y) * (y[i] - place.y);
    if (squared < best || (squared == best && !found)) {
      best = squared;
      found = i;
    }
  }
  return found;
}

TEST(PointIndex, AgreesWithASearchOverAllPoints) {
  ASSERT_TRUE(rc::check([] {
    const int count = *rc::gen::inRange(0, 300);
    const int spread = *rc::gen::elementOf(std::vector<int>{2, 20, 2000});
    std::vector<double> x;
    std::vector<double> y;
    for (int i = 0; i < count; ++i) {
      x.push_back(*rc::gen::inRange(-spread, spread));
      y.push_back(*rc::gen::inRange(-spread, spread));
    }
    const PointIndex index(x, y);
    for (int q = 0; q < 5; ++q) {
      const PlanePoint place{static_cast<double>(*rc::gen::inRange(-2 * spread, 2 * spread)),
                             static_cast<double>(*rc::gen::inRange(-2 * spread, 2 * spread))};
      const double within = *rc::gen::inRange(0, spread);
      RC_ASSERT(index.nearest(place, within) == nearest_of_all(x, y, place, within));
    }
  }));
}

TEST(PointIndex, NeverFindsWhatHasNoPlace) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<double> x = {nan, 5, 1};
  const std::vector<double> y = {0, nan, 1};
  EXPECT_EQ(PointIndex(x, y).nearest({0, 0}, 1e9), 2U);
  EXPECT_EQ(PointIndex(x, y).nearest({nan, 0}, 1e9), std::nullopt);
  EXPECT_EQ(PointIndex({}, {}).nearest({0, 0}, 1e9), std::nullopt);
  EXPECT_EQ(PointIndex().nearest({0, 0}, 1e9), std::nullopt);
}

TEST(PolygonAt, TheOnePaintedLastIsPicked) {
  Geometry polygons = Geometry::empty(GeometryKind::polygon);
  for (const double size : {10.0, 4.0}) {
    polygons.add_ring(std::vector<double>{0, size, size, 0, 0}, std::vector<double>{0, 0, size, size, 0});
    polygons.end_part();
    polygons.end_feature();
  }
  polygons.end_feature();  // an empty feature is nowhere
  EXPECT_EQ(polygon_at(polygons, {2, 2}), 1U);
  EXPECT_EQ(polygon_at(polygons, {6, 6}), 0U);
  EXPECT_EQ(polygon_at(polygons, {10, 5}), 0U) << "its border included";
  EXPECT_EQ(polygon_at(polygons, {11, 5}), std::nullopt);
}

}  // namespace
}  // namespace yaan::render
