#pragma once
// Thai in Dear ImGui, which draws one glyph for each code point and shapes nothing: every cluster (a base with its
// vowel and tone) is shaped and rasterised beforehand and stands in the font as a glyph of its own in the private use
// area.

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "yaan/text/engine.hpp"

struct ImFont;

namespace yaan::viewer {

/// The fonts of the current ImGui context. All clusters of a base with at most one vowel and one tone mark exist from
/// the start, so that the atlas is never built again.
class Fonts {
 public:
  /// `scale` is window pixels for a design pixel. The engine must outlive it. The engine must outlive it.
  Fonts(const text::Engine& engine, float scale);

  ImFont* body = nullptr;
  ImFont* strong = nullptr;
  ImFont* small = nullptr;
  ImFont* title = nullptr;

  /// UTF-8 in which every known Thai cluster is one private code point; the rest is unchanged. Only for showing.
  [[nodiscard]] std::string to_imgui(std::string_view utf8) const;
  /// The text in lines of the body font that are at most `width` window pixels wide, broken between words (Thai too),
  /// each as to_imgui gives it.
  [[nodiscard]] std::vector<std::string> lines(std::string_view utf8, double width) const;

 private:
  const text::Engine& m_engine;
  double m_body_em = 0;
  std::unordered_map<std::string, std::string> m_clusters;  // cluster -> UTF-8 of its private code point
};

}  // namespace yaan::viewer
