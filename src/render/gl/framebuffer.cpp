#include "render/gl/framebuffer.hpp"

#include <algorithm>
#include "yaan/core/error.hpp"

namespace yaan::render::gl {

namespace {

void require_complete() {
  if (glCheckFramebufferStatus(GL_FRAMEBUFFER) != GL_FRAMEBUFFER_COMPLETE)
    throw OutputError("OpenGL refuses a picture of this size");
}

}  // namespace

Framebuffer::Framebuffer(int width, int height, int samples)
    : m_width(width), m_height(height), m_texture(Texture::make()), m_resolved(FramebufferName::make()) {
  glBindTexture(GL_TEXTURE_2D, m_texture.name());
  glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, width, height, 0, GL_RGBA, GL_UNSIGNED_BYTE, nullptr);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_NEAREST);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_NEAREST);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
  glBindFramebuffer(GL_FRAMEBUFFER, m_resolved.name());
  glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, m_texture.name(), 0);
  require_complete();

  GLint most = 0;
  glGetIntegerv(GL_MAX_SAMPLES, &most);
  const int used = std::min(samples, static_cast<int>(most));
  if (used <= 1) return;
  m_samples = Renderbuffer::make();
  m_multisampled = FramebufferName::make();
  glBindRenderbuffer(GL_RENDERBUFFER, m_samples.name());
  glRenderbufferStorageMultisample(GL_RENDERBUFFER, used, GL_RGBA8, width, height);
  glBindFramebuffer(GL_FRAMEBUFFER, m_multisampled.name());
  glFramebufferRenderbuffer(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_RENDERBUFFER, m_samples.name());
  require_complete();
}

void Framebuffer::bind() const {
  glBindFramebuffer(GL_FRAMEBUFFER, m_multisampled ? m_multisampled.name() : m_resolved.name());
  glViewport(0, 0, m_width, m_height);
}

void Framebuffer::resolve() const {
  if (!m_multisampled) return;
  glBindFramebuffer(GL_READ_FRAMEBUFFER, m_multisampled.name());
  glBindFramebuffer(GL_DRAW_FRAMEBUFFER, m_resolved.name());
  glBlitFramebuffer(0, 0, m_width, m_height, 0, 0, m_width, m_height, GL_COLOR_BUFFER_BIT, GL_NEAREST);
}

void Framebuffer::copy_to(const Framebuffer& target) const {
  glBindFramebuffer(GL_READ_FRAMEBUFFER, m_resolved.name());
  glBindFramebuffer(GL_DRAW_FRAMEBUFFER, target.m_resolved.name());
  glBlitFramebuffer(0, 0, m_width, m_height, 0, 0, m_width, m_height, GL_COLOR_BUFFER_BIT, GL_NEAREST);
}

}  // namespace yaan::render::gl
