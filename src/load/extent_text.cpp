#include <fmt/format.h>

#include <array>

#include "load/extent.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/numbers.hpp"

namespace yaan {

namespace {

constexpr const char* kAdvice =
    "give min_x,min_y,max_x,max_y in degrees of longitude and latitude, such as 97.3,5.6,105.7,20.5, or other numbers "
    "with their system: 500000,1500000,600000,1600000,EPSG:32647";

}  // namespace

Extent parse_extent(const std::string& text) {
  const auto wrong = [&](const std::string& why) {
    return UsageError(fmt::format("the extent is \"{}\"{}", text, why), kAdvice);
  };
  std::array<double, 4> numbers{};
  std::string_view left = text;
  for (std::size_t i = 0; i < 4; ++i) {
    const std::size_t comma = left.find(',');
    if (comma == std::string_view::npos && i < 3) throw wrong("");
    const auto number = parse_double(left.substr(0, comma));
    if (!number) throw wrong("");
    numbers[i] = *number;
    left = comma == std::string_view::npos ? std::string_view() : left.substr(comma + 1);
    if (i == 3 && comma != std::string_view::npos && left.empty()) throw wrong("");
  }
  Extent extent{{numbers[0], numbers[1], numbers[2], numbers[3]}, Crs::wgs84()};
  if (!left.empty()) {
    const std::string system(left.substr(std::min(left.find_first_not_of(' '), left.size())));
    if (system == "layer") {
      extent.crs.reset();
    } else {
      extent.crs = Crs::from_text(system);
    }
  }
  const Box& box = extent.box;
  if (box.min_x > box.max_x || box.min_y > box.max_y) throw wrong(", whose first corner lies beyond its second");
  const bool degrees = extent.crs && extent.crs->is_geographic();
  if (degrees && (box.min_x < -180 || box.max_x > 180 || box.min_y < -90 || box.max_y > 90))
    throw wrong(", which is beyond 180 degrees of longitude or 90 of latitude");
  return extent;
}

}  // namespace yaan
