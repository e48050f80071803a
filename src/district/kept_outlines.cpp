#include "district/kept_outlines.hpp"

#include <array>
#include <bit>
#include <cstdint>

namespace yaan {

namespace {

std::uint64_t hash_of(const Positions& positions) {
  std::uint64_t hash = positions.x.size();
  for (const auto& values : {std::span(positions.x), std::span(positions.y)})
    for (const double value : values)
      hash = (std::rotl(hash, 5) ^ std::bit_cast<std::uint64_t>(value)) * 0x9e3779b97f4a7c15;
  return hash;
}

bool same(const Positions& a, const Positions& b) { return a.geographic == b.geographic && a.x == b.x && a.y == b.y; }

/// Whether both draw the same outline of the same positions.
bool same_drawing(const DistrictOptions& a, const DistrictOptions& b) {
  const auto all = [](const DistrictOptions& o) {
    return std::array{o.max_edge.value, o.margin.value, o.buffer_radius.value, o.bandwidth.value, o.member_share};
  };
  return a.outline == b.outline && all(a) == all(b);
}

}  // namespace

KeptOutlines::KeptOutlines(MethodMemory* memory, const DistrictOptions& options)
    : m_memory(memory), m_options(options) {
  if (memory == nullptr) return;
  const auto* kept = std::any_cast<std::shared_ptr<const Store>>(&memory->kept);
  if (kept != nullptr && same_drawing((*kept)->options, options)) m_store = *kept;
}

std::shared_ptr<const DrawnOutline> KeptOutlines::find(const Positions& positions) const {
  if (!m_store) return nullptr;
  const auto [begin, end] = m_store->outlines.equal_range(hash_of(positions));
  for (auto at = begin; at != end; ++at)
    if (same(at->second->from, positions)) return at->second;
  return nullptr;
}

void KeptOutlines::keep(std::span<const std::shared_ptr<const DrawnOutline>> drawn) {
  if (m_memory == nullptr) return;
  auto store = std::make_shared<Store>();
  store->options = m_options;
  for (const auto& outline : drawn)
    if (outline) store->outlines.emplace(hash_of(outline->from), outline);
  m_memory->kept = std::shared_ptr<const Store>(std::move(store));
}

}  // namespace yaan
