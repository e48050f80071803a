#pragma once
// The largest likelihood ratio of each simulated map of a scan.

#include <vector>

#include "analyse/scan_windows.hpp"

namespace yaan {

/// One for each simulation, 0 where no window stands out. The cases of a simulation are drawn with their number held:
/// for Poisson each by the population of the places, for Bernoulli among the population, none twice. Throws Cancelled.
std::vector<double> scan_maxima(const ScanPlaces& places, const ScanWindows& windows, const ScanSearch& search,
                                Progress& progress);

}  // namespace yaan
