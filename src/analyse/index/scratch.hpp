#pragma once
// Uninitialised working memory.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <type_traits>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace yaan {

/// Memory of undefined content; freed by the deleter.
struct ScratchFree {
  std::size_t mapped = 0;  // bytes, for memory that came from the kernel and not from the heap
  void operator()(std::byte* memory) const {
#if defined(__linux__)
    if (mapped != 0) {
      munmap(memory, mapped);
      return;
    }
#endif
    std::free(memory);
  }
};

/// An array whose values start undefined, so that a page is first touched by the thread that fills it, and only where
/// it is filled: fresh memory costs ten times as much as memory in use. Large arrays come straight from the kernel in
/// huge pages and go straight back: the heap would break up over such pieces. Throws std::bad_alloc.
template <class T>
class Scratch {
  static_assert(std::is_trivially_destructible_v<T> && std::is_trivially_copyable_v<T>);

 public:
  Scratch() = default;
  explicit Scratch(std::size_t size) : m_size(size) { allocate(size * sizeof(T)); }
  Scratch(Scratch&& other) noexcept = default;
  Scratch& operator=(Scratch&& other) noexcept = default;

  [[nodiscard]] T* data() { return m_data; }
  [[nodiscard]] const T* data() const { return m_data; }
  [[nodiscard]] std::size_t size() const { return m_size; }
  T& operator[](std::size_t i) { return m_data[i]; }
  const T& operator[](std::size_t i) const { return m_data[i]; }

 private:
  static constexpr std::size_t kHugePage = std::size_t{1} << 21;
  static constexpr std::size_t kLine = 64;

  void allocate(std::size_t bytes) {
#if defined(__linux__)
    if (bytes >= kHugePage) {
      const std::size_t mapped = bytes + kHugePage;  // room to begin at a huge page; what is not touched costs nothing
      void* memory = mmap(nullptr, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
      if (memory == MAP_FAILED) throw std::bad_alloc();
      m_memory = {static_cast<std::byte*>(memory), ScratchFree{mapped}};
      const auto address = reinterpret_cast<std::uintptr_t>(memory);
      std::byte* start = m_memory.get() + (kHugePage - address % kHugePage) % kHugePage;
      madvise(start, bytes, MADV_HUGEPAGE);  // a wish: refusal changes the speed only
      m_data = reinterpret_cast<T*>(start);
      return;
    }
#endif
    void* memory = std::aligned_alloc(kLine, (bytes / kLine + 1) * kLine);
    if (memory == nullptr) throw std::bad_alloc();
    m_memory = {static_cast<std::byte*>(memory), ScratchFree{}};
    m_data = static_cast<T*>(memory);
  }

  std::unique_ptr<std::byte[], ScratchFree> m_memory;
  T* m_data = nullptr;
  std::size_t m_size = 0;
};

}  // namespace yaan
