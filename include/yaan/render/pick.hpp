#pragma once
// What lies under the pointer.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "yaan/core/geometry.hpp"
#include "yaan/render/camera.hpp"

namespace yaan::render {

/// A grid over points that finds the nearest one fast, whatever their number. Non-finite points are never found.
class PointIndex {
 public:
  PointIndex() = default;
  /// Keeps copies; x and y have equal length (std::invalid_argument otherwise). O(n).
  PointIndex(std::span<const double> x, std::span<const double> y);

  /// Row of the nearest point at most `within` away (plane units), the lowest row among equals; nothing when there is
  /// none.
  [[nodiscard]] std::optional<std::uint32_t> nearest(PlanePoint place, double within) const;

 private:
  [[nodiscard]] std::size_t column_of(double x) const;
  [[nodiscard]] std::size_t row_of(double y) const;

  std::vector<double> m_x;
  std::vector<double> m_y;
  Box m_box;
  double m_cell = 1;
  std::size_t m_columns = 0;
  std::size_t m_rows = 0;
  std::vector<std::uint32_t> m_cell_begin;  // points of cell c are m_points[m_cell_begin[c] .. m_cell_begin[c+1])
  std::vector<std::uint32_t> m_points;
};

/// The last feature (the one painted on top) that holds the place, its border included.
std::optional<std::uint32_t> polygon_at(const Geometry& polygons, PlanePoint place);

}  // namespace yaan::render
