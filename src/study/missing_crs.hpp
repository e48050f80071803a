#pragma once
// Which coordinate reference system a layer without one could have.

#include <string>
#include <vector>

#include "yaan/core/geometry.hpp"

namespace yaan {

/// The systems in use in Thailand that put `extent`, in unknown coordinates, inside `place`, a box of longitude and
/// latitude on WGS 84, in the order of how common they are: codes for --crs. Zones of UTM overlap, and an old datum
/// lies a few hundred metres away, so that several may fit: the choice is the user's.
std::vector<std::string> crs_candidates(const Box& extent, const Box& place);

/// Whether `crs` puts it there; a tenth of the place's size is allowed on each side.
bool lies_within(const Box& extent, const std::string& crs, const Box& place);

}  // namespace yaan
