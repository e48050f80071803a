#pragma once
// What is known of a source besides its features: that it stays the same while it is read, and its hash.

#include <cstdint>
#include <filesystem>
#include <future>
#include <string>
#include <thread>
#include <utility>

namespace yaan {

/// The file as it was when this was made.
class UnchangedFile {
 public:
  /// Precondition: the file is there; throws std::filesystem::filesystem_error otherwise.
  explicit UnchangedFile(std::filesystem::path path);
  /// Throws InputError when a program has written to the file since.
  void check() const;

 private:
  // A program that writes it changes one of these.
  using State = std::pair<std::uintmax_t, std::filesystem::file_time_type>;
  [[nodiscard]] State state() const;

  std::filesystem::path m_path;
  State m_before;
};

/// Computes sha256_of_source on a thread of its own while other work goes on. Gives up when it goes out of scope.
class HashMeanwhile {
 public:
  explicit HashMeanwhile(const std::filesystem::path& path);

  /// Throws what sha256_of_source throws.
  std::string wait() { return m_hash.get(); }

 private:
  std::future<std::string> m_hash;
  std::jthread m_thread;
};

}  // namespace yaan
