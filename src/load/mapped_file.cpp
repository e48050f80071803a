#include "load/mapped_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <new>
#include <utility>

#include "yaan/core/error.hpp"

namespace yaan {

namespace {

#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22  // since Linux 5.14; EINVAL before
#endif

void advise(std::string_view part, int advice) {
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  const std::uintptr_t from = reinterpret_cast<std::uintptr_t>(part.data()) / page * page;
  const std::uintptr_t to = reinterpret_cast<std::uintptr_t>(part.data()) + part.size();
  if (from < to) ::madvise(reinterpret_cast<void*>(from), to - from, advice);  // NOLINT(performance-no-int-to-ptr)
}

}  // namespace

MappedFile::MappedFile(const std::filesystem::path& file, const std::string& shown) {
  const int opened = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);  // a pipe would wait for its writer
  if (opened < 0) throw InputError(fmt::format("cannot read {}", shown), "check its permissions");
  struct stat status {};
  const bool plain = ::fstat(opened, &status) == 0 && S_ISREG(status.st_mode);
  void* bytes = MAP_FAILED;
  errno = 0;
  if (plain && status.st_size > 0)
    bytes = ::mmap(nullptr, static_cast<std::size_t>(status.st_size), PROT_READ, MAP_PRIVATE, opened, 0);
  const bool no_room = bytes == MAP_FAILED && errno == ENOMEM;
  ::close(opened);
  if (no_room) throw std::bad_alloc();
  if (plain && status.st_size == 0) return;
  if (bytes == MAP_FAILED) throw InputError(fmt::format("reading {} failed", shown), "try again");
  m_bytes = static_cast<const char*>(bytes);
  m_size = static_cast<std::size_t>(status.st_size);
}

MappedFile::~MappedFile() {
  if (m_bytes != nullptr) ::munmap(const_cast<char*>(m_bytes), m_size);  // NOLINT: the system's declaration
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : m_bytes(std::exchange(other.m_bytes, nullptr)), m_size(std::exchange(other.m_size, 0)) {}

void MappedFile::fetch(std::string_view part) { advise(part, MADV_POPULATE_READ); }

// The bytes are the file's own: looked at again, they are there again.
void MappedFile::forget(std::string_view part) { advise(part, MADV_DONTNEED); }

}  // namespace yaan
