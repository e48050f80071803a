#pragma once
// Which columns of a table hold its coordinates.

#include <cstddef>

#include "load/raw_layer.hpp"

namespace yaan {

struct CoordinateChoice {
  PlacedBy kind = PlacedBy::none;
  std::size_t first = 0;   ///< x, position or geometry
  std::size_t second = 0;  ///< y
};

/// As the options name them, else by the headers in Thai and English, which is noted in the diagnostics. Throws
/// UsageError for a column that is not there and for options that exclude one another.
CoordinateChoice choose_coordinates(RawLayer& raw, const ReadOptions& options);

}  // namespace yaan
