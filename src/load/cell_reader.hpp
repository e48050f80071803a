#pragma once
// The cells of a CSV (RFC 4180), one after another.

#include <array>
#include <bit>
#include <string>
#include <string_view>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace yaan {

/// A cell starts with a quote or has none; what follows a closing quote belongs to the cell.
class CellReader {
 public:
  enum class End { cell, row, file };  ///< what ended the cell

  CellReader(std::string_view text, char separator) : m_text(text), m_separator(separator) {
    m_ends['\n'] = m_ends['\r'] = m_ends[static_cast<unsigned char>(separator)] = true;
  }

  [[nodiscard]] std::size_t position() const { return m_at; }
  void move_to(std::size_t position) { m_at = position; }
  [[nodiscard]] bool at_end() const { return m_at >= m_text.size(); }
  /// A quote was opened that nothing closes.
  [[nodiscard]] bool open_quote() const { return m_open_quote; }

  /// The cell lasts until the next call.
  End next(std::string_view& cell) {
    if (m_at < m_text.size() && m_text[m_at] == '"') return quoted(cell);
    const std::size_t begin = m_at;
    go_to_end();
    cell = m_text.substr(begin, m_at - begin);
    return leave();
  }

 private:
  // To what ends an unquoted cell, sixteen characters at a time where the machine can.
  void go_to_end() {
#ifdef __SSE2__
    const __m128i separator = _mm_set1_epi8(m_separator);
    const __m128i line = _mm_set1_epi8('\n');
    const __m128i carriage = _mm_set1_epi8('\r');
    for (; m_at + 16 <= m_text.size(); m_at += 16) {
      const __m128i letters = _mm_loadu_si128(reinterpret_cast<const __m128i*>(m_text.data() + m_at));
      const __m128i ends = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(letters, separator), _mm_cmpeq_epi8(letters, line)),
                                        _mm_cmpeq_epi8(letters, carriage));
      const int mask = _mm_movemask_epi8(ends);
      if (mask == 0) continue;
      m_at += static_cast<std::size_t>(std::countr_zero(static_cast<unsigned>(mask)));
      return;
    }
#endif
    while (m_at < m_text.size() && !ends_cell(m_text[m_at])) ++m_at;
  }

  [[nodiscard]] bool ends_cell(char c) const { return m_ends[static_cast<unsigned char>(c)]; }
  End quoted(std::string_view& cell);

  End leave() {
    if (m_at >= m_text.size()) return End::file;
    const char c = m_text[m_at++];
    if (c == m_separator) return End::cell;
    if (c == '\r' && m_at < m_text.size() && m_text[m_at] == '\n') ++m_at;
    return m_at >= m_text.size() ? End::file : End::row;
  }

  std::string_view m_text;
  char m_separator;
  std::array<bool, 256> m_ends{};
  std::size_t m_at = 0;
  bool m_open_quote = false;
  std::string m_scratch;
};

}  // namespace yaan
