#include "text/word_breaks.hpp"

#include <thai/thbrk.h>
#include <thai/thwbrk.h>

#include <set>

#include "text/utf8.hpp"
#include "yaan/text/engine.hpp"

namespace yaan::text {

struct WordBreaks::State {
  std::unique_ptr<ThBrk, decltype(&th_brk_delete)> breaker{th_brk_new(nullptr), &th_brk_delete};
};

WordBreaks::WordBreaks() : m_state(std::make_unique<State>()) {}
WordBreaks::~WordBreaks() = default;
WordBreaks::WordBreaks(WordBreaks&&) noexcept = default;
WordBreaks& WordBreaks::operator=(WordBreaks&&) noexcept = default;

std::vector<Piece> WordBreaks::pieces(std::string_view utf8) const {
  const std::u32string text = decode(utf8);
  std::set<std::size_t> breaks;
  if (m_state->breaker != nullptr && !text.empty()) {
    std::vector<thwchar_t> wide(text.begin(), text.end());
    wide.push_back(0);
    std::vector<int> found(text.size() + 1);
    const int count = th_brk_wc_find_breaks(m_state->breaker.get(), wide.data(), found.data(), found.size());
    for (int i = 0; i < count; ++i) {
      const auto at = static_cast<std::size_t>(found[static_cast<std::size_t>(i)]);
      // libthai speaks for Thai only; around other scripts spaces decide.
      if (at > 0 && at < text.size() && is_thai(text[at - 1]) && is_thai(text[at]) && !joins_previous(text[at]))
        breaks.insert(at);
    }
  }
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == U' ' || joins_previous(text[i])) continue;
    if (text[i - 1] == U' ' || text[i - 1] == U'-' || text[i - 1] == U'/') breaks.insert(i);
  }

  std::vector<Piece> out;
  Piece piece;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (breaks.contains(i) && !piece.text.empty()) {
      out.push_back(std::move(piece));
      piece = {};
    }
    if (text[i] == U'\n') {
      piece.line_ends = true;
      out.push_back(std::move(piece));
      piece = {};
    } else {
      piece.text += encode({&text[i], 1});
    }
  }
  if (!piece.text.empty()) out.push_back(std::move(piece));
  return out;
}

}  // namespace yaan::text
