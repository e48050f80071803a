#pragma once
// The window's picture without a window.

#include "app/viewer/session.hpp"
#include "app/viewer/viewer.hpp"
#include "yaan/core/picture.hpp"
#include "yaan/text/engine.hpp"

namespace yaan::viewer {

/// Draws what the window would show after its first answer, off-screen by EGL. The same session and options give the
/// same picture on the same renderer.
Picture draw_screenshot(const ViewerOptions& options, const text::Engine& engine, Session& session);

}  // namespace yaan::viewer
