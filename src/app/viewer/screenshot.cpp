#include "app/viewer/screenshot.hpp"

#include <imgui.h>
#include <imgui_impl_opengl3.h>

#include "app/viewer/imgui_context.hpp"
#include "app/viewer/workbench.hpp"
#include "yaan/core/error.hpp"
#include "yaan/render/offscreen.hpp"

namespace yaan::viewer {

namespace {

struct OpenglBackend {
  OpenglBackend() { ImGui_ImplOpenGL3_Init("#version 330 core"); }
  ~OpenglBackend() { ImGui_ImplOpenGL3_Shutdown(); }
  OpenglBackend(const OpenglBackend&) = delete;
  OpenglBackend& operator=(const OpenglBackend&) = delete;
};

constexpr int kFramesToSettle = 4;  // ImGui sizes windows and table columns by the frame before

}  // namespace

Picture draw_screenshot(const ViewerOptions& options, const text::Engine& engine, Session& session) {
  const render::OffscreenContext context;
  const render::OffscreenTarget target(options.width, options.height);
  const ImguiContext imgui(1, false);
  const OpenglBackend backend;
  session.wait();
  if (!session.outcome().error.empty()) throw InputError(session.outcome().error, session.outcome().advice);
  Workbench workbench(session, engine, {options.language, 1, false, options.trace});
  ImGuiIO& io = ImGui::GetIO();
  io.DisplaySize = {static_cast<float>(options.width), static_cast<float>(options.height)};
  io.MousePos = {-1, -1};
  for (int frame = 0; frame < kFramesToSettle; ++frame) {
    io.DeltaTime = 1.0F / 60;
    ImGui_ImplOpenGL3_NewFrame();
    ImGui::NewFrame();
    workbench.draw();
    ImGui::Render();
  }
  target.bind();
  render::clear_target(options.width, options.height, 1, 1, 1);
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
  return target.read();
}

}  // namespace yaan::viewer
