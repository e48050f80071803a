#pragma once
// The whole window as Dear ImGui draws it, over a session: the same for the real window and for the screenshot.

#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>

#include "app/viewer/fonts.hpp"
#include "app/viewer/session.hpp"
#include "app/viewer/view_state.hpp"
#include "yaan/render/map_painter.hpp"

namespace yaan::viewer {

struct WorkbenchOptions {
  Language language = Language::english;
  double scale = 1;             ///< window pixels for a design pixel
  bool show_time = true;        ///< how long the answer took: off where two pictures must be equal
  std::filesystem::path trace;  ///< empty: none
};

/// Needs a current OpenGL context and a current ImGui context for its whole life.
class Workbench {
 public:
  /// Session and engine must outlive it. Throws OutputError when the trace cannot be written.
  Workbench(Session& session, const text::Engine& engine, const WorkbenchOptions& options);

  /// Builds one ImGui frame (between NewFrame and Render) and does what was asked for in it.
  void draw();
  /// Whether the user asked for a picture since the last call.
  bool take_picture_request();
  void say(std::string message) { m_view.message = std::move(message); }
  [[nodiscard]] const ViewState& view() const { return m_view; }

 private:
  void take_outcome();
  void draw_bar(float width, float height);
  void draw_sidebar(float top, float height);
  void draw_map(float left, float top, float width, float height);
  void handle_pointer(const WidgetPlace& pane);
  void apply_requests();
  void give_scene();
  void write_trace();
  [[nodiscard]] bool over_pictures() const;

  Session& m_session;
  Fonts m_fonts;
  ViewState m_view;
  MapState m_map;
  Box m_home;  // what "whole map" shows
  render::MapPainter m_painter;
  Requests m_requests;
  struct SceneKey {  // what the selection and the labels depend on, the camera aside
    std::string selected;
    std::optional<std::uint32_t> site;
    std::optional<std::uint32_t> district;
    Language language = Language::english;
    std::uint64_t generation = 0;
    bool operator==(const SceneKey&) const = default;
  };
  std::optional<SceneKey> m_given;
  bool m_camera_set = false;
  bool m_picture_wanted = false;
  std::uint64_t m_shown_generation = 0;
  std::ofstream m_trace;
  std::string m_last_trace;
};

}  // namespace yaan::viewer
