#include "analyse/outline_rings.hpp"

#include <unordered_map>

namespace yaan {

Geometry polygons_of(std::vector<RegionRing> rings, bool one_feature) {
  struct Polygon {
    std::vector<std::uint32_t> outer;
    std::vector<std::uint32_t> holes;
  };
  std::unordered_map<std::uint32_t, std::uint32_t> number;  // only looked up, never walked through
  std::vector<Polygon> polygons;
  for (std::uint32_t i = 0; i < rings.size(); ++i) {
    const auto [entry, opened] = number.try_emplace(rings[i].region, static_cast<std::uint32_t>(polygons.size()));
    if (opened) polygons.emplace_back();
    Polygon& polygon = polygons[entry->second];
    (ring_area(rings[i].x, rings[i].y) > 0 ? polygon.outer : polygon.holes).push_back(i);
  }
  Geometry out = Geometry::empty(GeometryKind::polygon);
  for (const Polygon& polygon : polygons) {
    for (const auto* some : {&polygon.outer, &polygon.holes})
      for (const std::uint32_t i : *some) out.add_ring(rings[i].x, rings[i].y);
    out.end_part();
    if (!one_feature) out.end_feature();
  }
  if (one_feature) out.end_feature();
  return out;
}

}  // namespace yaan
