#pragma once
// Which sites matter to the Voronoi cells of each district.

#include <cstdint>
#include <span>
#include <vector>

#include "district/ground.hpp"
#include "yaan/core/progress.hpp"

namespace yaan {

/// The sites of a layer with their districts: those of district 0 first, then of 1, ..., then those of none. Of sites
/// on the same spot the first one owns it.
struct Sites {
  static constexpr std::uint32_t kNone = 0xffffffff;
  Positions positions;
  std::vector<std::uint32_t> district;  ///< ascending; kNone for sites of none
};

/// For each district the sites that can lie within twice the reach of one of its own, those included, ascending: a
/// Voronoi cell that ends at `reach` from its site depends on no other. May list some that lie farther off.
/// Precondition: positions usable, 0 < reach. O(n log n) and the length of the lists.
std::vector<std::vector<std::uint32_t>> sites_about(const Sites& sites, std::size_t districts, double reach,
                                                    const Progress& progress);

/// The ground nearer to the district's sites than to any other, as far as `reach`, in the plane of `ground`: one
/// feature. `about` is what sites_about says for it. Empty when other districts own all of its spots.
Geometry merged_cells(const Sites& sites, std::span<const std::uint32_t> about, std::uint32_t district,
                      const Ground& ground, double reach);

}  // namespace yaan
