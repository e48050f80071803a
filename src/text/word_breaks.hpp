#pragma once
// Where a line may break.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace yaan::text {

struct Piece {
  std::string text;        ///< up to the next place where a line may break; trailing spaces belong to it
  bool line_ends = false;  ///< the text itself breaks the line here
};

/// Spaces and line breaks by Unicode's simplest rules, Thai words by libthai's dictionary. Not thread-safe.
class WordBreaks {
 public:
  WordBreaks();
  ~WordBreaks();
  WordBreaks(WordBreaks&&) noexcept;
  WordBreaks& operator=(WordBreaks&&) noexcept;

  [[nodiscard]] std::vector<Piece> pieces(std::string_view utf8) const;

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

}  // namespace yaan::text
