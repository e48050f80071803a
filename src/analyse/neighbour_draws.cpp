#include "analyse/neighbour_draws.hpp"

#include <array>
#include <numeric>
#include <utility>

#include "yaan/core/random.hpp"

namespace yaan {

namespace {

constexpr std::uint32_t kMostRejected = 32;

}  // namespace

std::span<const std::uint32_t> NeighbourDraws::draw(std::uint64_t item, std::uint32_t own, std::uint32_t first_draw,
                                                    std::uint32_t count) {
  const std::size_t size = std::size_t{count} * kLanes;
  if (m_ids.size() < size) m_ids.resize(size);
  std::array<std::uint32_t, kLanes> bad;
  // Where most draws would hold a number twice, drawing many together is in vain.
  if (count <= kMostRejected && std::uint64_t{count} * count <= m_others)
    draw_loops().draw(m_seed, item, first_draw, count, m_others, own, m_ids.data(), bad.data());
  else
    bad.fill(1);
  for (std::uint32_t lane = 0; lane < kLanes; ++lane)
    if (bad[lane] != 0) draw_one(item, own, first_draw + lane, count, m_ids.data() + lane);
  return {m_ids.data(), size};
}

void NeighbourDraws::draw_one(std::uint64_t item, std::uint32_t own, std::uint32_t draw, std::uint32_t count,
                              std::uint32_t* ids) {
  RandomStream random(m_seed, item, draw);
  if (count <= kMostRejected) {
    std::array<std::uint32_t, kMostRejected> taken;
    for (std::uint32_t j = 0; j < count;) {
      taken[j] = random.below(m_others);
      bool again = false;
      for (std::uint32_t before = 0; before < j; ++before) again = again || taken[before] == taken[j];
      if (!again) ++j;
    }
    for (std::uint32_t j = 0; j < count; ++j) ids[std::size_t{j} * kLanes] = taken[j] + (taken[j] >= own ? 1U : 0U);
    return;
  }
  if (m_pool.size() != m_others) {
    m_pool.resize(m_others);
    std::iota(m_pool.begin(), m_pool.end(), 0U);
  }
  m_swapped.resize(count);
  for (std::uint32_t j = 0; j < count; ++j) {
    m_swapped[j] = j + random.below(m_others - j);
    std::swap(m_pool[j], m_pool[m_swapped[j]]);
    ids[std::size_t{j} * kLanes] = m_pool[j] + (m_pool[j] >= own ? 1U : 0U);
  }
  for (std::uint32_t j = count; j > 0; --j) std::swap(m_pool[j - 1], m_pool[m_swapped[j - 1]]);
}

}  // namespace yaan
