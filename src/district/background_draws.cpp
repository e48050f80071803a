#include "district/background_draws.hpp"

#include <algorithm>
#include <span>

namespace yaan {

BackgroundDraws::BackgroundDraws(const NullBackground& background, const Crs& crs, std::int64_t seed)
    : m_background(background),
      m_seed(static_cast<std::uint64_t>(seed)),
      m_pool(static_cast<std::uint32_t>(background.pool.x.size())) {
  if (background.ground && crs.is_geographic()) m_from_plane.emplace(background.plane.crs(), crs);
}

void BackgroundDraws::draw(std::uint32_t simulation, ClusteredPoints& points) {
  const std::size_t moved = points.moved;
  PlacedPoints& places = points.places;
  if (m_background.ground) return from_ground(simulation, moved, places);
  const PlacedPoints& pool = m_background.pool;
  const auto put = [&](std::size_t i, std::size_t from) {
    places.x[i] = pool.x[from];
    places.y[i] = pool.y[from];
    places.plane_x[i] = pool.plane_x[from];
    places.plane_y[i] = pool.plane_y[from];
    points.standing[i] = static_cast<std::uint32_t>(from);
  };
  const auto& mass = m_background.pool_mass;
  if (mass.empty()) {
    const auto drawn = m_pool.draw(RandomStream(m_seed, kPoolItem, simulation), moved);
    for (std::size_t i = 0; i < moved; ++i) put(i, drawn[i]);
    return;
  }
  for (std::size_t i = 0; i < moved; ++i) {
    RandomStream random(m_seed, i, simulation);
    const double person = random.fraction() * mass.back();
    const auto found = std::upper_bound(mass.begin(), mass.end(), person) - mass.begin();
    put(i, std::min(static_cast<std::size_t>(found), mass.size() - 1));
  }
}

void BackgroundDraws::from_ground(std::uint32_t simulation, std::size_t moved, PlacedPoints& places) {
  for (std::size_t i = 0; i < moved; ++i)
    m_background.ground->draw(RandomStream(m_seed, i, simulation), places.plane_x[i], places.plane_y[i]);
  const double unit = m_background.plane.unit();
  for (std::size_t i = 0; i < moved; ++i) {
    places.x[i] = places.plane_x[i] / unit;
    places.y[i] = places.plane_y[i] / unit;
  }
  if (m_from_plane) m_from_plane->apply(std::span(places.x).first(moved), std::span(places.y).first(moved));
}

}  // namespace yaan
