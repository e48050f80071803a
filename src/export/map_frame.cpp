#include "export/map_frame.hpp"

#include <algorithm>
#include <vector>

namespace yaan {

namespace {

Crs plane_about(const Box& extent) {
  return Crs::laea(Degrees{(extent.min_x + extent.max_x) / 2}, Degrees{(extent.min_y + extent.max_y) / 2});
}

}  // namespace

MapFrame::MapFrame(const Box& extent, const Box& room, double margin)
    : m_room(room), m_plane(plane_about(extent)), m_to_plane(Crs::wgs84(), m_plane) {
  // The edges of the box bend in the plane, so several points of each count.
  std::vector<double> x;
  std::vector<double> y;
  constexpr int kSteps = 16;
  for (int i = 0; i <= kSteps; ++i)
    for (int j = 0; j <= kSteps; ++j) {
      x.push_back(extent.min_x + extent.width() * i / kSteps);
      y.push_back(extent.min_y + extent.height() * j / kSteps);
    }
  m_to_plane.apply(x, y);
  Box plane;
  for (std::size_t i = 0; i < x.size(); ++i) plane.include(x[i], y[i]);
  const double across = std::max(1.0, room.width() - 2 * margin);
  const double down = std::max(1.0, room.height() - 2 * margin);
  m_metres_per_pixel = std::max({plane.width() / across, plane.height() / down, 0.05});
  m_middle_x = (plane.min_x + plane.max_x) / 2;
  m_middle_y = (plane.min_y + plane.max_y) / 2;
}

Box MapFrame::in_plane(const Box& pixels) const {
  const double middle_x = (m_room.min_x + m_room.max_x) / 2;
  const double middle_y = (m_room.min_y + m_room.max_y) / 2;
  return {m_middle_x + (pixels.min_x - middle_x) * m_metres_per_pixel,
          m_middle_y - (pixels.max_y - middle_y) * m_metres_per_pixel,
          m_middle_x + (pixels.max_x - middle_x) * m_metres_per_pixel,
          m_middle_y - (pixels.min_y - middle_y) * m_metres_per_pixel};
}

Geometry MapFrame::to_pixels(const Geometry& degrees) const {
  Geometry pixels = degrees;
  m_to_plane.apply(pixels.x, pixels.y);
  const double middle_x = (m_room.min_x + m_room.max_x) / 2;
  const double middle_y = (m_room.min_y + m_room.max_y) / 2;
  for (double& x : pixels.x) x = middle_x + (x - m_middle_x) / m_metres_per_pixel;
  for (double& y : pixels.y) y = middle_y - (y - m_middle_y) / m_metres_per_pixel;
  return pixels;
}

}  // namespace yaan
