#include "render/label_positions.hpp"

#include <cmath>
#include <stdexcept>

#include "yaan/style/label_layout.hpp"

namespace yaan::render {

namespace {

constexpr double kGap = 4;  // design pixels between labels

struct Wishes {
  std::vector<style::LabelWish> wishes;
  std::vector<std::uint32_t> labels;
};

Wishes wishes_for(const std::vector<MapLabel>& labels, const std::vector<LabelSize>& sizes, bool beside,
                  const Camera& camera, double pixel_ratio) {
  Wishes found;
  for (std::uint32_t i = 0; i < labels.size(); ++i) {
    const MapLabel& label = labels[i];
    if ((label.clearance > 0) != beside || sizes[i].width <= 0) continue;
    if (label.room > 0 && sizes[i].width * camera.units_per_pixel > label.room) continue;
    const ScreenPoint at = camera.to_screen(label.place);
    if (!(at.x >= 0 && at.y >= 0 && at.x <= camera.width && at.y <= camera.height)) continue;
    found.wishes.push_back({at.x, at.y, sizes[i].width, sizes[i].height,
                            static_cast<double>(label.clearance) * pixel_ratio, label.priority});
    found.labels.push_back(i);
  }
  return found;
}

}  // namespace

std::vector<PlacedLabel> place_labels(const std::vector<MapLabel>& labels, const std::vector<LabelSize>& sizes,
                                      const std::vector<PlanePoint>& marks, double mark_radius, const Camera& camera,
                                      double pixel_ratio) {
  if (labels.size() != sizes.size()) throw std::invalid_argument("one size for each label");
  const Box frame{0, 0, static_cast<double>(camera.width), static_cast<double>(camera.height)};
  std::vector<Box> obstacles;
  const double radius = mark_radius * pixel_ratio;
  for (const PlanePoint& mark : marks) {
    const ScreenPoint at = camera.to_screen(mark);
    if (at.x > -radius && at.y > -radius && at.x < camera.width + radius && at.y < camera.height + radius)
      obstacles.push_back({at.x - radius, at.y - radius, at.x + radius, at.y + radius});
  }
  std::vector<PlacedLabel> placed;
  for (const bool beside : {true, false}) {
    const Wishes asked = wishes_for(labels, sizes, beside, camera, pixel_ratio);
    const auto boxes = style::lay_out_labels(asked.wishes, frame, obstacles, kGap * pixel_ratio);
    if (beside) obstacles.clear();
    for (std::size_t i = 0; i < boxes.size(); ++i) {
      if (!boxes[i]) continue;
      placed.push_back({asked.labels[i], std::round(boxes[i]->min_x), std::round(boxes[i]->min_y)});
      if (beside) obstacles.push_back(*boxes[i]);
    }
  }
  return placed;
}

}  // namespace yaan::render
