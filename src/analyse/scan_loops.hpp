#pragma once
// The loop in which a scan spends its time: windows that grow about a place, in several simulations at once.

#include <cstddef>
#include <cstdint>

#include "analyse/instruction_sets.hpp"

namespace yaan {

inline constexpr std::size_t kScanLanes = 32;  ///< simulations at once

/// A window after the other, as a list of places.
struct ScanList {
  static constexpr std::uint32_t kEnds = 0x80000000U;  ///< with this bit a window ends behind the place
  const std::uint32_t* place = nullptr;
  const std::uint16_t* bin = nullptr;  ///< which bounds belong to the window
  std::size_t count = 0;
};

/// What each window must reach, by bin and lane.
struct ScanBounds {
  const std::int32_t* at_least = nullptr;
  const std::int32_t* at_most = nullptr;
};

struct ScanLoops {
  const char* name;
  /// Adds the cases (kScanLanes for each place) of the places from `begin` on to `sums`, and stops behind a place where
  /// a window ends in which the sum of a lane is at least or at most its bound. Returns the number of that place, or
  /// the count.
  std::size_t (*sweep)(const ScanList& list, std::size_t begin, const std::int32_t* cases, const ScanBounds& bounds,
                       std::int32_t* sums);
};

/// Null for a set that this processor, or this build, does not have.
const ScanLoops* scan_loops(InstructionSet set);
/// Those of the best set.
const ScanLoops& scan_loops();

}  // namespace yaan
