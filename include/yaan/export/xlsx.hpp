#pragma once
// Workbooks for spreadsheet programs (ECMA-376), by libxlsxwriter.

#include <cstdint>

#include "yaan/core/progress.hpp"
#include "yaan/export/publish.hpp"
#include "yaan/export/whole_file.hpp"

namespace yaan {

struct XlsxOptions {
  int decimals = 7;  ///< of coordinates, 0 to 15
};

/// Writes the layer's columns as one sheet called as the layer: a heading line that stays in view, filters, and columns
/// as wide as their first texts. A point layer gets the columns longitude and latitude in front. Texts stay texts,
/// whatever they begin with; numbers are numbers; dates are ISO texts; lists are joined by "; "; missing values are
/// empty cells. A column called decision offers accept, reject and change. Same layer, same bytes.
/// Throws UsageError above 1,048,575 rows or for decimals out of range, OutputError, Cancelled. Returns the rows
/// written.
std::uint64_t write_xlsx(WholeFile& file, const PublishedLayer& layer, const XlsxOptions& options, Progress& progress);

}  // namespace yaan
