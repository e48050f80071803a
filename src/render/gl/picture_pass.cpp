#include "render/gl/picture_pass.hpp"

#include <algorithm>

namespace yaan::render::gl {

namespace {

// Each pixel from four; an odd last row or column counts twice.
Picture halved(const Picture& picture) {
  Picture half;
  half.width = std::max(1, (picture.width + 1) / 2);
  half.height = std::max(1, (picture.height + 1) / 2);
  half.pixels.reserve(4 * static_cast<std::size_t>(half.width) * static_cast<std::size_t>(half.height));
  for (int y = 0; y < half.height; ++y)
    for (int x = 0; x < half.width; ++x) {
      const int right = std::min(2 * x + 1, picture.width - 1);
      const int below = std::min(2 * y + 1, picture.height - 1);
      for (int c = 0; c < 4; ++c)
        half.pixels.push_back(
            static_cast<std::uint8_t>((picture.at(2 * x, 2 * y)[c] + picture.at(right, 2 * y)[c] +
                                       picture.at(2 * x, below)[c] + picture.at(right, below)[c] + 2) /
                                      4));
    }
  return half;
}

}  // namespace

PictureTexture::PictureTexture(const Picture& picture, const Box& box, PlanePoint origin)
    : m_texture(Texture::make()),
      m_box{static_cast<float>(box.min_x - origin.x), static_cast<float>(box.min_y - origin.y),
            static_cast<float>(box.max_x - origin.x), static_cast<float>(box.max_y - origin.y)} {
  GLint most = 0;
  glGetIntegerv(GL_MAX_TEXTURE_SIZE, &most);
  Picture smaller;
  const Picture* shown = &picture;
  while (std::max(shown->width, shown->height) > most) {
    smaller = halved(*shown);
    shown = &smaller;
  }
  glActiveTexture(GL_TEXTURE0);
  glBindTexture(GL_TEXTURE_2D, m_texture.name());
  glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
  glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, shown->width, shown->height, 0, GL_RGBA, GL_UNSIGNED_BYTE,
               shown->pixels.data());
  glGenerateMipmap(GL_TEXTURE_2D);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR_MIPMAP_LINEAR);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
}

PicturePass::PicturePass() : m_program("picture"), m_array(VertexArray::make()) {}

void PicturePass::draw(const PictureTexture& picture, const View& view) const {
  if (!picture.seen()) return;
  m_program.use();
  view.give_to(m_program);
  glUniform4fv(m_program.uniform("box"), 1, picture.m_box);
  glUniform1f(m_program.uniform("opacity"), picture.m_opacity);
  glUniform1i(m_program.uniform("picture"), 0);
  glActiveTexture(GL_TEXTURE0);
  glBindTexture(GL_TEXTURE_2D, picture.m_texture.name());
  glBindVertexArray(m_array.name());
  glBlendFunc(GL_ONE, GL_ONE_MINUS_SRC_ALPHA);
  glDrawArrays(GL_TRIANGLE_STRIP, 0, 4);
  glBlendFuncSeparate(GL_SRC_ALPHA, GL_ONE_MINUS_SRC_ALPHA, GL_ONE, GL_ONE_MINUS_SRC_ALPHA);
}

}  // namespace yaan::render::gl
