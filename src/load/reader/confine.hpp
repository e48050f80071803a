#pragma once
// How yaan-reader ties its own hands before it opens a stranger's file.

#include <string>

#include "load/reader/messages.hpp"

namespace yaan {

/// Bounds memory, processor time, written bytes and open files, gives up new privileges and the network, leaves only
/// the file's own folder and the system's data readable where the kernel has Landlock, and refuses every system call
/// that starts a program, opens a socket, writes a file by name or touches another process. For a database (`pg:`) the
/// network and the folders stay open. Call it once, before any thread is started. Returns what is in force, such as
/// "rlimits + no_new_privs + seccomp + landlock". Throws std::runtime_error when one of the first three cannot be had.
std::string confine_this_process(const ReaderRequest& request);

}  // namespace yaan
