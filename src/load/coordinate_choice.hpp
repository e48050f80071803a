#pragma once
// Which columns of a table hold its coordinates.

#include <cstddef>

#include "load/raw_layer.hpp"

namespace yaan {

struct CoordinateChoice {
  /// columns: x in `first`, y in `second`; position: texts of both in `first`; geometry: WKT in `first`.
  enum class Kind { none, columns, position, geometry } kind = Kind::none;
  std::size_t first = 0;
  std::size_t second = 0;
};

/// As the options name them, else by the headers in Thai and English, which is noted in the diagnostics. Throws
/// UsageError for a column that is not there and for options that exclude one another.
CoordinateChoice choose_coordinates(RawLayer& raw, const ReadOptions& options);

}  // namespace yaan
