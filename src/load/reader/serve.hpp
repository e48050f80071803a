#pragma once
// Within yaan-reader: waits for calls and gives each a process of its own.
//
// To start a program that uses GDAL takes longer than to read most files, nearly all of it in the loader of libraries.
// So the program starts one such process, which reads nothing itself, and each call is a copy of it (fork): as fresh as
// a started one, and confined before it looks at the file.

#include <cstdint>

namespace yaan {

/// What the caller and the process that waits share, by descriptor of the latter.
inline constexpr int kControlFd = 3;

/// A call is one byte on the control socket with these descriptors: the three of call_reader.hpp, in their order, and
/// the socket of the call. When the reader has ended, that socket says how; when the caller closes it, the reader is
/// killed.
inline constexpr int kDescriptorsOfCall = 4;

struct ReaderEnd {
  std::int32_t fork_error = 0;  ///< errno; then nothing was started
  std::int32_t status = 0;      ///< as waitpid tells it
};

/// Serves calls until the control socket closes, then kills the readers that still run. `read_one` runs in the process
/// of the call and gives its exit status. Returns the exit status of the waiting process; 2 when nobody has a control
/// socket to it.
int serve_calls(int (*read_one)());

}  // namespace yaan
