#pragma once
// GEOS's tree over boxes.

#include <algorithm>
#include <cstdint>
#include <vector>

#include "core/geos.hpp"

namespace yaan {

/// A tree over boxes, each with a number. The numbers live as long as the tree.
class BoxTree {
 public:
  BoxTree(const Geos& geos, std::size_t boxes) : m_geos(geos), m_tree(GEOSSTRtree_create_r(geos.get(), 10)) {
    m_numbers.reserve(boxes);
  }
  ~BoxTree() { GEOSSTRtree_destroy_r(m_geos.get(), m_tree); }
  BoxTree(const BoxTree&) = delete;
  BoxTree& operator=(const BoxTree&) = delete;

  void insert(const Box& box, std::uint32_t number) {
    m_numbers.push_back(number);  // never beyond what was reserved, so addresses stay
    GEOSSTRtree_insert_r(m_geos.get(), m_tree, rectangle(box).get(), &m_numbers.back());
  }
  /// Numbers whose boxes meet, ascending.
  [[nodiscard]] std::vector<std::uint32_t> meeting(const Box& box) const {
    std::vector<std::uint32_t> found;
    GEOSSTRtree_query_r(
        m_geos.get(), m_tree, rectangle(box).get(),
        [](void* item, void* into) {
          static_cast<std::vector<std::uint32_t>*>(into)->push_back(*static_cast<std::uint32_t*>(item));
        },
        &found);
    std::sort(found.begin(), found.end());
    return found;
  }

 private:
  // A segment along the diagonal has the same box, whatever its width.
  [[nodiscard]] Geos::Shape rectangle(const Box& box) const {
    const double x[] = {box.min_x, box.max_x};
    const double y[] = {box.min_y, box.max_y};
    return m_geos.own(GEOSGeom_createLineString_r(
        m_geos.get(), GEOSCoordSeq_copyFromArrays_r(m_geos.get(), x, y, nullptr, nullptr, 2)));
  }

  const Geos& m_geos;
  GEOSSTRtree* m_tree;
  std::vector<std::uint32_t> m_numbers;
};

}  // namespace yaan
