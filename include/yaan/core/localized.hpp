#pragma once
// A text in the two languages of the project.

#include <string>
#include <string_view>

namespace yaan {

enum class Language { english, thai };

struct Localized {
  std::string en;
  std::string th;

  bool operator==(const Localized&) const = default;
  /// The text in `language`, or the other one where it is empty.
  [[nodiscard]] const std::string& in(Language language) const {
    const std::string& wanted = language == Language::thai ? th : en;
    return wanted.empty() ? (language == Language::thai ? en : th) : wanted;
  }
  [[nodiscard]] bool empty() const { return en.empty() && th.empty(); }
};

/// "en" or "th"; throws UsageError on anything else.
Language parse_language(std::string_view text);

}  // namespace yaan
