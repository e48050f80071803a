#pragma once
// OpenGL without a display.

#include <cstdint>
#include <memory>
#include <string>

#include "yaan/core/picture.hpp"

namespace yaan::render {

/// A current OpenGL 3.3 core context made by EGL: on the first hardware device that gives one
/// (EGL_EXT_platform_device), else on Mesa's surfaceless platform (software where there is no hardware).
/// One at a time and one thread. Throws OutputError with advice where none can be made.
class OffscreenContext {
 public:
  OffscreenContext();
  ~OffscreenContext();
  OffscreenContext(const OffscreenContext&) = delete;
  OffscreenContext& operator=(const OffscreenContext&) = delete;

  /// GL_RENDERER: "llvmpipe (LLVM 15.0.6, 256 bits)".
  [[nodiscard]] std::string renderer() const;

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

/// A picture that a whole window is drawn into, in place of the window. Needs a current context.
class OffscreenTarget {
 public:
  /// Throws OutputError when the driver refuses the size.
  OffscreenTarget(int width, int height);
  ~OffscreenTarget();
  OffscreenTarget(const OffscreenTarget&) = delete;
  OffscreenTarget& operator=(const OffscreenTarget&) = delete;

  /// Makes it the target of all drawing.
  void bind() const;
  [[nodiscard]] Picture read() const;

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

/// Throws OutputError unless the current context offers OpenGL 3.3; the message names what it offers.
void require_opengl_33();
/// Paints the window (or the bound target) in one colour, 0 to 1 each.
void clear_target(int width, int height, float red, float green, float blue);
/// Makes the window itself the target of all drawing.
void bind_window();

}  // namespace yaan::render
