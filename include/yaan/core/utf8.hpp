#pragma once
// UTF-8 (RFC 3629), one character after another.

#include <cstddef>
#include <string>
#include <string_view>

namespace yaan {

/// Bytes of the well-formed sequence that begins at `at`, or 0 when there is none (surrogates, overlong forms and what
/// is cut off are not well-formed).
std::size_t utf8_sequence(std::string_view text, std::size_t at);

struct CodePoint {
  char32_t value = U'\uFFFD';
  std::size_t bytes = 1;
};

/// The character that begins at `at`. What begins none is U+FFFD, once for the bytes that could have begun one and, if
/// there is no such, for the one byte. Precondition: `at` lies within the text.
CodePoint code_point_at(std::string_view text, std::size_t at);

/// Precondition: a code point up to U+10FFFF.
void append_utf8(std::string& text, char32_t code);

/// The text with each byte that belongs to no sequence replaced by U+FFFD.
std::string replace_invalid_utf8(std::string_view text);

}  // namespace yaan
