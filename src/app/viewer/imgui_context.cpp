#include "app/viewer/imgui_context.hpp"

#include <imgui.h>

#include "app/viewer/theme.hpp"

namespace yaan::viewer {

ImguiContext::ImguiContext(double scale, bool keyboard) {
  IMGUI_CHECKVERSION();
  ImGui::CreateContext();
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  io.LogFilename = nullptr;
  if (keyboard) io.ConfigFlags |= ImGuiConfigFlags_NavEnableKeyboard;
  io.ConfigWindowsMoveFromTitleBarOnly = true;
  apply_theme(static_cast<float>(scale));
}

ImguiContext::~ImguiContext() { ImGui::DestroyContext(); }

}  // namespace yaan::viewer
