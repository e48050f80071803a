#pragma once
// The rows of a CSV to typed columns, in parallel.

#include <string>
#include <string_view>
#include <vector>

#include "load/raw_layer.hpp"

namespace yaan {

/// Reads all rows of `body` (the text below the header) into raw.columns and raw.rows. Blank lines are no rows; short
/// and long rows are counted. Columns have the narrowest type that all their values have (typed_column).
///
/// The text is cut into blocks at row ends. Whether a block starts inside quotes follows from the number of quotes
/// before it, which holds unless a cell has a quote in its middle; then a block does not end where the next one begins,
/// and the text is read again in one piece. Types are guessed from the first rows; a column that does not keep to its
/// guess is read again as text. Same columns and diagnostics whatever the threads.
///
/// Throws InputError for a quote that is never closed and for more rows than the options allow, Cancelled.
/// Complexity: linear. Memory: the columns, and a second copy of one column for each thread.
void read_csv_columns(std::string_view body, char separator, const std::vector<std::string>& names, RawLayer& raw,
                      const ReadOptions& options, Progress& progress);

}  // namespace yaan
