#include "app/viewer/frame.hpp"

#include <algorithm>

#include "yaan/core/numbers.hpp"

namespace yaan::viewer {

float Frame::width_of(std::string_view utf8) const {
  const std::string shown = fonts.to_imgui(utf8);
  return ImGui::CalcTextSize(shown.data(), shown.data() + shown.size()).x;
}

void Frame::text(std::string_view utf8) const {
  const std::string shown = fonts.to_imgui(utf8);
  ImGui::TextUnformatted(shown.data(), shown.data() + shown.size());
}

void Frame::faint(std::string_view utf8) const {
  ImGui::PushStyleColor(ImGuiCol_Text, ImGui::GetStyleColorVec4(ImGuiCol_TextDisabled));
  text(utf8);
  ImGui::PopStyleColor();
}

void Frame::wrapped(std::string_view utf8, float width) const {
  const float gap = ImGui::GetStyle().ItemSpacing.y;
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(0, 0));
  for (const std::string& line :
       fonts.lines(utf8, static_cast<double>(width > 0 ? width : ImGui::GetContentRegionAvail().x)))
    ImGui::TextUnformatted(line.data(), line.data() + line.size());
  ImGui::PopStyleVar();
  ImGui::Dummy({0, std::max(gap - ImGui::GetStyle().ItemSpacing.y, 0.0F)});
}

void Frame::clipped(std::string_view utf8, float width) const {
  if (width_of(utf8) <= width) {
    text(utf8);
    return;
  }
  const std::string shown = fonts.to_imgui(utf8);
  const std::string ellipsis = "\u2026";
  const float room = width - ImGui::CalcTextSize(ellipsis.c_str()).x;
  const char* end = shown.data() + shown.size();
  const char* fits = shown.data();
  float used = 0;
  while (fits < end) {
    const char* next = fits + 1;
    while (next < end && (static_cast<unsigned char>(*next) & 0xC0U) == 0x80U) ++next;
    const float letter = ImGui::CalcTextSize(fits, next).x;
    if (used + letter > room) break;
    used += letter;
    fits = next;
  }
  const std::string cut = std::string(shown.c_str(), fits) + ellipsis;
  ImGui::TextUnformatted(cut.data(), cut.data() + cut.size());
  if (ImGui::IsItemHovered()) {
    ImGui::BeginTooltip();
    text(utf8);
    ImGui::EndTooltip();
  }
}

void Frame::heading(std::string_view utf8) const {
  ImGui::PushFont(fonts.strong);
  text(utf8);
  ImGui::PopFont();
}

bool Frame::button(std::string_view name, std::string_view utf8) const {
  const std::string shown = fonts.to_imgui(utf8) + "##" + std::string(name);
  const bool pressed = ImGui::Button(shown.c_str());
  record(name);
  return pressed;
}

void Frame::record(std::string_view name) const {
  const ImVec2 low = ImGui::GetItemRectMin();
  const ImVec2 high = ImGui::GetItemRectMax();
  view.widgets[std::string(name)] = {low.x, low.y, high.x, high.y};
}

std::string length_text(double metres, Language language) {
  if (metres >= 1000) return fixed_trimmed(metres / 1000, 2) + words::kKilometres.in(language);
  return fixed_trimmed(metres, 1) + words::kMetres.in(language);
}

ImU32 colour_of(style::Colour colour) { return IM_COL32(colour.r, colour.g, colour.b, colour.a); }

}  // namespace yaan::viewer
