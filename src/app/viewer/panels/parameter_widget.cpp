// Widgets from parameter descriptions: a new parameter of a method appears by itself.
#include <algorithm>
#include <cmath>

#include "app/viewer/panels/panels.hpp"
#include "yaan/core/numbers.hpp"

namespace yaan::viewer {

namespace {

// The value stands over the slider, where the grab does not cover it.
constexpr const char* kNoText = "";
constexpr ImGuiSliderFlags kSlider = ImGuiSliderFlags_AlwaysClamp | ImGuiSliderFlags_NoInput;

double number_of(const Value& value) {
  if (const auto* length = std::get_if<Length>(&value)) return length->value;
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return static_cast<double>(*integer);
  if (const auto* real = std::get_if<double>(&value)) return *real;
  return 0;
}

// What stands beside the title: nothing for a choice, which shows itself.
std::string shown_value(const Parameter& parameter, const Value& now, Language language) {
  if (parameter.kind == ParameterKind::length) return length_text(number_of(now), language);
  if (parameter.kind == ParameterKind::integer) return with_thousands(static_cast<std::int64_t>(number_of(now)));
  if (parameter.kind == ParameterKind::real) return shortest(number_of(now));
  return {};
}

float strong_width(const Frame& frame, const std::string& utf8) {
  ImGui::PushFont(frame.fonts.strong);
  const float width = frame.width_of(utf8);
  ImGui::PopFont();
  return width;
}

Value in_kind(const Parameter& parameter, double number) {
  Value value(number);
  if (parameter.kind == ParameterKind::length) value = Length(Metres{number});
  return value;
}

void ask(const Frame& frame, std::size_t step, const Parameter& parameter, Value value) {
  frame.requests.changes.push_back({step, &parameter, std::move(value)});
}

// A slider over fixed stops: the arrow keys go from stop to stop, and every stop is a round number.
void draw_stops(const Frame& frame, std::size_t step, const Parameter& parameter, const Value& now) {
  const double current = number_of(now);
  const std::vector<double> stops = slider_stops(parameter.slider_minimum, parameter.slider_maximum, current);
  int index = static_cast<int>(std::lower_bound(stops.begin(), stops.end(), current) - stops.begin());
  if (ImGui::SliderInt("##value", &index, 0, static_cast<int>(stops.size()) - 1, kNoText, kSlider)) {
    const double chosen = stops[static_cast<std::size_t>(index)];
    ask(frame, step, parameter, in_kind(parameter, chosen));
  }
}

void draw_integer(const Frame& frame, std::size_t step, const Parameter& parameter, const Value& now) {
  int value = static_cast<int>(number_of(now));
  if (ImGui::SliderInt("##value", &value, static_cast<int>(parameter.slider_minimum),
                       static_cast<int>(parameter.slider_maximum), kNoText, kSlider))
    ask(frame, step, parameter, std::int64_t{value});
}

void draw_choice(const Frame& frame, std::size_t step, const Parameter& parameter, const Value& now) {
  const auto& current = std::get<std::string>(now);
  if (!ImGui::BeginCombo("##value", frame.fonts.to_imgui(current).c_str())) return;
  for (const std::string& choice : parameter.choices)
    if (ImGui::Selectable(frame.fonts.to_imgui(choice).c_str(), choice == current) && choice != current)
      ask(frame, step, parameter, choice);
  ImGui::EndCombo();
}

}  // namespace

std::vector<double> slider_stops(double low, double high, double current) {
  std::vector<double> stops = {low, high, current};
  const double smallest = low > 0 ? low : high / 200;
  for (int power = static_cast<int>(std::floor(std::log10(smallest))); std::pow(10.0, power) <= high; ++power)
    for (const int tenths : {10, 12, 15, 20, 25, 30, 40, 50, 60, 80}) {
      const double stop = power >= 1 ? tenths * std::pow(10.0, power - 1) : tenths / std::pow(10.0, 1 - power);
      if (stop > smallest && stop < high) stops.push_back(stop);
    }
  std::sort(stops.begin(), stops.end());
  stops.erase(std::unique(stops.begin(), stops.end()), stops.end());
  return stops;
}

bool has_widget(const Parameter& parameter) {
  switch (parameter.kind) {
    case ParameterKind::length:
    case ParameterKind::real:
    case ParameterKind::integer: return parameter.slider_minimum < parameter.slider_maximum;
    case ParameterKind::choice:
    case ParameterKind::flag: return true;
    case ParameterKind::text: return false;
  }
  return false;
}

void draw_parameter(const Frame& frame, std::size_t step, const Parameter& parameter) {
  if (!has_widget(parameter)) return;
  const Value now = frame.session.value(step, parameter);
  const Localized title = parameter.title.empty() ? Localized{parameter.name, {}} : parameter.title;
  ImGui::PushID(static_cast<int>(step));
  ImGui::PushID(parameter.name.c_str());
  if (parameter.kind == ParameterKind::flag) {
    bool on = std::get<bool>(now);
    if (ImGui::Checkbox("##value", &on)) ask(frame, step, parameter, on);
    frame.record(parameter.name);
    ImGui::SameLine();
    frame.text(frame.say(title));
  } else {
    frame.text(frame.say(title));
    if (ImGui::IsItemHovered() && !parameter.help.empty()) {
      ImGui::BeginTooltip();
      frame.wrapped(parameter.help, frame.px(360));
      ImGui::EndTooltip();
    }
    if (const std::string shown = shown_value(parameter, now, frame.view.language); !shown.empty()) {
      ImGui::SameLine(ImGui::GetContentRegionMax().x - strong_width(frame, shown));
      frame.heading(shown);
    }
    ImGui::SetCursorPosY(ImGui::GetCursorPosY() - frame.px(4));
    const bool slim = parameter.kind != ParameterKind::choice;  // a slider without text needs no full line
    if (slim) ImGui::PushFont(frame.fonts.small);
    if (slim) ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, ImVec2(frame.px(10), 0));
    ImGui::SetNextItemWidth(-1);
    if (parameter.kind == ParameterKind::choice)
      draw_choice(frame, step, parameter, now);
    else if (parameter.kind == ParameterKind::integer)
      draw_integer(frame, step, parameter, now);
    else
      draw_stops(frame, step, parameter, now);
    if (slim) ImGui::PopStyleVar();
    if (slim) ImGui::PopFont();
    frame.record(parameter.name);
  }
  ImGui::PopID();
  ImGui::PopID();
}

}  // namespace yaan::viewer
