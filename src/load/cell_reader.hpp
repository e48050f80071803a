#pragma once
// The cells of a CSV (RFC 4180), one after another.

#include <array>
#include <string>
#include <string_view>

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
    while (m_at < m_text.size() && !ends_cell(m_text[m_at])) ++m_at;
    cell = m_text.substr(begin, m_at - begin);
    return leave();
  }

 private:
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
