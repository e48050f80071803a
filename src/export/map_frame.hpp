#pragma once
// From degrees to the pixels of a map panel.

#include "yaan/core/crs.hpp"
#include "yaan/core/geometry.hpp"
#include "yaan/core/layer.hpp"

namespace yaan {

/// A LAEA plane about the middle of an extent, fitted into a panel.
class MapFrame {
 public:
  /// `extent` in WGS 84 degrees, not empty; `room` in pixels; `margin` pixels stay free around the extent.
  MapFrame(const Box& extent, const Box& room, double margin);

  /// The layer's geometry in pixels, y down. The layer is in WGS 84.
  [[nodiscard]] Geometry to_pixels(const Geometry& degrees) const;
  [[nodiscard]] const Crs& plane() const { return m_plane; }
  /// A box of pixels in the plane.
  [[nodiscard]] Box in_plane(const Box& pixels) const;
  [[nodiscard]] double metres_per_pixel() const { return m_metres_per_pixel; }
  [[nodiscard]] const Box& room() const { return m_room; }

 private:
  Box m_room;
  Crs m_plane;
  Transformer m_to_plane;
  double m_metres_per_pixel = 1;
  double m_middle_x = 0;  // of the extent, in the plane
  double m_middle_y = 0;
};

}  // namespace yaan
