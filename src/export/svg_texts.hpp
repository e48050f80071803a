#pragma once
// The letters of an SVG whose texts are outlines: unseen texts in the same places, for search, copying and screen
// readers.

#include <string>
#include <string_view>

namespace yaan {

class SvgTexts {
 public:
  /// One line from (x, y) on the baseline, `width` pixels long.
  void add(std::string_view utf8, double x, double y, double size, double width);
  /// The picture that Cairo painted with its title and the texts; the same picture gives the same bytes whatever was
  /// painted before. Everything from data is escaped.
  [[nodiscard]] std::string placed_in(const std::string& painted, std::string_view title) const;

 private:
  std::string m_elements;
};

}  // namespace yaan
