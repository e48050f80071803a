#pragma once
// How much of a window overlaps with itself when it is shifted: the set covariance.

#include <array>
#include <cstddef>
#include <vector>

#include "analyse/pattern_window.hpp"
#include "yaan/core/progress.hpp"

namespace yaan {

/// Area of the window's overlap with itself shifted by (dx, dy), for shifts up to `reach` along each axis.
///
/// A rectangle's is exact. Another window's stands in tables of nested squares of shifts, each with a step of 1/32 of
/// its reach, and is bilinear between: near zero, where it is a cone, the steps are as small as the shifts themselves.
/// At the nodes it is integrated along lines: exact in x, by midpoints of kLines lines in y. The error against an exact
/// overlay is below 1e-3 of the area (tests/analyse/point_pattern_test.cpp), as a rule below 1e-4.
class SetCovariance {
 public:
  /// Expected O(lines (crossings log crossings + nodes)), in parallel. Throws Cancelled.
  SetCovariance(const PatternWindow& window, double reach, const Progress& progress);

  /// Precondition: |dx| and |dy| are at most reach.
  [[nodiscard]] double operator()(double dx, double dy) const;

 private:
  static constexpr std::size_t kLevels = 8;
  static constexpr std::size_t kHalf = 32;  // steps from zero to the reach of a level
  static constexpr std::size_t kColumns = 2 * kHalf + 1;
  static constexpr std::size_t kRows = kHalf + 1;

  void fill_row(const PatternWindow& window, std::size_t level, std::size_t row);

  bool m_rectangle;
  double m_width, m_height;
  double m_reach;
  std::vector<double> m_table;  // levels x rows x columns; rows are shifts upwards
};

}  // namespace yaan
