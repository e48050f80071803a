#pragma once
// The cities that have districts, for one map each.

#include <cstdint>
#include <string>
#include <vector>

#include "yaan/core/geometry.hpp"
#include "yaan/core/layer.hpp"
#include "yaan/core/units.hpp"

namespace yaan {

inline constexpr Metres kCityReach{15000};

struct City {
  Localized name;    ///< the province of its first district, else that district's name; told apart by it where needed
  std::string slug;  ///< of the English name, for file names: a-z, 0-9 and -; unique
  std::vector<std::uint32_t> districts;  ///< rows, best rank first
  Box extent;                            ///< WGS 84 degrees that show its districts, with room about them
};

/// Districts whose centres lie within kCityReach of one another, directly or through others, make one city. Cities are
/// in the order of their best district. Districts without a centre are in none. `districts` is in WGS 84, in rank
/// order, as the method districts makes it; a layer without centres has no cities. O(n^2).
std::vector<City> cities_of(const Layer& districts);

}  // namespace yaan
