#include "yaan/render/text_bitmap.hpp"

#include <algorithm>
#include <cmath>

namespace yaan::render {

namespace {

struct PlacedInk {
  text::Bitmap ink;
  int left = 0;
  int top = 0;
};

}  // namespace

TextBitmap text_bitmap(const text::Engine& engine, std::string_view utf8, double size, text::Weight weight) {
  const text::Run run = engine.shape(utf8, size, weight);
  TextBitmap line;
  line.advance = run.width;
  std::vector<PlacedInk> inks;
  int right = 0;
  int bottom = 0;
  for (const text::Glyph& glyph : run.glyphs) {
    const double whole = std::floor(glyph.x);
    PlacedInk placed{engine.rasterise(glyph.face, glyph.id, size, glyph.x - whole), 0, 0};
    if (placed.ink.width == 0 || placed.ink.height == 0) continue;
    placed.left = static_cast<int>(whole) + placed.ink.left;
    placed.top = static_cast<int>(std::lround(glyph.y)) + placed.ink.top;
    const bool first = inks.empty();
    line.left = first ? placed.left : std::min(line.left, placed.left);
    line.top = first ? placed.top : std::max(line.top, placed.top);
    right = first ? placed.left + placed.ink.width : std::max(right, placed.left + placed.ink.width);
    bottom = first ? placed.top - placed.ink.height : std::min(bottom, placed.top - placed.ink.height);
    inks.push_back(std::move(placed));
  }
  if (inks.empty()) return line;
  line.width = right - line.left;
  line.height = line.top - bottom;
  line.cover.assign(static_cast<std::size_t>(line.width) * static_cast<std::size_t>(line.height), 0);
  for (const PlacedInk& placed : inks) {
    for (int y = 0; y < placed.ink.height; ++y) {
      const std::uint8_t* from = placed.ink.coverage.data() + y * placed.ink.width;
      std::uint8_t* to = line.cover.data() + (line.top - placed.top + y) * line.width + placed.left - line.left;
      // Neighbouring letters may share a pixel: their covers add up.
      for (int x = 0; x < placed.ink.width; ++x) to[x] = static_cast<std::uint8_t>(std::min(to[x] + from[x], 255));
    }
  }
  return line;
}

}  // namespace yaan::render
