#pragma once
// All the files of a source: hashed while its features are read, and watched for changes.

#include <filesystem>
#include <future>
#include <string>
#include <thread>
#include <vector>

namespace yaan {

/// Computes sha256_of_source on a thread of its own while other work goes on. Gives up when it goes out of scope.
class WatchedSource {
 public:
  explicit WatchedSource(const std::filesystem::path& path);

  /// The hash. Throws what sha256_of_source throws, and InputError when a file of the source came, went or changed
  /// since the beginning: what was read may be other bytes than those that were hashed.
  std::string settle();

 private:
  struct State {
    std::filesystem::path file;
    std::uintmax_t bytes = 0;
    std::filesystem::file_time_type changed;
    bool operator==(const State&) const = default;
  };
  static std::vector<State> states(const std::filesystem::path& path);

  std::filesystem::path m_path;
  std::vector<State> m_before;
  std::future<std::string> m_hash;
  std::jthread m_thread;
};

}  // namespace yaan
