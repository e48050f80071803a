#pragma once
// The rank of each point in the order of x, then y, then the caller's number.

#include <cstdint>
#include <span>

#include "analyse/index/scratch.hpp"
#include "yaan/core/progress.hpp"

namespace yaan {

/// Ranks from 0. Coordinates are finite; n < 2^31. O(n) for x spread evenly, O(n log n) at worst.
Scratch<std::uint32_t> position_ranks(std::span<const double> x, std::span<const double> y, const Progress& progress);

}  // namespace yaan
