// The layer that says something by its colours, on the map panel.

#include <algorithm>
#include <numeric>
#include <vector>

#include "export/print_map_page.hpp"

namespace yaan {

namespace {

using style::Colour;

constexpr double kHatchGap = 7;
constexpr double kHatchLine = 0.8;
constexpr double kNoValue = 0.55;         // of the radius
constexpr double kRoomForLines = 9;       // pixels of a median cell
constexpr std::size_t kFewPoints = 2000;  // more are drawn smaller

/// Cells and other shapes of their own have borders where they are large enough that lines do not cover them.
bool has_room_for_lines(const Geometry& shapes, double least) {
  std::vector<double> sides;
  for (std::size_t f = 0; f < shapes.size(); ++f) {
    const Box box = shapes.bounds(f);
    if (!box.empty()) sides.push_back(std::min(box.max_x - box.min_x, box.max_y - box.min_y));
  }
  if (sides.empty()) return false;
  const auto middle = sides.begin() + static_cast<std::ptrdiff_t>(sides.size() / 2);
  std::nth_element(sides.begin(), middle, sides.end());
  return *middle >= least;
}

}  // namespace

void paint_coloured_areas(const Page& page) {
  if (page.map.coloured.layer == nullptr || page.points_coloured()) return;
  const style::LayerStyle& look = page.map.coloured.look;
  const Geometry& shapes = page.areas_coloured() ? page.areas : page.coloured;
  // A line of the fill's own colour closes the seams between neighbours; pictures below are seen through.
  const bool over_pictures = !page.map.backdrops.empty();
  // Where shapes lie on one another, as bands of density within a hot area do, the higher class is on top.
  for (const std::uint32_t f : style::drawing_order(look)) {
    const Colour fill = over_pictures ? look.colours[f].with_alpha(185) : look.colours[f];
    page.canvas.polygon(shapes, f, fill, over_pictures ? Colour{0, 0, 0, 0} : fill, 0.6 * page.unit);
    if (look.hatched(f))
      page.canvas.hatch(shapes, f, style::faint_ink().with_alpha(150), kHatchGap * page.unit, kHatchLine * page.unit);
  }
  if (page.areas_coloured() || !has_room_for_lines(shapes, kRoomForLines * page.unit)) return;
  for (std::size_t f = 0; f < shapes.size(); ++f)
    page.canvas.polygon(shapes, f, Colour{0, 0, 0, 0}, style::faint_ink().with_alpha(130), 0.5 * page.unit);
}

void paint_coloured_points(const Page& page) {
  const style::LayerStyle& look = page.map.coloured.look;
  const Geometry& places = page.coloured;
  const double radius = (places.size() <= kFewPoints ? 5.4 : 3.6) * page.unit;
  for (const std::uint32_t f : style::drawing_order(look))
    page.canvas.mark(look.marks[f], places.x[f], places.y[f], look.hatched(f) ? kNoValue * radius : radius,
                     look.colours[f], style::ink().with_alpha(150), 0.45 * page.unit);
}

}  // namespace yaan
