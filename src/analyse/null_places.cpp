#include "analyse/null_places.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "yaan/core/triangulate.hpp"

namespace yaan {

GroundDraws::GroundDraws(const Geometry& polygons, std::span<const double> density) {
  double sum = 0;
  for (std::size_t feature = 0; feature < density.size(); ++feature) {
    if (!(density[feature] > 0)) continue;
    const Triangles triangles = triangulate(polygons, feature);
    for (std::size_t t = 0; t + 2 < triangles.x.size(); t += 3) {
      const auto& x = triangles.x;
      const auto& y = triangles.y;
      sum += density[feature] * std::abs((x[t + 1] - x[t]) * (y[t + 2] - y[t]) - (x[t + 2] - x[t]) * (y[t + 1] - y[t]));
      m_mass.push_back(sum);
    }
    m_corners_x.insert(m_corners_x.end(), triangles.x.begin(), triangles.x.end());
    m_corners_y.insert(m_corners_y.end(), triangles.y.begin(), triangles.y.end());
  }
}

// A triangle by its mass, then a place in it: a corner's share is one minus the root of an even number.
void GroundDraws::draw(RandomStream random, double& x, double& y) const {
  const double place = random.fraction() * m_mass.back();
  const auto found = std::upper_bound(m_mass.begin(), m_mass.end(), place) - m_mass.begin();
  const std::size_t t = 3 * std::min(static_cast<std::size_t>(found), m_mass.size() - 1);
  const double root = std::sqrt(random.fraction()), share = random.fraction();
  const double a = 1 - root, b = root * (1 - share), c = root * share;
  x = a * m_corners_x[t] + b * m_corners_x[t + 1] + c * m_corners_x[t + 2];
  y = a * m_corners_y[t] + b * m_corners_y[t + 1] + c * m_corners_y[t + 2];
}

PoolDraws::PoolDraws(std::uint32_t pool) : m_order(pool) { std::iota(m_order.begin(), m_order.end(), 0U); }

std::span<const std::uint32_t> PoolDraws::draw(RandomStream random, std::size_t places) {
  for (std::size_t i = m_swapped.size(); i-- > 0;) std::swap(m_order[i], m_order[m_swapped[i]]);
  m_swapped.resize(places);
  for (std::size_t i = 0; i < places; ++i) {
    m_swapped[i] = static_cast<std::uint32_t>(i) + random.below(static_cast<std::uint32_t>(m_order.size() - i));
    std::swap(m_order[i], m_order[m_swapped[i]]);
  }
  return std::span(m_order).first(places);
}

std::vector<std::uint8_t> stand_on(std::span<const double> pool_x, std::span<const double> pool_y,
                                   std::span<const double> x, std::span<const double> y, double step) {
  using Square = std::pair<double, double>;
  const auto square = [&](double px, double py) { return Square(std::round(px / step), std::round(py / step)); };
  std::vector<Square> free;
  for (std::size_t i = 0; i < pool_x.size(); ++i) free.push_back(square(pool_x[i], pool_y[i]));
  std::sort(free.begin(), free.end());
  std::vector<std::size_t> taken(free.size(), 0);  // at the first of those equal
  std::vector<std::uint8_t> on(x.size(), 0);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const Square at = square(x[i], y[i]);
    const auto first = static_cast<std::size_t>(std::lower_bound(free.begin(), free.end(), at) - free.begin());
    if (first == free.size() || free[first] != at) continue;
    const std::size_t next = first + taken[first];
    if (next == free.size() || free[next] != at) continue;
    ++taken[first];
    on[i] = 1;
  }
  return on;
}

}  // namespace yaan
