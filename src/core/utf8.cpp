#include "yaan/core/utf8.hpp"

namespace yaan {

namespace {

unsigned byte_at(std::string_view text, std::size_t at) {
  return at < text.size() ? static_cast<unsigned char>(text[at]) : 0;
}

bool continues(unsigned byte) { return (byte & 0xC0U) == 0x80U; }

// Bytes of the sequence that the first one begins, 0 when it begins none.
std::size_t length_of(unsigned first) {
  if (first < 0x80) return 1;
  if (first < 0xC2 || first > 0xF4) return 0;
  return first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
}

bool may_follow(unsigned first, unsigned second) {
  if (first == 0xE0 && second < 0xA0) return false;   // overlong
  if (first == 0xED && second >= 0xA0) return false;  // a surrogate
  if (first == 0xF0 && second < 0x90) return false;   // overlong
  if (first == 0xF4 && second >= 0x90) return false;  // beyond U+10FFFF
  return continues(second);
}

}  // namespace

std::size_t utf8_sequence(std::string_view text, std::size_t at) {
  if (at >= text.size()) return 0;
  const unsigned first = byte_at(text, at);
  const std::size_t length = length_of(first);
  if (length < 2) return length;
  if (!may_follow(first, byte_at(text, at + 1))) return 0;
  for (std::size_t i = 2; i < length; ++i)
    if (!continues(byte_at(text, at + i))) return 0;
  return length;
}

CodePoint code_point_at(std::string_view text, std::size_t at) {
  const unsigned first = byte_at(text, at);
  const std::size_t length = length_of(first);
  if (length < 2) return {length == 1 ? static_cast<char32_t>(first) : U'\uFFFD', 1};
  char32_t value = first & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    const unsigned next = byte_at(text, at + i);
    if (i == 1 ? !may_follow(first, next) : !continues(next)) return {U'\uFFFD', i};
    value = value << 6U | (next & 0x3FU);
  }
  return {value, length};
}

void append_utf8(std::string& text, char32_t code) {
  const auto add = [&text](char32_t byte) { text += static_cast<char>(byte); };
  if (code < 0x80) return add(code);
  if (code < 0x800) {
    add(0xC0U | code >> 6U);
  } else {
    if (code < 0x10000) {
      add(0xE0U | code >> 12U);
    } else {
      add(0xF0U | code >> 18U);
      add(0x80U | (code >> 12U & 0x3FU));
    }
    add(0x80U | (code >> 6U & 0x3FU));
  }
  add(0x80U | (code & 0x3FU));
}

std::string replace_invalid_utf8(std::string_view text) {
  std::string valid;
  valid.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = utf8_sequence(text, at);
    valid += length == 0 ? std::string_view("\xEF\xBF\xBD") : text.substr(at, length);
    at += length == 0 ? 1 : length;
  }
  return valid;
}

}  // namespace yaan
