#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "analyse/observed_pattern.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/random.hpp"
#include "yaan/core/triangulate.hpp"

namespace yaan {

namespace {

constexpr std::uint64_t kPoolItem = ~std::uint64_t{0};  // items below it are points that are placed one by one

}  // namespace

NullPatterns::NullPatterns(const ObservedPattern& pattern, std::size_t places, std::int64_t seed)
    : m_places(places), m_seed(static_cast<std::uint64_t>(seed)) {
  if (pattern.null_model != NullModel::complete_randomness) {
    const bool labels = pattern.null_model == NullModel::random_labelling;
    m_pool_x = labels ? &pattern.x : &pattern.background_x;
    m_pool_y = labels ? &pattern.y : &pattern.background_y;
    if (m_pool_x->size() < places)
      throw UsageError(
          fmt::format("the background has {} points in the window, but {} places are to be drawn from it, none twice",
                      m_pool_x->size(), places),
          "a background holds all places where points could be; or take the null model complete_randomness");
    return;
  }
  const Triangles triangles = triangulate(pattern.window->shape(), 0);
  m_corners_x = triangles.x;
  m_corners_y = triangles.y;
  double sum = 0;
  for (std::size_t t = 0; t + 2 < m_corners_x.size(); t += 3) {
    sum += std::abs((m_corners_x[t + 1] - m_corners_x[t]) * (m_corners_y[t + 2] - m_corners_y[t]) -
                    (m_corners_x[t + 2] - m_corners_x[t]) * (m_corners_y[t + 1] - m_corners_y[t]));
    m_area.push_back(sum);
  }
}

void NullPatterns::draw(std::uint32_t simulation, std::vector<double>& x, std::vector<double>& y) const {
  x.resize(m_places);
  y.resize(m_places);
  if (m_pool_x == nullptr)
    draw_uniform(simulation, x, y);
  else
    draw_from_pool(simulation, x, y);
}

// A triangle by its area, then a place in it: a corner's share is one minus the root of an even number.
void NullPatterns::draw_uniform(std::uint32_t simulation, std::vector<double>& x, std::vector<double>& y) const {
  for (std::size_t i = 0; i < m_places; ++i) {
    RandomStream random(m_seed, i, simulation);
    const double place = random.fraction() * m_area.back();
    const auto found = std::upper_bound(m_area.begin(), m_area.end(), place) - m_area.begin();
    const std::size_t t = 3 * std::min(static_cast<std::size_t>(found), m_area.size() - 1);
    const double root = std::sqrt(random.fraction()), share = random.fraction();
    const double a = 1 - root, b = root * (1 - share), c = root * share;
    x[i] = a * m_corners_x[t] + b * m_corners_x[t + 1] + c * m_corners_x[t + 2];
    y[i] = a * m_corners_y[t] + b * m_corners_y[t + 1] + c * m_corners_y[t + 2];
  }
}

// The first places of a shuffled pool.
void NullPatterns::draw_from_pool(std::uint32_t simulation, std::vector<double>& x, std::vector<double>& y) const {
  std::vector<std::uint32_t> order(m_pool_x->size());
  std::iota(order.begin(), order.end(), 0U);
  RandomStream random(m_seed, kPoolItem, simulation);
  for (std::size_t i = 0; i < m_places; ++i) {
    std::swap(order[i], order[i + random.below(static_cast<std::uint32_t>(order.size() - i))]);
    x[i] = (*m_pool_x)[order[i]];
    y[i] = (*m_pool_y)[order[i]];
  }
}

}  // namespace yaan
