#pragma once
// Which sums of cases are worth a look in a scan.

#include <cstdint>
#include <vector>

#include "analyse/scan_windows.hpp"

namespace yaan {

/// For each simulation, and each step of the windows' share of the population: the least (and the most) cases with
/// which a window could have a larger ratio than the best so far. A bound is never too strict: what reaches it is
/// looked at exactly.
class ReachBounds {
 public:
  /// Nothing reaches them before set().
  ReachBounds(const ScanWindows& windows, const ScanSearch& search, std::int64_t cases, std::size_t chunks);

  /// Of kScanLanes simulations.
  [[nodiscard]] ScanBounds of_chunk(std::size_t chunk) const;
  /// For the best ratio of a simulation so far. O(steps log cases) ratios.
  void set(std::size_t chunk, std::size_t lane, double best);

 private:
  [[nodiscard]] bool beats_above(std::int64_t cases_in, std::size_t bin, double best) const;
  [[nodiscard]] bool beats_below(std::int64_t cases_in, std::size_t bin, double best) const;

  const ShareBins& m_bins;
  const ScanSearch& m_search;
  std::int64_t m_cases;
  double m_population;
  std::vector<std::int32_t> m_at_least;  // by chunk, step and lane
  std::vector<std::int32_t> m_at_most;
};

}  // namespace yaan
