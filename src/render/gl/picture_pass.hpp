#pragma once
// Pictures of the ground under the borders.

#include "render/gl/view.hpp"
#include "yaan/core/picture.hpp"
#include "yaan/render/map_painter.hpp"

namespace yaan::render::gl {

/// One picture on the graphics card, halved until the driver takes it.
class PictureTexture {
 public:
  PictureTexture(const Picture& picture, const Box& box, PlanePoint origin);
  void set_opacity(float opacity) { m_opacity = opacity; }
  [[nodiscard]] bool seen() const { return m_opacity > 0; }

 private:
  friend class PicturePass;
  Texture m_texture;
  float m_box[4];
  float m_opacity = 1;
};

class PicturePass {
 public:
  PicturePass();
  void draw(const PictureTexture& picture, const View& view) const;

 private:
  Program m_program;
  VertexArray m_array;  // of nothing: the shader makes the corners
};

}  // namespace yaan::render::gl
