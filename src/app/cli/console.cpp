#include "app/cli/console.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "yaan/export/byte_sink.hpp"

namespace yaan::cli {

namespace {

bool colour_wanted() {
  const char* no_colour = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  return ::isatty(STDERR_FILENO) == 1 && (no_colour == nullptr || *no_colour == '\0') && terminal != nullptr &&
         std::string_view(terminal) != "dumb";
}

bool bar_wanted() {
  const char* terminal = std::getenv("TERM");
  return ::isatty(STDERR_FILENO) == 1 && terminal != nullptr && std::string_view(terminal) != "dumb";
}

void write_error(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stderr);  // nowhere left to complain when this fails
  std::fflush(stderr);
}

}  // namespace

void TerminalProgress::report(std::string_view stage, double fraction) {
  if (!m_shown) return;
  const auto now = std::chrono::steady_clock::now();
  if (m_drawn && stage == m_stage && now - m_last < std::chrono::milliseconds(80)) return;
  m_last = now;
  m_stage = stage;
  m_drawn = true;
  constexpr int kWidth = 30;
  const int filled = static_cast<int>(std::clamp(fraction, 0.0, 1.0) * kWidth);
  write_error(fmt::format("\r\x1b[K[{}{}] {:3.0f}% {}", std::string(static_cast<std::size_t>(filled), '#'),
                          std::string(static_cast<std::size_t>(kWidth - filled), '.'),
                          std::clamp(fraction, 0.0, 1.0) * 100, printable(stage.substr(0, 40))));
}

void TerminalProgress::clear() {
  if (m_drawn) write_error("\r\x1b[K");
  m_drawn = false;
}

Console::Console() : m_colour(colour_wanted()), m_progress(bar_wanted()) {}

void Console::print(std::string_view text) {
  m_progress.clear();
  StandardOutput out;
  out.write(text);
}

void Console::say(std::string_view text) {
  m_progress.clear();
  write_error(text);
}

void Console::complain(std::string_view what, std::string_view advice) {
  m_progress.clear();
  std::string text = fmt::format("{} {}\n", red("yaan:"), printable(what));
  if (!advice.empty()) text += fmt::format("  {}\n", printable(advice));
  write_error(text);
}

std::string Console::bold(std::string_view text) const {
  return m_colour ? fmt::format("\x1b[1m{}\x1b[0m", text) : std::string(text);
}

std::string Console::red(std::string_view text) const {
  return m_colour ? fmt::format("\x1b[1;31m{}\x1b[0m", text) : std::string(text);
}

std::string wrapped(std::string_view text, std::size_t width, std::size_t indent) {
  std::string out;
  std::size_t column = indent;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (word.empty()) continue;
    if (column > indent && column + 1 + word.size() > width) {
      out += '\n';
      out.append(indent, ' ');
      column = indent;
    } else if (column > indent) {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
  }
  return out;
}

std::string printable(std::string_view text) {
  std::string safe;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    // C0 controls and DEL, and the C1 controls, which UTF-8 writes as C2 80 to C2 9F.
    const bool c1 = byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    if (c1) {
      ++i;
      safe += '?';
    } else {
      safe += byte < 0x20 || byte == 0x7F ? '?' : text[i];
    }
  }
  return safe;
}

}  // namespace yaan::cli
