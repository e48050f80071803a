// Which pictures lie under the map, and how much of what is below them they hide.
#include <cmath>

#include "app/viewer/panels/panels.hpp"

namespace yaan::viewer {

void draw_backdrop_panel(const Frame& frame) {
  const auto& backdrops = frame.session.project().backdrops;
  if (backdrops.empty()) return;
  frame.heading(frame.say(words::kBackdrops));
  for (std::size_t i = 0; i < backdrops.size(); ++i) {
    BackdropChoice choice = frame.view.backdrops[i];
    ImGui::PushID(static_cast<int>(i));
    const std::string percent = std::to_string(std::lround(100 * choice.opacity)) + " %";
    const bool switched = ImGui::Checkbox("##shown", &choice.shown);
    frame.record("backdrop-" + std::to_string(i));
    ImGui::SameLine();
    const float right = ImGui::GetContentRegionMax().x - frame.width_of(percent) - frame.px(4);
    frame.clipped(frame.say(backdrops[i].title), right - ImGui::GetCursorPosX() - frame.px(12));
    ImGui::SameLine(right);
    frame.faint(percent);
    ImGui::PushFont(frame.fonts.small);
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, ImVec2(frame.px(10), 0));
    ImGui::SetNextItemWidth(-1);
    int tenths = static_cast<int>(std::lround(20 * choice.opacity));
    const bool moved =
        ImGui::SliderInt("##opacity", &tenths, 1, 20, "", ImGuiSliderFlags_AlwaysClamp | ImGuiSliderFlags_NoInput);
    if (moved) choice.opacity = tenths / 20.0;
    frame.record("backdrop-opacity-" + std::to_string(i));
    ImGui::PopStyleVar();
    ImGui::PopFont();
    ImGui::PopID();
    if (switched || moved) frame.requests.backdrops.emplace_back(i, choice);
  }
  ImGui::Dummy({0, frame.px(2)});
}

}  // namespace yaan::viewer
