#pragma once
// Which paths are opened at all.

#include <filesystem>
#include <string>

#include "yaan/load/read.hpp"

namespace yaan {

/// Throws UsageError for what is no plain path: virtual file systems, `scheme:`, inline text.
void refuse_other_than_paths(const std::string& text);

/// The absolute path of a plain, readable file within the bounds. Throws UsageError for what is no plain path (virtual
/// file systems, `scheme:`, inline text) and InputError for what is no such file.
std::filesystem::path plain_file(const std::filesystem::path& path, const ReadOptions& options);

}  // namespace yaan
