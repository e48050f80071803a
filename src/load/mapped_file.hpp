#pragma once
// A file's bytes where the system keeps them.

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace yaan {

/// A whole file as read-only memory. A file that another program cuts short meanwhile ends the process with SIGBUS when
/// the missing bytes are looked at; whoever called yaan-reader says so.
class MappedFile {
 public:
  /// `shown`: as errors name it. An empty file has no bytes. Throws InputError.
  MappedFile(const std::filesystem::path& file, const std::string& shown);
  ~MappedFile();
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&&) = delete;
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  [[nodiscard]] std::string_view bytes() const { return {m_bytes, m_size}; }

  // Hints for a part of the bytes: it will be looked at now, in one go; it will not be for a while, so that its pages
  // need not count as memory of this process.
  static void fetch(std::string_view part);
  static void forget(std::string_view part);

 private:
  const char* m_bytes = nullptr;
  std::size_t m_size = 0;
};

}  // namespace yaan
