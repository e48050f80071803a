#pragma once
// One Dear ImGui context with the project's settings, as a value.

namespace yaan::viewer {

class ImguiContext {
 public:
  /// `scale` is window pixels for a design pixel; `keyboard` says whether a backend feeds keys. Nothing is read from or
  /// written to disk.
  ImguiContext(double scale, bool keyboard);
  ~ImguiContext();
  ImguiContext(const ImguiContext&) = delete;
  ImguiContext& operator=(const ImguiContext&) = delete;
};

}  // namespace yaan::viewer
