#include "district/spacing.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace yaan {

namespace {

std::size_t longest_axis(const std::vector<std::array<double, 3>>& points) {
  std::size_t longest = 0;
  double extent = -1;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const auto [low, high] = std::minmax_element(points.begin(), points.end(),
                                                 [axis](const auto& a, const auto& b) { return a[axis] < b[axis]; });
    if ((*high)[axis] - (*low)[axis] > extent) {
      extent = (*high)[axis] - (*low)[axis];
      longest = axis;
    }
  }
  return longest;
}

double squared_distance(const std::array<double, 3>& a, const std::array<double, 3>& b) {
  double sum = 0;
  for (std::size_t k = 0; k < 3; ++k) sum += (a[k] - b[k]) * (a[k] - b[k]);
  return sum;
}

}  // namespace

double mean_nearest_neighbour_distance(std::vector<std::array<double, 3>> points) {
  const std::size_t n = points.size();
  if (n < 2) return std::numeric_limits<double>::quiet_NaN();
  const std::size_t axis = longest_axis(points);
  std::sort(points.begin(), points.end(), [axis](const auto& a, const auto& b) {
    return a[axis] != b[axis] ? a[axis] < b[axis]
                              : a < b;  // a total order: the sum below must not depend on the input's
  });
  double sum = 0;
  for (std::size_t i = 0; i < n; ++i) {
    double best = std::numeric_limits<double>::infinity();
    const auto within_reach = [&](std::size_t j) {
      const double gap = points[j][axis] - points[i][axis];
      return gap * gap < best;
    };
    for (std::size_t j = i + 1; j < n && within_reach(j); ++j)
      best = std::min(best, squared_distance(points[i], points[j]));
    for (std::size_t j = i; j-- > 0 && within_reach(j);) best = std::min(best, squared_distance(points[i], points[j]));
    sum += std::sqrt(best);
  }
  return sum / static_cast<double>(n);
}

}  // namespace yaan
