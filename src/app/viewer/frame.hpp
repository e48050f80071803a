#pragma once
// What a panel has at hand while it draws, and the few widgets that all panels share. Texts of data are only ever drawn
// unformatted, and ids come from PushID, so that `%` and `##` in them are letters like any other.

#include <imgui.h>

#include <string>
#include <string_view>

#include "app/viewer/fonts.hpp"
#include "app/viewer/view_state.hpp"
#include "app/viewer/words.hpp"
#include "yaan/style/colour.hpp"

namespace yaan::viewer {

struct Frame {
  const Session& session;
  const MapState& map;
  ViewState& view;  ///< panels write `widgets` and what is under the pointer; all else goes through requests
  const Fonts& fonts;
  Requests& requests;

  [[nodiscard]] const std::string& say(const Localized& words) const { return words.in(view.language); }
  /// Design pixels as window pixels.
  [[nodiscard]] float px(double design) const { return static_cast<float>(design * view.scale); }
  [[nodiscard]] float width_of(std::string_view utf8) const;

  void text(std::string_view utf8) const;
  void faint(std::string_view utf8) const;
  /// Broken between words to `width`, 0: that of the pane.
  void wrapped(std::string_view utf8, float width = 0) const;
  /// Cut with an ellipsis to `width`; the whole text appears under the pointer.
  void clipped(std::string_view utf8, float width) const;
  void heading(std::string_view utf8) const;
  [[nodiscard]] bool button(std::string_view name, std::string_view utf8) const;
  /// Remembers where the last item lies, under a name that does not depend on the language.
  void record(std::string_view name) const;
};

/// "1.2 km", "850 m" and the like in the language.
std::string length_text(double metres, Language language);
ImU32 colour_of(style::Colour colour);

}  // namespace yaan::viewer
