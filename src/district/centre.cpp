#include "district/centre.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

namespace yaan {

namespace {

std::pair<double, double> geometric_median(std::span<const double> x, std::span<const double> y,
                                           std::span<const double> weight) {
  const double total = std::accumulate(weight.begin(), weight.end(), 0.0);
  double mx = std::inner_product(x.begin(), x.end(), weight.begin(), 0.0) / total;
  double my = std::inner_product(y.begin(), y.end(), weight.begin(), 0.0) / total;
  for (int iteration = 0; iteration < 200; ++iteration) {
    double sum = 0;
    double sum_x = 0;
    double sum_y = 0;
    double pull_x = 0;
    double pull_y = 0;
    double here = 0;  // weight of the points that lie on the present median
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double distance = std::hypot(x[i] - mx, y[i] - my);
      if (distance == 0) {
        here += weight[i];
        continue;
      }
      const double share = weight[i] / distance;
      sum += share;
      sum_x += share * x[i];
      sum_y += share * y[i];
      pull_x += share * (x[i] - mx);
      pull_y += share * (y[i] - my);
    }
    if (sum == 0) break;
    const double pull = std::hypot(pull_x, pull_y);
    if (pull <= here) break;  // the points on the median hold it in place
    const double step = 1 - here / pull;
    const double next_x = mx + step * (sum_x / sum - mx);
    const double next_y = my + step * (sum_y / sum - my);
    const double moved = std::hypot(next_x - mx, next_y - my);
    mx = next_x;
    my = next_y;
    if (moved < 1e-6) break;  // a micrometre on the ground
  }
  return {mx, my};
}

}  // namespace

std::size_t central_member(std::span<const double> x, std::span<const double> y, std::span<const double> weight) {
  const bool weightless = std::all_of(weight.begin(), weight.end(), [](double w) { return w == 0; });
  const std::vector<double> ones(weightless ? x.size() : 0, 1.0);
  const auto [mx, my] = geometric_median(x, y, weightless ? std::span<const double>(ones) : weight);
  std::size_t best = 0;
  double nearest = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double distance = std::hypot(x[i] - mx, y[i] - my);
    // Distances that differ by less than the iteration's own error are ties.
    const bool tie = std::abs(distance - nearest) <= 1e-4;
    if (tie ? std::pair(x[i], y[i]) < std::pair(x[best], y[best]) : distance < nearest) {
      best = i;
      nearest = tie ? std::min(nearest, distance) : distance;
    }
  }
  return best;
}

}  // namespace yaan
