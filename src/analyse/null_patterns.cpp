#include <fmt/format.h>

#include <array>

#include "analyse/null_places.hpp"
#include "analyse/observed_pattern.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/random.hpp"

namespace yaan {

NullPatterns::NullPatterns(const ObservedPattern& pattern, std::size_t places, std::int64_t seed)
    : m_places(places), m_seed(static_cast<std::uint64_t>(seed)) {
  if (pattern.null_model == NullModel::complete_randomness) {
    m_ground.emplace(pattern.window->shape(), std::array{1.0});
    return;
  }
  const bool labels = pattern.null_model == NullModel::random_labelling;
  m_pool_x = labels ? &pattern.x : &pattern.background_x;
  m_pool_y = labels ? &pattern.y : &pattern.background_y;
  if (m_pool_x->size() < places)
    throw UsageError(
        fmt::format("the background has {} points in the window, but {} places are to be drawn from it, none twice",
                    m_pool_x->size(), places),
        "a background holds all places where points could be; or take the null model complete_randomness");
}

void NullPatterns::draw(std::uint32_t simulation, std::vector<double>& x, std::vector<double>& y) const {
  x.resize(m_places);
  y.resize(m_places);
  if (m_ground) {
    for (std::size_t i = 0; i < m_places; ++i) m_ground->draw(RandomStream(m_seed, i, simulation), x[i], y[i]);
    return;
  }
  PoolDraws pool(static_cast<std::uint32_t>(m_pool_x->size()));
  const auto drawn = pool.draw(RandomStream(m_seed, kPoolItem, simulation), m_places);
  for (std::size_t i = 0; i < m_places; ++i) {
    x[i] = (*m_pool_x)[drawn[i]];
    y[i] = (*m_pool_y)[drawn[i]];
  }
}

}  // namespace yaan
