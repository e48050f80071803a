#include "export/svg_texts.hpp"

#include <fmt/format.h>

#include <map>

#include "yaan/core/error.hpp"
#include "yaan/core/numbers.hpp"
#include "yaan/text/engine.hpp"

namespace yaan {

namespace {

/// For element content in XML 1.0: markup escaped, control characters left out, broken UTF-8 replaced.
std::string escaped(std::string_view utf8) {
  std::u32string plain;
  for (const char32_t c : text::decode(utf8))
    if (c >= 0x20 && c != 0xFFFE && c != 0xFFFF) plain.push_back(c);
  std::string safe;
  for (const char c : text::encode(plain)) {
    switch (c) {
      case '&': safe += "&amp;"; break;
      case '<': safe += "&lt;"; break;
      case '>': safe += "&gt;"; break;
      default: safe += c;
    }
  }
  return safe;
}

// Cairo numbers surfaces and images through the whole life of the program; here they count from 1 in each file.
std::string renumbered(std::string_view svg) {
  std::string result;
  std::map<std::string, std::size_t, std::less<>> numbers;
  const auto digit = [&](std::size_t at) { return at < svg.size() && svg[at] >= '0' && svg[at] <= '9'; };
  std::size_t copied = 0;
  for (std::size_t at = svg.find_first_of("\"#"); at != std::string_view::npos; at = svg.find_first_of("\"#", at + 1)) {
    for (const std::string_view word : {"surface", "image"}) {
      const std::size_t first = at + 1 + word.size();
      if (svg.substr(at + 1, word.size()) != word || !digit(first)) continue;
      std::size_t end = first;
      while (digit(end)) ++end;
      const std::size_t number =
          numbers.try_emplace(std::string(svg.substr(at + 1, end - at - 1)), numbers.size() + 1).first->second;
      result += svg.substr(copied, first - copied);
      result += std::to_string(number);
      copied = end;
    }
  }
  result += svg.substr(copied);
  return result;
}

}  // namespace

void SvgTexts::add(std::string_view utf8, double x, double y, double size, double width) {
  m_elements += fmt::format(
      "<text x=\"{}\" y=\"{}\" font-size=\"{}\" textLength=\"{}\" lengthAdjust=\"spacingAndGlyphs\">{}</text>\n",
      fixed_trimmed(x, 2), fixed_trimmed(y, 2), fixed_trimmed(size, 2), fixed_trimmed(width, 2), escaped(utf8));
}

std::string SvgTexts::placed_in(const std::string& painted, std::string_view title) const {
  const std::string svg = renumbered(painted);
  const std::size_t root = svg.find("<svg");
  const std::size_t body = root == std::string::npos ? root : svg.find('>', root);
  const std::size_t end = svg.rfind("</svg>");
  if (body == std::string::npos || end == std::string::npos) throw OutputError("the map could not be written as SVG");
  return fmt::format("{}\n<title>{}</title>{}<g fill=\"#000\" fill-opacity=\"0\">\n{}</g>\n{}", svg.substr(0, body + 1),
                     escaped(title), svg.substr(body + 1, end - body - 1), m_elements, svg.substr(end));
}

}  // namespace yaan
