#include "yaan/core/units.hpp"

#include <fmt/format.h>

#include <cmath>

#include "yaan/core/crs.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/numbers.hpp"

namespace yaan {

Metres Length::in_metres(std::string_view name) const {
  if (has_unit || value == 0) return Metres{value};
  throw UsageError(fmt::format("{} {} has no unit", name, shortest(value)),
                   fmt::format("write {}m or {}km", shortest(value), shortest(value)));
}

Metres Length::on(const Crs& crs, std::string_view name) const {
  if (has_unit) return Metres{value};
  if (crs.is_geographic())
    throw UsageError(fmt::format("{} {} has no unit, and the layer is in degrees", name, shortest(value)),
                     fmt::format("write a ground distance such as {}m or {}km", shortest(value), shortest(value)));
  return Metres{value * crs.metres_per_unit()};
}

Length parse_length(std::string_view text, std::string_view name) {
  const auto wrong = [&] {
    return UsageError(fmt::format("{} \"{}\" is not a length", name, text),
                      "write a number with its unit, such as 500m or 2km");
  };
  std::string_view number = text;
  while (!number.empty() && number.back() == ' ') number.remove_suffix(1);
  double factor = 0;
  if (number.ends_with("km")) {
    factor = 1000;
    number.remove_suffix(2);
  } else if (number.ends_with('m')) {
    factor = 1;
    number.remove_suffix(1);
  }
  const auto value = parse_double(number);
  if (!value) throw wrong();
  return factor == 0 ? Length::bare(*value) : Length(Metres{*value * factor});
}

std::string to_string(const Length& length) {
  if (!length.has_unit) return shortest(length.value);
  if (std::abs(length.value) >= 1000) {
    const std::string kilometres = shortest(length.value / 1000);
    if (parse_double(kilometres).value_or(0) * 1000 == length.value) return kilometres + "km";
  }
  return shortest(length.value) + "m";
}

}  // namespace yaan
