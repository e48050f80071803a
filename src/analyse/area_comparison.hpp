#pragma once
// Snapshots of areas compared in pairs: what is counted in each area, and its test.

#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

#include "analyse/area_snapshots.hpp"
#include "analyse/same_sites.hpp"
#include "yaan/analyse/area_change.hpp"
#include "yaan/core/progress.hpp"

namespace yaan {

/// The mark of an area of which all sites stand in both snapshots.
inline constexpr std::string_view kUntouched = "nothing opened or closed";

/// All NaN.
CountChange not_tested();

/// One area between two snapshots.
struct AreaChange {
  std::int64_t before = -1, after = -1;
  std::int64_t closed = -1, opened = -1;  ///< -1 where sites are not matched
  CountChange test = not_tested();
  double adjusted = std::numeric_limits<double>::quiet_NaN();

  [[nodiscard]] bool tested() const { return !std::isnan(test.p); }
  /// Sites are there, and all of them stand in both snapshots: no test, but the best evidence of no change there is.
  [[nodiscard]] bool untouched() const { return opened == 0 && closed == 0 && before + after > 0; }
  [[nodiscard]] bool said() const { return tested() || untouched(); }
  /// "" where nothing is said.
  [[nodiscard]] std::string_view mark(double significance) const {
    if (untouched()) return kUntouched;
    if (!tested()) return "";
    if (adjusted > significance) return "not significant";
    return static_cast<double>(more()) > test.expected ? "grown" : "shrunk";
  }
  /// The two counts that are tested.
  [[nodiscard]] std::int64_t less() const { return closed < 0 ? before : closed; }
  [[nodiscard]] std::int64_t more() const { return opened < 0 ? after : opened; }
  /// Sites of the later count that are in no test.
  [[nodiscard]] std::int64_t stayed() const { return after - more(); }
  /// A site that stands in both is common ground, whether or not it counts in both.
  [[nodiscard]] SitesAtPlace sites() const { return {std::max(before, stayed()), std::max(after, before - less())}; }
};

/// All areas between two snapshots.
struct Comparison {
  std::size_t from = 0, to = 0;
  std::vector<AreaChange> areas;
  std::int64_t before = 0, after = 0;  ///< of all areas that are compared
  std::int64_t less = 0, more = 0;     ///< of them what is tested: the same, or closed and opened
  double population_before = 0, population_after = 0;
  CountChange whole;
};

/// Each snapshot with the one before it, or with the first, as the options say, its p-values adjusted over all areas
/// and comparisons. Throws Cancelled.
std::vector<Comparison> comparisons_of(const AreaSnapshots& seen, const AreaChangeOptions& options, Progress& progress);

}  // namespace yaan
