// What the colours on the map mean.
#include <algorithm>

#include "app/viewer/looks.hpp"
#include "app/viewer/panels/panels.hpp"
#include "yaan/core/numbers.hpp"

namespace yaan::viewer {

namespace {

enum class Sign { disc, discs, area };

void draw_entry(const Frame& frame, Sign sign, style::Colour fill, style::Colour line, const Localized& words) {
  const float height = ImGui::GetTextLineHeight();
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  ImDrawList* paint = ImGui::GetWindowDrawList();
  const float width = frame.px(34);
  const ImVec2 centre(corner.x + width / 2, corner.y + height / 2);
  const auto disc = [&](float x, style::Colour colour) {
    paint->AddCircleFilled({x, centre.y}, frame.px(5.5), colour_of(line), 20);
    paint->AddCircleFilled({x, centre.y}, frame.px(4.3), colour_of(colour), 20);
  };
  if (sign == Sign::area) {
    const ImVec2 low(corner.x + frame.px(3), centre.y - frame.px(7));
    const ImVec2 high(corner.x + width - frame.px(3), centre.y + frame.px(7));
    paint->AddRectFilled(low, high, colour_of(fill), frame.px(3));
    paint->AddRect(low, high, colour_of(line), frame.px(3), 0, frame.px(1.5));
  } else if (sign == Sign::discs) {
    for (int i = 0; i < 3; ++i) disc(centre.x + frame.px(10) * static_cast<float>(i - 1), looks::district(i + 1));
  } else {
    disc(centre.x, fill);
  }
  ImGui::Dummy({width, height});
  ImGui::SameLine();
  frame.text(frame.say(words));
}

void draw_count(const Frame& frame, std::size_t count) {
  ImGui::SameLine();
  frame.faint("(" + with_thousands(static_cast<std::int64_t>(count)) + ")");
}

// The classes of what has colours, as many as the pane has room for, and how they came about.
void draw_coloured(const Frame& frame, const ColouredContent& coloured, float room) {
  const style::LayerStyle& look = coloured.look;
  frame.heading(frame.say(look.title));
  const float row = ImGui::GetTextLineHeightWithSpacing();
  const auto most = static_cast<std::size_t>(std::max(room / row - 8, 3.0F));
  const std::size_t shown = look.legend.size() <= most ? look.legend.size() : most - 1;
  for (std::size_t i = 0; i < shown; ++i) {
    const style::LegendEntry& entry = look.legend[i];
    draw_entry(frame, coloured.of_sites ? Sign::disc : Sign::area, entry.colour, looks::coloured_border(), entry.title);
    draw_count(frame, entry.count);
  }
  if (shown < look.legend.size()) frame.faint(frame.say(words::kAndMore) + std::to_string(look.legend.size() - shown));
  ImGui::PushFont(frame.fonts.small);
  ImGui::PushStyleColor(ImGuiCol_Text, ImGui::GetStyleColorVec4(ImGuiCol_TextDisabled));
  for (const Localized& note : look.notes) frame.wrapped(frame.say(note), frame.px(340));
  ImGui::PopStyleColor();
  ImGui::PopFont();
}

}  // namespace

void draw_legend(const Frame& frame, const WidgetPlace& map_pane) {
  // The scale bar needs its corner, and the map is worth more than its legend.
  const float room = map_pane.right - map_pane.left;
  if (room < frame.px(520)) return;
  ImGui::PushFont(room < frame.px(720) ? frame.fonts.small : frame.fonts.body);
  ImGui::SetNextWindowPos({map_pane.right - frame.px(16), map_pane.bottom - frame.px(16)}, ImGuiCond_Always, {1, 1});
  ImGui::SetNextWindowBgAlpha(1);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, frame.px(8));
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 1);
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(frame.px(8), frame.px(3)));
  const ImGuiWindowFlags flags = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoInputs | ImGuiWindowFlags_NoNav |
                                 ImGuiWindowFlags_AlwaysAutoResize | ImGuiWindowFlags_NoSavedSettings |
                                 ImGuiWindowFlags_NoFocusOnAppearing;
  if (ImGui::Begin("legend", nullptr, flags)) {
    const bool areas_coloured =
        frame.map.coloured && !frame.map.coloured->of_sites && !frame.map.coloured->polygons && frame.map.areas;
    if (frame.map.coloured)
      draw_coloured(frame, *frame.map.coloured, map_pane.bottom - map_pane.top);
    else
      frame.heading(frame.say(words::kLegend));
    const style::Colour outline = looks::halo();
    if (frame.map.coloured) {
      if (frame.map.districts && frame.map.districts_drawn)
        draw_entry(frame, Sign::area, looks::district_fill(1), looks::district(1), words::kLegendDistrict);
      if (frame.map.sites && !frame.map.coloured->of_sites)
        draw_entry(frame, Sign::disc, looks::plain_site(), outline, words::kLegendPlainSites);
    } else if (frame.map.districts) {
      draw_entry(frame, Sign::discs, {}, outline, words::kLegendSites);
      draw_entry(frame, Sign::disc, looks::district(0), outline, words::kLegendNoise);
      draw_entry(frame, Sign::area, looks::district_fill(1), looks::district(1), words::kLegendDistrict);
    } else if (frame.map.sites) {
      draw_entry(frame, Sign::disc, looks::plain_site(), outline, words::kLegendPlainSites);
    }
    if (frame.map.areas && !areas_coloured)
      draw_entry(frame, Sign::area, looks::province(), looks::province_line(), words::kLegendProvince);
  }
  ImGui::End();
  ImGui::PopStyleVar(3);
  ImGui::PopFont();
}

}  // namespace yaan::viewer
