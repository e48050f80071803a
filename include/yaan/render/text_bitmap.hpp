#pragma once
// A line of text as pixels.

#include <cstdint>
#include <string_view>
#include <vector>

#include "yaan/text/engine.hpp"

namespace yaan::render {

/// Cover of a shaped line: width * height bytes, rows from the top, 255 for wholly covered. No ink: no pixels.
struct TextBitmap {
  int left = 0;  ///< pixels from the line's origin to the first column
  int top = 0;   ///< pixels from the baseline up to the first row
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> cover;
  double advance = 0;
};

TextBitmap text_bitmap(const text::Engine& engine, std::string_view utf8, double size, text::Weight weight);

}  // namespace yaan::render
