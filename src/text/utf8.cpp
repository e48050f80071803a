#include "text/utf8.hpp"

#include "yaan/text/engine.hpp"

namespace yaan::text {

namespace {

constexpr char32_t kReplacement = 0xFFFD;

bool is_continuation(unsigned char byte) { return (byte & 0xC0U) == 0x80U; }

// Bytes that the leading byte promises, 0 when it cannot lead; and the smallest code point that may use so many.
struct Lead {
  int length;
  char32_t bits;
  char32_t smallest;
};

Lead lead_of(unsigned char byte) {
  if (byte < 0x80U) return {1, byte, 0};
  if (byte >= 0xC2U && byte <= 0xDFU) return {2, byte & 0x1FU, 0x80};
  if (byte >= 0xE0U && byte <= 0xEFU) return {3, byte & 0x0FU, 0x800};
  if (byte >= 0xF0U && byte <= 0xF4U) return {4, byte & 0x07U, 0x10000};
  return {0, 0, 0};
}

}  // namespace

std::vector<DecodedAt> decode_with_offsets(std::string_view utf8) {
  std::vector<DecodedAt> out;
  out.reserve(utf8.size());
  std::size_t at = 0;
  while (at < utf8.size()) {
    const auto begin = static_cast<std::uint32_t>(at);
    const Lead lead = lead_of(static_cast<unsigned char>(utf8[at]));
    ++at;
    if (lead.length == 0) {
      out.push_back({kReplacement, begin});
      continue;
    }
    char32_t code = lead.bits;
    int more = lead.length - 1;
    while (more > 0 && at < utf8.size() && is_continuation(static_cast<unsigned char>(utf8[at]))) {
      code = (code << 6U) | (static_cast<unsigned char>(utf8[at]) & 0x3FU);
      ++at;
      --more;
    }
    const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
    const bool broken = more != 0 || code < lead.smallest || surrogate || code > 0x10FFFF;
    out.push_back({broken ? kReplacement : code, begin});
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
  for (const char32_t c : code_points) {
    if (c < 0x80) {
      out.push_back(static_cast<char>(c));
    } else if (c < 0x800) {
      out.push_back(static_cast<char>(0xC0U | (c >> 6U)));
      out.push_back(static_cast<char>(0x80U | (c & 0x3FU)));
    } else if (c < 0x10000) {
      out.push_back(static_cast<char>(0xE0U | (c >> 12U)));
      out.push_back(static_cast<char>(0x80U | ((c >> 6U) & 0x3FU)));
      out.push_back(static_cast<char>(0x80U | (c & 0x3FU)));
    } else {
      out.push_back(static_cast<char>(0xF0U | (c >> 18U)));
      out.push_back(static_cast<char>(0x80U | ((c >> 12U) & 0x3FU)));
      out.push_back(static_cast<char>(0x80U | ((c >> 6U) & 0x3FU)));
      out.push_back(static_cast<char>(0x80U | (c & 0x3FU)));
    }
  }
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
