#pragma once
// The real window: GLFW, its OpenGL context, and the loop that waits for events.

#include <functional>
#include <memory>

#include "app/viewer/session.hpp"
#include "app/viewer/viewer.hpp"
#include "yaan/text/engine.hpp"

namespace yaan::viewer {

/// Whether a window can be opened here: DISPLAY or WAYLAND_DISPLAY is set.
bool has_display();

/// Opens the window and returns when it is closed. `make_session` gets the callback that wakes the loop. Throws
/// UsageError where no display answers, OutputError without OpenGL 3.3, Cancelled when `progress` is cancelled
/// meanwhile.
void run_window(const ViewerOptions& options, const text::Engine& engine,
                const std::function<std::unique_ptr<Session>(std::function<void()> wake)>& make_session,
                Progress& progress);

}  // namespace yaan::viewer
