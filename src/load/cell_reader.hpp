#pragma once
// The cells of a CSV (RFC 4180), one after another.

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
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

  /// The next cell could be an empty one that is alone in its row.
  [[nodiscard]] bool may_be_blank() const {
    return at_end() || m_text[m_at] == '\n' || m_text[m_at] == '\r' || m_text[m_at] == '"';
  }

  // Most cells of numbers are short and plain, and are read where they stand. Of any other cell nothing is taken, and
  // false returned; integer_value() and real_value() say what it is, and say the same of the plain ones.

  /// Up to 18 digits, the first of which is 0 only where it is alone.
  bool take_integer(std::int64_t& value, End& end) {
    std::size_t at = m_at;
    std::uint64_t number = 0;
    take_digits(at, number);
    if (at == m_at || at - m_at > 18 || has_leading_zero(m_at, at) || !is_end(at)) return false;
    value = static_cast<std::int64_t>(number);
    m_at = at;
    end = leave();
    return true;
  }
  /// Up to 15 digits, with a point and a minus or without: what one division rounds as it should be.
  bool take_real(double& value, End& end) {
    static constexpr std::array<double, 16> kPowers = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                       1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    const bool minus = m_at < m_text.size() && m_text[m_at] == '-';
    const std::size_t begin = m_at + (minus ? 1 : 0);
    std::size_t at = begin;
    std::uint64_t number = 0;
    take_digits(at, number);
    std::size_t digits = at - begin;
    if (digits == 0 || has_leading_zero(begin, at)) return false;
    std::size_t behind = 0;
    if (at < m_text.size() && m_text[at] == '.') {
      const std::size_t point = at++;
      take_digits(at, number);
      behind = at - point - 1;
      digits += behind;
    }
    if (digits > 15 || !is_end(at)) return false;
    const double plain = static_cast<double>(number) / kPowers[behind];
    value = minus ? -plain : plain;
    m_at = at;
    end = leave();
    return true;
  }

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

  // Beyond 19 digits the number is wrong, and the cell no plain one. Eight characters at a time: how many of the first
  // are digits decides the highest bits of the others; the digits are then joined by twos, fours and eights (Lemire,
  // D. (2022): Quickly parsing eight digits; the idea is older).
  void take_digits(std::size_t& at, std::uint64_t& number) const {
    static constexpr std::array<std::uint64_t, 9> kPowers = {1,       10,        100,        1'000,      10'000,
                                                             100'000, 1'000'000, 10'000'000, 100'000'000};
    if constexpr (std::endian::native == std::endian::little) {
      while (at + 8 <= m_text.size()) {
        std::uint64_t letters = 0;
        std::memcpy(&letters, m_text.data() + at, sizeof letters);
        const std::uint64_t values = letters ^ 0x3030303030303030U;  // a digit becomes its value, others 10 or more
        const std::uint64_t others = (values + 0x7676767676767676U) | values;
        const auto digits = static_cast<std::size_t>(std::countr_zero(others & 0x8080808080808080U)) / 8;
        if (digits == 0) return;
        std::uint64_t joined = values << (64 - 8 * digits);
        joined = (joined * 10) + (joined >> 8);
        joined = ((joined & 0x000000FF000000FFU) * 0x000F424000000064U +
                  ((joined >> 16) & 0x000000FF000000FFU) * 0x0000271000000001U) >>
                 32;
        number = number * kPowers[digits] + joined;
        at += digits;
        if (digits < 8) return;
      }
    }
    for (; at < m_text.size(); ++at) {
      const auto digit = static_cast<unsigned char>(m_text[at] - '0');
      if (digit > 9) return;
      number = number * 10 + digit;
    }
  }
  [[nodiscard]] bool has_leading_zero(std::size_t begin, std::size_t end) const {
    return end - begin > 1 && m_text[begin] == '0';
  }
  [[nodiscard]] bool is_end(std::size_t at) const { return at >= m_text.size() || ends_cell(m_text[at]); }
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
