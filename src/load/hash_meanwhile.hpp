#pragma once
// The hash of a source, computed while its features are read.

#include <filesystem>
#include <future>
#include <string>
#include <thread>

namespace yaan {

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
