#include "app/viewer/window.hpp"

#include <GLFW/glfw3.h>
#include <imgui.h>
#include <imgui_impl_glfw.h>
#include <imgui_impl_opengl3.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>

#include "app/viewer/imgui_context.hpp"
#include "app/viewer/words.hpp"
#include "app/viewer/workbench.hpp"
#include "yaan/core/error.hpp"
#include "yaan/export/whole_file.hpp"
#include "yaan/render/offscreen.hpp"

namespace yaan::viewer {

namespace {

constexpr int kFramesAfterInput = 3;  // hover effects and layout settle within so many

std::string& glfw_message() {
  static std::string message;  // GLFW calls back without a user pointer
  return message;
}

struct Glfw {
  Glfw() {
    glfwSetErrorCallback([](int, const char* text) { glfw_message() = text; });
    if (glfwInit() == GLFW_FALSE)
      throw UsageError("no window can be opened: " + glfw_message(),
                       "use --screenshot FILE to draw without a display, or start it from a desktop session");
  }
  ~Glfw() { glfwTerminate(); }
  Glfw(const Glfw&) = delete;
  Glfw& operator=(const Glfw&) = delete;
};

struct DestroyWindow {
  void operator()(GLFWwindow* window) const { glfwDestroyWindow(window); }
};
using Window = std::unique_ptr<GLFWwindow, DestroyWindow>;

Window open_window(const ViewerOptions& options) {
  glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
  glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
  glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
  glfwWindowHint(GLFW_OPENGL_FORWARD_COMPAT, GLFW_TRUE);
  int width = options.width;
  int height = options.height;
  if (GLFWmonitor* monitor = glfwGetPrimaryMonitor(); monitor != nullptr) {
    int x = 0;
    int y = 0;
    int room_x = 0;
    int room_y = 0;
    glfwGetMonitorWorkarea(monitor, &x, &y, &room_x, &room_y);
    if (room_x > 0) width = std::min(width, room_x);
    if (room_y > 0) height = std::min(height, room_y);
  }
  Window window(glfwCreateWindow(width, height, "Yaan", nullptr, nullptr));
  if (!window)
    throw OutputError("no window with OpenGL 3.3 can be opened: " + glfw_message(),
                      "update the graphics driver, or set LIBGL_ALWAYS_SOFTWARE=1 for Mesa's software renderer");
  glfwSetWindowSizeLimits(window.get(), 720, 480, GLFW_DONT_CARE, GLFW_DONT_CARE);
  glfwMakeContextCurrent(window.get());
  glfwSwapInterval(1);
  render::require_opengl_33();
  return window;
}

// Where the system magnifies by a content scale and leaves the window's pixels alone (X11), the design grows with it;
// where the framebuffer is finer than the window (Wayland, macOS), it does not.
double design_scale(GLFWwindow* window) {
  float content = 1;
  float content_y = 1;
  glfwGetWindowContentScale(window, &content, &content_y);
  int width = 1;
  int height = 1;
  int framebuffer_width = 1;
  int framebuffer_height = 1;
  glfwGetWindowSize(window, &width, &height);
  glfwGetFramebufferSize(window, &framebuffer_width, &framebuffer_height);
  const double finer = static_cast<double>(framebuffer_width) / std::max(width, 1);
  return std::clamp(static_cast<double>(content) / finer, 1.0, 4.0);
}

struct Backends {
  explicit Backends(GLFWwindow* window) {
    ImGui_ImplGlfw_InitForOpenGL(window, true);
    ImGui_ImplOpenGL3_Init("#version 330 core");
  }
  ~Backends() {
    ImGui_ImplOpenGL3_Shutdown();
    ImGui_ImplGlfw_Shutdown();
  }
  Backends(const Backends&) = delete;
  Backends& operator=(const Backends&) = delete;
};

// The first of yaan-1.png, yaan-2.png ... that does not exist in the current folder.
std::filesystem::path free_picture_name() {
  for (int number = 1;; ++number) {
    std::filesystem::path name = "yaan-" + std::to_string(number) + ".png";
    if (!std::filesystem::exists(name)) return name;
  }
}

void save_picture(Workbench& workbench, int width, int height) {
  const render::OffscreenTarget target(width, height);
  target.bind();
  render::clear_target(width, height, 1, 1, 1);
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
  const std::string bytes = encode_png(target.read());
  render::bind_window();
  try {
    WholeFile file(free_picture_name());
    file.write(bytes);
    file.commit();
    workbench.say(words::kSaved.in(workbench.view().language) + file.target().string());
  } catch (const Error& error) {  // the window stays open: the bar says why there is no picture
    workbench.say(error.what());
  }
}

void draw_frame(GLFWwindow* window, Workbench& workbench) {
  ImGui_ImplOpenGL3_NewFrame();
  ImGui_ImplGlfw_NewFrame();
  ImGui::NewFrame();
  workbench.draw();
  ImGui::Render();
  int width = 0;
  int height = 0;
  glfwGetFramebufferSize(window, &width, &height);
  render::bind_window();
  render::clear_target(width, height, 1, 1, 1);
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
  if (workbench.take_picture_request()) save_picture(workbench, width, height);
  glfwSwapBuffers(window);
}

// A signal does not end GLFW's wait for events.
void wake_when_cancelled(const Progress& progress, const std::stop_token& stop) {
  while (!stop.stop_requested() && !progress.cancelled()) std::this_thread::sleep_for(std::chrono::milliseconds(200));
  glfwPostEmptyEvent();
}

}  // namespace

bool has_display() {
  const auto set = [](const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr && *value != '\0';
  };
  return set("DISPLAY") || set("WAYLAND_DISPLAY");
}

void run_window(const ViewerOptions& options, const text::Engine& engine,
                const std::function<std::unique_ptr<Session>(std::function<void()> wake)>& make_session,
                Progress& progress) {
  const Glfw glfw;
  const Window window = open_window(options);
  const std::unique_ptr<Session> session = make_session([] { glfwPostEmptyEvent(); });
  const std::string title = session->project().title.in(options.language);
  if (!title.empty()) glfwSetWindowTitle(window.get(), title.c_str());

  const ImguiContext imgui(design_scale(window.get()), true);
  const Backends backends(window.get());
  Workbench workbench(*session, engine, {options.language, design_scale(window.get()), true, options.trace});
  const std::jthread interrupt([&](const std::stop_token& stop) { wake_when_cancelled(progress, stop); });
  int frames = kFramesAfterInput;
  while (glfwWindowShouldClose(window.get()) == GLFW_FALSE) {
    if (frames > 0) {
      glfwPollEvents();
      --frames;
    } else {
      glfwWaitEvents();
      frames = kFramesAfterInput;
    }
    progress.throw_if_cancelled();
    int width = 0;
    int height = 0;
    glfwGetFramebufferSize(window.get(), &width, &height);
    if (width > 0 && height > 0) draw_frame(window.get(), workbench);
  }
}

}  // namespace yaan::viewer
