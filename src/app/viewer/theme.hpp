#pragma once
// Colours and measures of the window: light, like the printed map.

namespace yaan::viewer {

/// Sets the current ImGui context's style; `scale` is window pixels for a design pixel.
void apply_theme(float scale);

}  // namespace yaan::viewer
