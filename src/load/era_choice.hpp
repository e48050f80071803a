#pragma once
// Which era the years of a column are of.

#include <string_view>
#include <vector>

#include "load/year_text.hpp"

namespace yaan {

// No site is listed with a year of the common era beyond this one; a Buddhist year beyond it is 1658 or later.
inline constexpr int kLatestCommonYear = 2200;

struct EraChoice {
  Era era = Era::unknown;
  std::string_view why;
};

/// The era of values that do not state their own; unknown when the column leaves it open. `years` are those values.
EraChoice choose_era(std::string_view header, const std::vector<int>& years);

}  // namespace yaan
