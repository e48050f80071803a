#include "yaan/render/offscreen.hpp"

#include <epoxy/egl.h>
#include <epoxy/gl.h>

#include <array>
#include <stdexcept>
#include <utility>
#include <vector>

#include "render/gl/framebuffer.hpp"
#include "yaan/core/error.hpp"

namespace yaan::render {

namespace {

std::string opengl_text(GLenum what) {
  const auto* text = reinterpret_cast<const char*>(glGetString(what));
  return text != nullptr ? text : "unknown";
}

}  // namespace

struct OffscreenContext::State {
  EGLDisplay display = EGL_NO_DISPLAY;
  EGLContext context = EGL_NO_CONTEXT;

  State() = default;
  State(State&& other) noexcept
      : display(std::exchange(other.display, EGL_NO_DISPLAY)), context(std::exchange(other.context, EGL_NO_CONTEXT)) {}
  State& operator=(State&&) = delete;
  // A display that works stays initialised until the program ends: its driver would have to be loaded anew, and leaves
  // memory behind each time that it is unloaded.
  ~State() {
    if (display == EGL_NO_DISPLAY) return;
    eglMakeCurrent(display, EGL_NO_SURFACE, EGL_NO_SURFACE, EGL_NO_CONTEXT);
    context != EGL_NO_CONTEXT ? eglDestroyContext(display, context) : eglTerminate(display);
  }

  // False when this display has no OpenGL 3.3 to offer.
  bool start(EGLDisplay candidate) {
    if (candidate == EGL_NO_DISPLAY || eglInitialize(candidate, nullptr, nullptr) == EGL_FALSE) return false;
    display = candidate;
    if (eglBindAPI(EGL_OPENGL_API) == EGL_FALSE) return false;
    const std::array<EGLint, 7> wanted = {
        EGL_CONTEXT_MAJOR_VERSION,           3,       EGL_CONTEXT_MINOR_VERSION, 3, EGL_CONTEXT_OPENGL_PROFILE_MASK,
        EGL_CONTEXT_OPENGL_CORE_PROFILE_BIT, EGL_NONE};
    context = eglCreateContext(display, EGL_NO_CONFIG_KHR, EGL_NO_CONTEXT, wanted.data());
    return context != EGL_NO_CONTEXT && eglMakeCurrent(display, EGL_NO_SURFACE, EGL_NO_SURFACE, context) == EGL_TRUE;
  }
};

namespace {

// Devices backed by a kernel driver come first: the software device would answer as well, but slowly.
std::vector<EGLDisplay> candidates() {
  std::vector<EGLDisplay> displays;
  if (epoxy_has_egl_extension(EGL_NO_DISPLAY, "EGL_EXT_platform_device") &&
      epoxy_has_egl_extension(EGL_NO_DISPLAY, "EGL_EXT_device_enumeration")) {
    std::array<EGLDeviceEXT, 16> devices{};
    EGLint count = 0;
    if (eglQueryDevicesEXT(static_cast<EGLint>(devices.size()), devices.data(), &count) == EGL_TRUE) {
      for (EGLint d = 0; d < count; ++d) {
        const char* extensions = eglQueryDeviceStringEXT(devices[static_cast<std::size_t>(d)], EGL_EXTENSIONS);
        const bool software =
            extensions != nullptr && std::string_view(extensions).find("software") != std::string_view::npos;
        if (software) continue;
        displays.push_back(
            eglGetPlatformDisplayEXT(EGL_PLATFORM_DEVICE_EXT, devices[static_cast<std::size_t>(d)], nullptr));
      }
    }
  }
  if (epoxy_has_egl_extension(EGL_NO_DISPLAY, "EGL_MESA_platform_surfaceless"))
    displays.push_back(eglGetPlatformDisplayEXT(EGL_PLATFORM_SURFACELESS_MESA, EGL_DEFAULT_DISPLAY, nullptr));
  return displays;
}

}  // namespace

OffscreenContext::OffscreenContext() {
  for (EGLDisplay display : candidates()) {
    auto state = std::make_unique<State>();
    if (state->start(display)) {
      m_state = std::move(state);
      require_opengl_33();
      return;
    }
  }
  throw OutputError("no OpenGL 3.3 can be started without a display",
                    "install Mesa's drivers (Debian: libegl-mesa0 and libgl1-mesa-dri)");
}

OffscreenContext::~OffscreenContext() = default;

std::string OffscreenContext::renderer() const { return opengl_text(GL_RENDERER); }

struct OffscreenTarget::State {
  gl::Framebuffer framebuffer;
};

OffscreenTarget::OffscreenTarget(int width, int height) {
  GLint most = 0;
  glGetIntegerv(GL_MAX_RENDERBUFFER_SIZE, &most);
  if (width > most || height > most)
    throw OutputError("a picture of " + std::to_string(width) + " x " + std::to_string(height) +
                          " pixels is larger than OpenGL can draw here",
                      "use --size with at most " + std::to_string(most) + " pixels a side");
  m_state = std::make_unique<State>(State{gl::Framebuffer(width, height, 1)});
}

OffscreenTarget::~OffscreenTarget() = default;

void OffscreenTarget::bind() const { m_state->framebuffer.bind(); }

Picture OffscreenTarget::read() const {
  const gl::Framebuffer& framebuffer = m_state->framebuffer;
  Picture picture;
  picture.width = framebuffer.width();
  picture.height = framebuffer.height();
  const auto row = static_cast<std::size_t>(picture.width) * 4;
  const auto rows = static_cast<std::size_t>(picture.height);
  std::vector<std::uint8_t> upside_down(row * rows);
  glBindFramebuffer(GL_READ_FRAMEBUFFER, framebuffer.resolved_name());
  glPixelStorei(GL_PACK_ALIGNMENT, 1);
  glReadPixels(0, 0, picture.width, picture.height, GL_RGBA, GL_UNSIGNED_BYTE, upside_down.data());
  picture.pixels.reserve(upside_down.size());
  for (std::size_t y = rows; y-- > 0;)
    picture.pixels.insert(picture.pixels.end(), upside_down.begin() + static_cast<std::ptrdiff_t>(y * row),
                          upside_down.begin() + static_cast<std::ptrdiff_t>((y + 1) * row));
  return picture;
}

void require_opengl_33() {
  if (epoxy_is_desktop_gl() && epoxy_gl_version() >= 33) return;
  throw OutputError(
      "OpenGL 3.3 is needed; this machine offers " + opengl_text(GL_VERSION) + " (" + opengl_text(GL_RENDERER) + ")",
      "update the graphics driver, or set LIBGL_ALWAYS_SOFTWARE=1 for Mesa's software renderer");
}

void clear_target(int width, int height, float red, float green, float blue) {
  glViewport(0, 0, width, height);
  glClearColor(red, green, blue, 1);
  glClear(GL_COLOR_BUFFER_BIT);
}

void bind_window() { glBindFramebuffer(GL_FRAMEBUFFER, 0); }

}  // namespace yaan::render
