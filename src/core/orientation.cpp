// The exact sign of a 2 x 2 determinant of differences, after Shewchuk, "Adaptive Precision Floating-Point Arithmetic
// and Fast Robust Geometric Predicates", Discrete & Computational Geometry 18, 1997.
#include <array>
#include <cmath>
#include <limits>

#include "yaan/core/geometry.hpp"

namespace yaan {

namespace {

struct Sum {
  double value;
  double error;  // value + error is the exact result
};

Sum two_sum(double a, double b) {
  const double value = a + b;
  const double b_part = value - a;
  return {value, (a - (value - b_part)) + (b - b_part)};
}

Sum two_product(double a, double b) {
  const double value = a * b;
  return {value, std::fma(a, b, -value)};
}

// A nonoverlapping expansion: its last non-zero component has the sign of the sum of everything added.
class Expansion {
 public:
  void add(double term) {
    for (std::size_t i = 0; i < m_size; ++i) {
      const Sum sum = two_sum(term, m_components[i]);
      m_components[i] = sum.error;
      term = sum.value;
    }
    m_components[m_size++] = term;
  }
  void add_product(const Sum& a, const Sum& b, double sign) {
    for (const double p : {a.error, a.value})
      for (const double q : {b.error, b.value}) {
        const Sum product = two_product(p, q);
        add(sign * product.error);
        add(sign * product.value);
      }
  }
  [[nodiscard]] int sign() const {
    for (std::size_t i = m_size; i-- > 0;)
      if (m_components[i] != 0) return m_components[i] > 0 ? 1 : -1;
    return 0;
  }

 private:
  std::array<double, 16> m_components{};
  std::size_t m_size = 0;
};

}  // namespace

int orientation(double ax, double ay, double bx, double by, double cx, double cy) {
  const double left = (ax - cx) * (by - cy);
  const double right = (ay - cy) * (bx - cx);
  const double determinant = left - right;
  // Shewchuk's bound for the plain evaluation.
  constexpr double kEpsilon = std::numeric_limits<double>::epsilon() / 2;
  constexpr double kBound = (3.0 + 16.0 * kEpsilon) * kEpsilon;
  if (std::abs(determinant) > kBound * (std::abs(left) + std::abs(right))) return determinant > 0 ? 1 : -1;

  Expansion exact;
  exact.add_product(two_sum(ax, -cx), two_sum(by, -cy), 1);
  exact.add_product(two_sum(ay, -cy), two_sum(bx, -cx), -1);
  return exact.sign();
}

}  // namespace yaan
