#pragma once
// Pixels of a raster as light: any type of band to 8-bit colour and alpha, averaged over square boxes.

#include <cstdint>
#include <vector>

#include "load/raster_file.hpp"

namespace yaan {

/// The full raster or one of its overviews.
struct RasterLevel {
  int overview = -1;   ///< -1: the raster itself
  double scale_x = 1;  ///< pixels of the raster across one of the level
  double scale_y = 1;
};

/// A window of a level in its pixels. Its first pixel is at a multiple of `box`.
struct RasterWindow {
  int left = 0;
  int top = 0;
  int width = 0;
  int height = 0;
  int box = 1;  ///< pixels across one that is made of them, at most kLargestBox
  [[nodiscard]] int reduced_width() const { return (width + box - 1) / box; }
  [[nodiscard]] int reduced_height() const { return (height + box - 1) / box; }
};
inline constexpr int kLargestBox = 4000;  // sums of 8-bit values over a box stay within 32 bits

/// RGBA, multiplied by alpha, reduced_width() x reduced_height(). Beyond the window counts as transparent. Throws
/// InputError when a block cannot be read.
std::vector<std::uint8_t> read_reduced(const RasterFile& file, const std::vector<RasterBand>& bands,
                                       const RasterLevel& level, const RasterWindow& window, Progress& progress);

}  // namespace yaan
