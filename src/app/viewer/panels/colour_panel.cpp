// Which column colours the map.
#include "app/viewer/panels/panels.hpp"

namespace yaan::viewer {

void draw_colour_panel(const Frame& frame) {
  const MapState& map = frame.map;
  if (map.colour_options.empty()) return;
  const auto is_now = [&](const ColourOption& option) {
    return map.coloured && map.coloured->layer == option.layer && map.coloured->column == option.column;
  };
  std::string now = frame.say(words::kColoursOfDistricts);
  for (const ColourOption& option : map.colour_options)
    if (is_now(option)) now = frame.say(option.title);

  ImGui::Dummy({0, frame.px(2)});
  frame.heading(frame.say(words::kColours));
  ImGui::SetNextItemWidth(-1);
  const bool open = ImGui::BeginCombo("##colours", frame.fonts.to_imgui(now).c_str(), ImGuiComboFlags_HeightLarge);
  frame.record("colours");
  if (!open) return;
  if (ImGui::Selectable((frame.fonts.to_imgui(frame.say(words::kColoursOfDistricts)) + "###districts").c_str(),
                        !map.coloured))
    frame.requests.colours = MapColours{true, {}, {}};
  frame.record("colour-none");
  const std::string* layer = nullptr;
  for (std::size_t i = 0; i < map.colour_options.size(); ++i) {
    const ColourOption& option = map.colour_options[i];
    if (layer == nullptr || *layer != option.layer) frame.faint(frame.say(option.layer_title));
    layer = &option.layer;
    ImGui::PushID(static_cast<int>(i));
    if (ImGui::Selectable((frame.fonts.to_imgui(frame.say(option.title)) + "###column").c_str(), is_now(option))) {
      frame.requests.colours = MapColours{false, option.layer, {}};
      frame.requests.colours->wish.column = option.column;
    }
    frame.record("colour-" + option.layer + "-" + option.column);
    ImGui::PopID();
  }
  ImGui::EndCombo();
}

}  // namespace yaan::viewer
