#pragma once
// The rows of a CSV to typed columns, in parallel.

#include <string>
#include <string_view>
#include <vector>

#include "load/raw_layer.hpp"

namespace yaan {

/// The text below the header, and what is known of it.
struct CsvText {
  std::string_view body;
  char separator = ',';
  bool mapped = false;     ///< the body is part of a MappedFile
  bool unchecked = false;  ///< nobody has looked yet whether it is UTF-8 without zero bytes
};

/// An unchecked text is something else.
struct NotUtf8 {};

/// Reads all rows into raw.columns and raw.rows. Blank lines are no rows; short and long rows are counted. Columns have
/// the narrowest type that all their values have (typed_column); those of codes (holds_codes) keep the zeros of 1.10.
///
/// The text is read in waves of some megabytes. A wave is cut into blocks at row ends. Whether a block starts inside
/// quotes follows from the number of quotes before it in the wave, which holds unless a cell has a quote in its middle;
/// then a block does not end where the next one begins, and the wave is read again in one piece. Types are guessed from
/// the first rows; a column that does not keep to its guess is read again as text. Same columns and diagnostics
/// whatever the threads.
///
/// Throws InputError for a quote that is never closed and for more rows than the options allow, Cancelled; NotUtf8.
/// Complexity: linear. Memory: the columns and one wave.
void read_csv_columns(const CsvText& csv, const std::vector<std::string>& names, RawLayer& raw,
                      const ReadOptions& options, Progress& progress);

}  // namespace yaan
