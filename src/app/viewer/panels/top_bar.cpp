// Title, whole map, picture, language.
#include "app/viewer/panels/panels.hpp"

namespace yaan::viewer {

void draw_top_bar(const Frame& frame) {
  const float bar = ImGui::GetWindowHeight();
  ImGui::PushFont(frame.fonts.title);
  ImGui::SetCursorPosY((bar - ImGui::GetTextLineHeight()) / 2);
  frame.text(frame.say(words::kProgram));
  ImGui::PopFont();

  const float spacing = ImGui::GetStyle().ItemSpacing.x;
  const float padding = 2 * ImGui::GetStyle().FramePadding.x;
  float buttons = ImGui::GetStyle().WindowPadding.x - spacing;
  for (const Localized* words : {&words::kFit, &words::kSavePicture, &words::kOtherLanguage})
    buttons += frame.width_of(frame.say(*words)) + padding + spacing;
  const float buttons_left = ImGui::GetWindowWidth() - buttons;

  ImGui::SameLine(0, frame.px(16));
  ImGui::SetCursorPosY((bar - ImGui::GetTextLineHeight()) / 2);
  const float room = buttons_left - ImGui::GetCursorPosX() - frame.px(16);
  frame.clipped(frame.view.message.empty() ? frame.say(frame.session.project().title) : frame.view.message, room);

  const float top = (bar - ImGui::GetFrameHeight()) / 2;
  ImGui::SameLine(buttons_left);
  ImGui::SetCursorPosY(top);
  if (frame.button("fit", frame.say(words::kFit))) frame.requests.fit = true;
  ImGui::SameLine();
  ImGui::SetCursorPosY(top);
  if (frame.button("save-picture", frame.say(words::kSavePicture))) frame.requests.save_picture = true;
  ImGui::SameLine();
  ImGui::SetCursorPosY(top);
  if (frame.button("language", frame.say(words::kOtherLanguage)))
    frame.requests.language = frame.view.language == Language::thai ? Language::english : Language::thai;
}

}  // namespace yaan::viewer
