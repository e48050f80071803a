// Camera maths: what is under the pointer stays there.
#include "yaan/render/camera.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>

namespace yaan::render {
namespace {

Camera some_camera() {
  Camera camera;
  camera.centre_x = 12000;
  camera.centre_y = -340000;
  camera.units_per_pixel = 250;
  camera.width = 1000;
  camera.height = 600;
  return camera;
}

TEST(Camera, NorthIsUp) {
  const Camera camera = some_camera();
  EXPECT_DOUBLE_EQ(camera.to_screen({12000, -340000}).x, 500);
  EXPECT_DOUBLE_EQ(camera.to_screen({12000, -340000}).y, 300);
  EXPECT_LT(camera.to_screen({12000, -330000}).y, 300);
  EXPECT_GT(camera.to_screen({22000, -340000}).x, 500);
  EXPECT_DOUBLE_EQ(camera.view().min_x, 12000 - 500 * 250);
  EXPECT_DOUBLE_EQ(camera.view().max_y, -340000 + 300 * 250);
}

TEST(Camera, ZoomKeepsThePlaceUnderThePointer) {
  ASSERT_TRUE(rc::check([] {
    Camera camera = some_camera();
    camera.units_per_pixel = *rc::gen::inRange(1, 30000);
    const ScreenPoint pointer{static_cast<double>(*rc::gen::inRange(0, 1000)),
                              static_cast<double>(*rc::gen::inRange(0, 600))};
    const double factor = *rc::gen::inRange(1, 400) / 100.0;
    const PlanePoint before = camera.to_plane(pointer);
    const Camera closer = zoomed(camera, pointer, factor);
    const PlanePoint after = closer.to_plane(pointer);
    const double pixel = closer.units_per_pixel;
    RC_ASSERT(std::abs(after.x - before.x) < 1e-6 * pixel + 1e-6);
    RC_ASSERT(std::abs(after.y - before.y) < 1e-6 * pixel + 1e-6);
    RC_ASSERT(closer.units_per_pixel >= kClosestUnitsPerPixel);
    RC_ASSERT(closer.units_per_pixel <= kFarthestUnitsPerPixel);
  }));
}

TEST(Camera, ZoomInAndOutComesBack) {
  const Camera camera = some_camera();
  const Camera back = zoomed(zoomed(camera, {123, 45}, 1.25), {123, 45}, 1 / 1.25);
  EXPECT_NEAR(back.centre_x, camera.centre_x, 1e-6);
  EXPECT_NEAR(back.centre_y, camera.centre_y, 1e-6);
  EXPECT_NEAR(back.units_per_pixel, camera.units_per_pixel, 1e-9);
}

TEST(Camera, ZoomStopsAtItsLimits) {
  Camera camera = some_camera();
  for (int i = 0; i < 200; ++i) camera = zoomed(camera, {10, 10}, 2);
  EXPECT_EQ(camera.units_per_pixel, kClosestUnitsPerPixel);
  for (int i = 0; i < 200; ++i) camera = zoomed(camera, {10, 10}, 0.5);
  EXPECT_EQ(camera.units_per_pixel, kFarthestUnitsPerPixel);
}

TEST(Camera, PanMovesTheMapWithThePointer) {
  const Camera camera = some_camera();
  const PlanePoint grabbed = camera.to_plane({300, 200});
  const PlanePoint now = panned(camera, 40, -25).to_plane({340, 175});
  EXPECT_NEAR(now.x, grabbed.x, 1e-9);
  EXPECT_NEAR(now.y, grabbed.y, 1e-9);
}

TEST(Camera, FitShowsTheWholeBoxInsideTheMargin) {
  Box box;
  box.include(-800000, 100000);
  box.include(300000, 900000);
  const Camera camera = fitted(some_camera(), box, 36);
  for (const double x : {box.min_x, box.max_x})
    for (const double y : {box.min_y, box.max_y}) {
      const ScreenPoint at = camera.to_screen({x, y});
      EXPECT_GE(at.x, 36 - 1e-6);
      EXPECT_LE(at.x, 1000 - 36 + 1e-6);
      EXPECT_GE(at.y, 36 - 1e-6);
      EXPECT_LE(at.y, 600 - 36 + 1e-6);
    }
  // As large as possible: one of the two directions is used up.
  EXPECT_NEAR(std::max(box.width() / (1000 - 72), box.height() / (600 - 72)), camera.units_per_pixel, 1e-9);
}

TEST(Camera, FitOfNothingAndOfAPoint) {
  EXPECT_EQ(fitted(some_camera(), Box{}, 10), some_camera());
  Box point;
  point.include(5, 6);
  const Camera camera = fitted(some_camera(), point, 10, 20);
  EXPECT_EQ(camera.units_per_pixel, 20);
  EXPECT_EQ(camera.centre_x, 5);
}

}  // namespace
}  // namespace yaan::render
