#pragma once
// Reading in this very process. The public functions send the call to yaan-reader, which alone should make these.

#include <filesystem>

#include "yaan/load/inspect.hpp"
#include "yaan/load/read.hpp"

namespace yaan {

/// As read_layer and inspect_file, without isolation; the report without a hash.
ReadResult read_layer_here(const std::filesystem::path& path, const ReadOptions& options, Progress& progress);
/// The same without the hash of the file: whoever asked for it in another process computes it there.
ReadResult read_unhashed_here(const std::filesystem::path& path, const ReadOptions& options, Progress& progress);
FileReport inspect_file_here(const std::filesystem::path& path, const ReadOptions& options, Progress& progress);

/// Gets ready what every reading needs and no file: worth doing before a process is copied for each of them.
void prepare_reading();

}  // namespace yaan
