#include "app/viewer/theme.hpp"

#include <imgui.h>

namespace yaan::viewer {

namespace {

ImVec4 hex(unsigned rgb, float alpha = 1) {
  return {static_cast<float>((rgb >> 16U) & 255U) / 255, static_cast<float>((rgb >> 8U) & 255U) / 255,
          static_cast<float>(rgb & 255U) / 255, alpha};
}

constexpr unsigned kInk = 0x24292F;
constexpr unsigned kFaintInk = 0x5B6570;
constexpr unsigned kPaper = 0xFFFFFF;
constexpr unsigned kWell = 0xEEF1F3;
constexpr unsigned kRule = 0xD8DDE2;
constexpr unsigned kAccent = 0x0F6E84;

void set_colours(ImVec4* colours) {
  colours[ImGuiCol_Text] = hex(kInk);
  colours[ImGuiCol_TextDisabled] = hex(kFaintInk);
  colours[ImGuiCol_WindowBg] = hex(kPaper);
  colours[ImGuiCol_ChildBg] = hex(kPaper, 0);
  colours[ImGuiCol_PopupBg] = hex(kPaper);
  colours[ImGuiCol_Border] = hex(kRule);
  colours[ImGuiCol_FrameBg] = hex(kWell);
  colours[ImGuiCol_FrameBgHovered] = hex(0xE2E8EB);
  colours[ImGuiCol_FrameBgActive] = hex(0xD7E3E7);
  colours[ImGuiCol_ScrollbarBg] = hex(kPaper, 0);
  colours[ImGuiCol_ScrollbarGrab] = hex(0xC5CCD2);
  colours[ImGuiCol_ScrollbarGrabHovered] = hex(0xAAB3BB);
  colours[ImGuiCol_ScrollbarGrabActive] = hex(0x8D98A2);
  colours[ImGuiCol_CheckMark] = hex(kAccent);
  colours[ImGuiCol_SliderGrab] = hex(kAccent);
  colours[ImGuiCol_SliderGrabActive] = hex(0x0A5365);
  colours[ImGuiCol_Button] = hex(kWell);
  colours[ImGuiCol_ButtonHovered] = hex(0xDDE8EB);
  colours[ImGuiCol_ButtonActive] = hex(0xC9DCE1);
  colours[ImGuiCol_Header] = hex(0xD9EAEE);
  colours[ImGuiCol_HeaderHovered] = hex(0xE8F1F3);
  colours[ImGuiCol_HeaderActive] = hex(0xC9DFE5);
  colours[ImGuiCol_Separator] = hex(kRule);
  colours[ImGuiCol_SeparatorHovered] = hex(kAccent, 0.6F);
  colours[ImGuiCol_SeparatorActive] = hex(kAccent);
  colours[ImGuiCol_TableHeaderBg] = hex(kWell);
  colours[ImGuiCol_TableBorderStrong] = hex(kRule);
  colours[ImGuiCol_TableBorderLight] = hex(0xE7EAED);
  colours[ImGuiCol_TableRowBg] = hex(kPaper, 0);
  colours[ImGuiCol_TableRowBgAlt] = hex(0xF7F8F9);
  colours[ImGuiCol_NavHighlight] = hex(kAccent);
  colours[ImGuiCol_PlotHistogram] = hex(kAccent);
}

}  // namespace

void apply_theme(float scale) {
  ImGuiStyle style;
  set_colours(style.Colors);
  style.WindowPadding = {16, 12};
  style.FramePadding = {10, 5};
  style.ItemSpacing = {10, 8};
  style.ItemInnerSpacing = {8, 6};
  style.CellPadding = {6, 5};
  style.WindowRounding = 0;
  style.ChildRounding = 6;
  style.FrameRounding = 5;
  style.GrabRounding = 5;
  style.PopupRounding = 6;
  style.ScrollbarRounding = 6;
  style.ScrollbarSize = 12;
  style.GrabMinSize = 16;
  style.WindowBorderSize = 0;
  style.PopupBorderSize = 1;
  style.ScaleAllSizes(scale);
  ImGui::GetStyle() = style;
}

}  // namespace yaan::viewer
