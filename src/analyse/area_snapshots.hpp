#pragma once
// Counts of the same areas at several times.

#include <cstdint>
#include <string>
#include <vector>

#include "yaan/analyse/area_change.hpp"

namespace yaan {

struct AreaSnapshots {
  std::vector<std::uint32_t> row;  ///< of the areas, by code
  std::vector<std::string> code;
  std::vector<std::string> name;                 ///< of each snapshot: its column or layer, the earliest first
  std::vector<Localized> title;                  ///< of each snapshot for people, else its name
  std::vector<std::vector<std::int64_t>> count;  ///< by snapshot, then area; -1 where nobody knows
  /// By snapshot, then area; 1 without; NaN where nobody knows, 0 where nothing can be compared.
  std::vector<std::vector<double>> population;
  /// By area, of two layers whose sites are matched by id; else empty. Later less earlier count is opened less closed,
  /// but for sites that are not open in one snapshot and withheld there: they stand in both.
  std::vector<std::int64_t> opened, closed;
};

/// From the roles areas, before and after, or from the columns that the options name. Counts points that lie nowhere,
/// missing values, populations of 0 and sites that moved in `diagnostics`. Throws UsageError for neither or both, one
/// snapshot, another number of populations, ids to match that are not there; InputError for numbers that are negative,
/// and counts that are not whole.
AreaSnapshots area_snapshots(const MethodInputs& inputs, const AreaChangeOptions& options, Diagnostics& diagnostics,
                             Progress& progress);

}  // namespace yaan
