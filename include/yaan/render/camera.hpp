#pragma once
// What part of the map plane is seen, and how screen and plane correspond.

#include "yaan/core/geometry.hpp"

namespace yaan::render {

/// A place in a picture: pixels from the top left corner, y downwards.
struct ScreenPoint {
  double x = 0;
  double y = 0;
};

/// A place in the map plane: units of the plane (metres), y northwards.
struct PlanePoint {
  double x = 0;
  double y = 0;
};

/// North is up, the scale is the same both ways. A plain value: two equal cameras show the same.
struct Camera {
  double centre_x = 0;
  double centre_y = 0;
  double units_per_pixel = 1000;  ///< plane units across one framebuffer pixel
  int width = 1;                  ///< of the picture, in framebuffer pixels
  int height = 1;

  bool operator==(const Camera&) const = default;

  [[nodiscard]] ScreenPoint to_screen(PlanePoint place) const;
  [[nodiscard]] PlanePoint to_plane(ScreenPoint place) const;
  /// The part of the plane that is seen.
  [[nodiscard]] Box view() const;
};

/// Closest and farthest view that pan and zoom allow, in plane units for one pixel. Closer, float32 positions would
/// tremble; farther, nothing is left to see.
inline constexpr double kClosestUnitsPerPixel = 0.25;
inline constexpr double kFarthestUnitsPerPixel = 40000;

/// The map follows the pointer that moved by (dx, dy) pixels.
Camera panned(Camera camera, double dx, double dy);
/// Magnified by `factor` (above 1 is closer) so that the place under `pointer` stays there; limited to the range above.
Camera zoomed(Camera camera, ScreenPoint pointer, double factor);
/// The whole box in the middle with `margin` pixels free on every side. An empty box leaves the camera as it is, a box
/// without extent is seen at `closest_fit` units a pixel or farther.
Camera fitted(Camera camera, const Box& box, double margin, double closest_fit = 20);
/// The same centre and scale in a picture of another size.
Camera resized(Camera camera, int width, int height);

}  // namespace yaan::render
