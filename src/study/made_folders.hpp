#pragma once
// Folders that a run makes, and takes away again when it fails.

#include <filesystem>
#include <vector>

#include "yaan/core/error.hpp"

namespace yaan {

class MadeFolders {
 public:
  MadeFolders() = default;
  MadeFolders(const MadeFolders&) = delete;
  MadeFolders& operator=(const MadeFolders&) = delete;
  /// Removes the folders made, unless keep() was called; one that is not empty stays.
  ~MadeFolders() {
    std::error_code ignored;
    for (std::size_t i = m_made.size(); i-- > 0;) std::filesystem::remove(m_made[i], ignored);
  }

  /// Makes the folder and those above it where they are missing. Throws OutputError.
  void make(const std::filesystem::path& folder) {
    if (folder.empty() || std::filesystem::is_directory(folder)) return;
    make(folder.parent_path());
    std::error_code error;
    const bool made = std::filesystem::create_directory(folder, error);
    if (error) throw OutputError("cannot make the folder " + folder.string() + ": " + error.message());
    if (made) m_made.push_back(folder);
  }
  void keep() { m_made.clear(); }

 private:
  std::vector<std::filesystem::path> m_made;
};

}  // namespace yaan
