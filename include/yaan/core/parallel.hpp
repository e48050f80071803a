#pragma once
// The one door to threads. Work is cut into fixed blocks that do not depend on the thread count, so that block-wise
// reductions give the same bits on any machine. oneTBB runs the blocks; the thread-sanitizer preset uses std::jthread,
// because oneTBB gives false reports there.

#include <cstddef>
#include <functional>

#include "yaan/core/progress.hpp"

namespace yaan {

/// Threads that parallel_blocks may use; 0 means one per processor. Set once, before work starts.
void set_thread_count(unsigned threads);
[[nodiscard]] unsigned thread_count();

/// Calls body(begin, end, block) for the consecutive ranges [0, block_size), [block_size, 2 block_size), ... below n,
/// in any order, on any thread. The first exception thrown by a body is rethrown here after the others have ended.
void parallel_blocks(std::size_t n, std::size_t block_size,
                     const std::function<void(std::size_t begin, std::size_t end, std::size_t block)>& body);

/// The same for a job that can be cancelled: polls before each block, which should not take longer than milliseconds.
/// Throws Cancelled.
void parallel_blocks(std::size_t n, std::size_t block_size, const Progress& progress,
                     const std::function<void(std::size_t begin, std::size_t end, std::size_t block)>& body);

/// While one is alive, calls of parallel_blocks on its thread stay on that thread. For a body that does a whole job of
/// its own: many jobs side by side go faster than each on many threads.
class OnThisThread {
 public:
  OnThisThread();
  OnThisThread(const OnThisThread&) = delete;
  OnThisThread& operator=(const OnThisThread&) = delete;
  ~OnThisThread();

 private:
  bool m_before;
};

/// Blocks that parallel_blocks makes of n items.
constexpr std::size_t block_count(std::size_t n, std::size_t block_size) { return (n + block_size - 1) / block_size; }

}  // namespace yaan
