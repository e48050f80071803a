#pragma once
// A line of text as pixels: the letters' cover and that of the halo around them.

#include <cstdint>
#include <string>
#include <vector>

#include "yaan/text/engine.hpp"

namespace yaan::render {

/// Both covers are width * height bytes, rows from the top, 255 for wholly covered.
struct LabelBitmap {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> letters;
  std::vector<std::uint8_t> halo;
};

/// The text in letters of `size` pixels with a halo `reach` pixels wide. No ink gives a bitmap without pixels.
LabelBitmap label_bitmap(const text::Engine& engine, const std::string& utf8, double size, bool bold, double reach);

}  // namespace yaan::render
