#pragma once
// Comma-separated values (RFC 4180), as they really arrive.

#include <filesystem>
#include <string>

#include "load/raw_layer.hpp"

namespace yaan {

/// Reads the table: UTF-8 with or without a byte order mark, UTF-16, else Windows-874 or Windows-1252 (reported);
/// separated by comma, semicolon, tab or bar, whichever the header holds most; names as find_table_head finds them.
/// Empty cells are null.
/// Rows of another length than the header are filled or cut and counted. Throws InputError for a quote that is never
/// closed (a file cut short) and for exceeded bounds.
/// Complexity: linear; memory: the file and its cells.
RawLayer read_csv(const std::filesystem::path& file, const std::string& shown, const ReadOptions& options,
                  Progress& progress);

}  // namespace yaan
