#pragma once
// What every method over points checks before it starts: positions that can be used, and lengths that make sense.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "yaan/core/crs.hpp"
#include "yaan/core/diagnostics.hpp"
#include "yaan/core/layer.hpp"
#include "yaan/core/units.hpp"

namespace yaan {

/// Finite, and in degrees |latitude| <= 90 and |longitude| <= 540.
bool usable_position(double x, double y, bool geographic);

/// The points of a layer that have a usable position. The spans are the caller's own arrays where all of them have one.
class UsablePoints {
 public:
  /// Throws UsageError for a CRS of kind none, InputError above 2^31 - 1 points, std::invalid_argument for x and y of
  /// different lengths.
  UsablePoints(std::span<const double> x, std::span<const double> y, const Crs& crs);
  UsablePoints(const UsablePoints&) = delete;
  UsablePoints& operator=(const UsablePoints&) = delete;

  [[nodiscard]] std::span<const double> x() const { return m_x; }
  [[nodiscard]] std::span<const double> y() const { return m_y; }
  [[nodiscard]] std::size_t size() const { return m_x.size(); }
  [[nodiscard]] std::size_t unusable() const { return m_total - m_x.size(); }
  [[nodiscard]] bool all() const { return m_total == m_x.size(); }
  /// The caller's number of a usable point.
  [[nodiscard]] std::size_t row(std::size_t i) const { return all() ? i : m_row[i]; }
  /// Values of the usable points, taken from one value for each point of the caller.
  template <class T>
  [[nodiscard]] std::vector<T> select(std::span<const T> values) const {
    std::vector<T> some(size());
    for (std::size_t i = 0; i < some.size(); ++i) some[i] = values[row(i)];
    return some;
  }
  /// One value for each point of the caller: those of the usable points, and `missing` for the others.
  template <class T>
  [[nodiscard]] std::vector<T> spread(std::vector<T> values, T missing) const {
    if (all()) return values;
    std::vector<T> every(m_total, missing);
    for (std::size_t i = 0; i < values.size(); ++i) every[m_row[i]] = values[i];
    return every;
  }

 private:
  std::size_t m_total;
  std::span<const double> m_x, m_y;
  std::vector<std::uint32_t> m_row;
  std::vector<double> m_kept_x, m_kept_y;
};

/// The length in the unit of the plane, or in metres on the ground for a geographic CRS. Throws UsageError, with the
/// parameter's name, unless it is positive and finite, has a unit on a geographic layer, and lies within what can be
/// indexed: 0.1 m to 10,000 km on the ellipsoid, 1e-150 to 1e150 units in a plane.
double checked_ground_length(const Crs& crs, const Length& length, std::string_view name);

/// Weight of each point by the layer's role `weight`: 1 without the role, and where the value is missing (counted as
/// `missing-weight`). Throws InputError for a negative or infinite weight.
std::vector<double> point_weights(const Layer& points, Diagnostics& diagnostics);

/// Counts the points without a usable position, by feature, as `unusable-position` with the given sentence.
void report_unusable(const Layer& points, std::string_view message, Diagnostics& diagnostics);

}  // namespace yaan
