#pragma once
// Standard output for results, standard error for messages, and the progress bar of a terminal.

#include <chrono>
#include <string>
#include <string_view>

#include "yaan/core/error.hpp"
#include "yaan/core/progress.hpp"

namespace yaan::cli {

/// A bar on standard error where that is a terminal, silent otherwise. cancel() is safe in a signal handler.
class TerminalProgress : public Progress {
 public:
  explicit TerminalProgress(bool shown) : m_shown(shown) {}
  ~TerminalProgress() override { clear(); }
  void report(std::string_view stage, double fraction) override;
  /// Takes the bar away, before other text is written.
  void clear();

 private:
  bool m_shown = false;
  bool m_drawn = false;
  std::string m_stage;
  std::chrono::steady_clock::time_point m_last{};
};

class Console {
 public:
  /// Looks at the terminals and at NO_COLOR (no-color.org) and TERM.
  Console();

  [[nodiscard]] TerminalProgress& progress() { return m_progress; }
  /// Writes a result to standard output. Throws OutputError when that fails.
  void print(std::string_view text);
  /// Writes a message to standard error.
  void say(std::string_view text);
  /// One message for what stopped the program.
  void complain(std::string_view what, std::string_view advice);
  /// The text in bold or in red on a terminal, as it is elsewhere.
  [[nodiscard]] std::string bold(std::string_view text) const;
  [[nodiscard]] std::string red(std::string_view text) const;

 private:
  bool m_colour = false;
  TerminalProgress m_progress;
};

/// The text in lines of at most `width` columns, each but the first indented.
std::string wrapped(std::string_view text, std::size_t width, std::size_t indent);

/// Text from data, free of control characters that a terminal would obey.
std::string printable(std::string_view text);

}  // namespace yaan::cli
