#pragma once
// Comma-separated values (RFC 4180), as they really arrive.

#include <filesystem>
#include <string>

#include "load/raw_layer.hpp"

namespace yaan {

/// Reads the table: UTF-8 with or without a byte order mark, else Windows-874 or Windows-1252 (reported); separated by
/// comma, semicolon, tab or bar, whichever the header holds most; the first row holds the names. Empty cells are null.
/// Rows of another length than the header are filled or cut and counted. Throws InputError for a quote that is never
/// closed (a file cut short) and for exceeded bounds.
/// Complexity: linear; memory: the file and its cells.
RawLayer read_csv(const std::filesystem::path& file, const std::string& shown, const ReadOptions& options,
                  Progress& progress);

/// The column with the narrowest type that all its values have: integer, real, date (YYYY-MM-DD), else text. What looks
/// like a number but would not come back the same stays text: leading zeros, a plus sign, more than 17 digits, 1E5.
/// Words such as NA and NULL are null in a column of numbers and dates. Empty values are null; a column without any is
/// text.
Column typed_column(std::string name, const StringValues& values, std::string_view where, Diagnostics& diagnostics);

}  // namespace yaan
