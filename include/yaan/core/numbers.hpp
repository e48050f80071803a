#pragma once
// Numbers to text and back, free of the locale.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace yaan {

/// Shortest text that reads back to the same double. NaN and infinities come as "nan", "inf", "-inf".
std::string shortest(double value);

/// Fixed notation with at most `decimals` decimals, trailing zeros and a bare point removed; -0 is written 0.
std::string fixed_trimmed(double value, int decimals);

/// The whole text as a finite number (leading and trailing spaces allowed); nothing otherwise.
std::optional<double> parse_double(std::string_view text);
std::optional<std::int64_t> parse_int(std::string_view text);

/// 1234567 -> "1,234,567".
std::string with_thousands(std::int64_t value);

}  // namespace yaan
