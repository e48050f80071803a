#pragma once
// A picture in memory, and its PNG bytes.

#include <cstdint>
#include <string>
#include <vector>

namespace yaan {

/// 8-bit RGBA, rows from the top, no padding: pixels.size() == 4 * width * height.
struct Picture {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> pixels;

  /// Red, green, blue and alpha of a pixel.
  [[nodiscard]] const std::uint8_t* at(int x, int y) const {
    return pixels.data() +
           4 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x));
  }
};

/// The picture as an opaque RGB PNG (alpha is dropped). The same picture gives the same bytes: no time, no text chunks.
/// Rows are compressed as they are, which suits flat colours and is several times quicker than trying every filter.
/// Throws OutputError when there are no pixels or libpng refuses them.
std::string encode_png(const Picture& picture);

}  // namespace yaan
