#include "text/utf8.hpp"

#include "yaan/core/utf8.hpp"
#include "yaan/text/engine.hpp"

namespace yaan::text {

std::vector<DecodedAt> decode_with_offsets(std::string_view utf8) {
  std::vector<DecodedAt> out;
  out.reserve(utf8.size());
  for (std::size_t at = 0; at < utf8.size();) {
    const CodePoint character = code_point_at(utf8, at);
    out.push_back({character.value, static_cast<std::uint32_t>(at)});
    at += character.bytes;
  }
  return out;
}

bool joins_previous(char32_t c) {
  const bool thai_mark = c == 0x0E31 || (c >= 0x0E33 && c <= 0x0E3A) || (c >= 0x0E47 && c <= 0x0E4E);
  const bool combining = (c >= 0x0300 && c <= 0x036F) || c == 0x200D || (c >= 0xFE00 && c <= 0xFE0F);
  return thai_mark || combining;
}

std::u32string decode(std::string_view utf8) {
  std::u32string out;
  for (const DecodedAt& decoded : decode_with_offsets(utf8)) out.push_back(decoded.code_point);
  return out;
}

std::string encode(std::u32string_view code_points) {
  std::string out;
  for (const char32_t c : code_points) append_utf8(out, c);
  return out;
}

std::vector<std::string> clusters(std::string_view utf8) {
  std::vector<std::string> out;
  for (const char32_t c : decode(utf8)) {
    const std::string text = encode({&c, 1});
    if (joins_previous(c) && !out.empty()) {
      out.back() += text;
    } else {
      out.push_back(text);
    }
  }
  return out;
}

}  // namespace yaan::text
