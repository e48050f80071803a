#include "yaan/core/parallel.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

#include "yaan/core/error.hpp"
#include "yaan/core/progress.hpp"

namespace yaan {
namespace {

TEST(ParallelBlocks, CoversEveryItemOnceWithAnyThreadCount) {
  for (const unsigned threads : {1U, 2U, 8U}) {
    set_thread_count(threads);
    std::vector<std::atomic<int>> visits(10007);
    std::vector<std::atomic<int>> blocks(block_count(visits.size(), 100));
    parallel_blocks(visits.size(), 100, [&](std::size_t begin, std::size_t end, std::size_t block) {
      EXPECT_EQ(begin, block * 100);
      ++blocks[block];
      for (std::size_t i = begin; i < end; ++i) ++visits[i];
    });
    for (const auto& count : visits) ASSERT_EQ(count, 1);
    for (const auto& count : blocks) ASSERT_EQ(count, 1);
  }
  set_thread_count(0);
}

TEST(ParallelBlocks, PassesOnAnException) {
  EXPECT_THROW(parallel_blocks(1000, 1,
                               [](std::size_t begin, std::size_t, std::size_t) {
                                 if (begin == 500) throw std::runtime_error("boom");
                               }),
               std::runtime_error);
  parallel_blocks(0, 10, [](std::size_t, std::size_t, std::size_t) { FAIL() << "nothing to do"; });
}

TEST(ParallelBlocks, StaysOnTheThreadThatAsksForIt) {
  set_thread_count(8);
  std::atomic<int> elsewhere{0}, items{0};
  parallel_blocks(64, 1, [&](std::size_t, std::size_t, std::size_t) {
    const OnThisThread stay;
    const auto own = std::this_thread::get_id();
    parallel_blocks(100, 1, [&](std::size_t, std::size_t, std::size_t) {
      ++items;
      elsewhere += std::this_thread::get_id() != own;
    });
  });
  EXPECT_EQ(items, 6400);
  EXPECT_EQ(elsewhere, 0);
  {
    const OnThisThread stay;
    const auto own = std::this_thread::get_id();
    parallel_blocks(100, 1,
                    [&](std::size_t, std::size_t, std::size_t) { elsewhere += std::this_thread::get_id() != own; });
  }
  EXPECT_EQ(elsewhere, 0);
  // Afterwards others take part again, or nobody would gain by them.
  std::mutex guard;
  std::set<std::thread::id> threads;
  parallel_blocks(64, 1, [&](std::size_t, std::size_t, std::size_t) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    const std::lock_guard lock(guard);
    threads.insert(std::this_thread::get_id());
  });
  EXPECT_GT(threads.size(), 1U);
  set_thread_count(0);
}

TEST(Progress, CancelIsHeard) {
  Progress progress;
  EXPECT_NO_THROW(progress.throw_if_cancelled());
  progress.cancel();
  EXPECT_THROW(progress.throw_if_cancelled(), Cancelled);
}

}  // namespace
}  // namespace yaan
