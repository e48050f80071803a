#pragma once
// Boundary rings of regions of a lattice, put together into polygons.

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

#include "yaan/core/geometry.hpp"

namespace yaan {

/// A boundary ring (closed, the inside on its left) and the region that it bounds.
struct RegionRing {
  std::uint32_t region;
  std::vector<double> x;
  std::vector<double> y;
};

/// One polygon for each region, in the order in which the regions first appear: the counter-clockwise ring outside, the
/// clockwise ones as its holes. With `one_feature` all polygons make one feature, else each makes its own.
Geometry polygons_of(std::vector<RegionRing> rings, bool one_feature);

/// Regions of joined lattice items, without a hash.
class LatticeRegions {
 public:
  explicit LatticeRegions(std::size_t items) : m_parent(items) {
    std::iota(m_parent.begin(), m_parent.end(), std::uint32_t{0});
  }
  std::uint32_t find(std::uint32_t item) {
    while (m_parent[item] != item) item = m_parent[item] = m_parent[m_parent[item]];
    return item;
  }
  /// The region's name is its smallest item.
  void join(std::uint32_t a, std::uint32_t b) {
    a = find(a);
    b = find(b);
    if (a != b) m_parent[std::max(a, b)] = std::min(a, b);
  }

 private:
  std::vector<std::uint32_t> m_parent;
};

}  // namespace yaan
