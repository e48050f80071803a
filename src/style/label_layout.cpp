#include "yaan/style/label_layout.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <utility>

namespace yaan::style {

namespace {

bool overlap(const Box& a, const Box& b, double gap) {
  return a.min_x < b.max_x + gap && b.min_x < a.max_x + gap && a.min_y < b.max_y + gap && b.min_y < a.max_y + gap;
}

bool inside(const Box& box, const Box& frame) {
  return box.min_x >= frame.min_x && box.max_x <= frame.max_x && box.min_y >= frame.min_y && box.max_y <= frame.max_y;
}

std::vector<Box> candidates(const LabelWish& wish) {
  const double w = wish.width;
  const double h = wish.height;
  const auto at = [&](double left, double top) { return Box{left, top, left + w, top + h}; };
  if (wish.clearance == 0) return {at(wish.x - w / 2, wish.y - h / 2)};
  const double c = wish.clearance;
  const double d = c * 0.7;  // corners lie at the same distance
  return {at(wish.x + c, wish.y - h / 2),     at(wish.x - c - w, wish.y - h / 2), at(wish.x - w / 2, wish.y - c - h),
          at(wish.x - w / 2, wish.y + c),     at(wish.x + d, wish.y - d - h),     at(wish.x + d, wish.y + d),
          at(wish.x - d - w, wish.y - d - h), at(wish.x - d - w, wish.y + d)};
}

}  // namespace

bool is_free(const Box& label, const Box& frame, const std::vector<Box>& taken, double gap) {
  return inside(label, frame) &&
         std::none_of(taken.begin(), taken.end(), [&](const Box& other) { return overlap(label, other, gap); });
}

std::vector<std::optional<Box>> lay_out_labels(const std::vector<LabelWish>& wishes, const Box& frame,
                                               const std::vector<Box>& obstacles, double gap) {
  std::vector<std::size_t> order(wishes.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return wishes[a].priority > wishes[b].priority; });
  std::vector<std::optional<Box>> placed(wishes.size());
  std::vector<Box> taken = obstacles;
  for (const std::size_t i : order) {
    for (const Box& box : candidates(wishes[i])) {
      if (!is_free(box, frame, taken, gap)) continue;
      placed[i] = box;
      taken.push_back(box);
      break;
    }
  }
  return placed;
}

std::vector<std::pair<double, double>> spread_badges(const std::vector<std::pair<double, double>>& places, double size,
                                                     const Box& frame) {
  std::vector<std::pair<double, double>> middles;
  const auto free_at = [&](double x, double y) {
    const double half = size / 2;
    if (!inside({x - half, y - half, x + half, y + half}, frame)) return false;
    return std::none_of(middles.begin(), middles.end(),
                        [&](const auto& other) { return std::hypot(other.first - x, other.second - y) < size; });
  };
  for (const auto& [x, y] : places) {
    std::pair<double, double> best{x, y};
    bool found = free_at(x, y);
    for (int ring = 1; !found && ring < 40; ++ring) {
      const double radius = ring * size * 0.35;
      const int steps = 8 + 4 * ring;
      for (int step = 0; step < steps && !found; ++step) {
        const double angle = 2 * std::acos(-1.0) * step / steps;
        best = {x + radius * std::cos(angle), y - radius * std::sin(angle)};
        found = free_at(best.first, best.second);
      }
    }
    middles.push_back(found ? best : std::pair{x, y});
  }
  return middles;
}

std::optional<LabelPoint> label_point(const Geometry& polygons, std::size_t feature) {
  std::size_t largest = 0;
  double largest_area = 0;
  for (std::size_t part = polygons.feature_parts[feature]; part < polygons.feature_parts[feature + 1]; ++part) {
    const std::size_t ring = polygons.part_rings[part];
    const double area = std::abs(ring_area(polygons.ring_x(ring), polygons.ring_y(ring)));
    if (area > largest_area) {
      largest_area = area;
      largest = ring;
    }
  }
  if (largest_area == 0) return std::nullopt;
  Box box;
  const auto xs = polygons.ring_x(largest);
  const auto ys = polygons.ring_y(largest);
  for (std::size_t i = 0; i < xs.size(); ++i) box.include(xs[i], ys[i]);
  constexpr int kSteps = 32;
  LabelPoint best;
  for (int i = 0; i < kSteps; ++i)
    for (int j = 0; j < kSteps; ++j) {
      const double x = box.min_x + (i + 0.5) / kSteps * box.width();
      const double y = box.min_y + (j + 0.5) / kSteps * box.height();
      if (locate(polygons, feature, x, y) != Inside::inside) continue;
      const double distance = distance_to_edges(polygons, feature, x, y);
      if (distance > best.radius) best = {x, y, distance};
    }
  return best.radius > 0 ? std::optional(best) : std::nullopt;
}

}  // namespace yaan::style
