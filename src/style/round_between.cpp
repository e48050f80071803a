#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "style/number_classes.hpp"
#include "yaan/core/numbers.hpp"

namespace yaan::style {

double round_between(double low, double high) {
  const double size = std::max(std::abs(low), std::abs(high));
  if (!(low < high) || !std::isfinite(size) || size == 0) return low;
  const int first = static_cast<int>(std::floor(std::log10(size))) + 1;
  constexpr int kDigits = 17;  // that many tell any two doubles apart
  for (int power = first; power > first - kDigits - 1; --power) {
    // Written and read again, so that the number is the one nearest to its decimal text.
    const double steps = std::ceil(low / std::pow(10.0, power));
    const double candidate = parse_double(fmt::format("{:.0f}e{}", steps, power)).value_or(low);
    if (candidate >= low && candidate < high) return candidate;
  }
  return low;
}

}  // namespace yaan::style
