#pragma once
// Sends one call to a yaan-reader process and waits for its answer.

#include <filesystem>

#include "load/reader/messages.hpp"
#include "yaan/core/progress.hpp"

namespace yaan {

/// What the two processes share, by file descriptor of the child: a file in memory and two pipes. The first three are
/// /dev/null.
inline constexpr int kRequestFd = 3;
inline constexpr int kAnswerFd = 4;
inline constexpr int kNewsFd = 5;

/// One piece of news of the child, written whole.
struct ReaderNews {
  enum class Kind : std::uint32_t { progress, answer };  ///< answer: it follows in the other pipe
  Kind kind = Kind::progress;
  std::uint32_t stage_bytes = 0;
  double fraction = 0;
  char stage[112] = {};
};
static_assert(sizeof(ReaderNews) == 128);

/// The reader of this program: beside it, in ../libexec/yaan, where it was installed, or where it was built. Throws
/// InputError when there is none, or one that strangers could have put there.
std::filesystem::path reader_program();

/// Runs the reader and hands on its answer; a failure that it tells of is thrown as it was there. A reader that
/// crashes, is killed, hangs, ends without an answer or answers nonsense is an InputError; no process is left behind.
/// Throws Cancelled within 50 ms of the wish. Thread-safe.
ReaderAnswer call_reader(const std::filesystem::path& program, const ReaderRequest& request, Progress& progress);

}  // namespace yaan
