// Parameters and counts.
#include <algorithm>

#include "app/viewer/panels/panels.hpp"
#include "yaan/core/numbers.hpp"

namespace yaan::viewer {

namespace {

// A large number over what it counts.
void draw_figure(const Frame& frame, std::size_t number, std::string_view what) {
  ImGui::BeginGroup();
  ImGui::PushFont(frame.fonts.title);
  frame.text(with_thousands(static_cast<std::int64_t>(number)));
  ImGui::PopFont();
  ImGui::SetCursorPosY(ImGui::GetCursorPosY() - frame.px(6));
  ImGui::PushFont(frame.fonts.small);
  frame.faint(what);
  ImGui::PopFont();
  ImGui::EndGroup();
}

void draw_time(const Frame& frame) {
  if (!frame.view.show_time) return;
  ImGui::PushFont(frame.fonts.small);
  if (frame.session.busy()) {
    frame.faint(frame.say(words::kComputing));
  } else {
    const double seconds = frame.session.outcome().seconds;
    const std::string time = seconds < 1
                                 ? fixed_trimmed(std::max(seconds * 1000, 1.0), 0) + frame.say(words::kMilliseconds)
                                 : fixed_trimmed(seconds, 1) + frame.say(words::kSeconds);
    frame.faint(frame.say(words::kComputedIn) + time);
  }
  ImGui::PopFont();
}

void draw_figures(const Frame& frame) {
  const float third = ImGui::GetContentRegionAvail().x / 3;
  const float left = ImGui::GetCursorPosX();
  draw_figure(frame, frame.map.districts ? frame.map.districts->layer->size() : 0, frame.say(words::kDistricts));
  ImGui::SameLine(left + third * 0.8F);
  draw_figure(frame, frame.map.site_counts.in_districts, frame.say(words::kSitesInDistricts));
  ImGui::SameLine(left + third * 2);
  draw_figure(frame, frame.map.site_counts.outside, frame.say(words::kSitesOutside));
}

// A quiet line that opens what follows; true while open.
bool draw_fold(const Frame& frame, const std::string& title, const char* id) {
  ImGui::PushStyleColor(ImGuiCol_Header, IM_COL32(0, 0, 0, 0));
  ImGui::PushStyleColor(ImGuiCol_Text, ImGui::GetStyleColorVec4(ImGuiCol_TextDisabled));
  const bool open = ImGui::TreeNodeEx((frame.fonts.to_imgui(title) + id).c_str(),
                                      ImGuiTreeNodeFlags_NoTreePushOnOpen | ImGuiTreeNodeFlags_SpanAvailWidth);
  ImGui::PopStyleColor(2);
  return open;
}

void draw_notes(const Frame& frame) {
  const auto& notes = frame.session.outcome().diagnostics.entries();
  if (notes.empty()) return;
  if (!draw_fold(frame, frame.say(words::kNotes) + " (" + std::to_string(notes.size()) + ")", "###notes")) return;
  for (const Diagnostic& note : notes) frame.wrapped(with_thousands(note.count) + "  " + note.message);
}

}  // namespace

void draw_analysis_panel(const Frame& frame) {
  const Session& session = frame.session;
  if (session.adjustable().empty()) {
    frame.wrapped(frame.say(frame.map.coloured ? words::kNoSliders : words::kOnlyMap));
    return;
  }
  const bool districts = !session.project().districts.empty();
  frame.heading(
      frame.say(districts ? words::kAnalysis : session.project().steps[session.adjustable().front()].method->title));
  // The step that finds the clusters stands open; what follows it is for those who look for it.
  const std::size_t clustering = session.adjustable().front();
  for (const Parameter& parameter : session.project().steps[clustering].method->parameters)
    draw_parameter(frame, clustering, parameter);
  const bool more = std::any_of(session.adjustable().begin() + 1, session.adjustable().end(), [&](std::size_t s) {
    const auto& parameters = session.project().steps[s].method->parameters;
    return std::any_of(parameters.begin(), parameters.end(), has_widget);
  });
  if (more && draw_fold(frame, frame.say(words::kMoreSettings), "###more"))
    for (std::size_t i = 1; i < session.adjustable().size(); ++i)
      for (const Parameter& parameter : session.project().steps[session.adjustable()[i]].method->parameters)
        draw_parameter(frame, session.adjustable()[i], parameter);
  frame.record("more");

  ImGui::Dummy({0, frame.px(2)});
  if (!session.outcome().error.empty()) {
    ImGui::PushStyleColor(ImGuiCol_Text, IM_COL32(176, 42, 32, 255));
    frame.wrapped(session.outcome().error);
    ImGui::PopStyleColor();
    if (!session.outcome().advice.empty()) frame.wrapped(session.outcome().advice);
  }
  if (districts) draw_figures(frame);
  draw_time(frame);
  draw_notes(frame);
}

}  // namespace yaan::viewer
