#pragma once
// Where labels go so that none lies on another.

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "yaan/core/geometry.hpp"

namespace yaan::style {

/// One label. Lengths in pixels, y down.
struct LabelWish {
  double x = 0;  ///< the place it belongs to
  double y = 0;
  double width = 0;  ///< of its text
  double height = 0;
  double clearance = 0;  ///< distance from the place to the nearest edge of the label; 0 centres the label on the place
  double priority = 0;   ///< the higher goes first; then the earlier
};

/// Left and top of each label that fits, nothing for the others. A label beside its place tries right, left, above,
/// below and the four corners, in the order of Yoeli (1972); a centred one has one position. Labels stay inside
/// `frame`, at least `gap` from each other and off the `obstacles`. Same input, same answer. O(n k) for k placed.
std::vector<std::optional<Box>> lay_out_labels(const std::vector<LabelWish>& wishes, const Box& frame,
                                               const std::vector<Box>& obstacles = {}, double gap = 2);

/// Does a label of that box lie inside `frame` and at least `gap` from everything taken?
bool is_free(const Box& label, const Box& frame, const std::vector<Box>& taken, double gap = 2);

/// Boxes of the given size moved as little as needed so that they do not overlap, by a search on growing rings about
/// each place: for number badges that must all be shown. In order; later ones give way to earlier. The answer is the
/// middle of each box.
std::vector<std::pair<double, double>> spread_badges(const std::vector<std::pair<double, double>>& places, double size,
                                                     const Box& frame);

/// A place well inside a polygon feature for its label: the point of a 32 x 32 grid over its largest part that is
/// farthest from every edge (a coarse pole of inaccessibility, after Garcia-Castellanos and Lombardo 2007). Nothing for
/// an empty feature.
struct LabelPoint {
  double x = 0;
  double y = 0;
  double radius = 0;  ///< distance to the nearest edge
};
std::optional<LabelPoint> label_point(const Geometry& polygons, std::size_t feature);

}  // namespace yaan::style
