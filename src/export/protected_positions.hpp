#pragma once
// The true positions of hidden and coarsened features, in every plane in which a file is likely to repeat them.

#include <span>
#include <string_view>
#include <vector>

#include "yaan/core/crs.hpp"

namespace yaan {

struct Position {
  double x = 0;
  double y = 0;
};

/// A number as it was written: its value and how many decimals it has.
struct WrittenNumber {
  double value = 0;
  int decimals = 0;
};

/// Decimals of the shortest text of a number.
WrittenNumber as_written(double value);
/// The numbers in a text that could be coordinates: three decimals and more, or five digits before the point and more.
std::vector<WrittenNumber> coordinates_in(std::string_view text);

class ProtectedPositions {
 public:
  /// Positions of one layer, in its own plane and in degrees (empty where the plane is tied to no place).
  void add(std::span<const Position> own, std::span<const Position> degrees, bool own_is_degrees);
  /// A position that is public: it betrays nobody, however close to a protected one.
  void exempt(const Position& position);
  /// Sorts; call after the last add() and before the first question.
  void prepare();

  [[nodiscard]] bool empty() const { return m_degrees.empty() && m_plane.empty(); }
  /// Quick: may the number be the x of a protected position? False is certain.
  [[nodiscard]] bool may_be_x(double x) const;
  /// Do x and y, in this order, tell a protected position?
  [[nodiscard]] bool betrayed_by(const WrittenNumber& x, const WrittenNumber& y) const;
  /// Do any two of the numbers, in either order?
  [[nodiscard]] bool betrayed_by(std::span<const WrittenNumber> numbers) const;

 private:
  [[nodiscard]] bool is_exempt(double x, double y) const;

  std::vector<Position> m_degrees;  ///< by x, then y
  std::vector<Position> m_plane;    ///< by x, then y; own planes, UTM, Web Mercator
  std::vector<Position> m_exempt;   ///< by x, then y
};

/// Each position in the planes that files repeat it in: UTM of its zone and the neighbours, Web Mercator. Takes all
/// positions at once, because making a transformation costs milliseconds.
std::vector<std::vector<Position>> plane_forms(std::span<const Position> degrees);

}  // namespace yaan
