#include "export/json_string.hpp"

#include "yaan/core/utf8.hpp"

namespace yaan {

namespace {

void append_escape(std::string& out, unsigned char c) {
  static constexpr char kHex[] = "0123456789abcdef";
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default:
      out += "\\u00";
      out += kHex[c >> 4];
      out += kHex[c & 15];
  }
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  for (std::size_t at = 0; at < text.size();) {
    const auto c = static_cast<unsigned char>(text[at]);
    if (c >= 0x80) {
      const std::size_t length = utf8_sequence(text, at);
      out += length == 0 ? std::string_view("\xEF\xBF\xBD") : text.substr(at, length);
      at += length == 0 ? 1 : length;
      continue;
    }
    if (c < 0x20 || c == '"' || c == '\\')
      append_escape(out, c);
    else
      out += static_cast<char>(c);
    ++at;
  }
  out += '"';
}

}  // namespace yaan
