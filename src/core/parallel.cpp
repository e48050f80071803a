#include "yaan/core/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <thread>

#if YAAN_THREADS_TBB
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <memory>
#else
#include <exception>
#include <mutex>
#include <vector>
#endif

namespace yaan {

namespace {

std::atomic<unsigned> g_threads{0};
thread_local bool t_stay = false;

}  // namespace

OnThisThread::OnThisThread() : m_before(t_stay) { t_stay = true; }
OnThisThread::~OnThisThread() { t_stay = m_before; }

void set_thread_count(unsigned threads) { g_threads = threads; }

unsigned thread_count() {
  // The C library reads a file of the system each time that it is asked.
  static const unsigned processors = std::max(1U, std::thread::hardware_concurrency());
  const unsigned asked = g_threads;
  return asked != 0 ? asked : processors;
}

#if YAAN_THREADS_TBB

void parallel_blocks(std::size_t n, std::size_t block_size,
                     const std::function<void(std::size_t, std::size_t, std::size_t)>& body) {
  const std::size_t blocks = block_count(n, block_size);
  const auto run_block = [&](std::size_t block) {
    body(block * block_size, std::min(n, (block + 1) * block_size), block);
  };
  const unsigned threads = thread_count();
  if (blocks <= 1 || threads == 1 || t_stay) {
    for (std::size_t block = 0; block < blocks; ++block) run_block(block);
    return;
  }
  // oneTBB stops at the processor count unless told otherwise; a test of 8 threads on 2 processors needs all 8.
  const tbb::global_control allow(tbb::global_control::max_allowed_parallelism, threads);
  tbb::task_arena arena(static_cast<int>(threads));
  arena.execute([&] { tbb::parallel_for(std::size_t{0}, blocks, run_block, tbb::simple_partitioner()); });
}

#else

void parallel_blocks(std::size_t n, std::size_t block_size,
                     const std::function<void(std::size_t, std::size_t, std::size_t)>& body) {
  const std::size_t blocks = block_count(n, block_size);
  const unsigned threads = t_stay ? 1 : static_cast<unsigned>(std::min<std::size_t>(thread_count(), blocks));
  std::atomic<std::size_t> next{0};
  std::mutex guard;
  std::exception_ptr first_failure;
  const auto work = [&] {
    for (std::size_t block = next++; block < blocks; block = next++) {
      try {
        body(block * block_size, std::min(n, (block + 1) * block_size), block);
      } catch (...) {
        const std::lock_guard lock(guard);
        if (!first_failure) first_failure = std::current_exception();
        next = blocks;
      }
    }
  };
  {
    std::vector<std::jthread> workers;
    for (unsigned t = 1; t < threads; ++t) workers.emplace_back(work);
    work();
  }
  if (first_failure) std::rethrow_exception(first_failure);
}

#endif

void parallel_blocks(std::size_t n, std::size_t block_size, const Progress& progress,
                     const std::function<void(std::size_t, std::size_t, std::size_t)>& body) {
  parallel_blocks(n, block_size, [&](std::size_t begin, std::size_t end, std::size_t block) {
    progress.throw_if_cancelled();
    body(begin, end, block);
  });
}

}  // namespace yaan
