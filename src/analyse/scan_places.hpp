#pragma once
// The places of a scan, from layers.

#include <string>
#include <vector>

#include "yaan/analyse/scan_statistic.hpp"

namespace yaan {

/// Places by (x, y), those at one position merged, so that nothing depends on the order of the rows.
struct ScanItems {
  ScanPlaces places;
  std::vector<std::int64_t> place_of_row;  ///< of the features; -1 for those that take no part
  ScanModel model = ScanModel::poisson;
  std::string what;  ///< in words: which cases against what
};

/// By the columns `events` and `population` of the features; else the points of `kind` (without it all) against the
/// points of the layer background, or against the other kinds. Against a background each case is one among the
/// population by Bernoulli, and counts at the nearest place of the background by Poisson. Points that are not open take
/// no part: a circle would tell where they are. What is left out is counted. Throws UsageError for options that do not
/// go together, InputError for negative or broken counts and for more cases than population by Bernoulli.
ScanItems scan_items(const MethodInputs& inputs, const ScanOptions& options, Diagnostics& diagnostics,
                     Progress& progress);

}  // namespace yaan
