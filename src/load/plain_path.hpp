#pragma once
// Which paths are opened at all.

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>

#include "yaan/load/read.hpp"

namespace yaan {

/// Throws UsageError for what is no plain path: virtual file systems, `scheme:`, inline text.
void refuse_other_than_paths(const std::string& text);

/// The absolute path of a plain, readable file within the bounds. Throws UsageError for what is no plain path (virtual
/// file systems, `scheme:`, inline text) and InputError for what is no such file.
std::filesystem::path plain_file(const std::filesystem::path& path, const ReadOptions& options);

/// A file that nobody should write while it is read.
class WatchedFile {
 public:
  WatchedFile(std::filesystem::path file, std::string shown);
  /// Throws InputError when its size or its time of change is another one than at the beginning.
  void throw_if_changed() const;

 private:
  using State = std::pair<std::uintmax_t, std::filesystem::file_time_type>;
  [[nodiscard]] State state() const;

  std::filesystem::path m_file;
  std::string m_shown;
  State m_before;
};

}  // namespace yaan
