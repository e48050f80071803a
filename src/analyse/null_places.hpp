#pragma once
// Places by chance: anywhere on some ground, or out of a pool.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "yaan/core/geometry.hpp"
#include "yaan/core/random.hpp"

namespace yaan {

/// Random numbers for a draw from a pool; items below it are points that are placed one by one.
inline constexpr std::uint64_t kPoolItem = ~std::uint64_t{0};

/// Places on the ground of polygons.
class GroundDraws {
 public:
  /// `density` of each feature: what it holds for a unit of its area, at least 0. Features may overlap.
  GroundDraws(const Geometry& polygons, std::span<const double> density);

  /// Whether there is no ground with anything on it.
  [[nodiscard]] bool empty() const { return m_mass.empty() || !(m_mass.back() > 0); }
  /// Each place as likely as the density there. Not for empty ground.
  void draw(RandomStream random, double& x, double& y) const;

 private:
  std::vector<double> m_corners_x, m_corners_y;  // of triangles that make up the polygons
  std::vector<double> m_mass;                    // of the triangles up to each, twice over
};

/// Numbers from a pool 0 .. pool - 1, none twice. One for each thread: it keeps its memory from draw to draw.
class PoolDraws {
 public:
  explicit PoolDraws(std::uint32_t pool);
  /// The first `places` of the shuffled pool, valid until the next draw; places <= pool. What was drawn before does not
  /// matter.
  std::span<const std::uint32_t> draw(RandomStream random, std::size_t places);

 private:
  std::vector<std::uint32_t> m_order;    // 0, 1, 2 ... between draws, but for the swaps
  std::vector<std::uint32_t> m_swapped;  // what the first places were swapped with
};

/// Of each place, in their order, whether it stands on a place of the pool that none before it took: in one square of
/// a grid of that step, which is for the rounding of coordinates alone. O((pool + places) log pool).
std::vector<std::uint8_t> stand_on(std::span<const double> pool_x, std::span<const double> pool_y,
                                   std::span<const double> x, std::span<const double> y, double step);

}  // namespace yaan
