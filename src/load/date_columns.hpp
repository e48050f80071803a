#pragma once
// Columns of dates.

#include "load/raw_layer.hpp"

namespace yaan {

/// Texts that are all full dates become dates, and dates that are all beyond the year 2200 dates of the common era;
/// what keeps a column from that is counted in `diagnostics` (unreadable-date, ambiguous-date).
void settle_dates(RawLayer& raw, const ReadOptions& options);

}  // namespace yaan
