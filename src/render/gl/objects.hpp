#pragma once
// OpenGL names as move-only values. Made and destroyed with a current context.

#include <epoxy/gl.h>

#include <utility>

namespace yaan::render::gl {

/// One OpenGL name; Make and Destroy are the calls of its kind. A default-made object owns nothing.
template <class Kind>
class Object {
 public:
  Object() = default;
  static Object make() {
    Object object;
    object.m_name = Kind::make();
    return object;
  }
  ~Object() { reset(); }
  Object(Object&& other) noexcept : m_name(std::exchange(other.m_name, 0)) {}
  Object& operator=(Object&& other) noexcept {
    if (this != &other) {
      reset();
      m_name = std::exchange(other.m_name, 0);
    }
    return *this;
  }
  Object(const Object&) = delete;
  Object& operator=(const Object&) = delete;

  [[nodiscard]] GLuint name() const { return m_name; }
  explicit operator bool() const { return m_name != 0; }

 private:
  void reset() {
    if (m_name != 0) Kind::destroy(m_name);
    m_name = 0;
  }
  GLuint m_name = 0;
};

struct BufferKind {
  static GLuint make() {
    GLuint n = 0;
    glGenBuffers(1, &n);
    return n;
  }
  static void destroy(GLuint n) { glDeleteBuffers(1, &n); }
};
struct VertexArrayKind {
  static GLuint make() {
    GLuint n = 0;
    glGenVertexArrays(1, &n);
    return n;
  }
  static void destroy(GLuint n) { glDeleteVertexArrays(1, &n); }
};
struct TextureKind {
  static GLuint make() {
    GLuint n = 0;
    glGenTextures(1, &n);
    return n;
  }
  static void destroy(GLuint n) { glDeleteTextures(1, &n); }
};
struct RenderbufferKind {
  static GLuint make() {
    GLuint n = 0;
    glGenRenderbuffers(1, &n);
    return n;
  }
  static void destroy(GLuint n) { glDeleteRenderbuffers(1, &n); }
};
struct FramebufferKind {
  static GLuint make() {
    GLuint n = 0;
    glGenFramebuffers(1, &n);
    return n;
  }
  static void destroy(GLuint n) { glDeleteFramebuffers(1, &n); }
};
struct ProgramKind {
  static GLuint make() { return glCreateProgram(); }
  static void destroy(GLuint n) { glDeleteProgram(n); }
};

using Buffer = Object<BufferKind>;
using VertexArray = Object<VertexArrayKind>;
using Texture = Object<TextureKind>;
using Renderbuffer = Object<RenderbufferKind>;
using FramebufferName = Object<FramebufferKind>;
using ProgramName = Object<ProgramKind>;

}  // namespace yaan::render::gl
