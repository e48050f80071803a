#include "yaan/core/memory_pages.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>

namespace yaan {

namespace {

constexpr std::size_t kSmall = std::size_t{1} << 18;  // below it the call costs as much as it saves

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23  // since Linux 5.14; EINVAL before
#endif

// Pages that lie in the range as a whole: the others belong to somebody else as well.
void advise(const void* begin, std::size_t bytes, int advice) {
  if (bytes < kSmall) return;
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  const std::uintptr_t from = (reinterpret_cast<std::uintptr_t>(begin) + page - 1) / page * page;
  const std::uintptr_t to = (reinterpret_cast<std::uintptr_t>(begin) + bytes) / page * page;
  if (from < to) ::madvise(reinterpret_cast<void*>(from), to - from, advice);  // NOLINT(performance-no-int-to-ptr)
}

}  // namespace

void prefer_huge_pages(const void* begin, std::size_t bytes) { advise(begin, bytes, MADV_HUGEPAGE); }

void populate_pages(const void* begin, std::size_t bytes) { advise(begin, bytes, MADV_POPULATE_WRITE); }

}  // namespace yaan
