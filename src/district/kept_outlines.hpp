#pragma once
// Outlines kept from run to run: while a slider moves, most districts keep their members.

#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "district/ground.hpp"
#include "yaan/core/method.hpp"
#include "yaan/district/districts.hpp"

namespace yaan {

/// The outline of one district by itself: neither cut nor without overlaps.
struct DrawnOutline {
  Positions from;  ///< what it was drawn from
  Geometry polygons;
  std::string method;
};

class KeptOutlines {
 public:
  /// Those that an earlier run left in the memory, which may be null; none where that run drew in another way.
  KeptOutlines(MethodMemory* memory, const DistrictOptions& options);

  /// The outline of exactly these positions, or null. Thread-safe.
  [[nodiscard]] std::shared_ptr<const DrawnOutline> find(const Positions& positions) const;
  /// Leaves the outlines of this run, and no others, in the memory.
  void keep(std::span<const std::shared_ptr<const DrawnOutline>> drawn);

 private:
  struct Store {
    DistrictOptions options;
    std::unordered_multimap<std::uint64_t, std::shared_ptr<const DrawnOutline>> outlines;
  };
  MethodMemory* m_memory;
  DistrictOptions m_options;
  std::shared_ptr<const Store> m_store;
};

}  // namespace yaan
