#include "render/label_bitmap.hpp"

#include <algorithm>
#include <cmath>

#include "yaan/render/text_bitmap.hpp"

namespace yaan::render {

namespace {

// Every pixel takes the strongest cover within `reach`, fading over the last pixel.
std::vector<std::uint8_t> grown(const std::vector<std::uint8_t>& letters, int width, int height, double reach) {
  std::vector<std::uint8_t> halo(letters.size(), 0);
  const int steps = static_cast<int>(std::ceil(reach));
  for (int dy = -steps; dy <= steps; ++dy) {
    for (int dx = -steps; dx <= steps; ++dx) {
      const double share = std::clamp(reach + 0.5 - std::hypot(dx, dy), 0.0, 1.0);
      if (share <= 0) continue;
      for (int y = std::max(0, -dy); y < std::min(height, height - dy); ++y) {
        for (int x = std::max(0, -dx); x < std::min(width, width - dx); ++x) {
          const auto from =
              static_cast<std::size_t>(y + dy) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x + dx);
          const auto to = static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x);
          halo[to] = std::max(halo[to], static_cast<std::uint8_t>(letters[from] * share));
        }
      }
    }
  }
  return halo;
}

}  // namespace

LabelBitmap label_bitmap(const text::Engine& engine, const std::string& utf8, double size, bool bold, double reach) {
  const TextBitmap ink = text_bitmap(engine, utf8, size, bold ? text::Weight::bold : text::Weight::regular);
  LabelBitmap bitmap;
  if (ink.width <= 0 || ink.height <= 0) return bitmap;
  const int margin = static_cast<int>(std::ceil(reach)) + 1;
  bitmap.width = ink.width + 2 * margin;
  bitmap.height = ink.height + 2 * margin;
  bitmap.letters.assign(static_cast<std::size_t>(bitmap.width) * static_cast<std::size_t>(bitmap.height), 0);
  for (int y = 0; y < ink.height; ++y)
    std::copy_n(ink.cover.begin() + y * ink.width, ink.width,
                bitmap.letters.begin() + (y + margin) * bitmap.width + margin);
  bitmap.halo = grown(bitmap.letters, bitmap.width, bitmap.height, reach);
  return bitmap;
}

}  // namespace yaan::render
