#pragma once
// Numbers sorted into a few classes for a map: where one class ends and the next begins.

#include <cstddef>
#include <span>
#include <vector>

namespace yaan::style {

enum class Classing {
  equal_interval,  ///< classes of one width between the smallest and the largest value
  quantile,        ///< classes of as equal counts as ties allow
  fisher_jenks     ///< the classes with the least sum of squared deviations from their means (Fisher 1958, Jenks 1977)
};

/// Class i holds the values above upper[i - 1] and up to upper[i]; the first class holds the smallest value too.
struct Classes {
  double lowest = 0;                ///< smallest value
  std::vector<double> upper;        ///< ascending, the last is the largest value
  std::vector<std::size_t> counts;  ///< values in each class
  std::size_t left_out = 0;         ///< values that are NaN or infinite, or outside the bounds given

  [[nodiscard]] std::size_t size() const { return upper.size(); }
};

/// At most `wanted` classes (1 or more; throws std::invalid_argument for 0). Fewer where the distinct values are fewer:
/// then each has its own class. No class is empty, but for equal_interval. No finite value: no classes. The order of
/// the values does not matter; of equally good Fisher-Jenks divisions the one whose bounds lie lowest is taken.
/// Complexity: O(n log n); fisher_jenks O(n log n + wanted m log m) for m distinct values.
Classes classify(std::span<const double> values, Classing how, std::size_t wanted);

/// Classes with the bounds given: ascending, finite, the first is the lower end (throws std::invalid_argument
/// otherwise, and for fewer than two). Values outside are left out and counted.
Classes classify_by(std::span<const double> values, std::span<const double> bounds);

/// Class of a value, or size() when it is in none.
std::size_t class_of(const Classes& classes, double value);

}  // namespace yaan::style
