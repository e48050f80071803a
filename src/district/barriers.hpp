#pragma once
// Lines that nobody crosses.

#include <cstdint>
#include <vector>

#include "yaan/core/geometry.hpp"

namespace yaan {

/// The edges of lines in a tree of boxes. In degrees edges go the short way round the globe, and so do the segments
/// that are asked about.
class Barriers {
 public:
  /// Edges without finite ends are left out. O(m log m) for m edges.
  Barriers(const Geometry& lines, bool geographic);

  /// Whether the closed segment p-q has a point in common with an edge; exact. Never for p = q.
  /// Expected O(log m) for segments that are short beside the whole.
  [[nodiscard]] bool between(double px, double py, double qx, double qy) const;
  /// Whether the box of an edge meets this one (in degrees: of longitudes within half a turn of 0, or beyond).
  [[nodiscard]] bool near(const Box& box) const;

 private:
  struct Edge {
    double ax, ay, bx, by;
  };
  struct Node {
    Box box;
    std::uint32_t begin, end;  // edges
    std::uint32_t right;       // second child; the first follows the node; 0 for a leaf
  };

  std::uint32_t build(std::uint32_t begin, std::uint32_t end);
  template <class Test>
  [[nodiscard]] bool any(const Box& box, const Test& test) const;

  bool m_geographic;
  std::vector<Edge> m_edges;
  std::vector<Node> m_nodes;
};

}  // namespace yaan
