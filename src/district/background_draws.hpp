#pragma once
// Points placed anew by the null model of a significance test.

#include <cstdint>
#include <optional>

#include "analyse/null_places.hpp"
#include "district/null_background.hpp"
#include "yaan/core/crs.hpp"

namespace yaan {

/// Draws places by chance. One for each thread: it keeps its memory from draw to draw.
class BackgroundDraws {
 public:
  BackgroundDraws(const NullBackground& background, const Crs& crs, std::int64_t seed);
  /// Puts the first `moved` points anew; what comes out depends on (seed, simulation) alone.
  void draw(std::uint32_t simulation, ClusteredPoints& points);

 private:
  void from_ground(std::uint32_t simulation, std::size_t moved, PlacedPoints& places);

  const NullBackground& m_background;
  std::uint64_t m_seed;
  std::optional<Transformer> m_from_plane;
  PoolDraws m_pool;
};

}  // namespace yaan
