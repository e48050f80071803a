#pragma once
// Sheets whose column names are not simply their first row.

#include <ogrsf_frmts.h>

#include <optional>

#include "load/raw_layer.hpp"
#include "load/table_head.hpp"

namespace yaan {

/// The head of a sheet that GDAL opened with its first row as names, where it is more or other than that row or where
/// the options name a row; nothing for a plain sheet. Throws as find_table_head.
std::optional<TableHead> unusual_head(OGRLayer& sheet, const ReadOptions& options, const std::string& shown);

/// Fills columns, rows and diagnostics of `raw` from a sheet that GDAL opened without names and as texts: the rows
/// below the head that have a cell, each column of the narrowest type (typed_column). Formulas come as the values that
/// the spreadsheet program computed last, cells with a format of dates as dates. Throws as the readers of tables.
void read_sheet(OGRLayer& sheet, const TableHead& head, RawLayer& raw, const ReadOptions& options, Progress& progress);

}  // namespace yaan
