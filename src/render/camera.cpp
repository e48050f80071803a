#include "yaan/render/camera.hpp"

#include <algorithm>

namespace yaan::render {

ScreenPoint Camera::to_screen(PlanePoint place) const {
  return {(place.x - centre_x) / units_per_pixel + width / 2.0, height / 2.0 - (place.y - centre_y) / units_per_pixel};
}

PlanePoint Camera::to_plane(ScreenPoint place) const {
  return {centre_x + (place.x - width / 2.0) * units_per_pixel, centre_y - (place.y - height / 2.0) * units_per_pixel};
}

Box Camera::view() const {
  const double half_width = units_per_pixel * width / 2;
  const double half_height = units_per_pixel * height / 2;
  return {centre_x - half_width, centre_y - half_height, centre_x + half_width, centre_y + half_height};
}

Camera panned(Camera camera, double dx, double dy) {
  camera.centre_x -= dx * camera.units_per_pixel;
  camera.centre_y += dy * camera.units_per_pixel;
  return camera;
}

Camera zoomed(Camera camera, ScreenPoint pointer, double factor) {
  const PlanePoint under = camera.to_plane(pointer);
  camera.units_per_pixel = std::clamp(camera.units_per_pixel / factor, kClosestUnitsPerPixel, kFarthestUnitsPerPixel);
  camera.centre_x = under.x - (pointer.x - camera.width / 2.0) * camera.units_per_pixel;
  camera.centre_y = under.y + (pointer.y - camera.height / 2.0) * camera.units_per_pixel;
  return camera;
}

Camera fitted(Camera camera, const Box& box, double margin, double closest_fit) {
  if (box.empty()) return camera;
  camera.centre_x = (box.min_x + box.max_x) / 2;
  camera.centre_y = (box.min_y + box.max_y) / 2;
  const double free_width = std::max(camera.width - 2 * margin, 1.0);
  const double free_height = std::max(camera.height - 2 * margin, 1.0);
  const double needed = std::max(box.width() / free_width, box.height() / free_height);
  camera.units_per_pixel = std::clamp(std::max(needed, closest_fit), kClosestUnitsPerPixel, kFarthestUnitsPerPixel);
  return camera;
}

Camera resized(Camera camera, int width, int height) {
  camera.width = std::max(width, 1);
  camera.height = std::max(height, 1);
  return camera;
}

}  // namespace yaan::render
