#pragma once
// The process that waits for calls, seen from the program (serve.hpp tells what it does).

#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <mutex>

#include "load/reader/descriptor.hpp"

namespace yaan {

/// Throws InputError that says what of the system failed, with errno.
[[noreturn]] void throw_system(const char* what);

/// Thread-safe.
class ReaderHost {
 public:
  /// Starts it. `database`: with the variables that libpq reads; otherwise with nothing from outside. Throws
  /// InputError.
  ReaderHost(const std::filesystem::path& program, bool database);
  /// Ends it, and the readers that still run with it.
  ~ReaderHost();
  ReaderHost(const ReaderHost&) = delete;
  ReaderHost& operator=(const ReaderHost&) = delete;

  /// Hands a call over. False when the process is no longer there. Does not wait for it.
  [[nodiscard]] bool send(int request, int answer, int news, int life);

 private:
  Descriptor m_control;
  pid_t m_pid = 0;
  pid_t m_owner = 0;  ///< a copy of the program by fork must not end it
};

/// The one that waits for calls of this program, started at the first call; another one when that has gone. It ends
/// with the program.
std::shared_ptr<ReaderHost> waiting_host(const std::filesystem::path& program);

/// A new one in the place of `gone`, unless somebody has put one there already.
std::shared_ptr<ReaderHost> next_host(const std::filesystem::path& program, const std::shared_ptr<ReaderHost>& gone);

/// Ends the one that waits, if there is one; the next call starts another. What the readers used is then known to
/// getrusage(RUSAGE_CHILDREN).
void end_waiting_host();

}  // namespace yaan
