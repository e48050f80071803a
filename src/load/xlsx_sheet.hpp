#pragma once
// Sheets of a workbook.

#include <ogrsf_frmts.h>

#include "load/raw_layer.hpp"
#include "load/table_head.hpp"
#include "load/xlsx_book.hpp"

namespace yaan {

/// Fills columns, rows and diagnostics of `raw` from a sheet that GDAL opened without names and as texts: the rows
/// below the head that have a cell, each column of the narrowest type (typed_column); columns with neither a name nor a
/// cell are none. Formulas come as the values that the spreadsheet program computed last; those saved without one are
/// counted as formula-without-value, errors such as #N/A as error-cell: both are null. Cells with a format of dates
/// come as dates of the common era, whatever calendar they are shown in (buddhist-date). What is merged over several
/// rows stands in each of them that has a cell of its own besides (merged-cell); what is merged over several columns
/// stands in the first. Throws as the readers of tables.
void read_sheet(OGRLayer& sheet, const XlsxBook& book, const XlsxCells& special, RawLayer& raw,
                const ReadOptions& options, Progress& progress);

}  // namespace yaan
