#pragma once
// CSV tables by RFC 4180 (2005), for spreadsheets.

#include <cstdint>

#include "yaan/core/progress.hpp"
#include "yaan/export/publish.hpp"
#include "yaan/export/whole_file.hpp"

namespace yaan {

struct CsvOptions {
  bool byte_order_mark = true;  ///< so that Excel reads Thai; readers of UTF-8 skip it
  int decimals = 7;             ///< of coordinates, 0 to 15
};

/// Writes the layer's columns as a table with one heading line; lines end with CR LF.
/// - A point layer gets the columns longitude and latitude in front (x and y in a plane tied to no place), unless it
/// has
///   columns of these names; other geometry is left out.
/// - Cells with a comma, a quote or a line break are quoted; lists are joined by "; "; missing values are empty.
/// - A text, heading or list of texts that a spreadsheet would run (it begins with = + - @, tab, CR or LF, spaces
/// before
///   it or not, full-width forms as well) gets an apostrophe in front, unless it is a plain number. Numbers stay
///   numbers.
/// - Bytes that are not UTF-8 become U+FFFD.
/// Throws UsageError for decimals out of range, OutputError when the sink fails, Cancelled. Returns the rows written.
std::uint64_t stream_csv(ByteSink& sink, const PublishedLayer& layer, const CsvOptions& options, Progress& progress);

/// stream_csv into a file, finished: the records are counted back from the disk. The caller commits.
std::uint64_t write_csv(WholeFile& file, const PublishedLayer& layer, const CsvOptions& options, Progress& progress);

/// Records of a CSV file, the heading among them: line ends outside quotes. Throws OutputError when a quote stays open.
std::uint64_t count_records(const std::filesystem::path& file);

}  // namespace yaan
