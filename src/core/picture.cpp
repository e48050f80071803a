#include "yaan/render/picture.hpp"

#include <png.h>

#include "yaan/core/error.hpp"

namespace yaan::render {

std::string encode_png(const Picture& picture) {
  if (picture.width <= 0 || picture.height <= 0) throw OutputError("a picture without pixels cannot be written as PNG");
  const auto width = static_cast<std::size_t>(picture.width);
  std::vector<std::uint8_t> rgb;
  rgb.reserve(3 * width * static_cast<std::size_t>(picture.height));
  for (std::size_t i = 0; i + 3 < picture.pixels.size(); i += 4)
    rgb.insert(rgb.end(), picture.pixels.begin() + static_cast<std::ptrdiff_t>(i),
               picture.pixels.begin() + static_cast<std::ptrdiff_t>(i + 3));

  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(picture.width);
  image.height = static_cast<png_uint_32>(picture.height);
  image.format = PNG_FORMAT_RGB;
  std::string bytes;
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
  bytes.resize(size);
  if (png_image_write_to_memory(&image, bytes.data(), &size, 0, rgb.data(), 0, nullptr) == 0)
    throw OutputError(std::string("the PNG could not be made: ") + image.message);
  bytes.resize(size);
  return bytes;
}

}  // namespace yaan::render
