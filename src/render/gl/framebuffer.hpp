#pragma once
// A picture on the graphics side that can be drawn into and used as a texture.

#include "render/gl/objects.hpp"

namespace yaan::render::gl {

/// Colour only, RGBA8. With samples > 1 drawing goes to a multisampled buffer and resolve() fills the texture.
class Framebuffer {
 public:
  /// `samples` is lowered to what the driver has. Throws OutputError when the driver refuses the size.
  Framebuffer(int width, int height, int samples);

  [[nodiscard]] int width() const { return m_width; }
  [[nodiscard]] int height() const { return m_height; }
  [[nodiscard]] GLuint texture() const { return m_texture.name(); }
  /// Makes it the target of drawing and sets the viewport.
  void bind() const;
  void resolve() const;
  /// Copies the resolved picture into another framebuffer of the same size.
  void copy_to(const Framebuffer& target) const;
  /// The resolved picture's OpenGL name, for glReadPixels.
  [[nodiscard]] GLuint resolved_name() const { return m_resolved.name(); }

 private:
  int m_width;
  int m_height;
  Texture m_texture;
  FramebufferName m_resolved;
  Renderbuffer m_samples;
  FramebufferName m_multisampled;  // owns nothing without multisampling
};

}  // namespace yaan::render::gl
