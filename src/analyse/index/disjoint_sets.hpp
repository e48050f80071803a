#pragma once
// Union-find that many threads may use at once.

#include <atomic>
#include <cstdint>
#include <utility>

namespace yaan {

/// Over an array in which each item starts as its own parent. The root of a set is its smallest item, whatever the
/// order of the calls. Lock-free; path halving (after Anderson and Woll 1991).
class DisjointSets {
 public:
  explicit DisjointSets(std::uint32_t* parents) : m_parents(parents) {}

  [[nodiscard]] std::uint32_t find(std::uint32_t item) const {
    std::uint32_t parent = load(item);
    while (parent != item) {
      const std::uint32_t grandparent = load(parent);
      // A lost race leaves a longer path, never a wrong one.
      if (grandparent != parent) cell(item).compare_exchange_weak(parent, grandparent, std::memory_order_relaxed);
      item = grandparent;
      parent = load(item);
    }
    return item;
  }

  void unite(std::uint32_t a, std::uint32_t b) const {
    for (;;) {
      a = find(a);
      b = find(b);
      if (a == b) return;
      if (a > b) std::swap(a, b);
      std::uint32_t root = b;
      if (cell(b).compare_exchange_strong(root, a, std::memory_order_acq_rel)) return;
    }
  }

 private:
  [[nodiscard]] std::atomic_ref<std::uint32_t> cell(std::uint32_t item) const {
    return std::atomic_ref<std::uint32_t>(m_parents[item]);
  }
  [[nodiscard]] std::uint32_t load(std::uint32_t item) const { return cell(item).load(std::memory_order_relaxed); }

  std::uint32_t* m_parents;
};

}  // namespace yaan
