#include "yaan/core/picture.hpp"

#include <png.h>

#include <csetjmp>
#include <stdexcept>

#include "yaan/core/error.hpp"

namespace yaan {

namespace {

void append(png_structp png, png_bytep bytes, png_size_t size) {
  static_cast<std::string*>(png_get_io_ptr(png))->append(reinterpret_cast<const char*>(bytes), size);
}
void flush(png_structp /*png*/) {}

// libpng leaves by longjmp, so nothing here may own memory: the caller does.
bool write_rows(png_structp png, png_infop info, const Picture& picture, std::vector<png_byte>& row) {
  if (setjmp(png_jmpbuf(png)) != 0) return false;  // NOLINT(cert-err52-cpp): libpng's own way of reporting
  const auto width = static_cast<png_uint_32>(picture.width);
  png_set_IHDR(png, info, width, static_cast<png_uint_32>(picture.height), 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_NONE);
  png_set_compression_level(png, 3);
  png_write_info(png, info);
  for (int y = 0; y < picture.height; ++y) {
    const std::uint8_t* from = picture.at(0, y);
    for (png_uint_32 x = 0; x < width; ++x)
      for (std::size_t c = 0; c < 3; ++c) row[3 * std::size_t{x} + c] = from[4 * std::size_t{x} + c];
    png_write_row(png, row.data());
  }
  png_write_end(png, info);
  return true;
}

}  // namespace

std::string encode_png(const Picture& picture) {
  if (picture.width <= 0 || picture.height <= 0) throw OutputError("a picture without pixels cannot be written as PNG");
  std::string bytes;
  std::vector<png_byte> row(3 * static_cast<std::size_t>(picture.width));
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png != nullptr ? png_create_info_struct(png) : nullptr;
  bool done = false;
  if (info != nullptr) {
    png_set_write_fn(png, &bytes, &append, &flush);
    done = write_rows(png, info, picture, row);
  }
  png_destroy_write_struct(&png, &info);
  if (!done) throw OutputError("the picture cannot be written as PNG", "ask for a smaller width and height");
  return bytes;
}

}  // namespace yaan
