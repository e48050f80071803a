#include "load/text_encoding.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>

#include "yaan/core/error.hpp"
#include "yaan/core/names.hpp"
#include "yaan/core/parallel.hpp"
#include "yaan/core/utf8.hpp"

namespace yaan {

namespace {

constexpr std::size_t kBlockBytes = std::size_t{1} << 22;

constexpr std::uint32_t kUndefined = 0xFFFD;

// Windows code pages as unicode.org's mapping tables of 1996 to 1998 state them.
std::uint32_t windows_874(unsigned char byte) {
  if (byte < 0x80) return byte;
  if (byte == 0x80) return 0x20AC;
  if (byte == 0x85) return 0x2026;
  if (byte >= 0x91 && byte <= 0x97) {
    constexpr std::array<std::uint32_t, 7> kQuotes = {0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014};
    return kQuotes[byte - 0x91U];
  }
  if (byte == 0xA0) return 0x00A0;
  const bool thai = (byte >= 0xA1 && byte <= 0xDA) || (byte >= 0xDF && byte <= 0xFB);
  return thai ? 0x0E00U + (byte - 0xA0U) : kUndefined;
}

std::uint32_t windows_1252(unsigned char byte) {
  if (byte < 0x80 || byte >= 0xA0) return byte;
  constexpr std::array<std::uint32_t, 32> kHigh = {
      0x20AC, kUndefined, 0x201A,     0x0192, 0x201E,     0x2026,     0x2020, 0x2021,     0x02C6, 0x2030, 0x0160,
      0x2039, 0x0152,     kUndefined, 0x017D, kUndefined, kUndefined, 0x2018, 0x2019,     0x201C, 0x201D, 0x2022,
      0x2013, 0x2014,     0x02DC,     0x2122, 0x0161,     0x203A,     0x0153, kUndefined, 0x017E, 0x0178};
  return kHigh[byte - 0x80U];
}

}  // namespace

std::size_t start_of_character(std::string_view text, std::size_t at) {
  for (int back = 0; back < 3 && at > 0 && at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
       ++back)
    --at;
  return at;
}

bool is_utf8(std::string_view text) {
  if (text.size() <= kBlockBytes) return simdjson::validate_utf8(text.data(), text.size());
  std::atomic<bool> valid = true;
  parallel_blocks(text.size(), kBlockBytes, [&](std::size_t begin, std::size_t end, std::size_t) {
    const std::size_t from = start_of_character(text, begin);
    if (valid && !simdjson::validate_utf8(text.data() + from, start_of_character(text, end) - from)) valid = false;
  });
  return valid;
}

bool are_utf8(std::string_view texts, std::span<const std::uint64_t> ends) {
  return is_utf8(texts) && std::all_of(ends.begin(), ends.end(), [&](std::uint64_t end) {
           return end == texts.size() || (static_cast<unsigned char>(texts[end]) & 0xC0U) != 0x80U;
         });
}

std::string_view whole_characters(std::string_view text) {
  for (std::size_t back = 1; back <= 3 && back <= text.size(); ++back) {
    const auto byte = static_cast<unsigned char>(text[text.size() - back]);
    if (byte < 0x80) break;
    if (byte < 0xC0) continue;  // inside a character: its first byte stands further left
    const std::size_t needs = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2;
    return needs > back ? text.substr(0, text.size() - back) : text;
  }
  return text;
}

std::string_view to_string(TextEncoding encoding) {
  switch (encoding) {
    case TextEncoding::utf_8: return "UTF-8";
    case TextEncoding::utf_16_le: return "UTF-16 (little-endian)";
    case TextEncoding::utf_16_be: return "UTF-16 (big-endian)";
    case TextEncoding::windows_874: return "Windows-874 (Thai)";
    case TextEncoding::windows_1252: return "Windows-1252 (Western European)";
  }
  return "";
}

std::optional<TextEncoding> encoding_named(std::string_view name) {
  std::string plain;
  for (const char c : name) {
    if (c == '-' || c == '_' || c == ' ' || c == '\r' || c == '\n') continue;
    plain += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  }
  struct Name {
    std::string_view name;
    TextEncoding encoding;
  };
  constexpr std::array kNames = {Name{"utf8", TextEncoding::utf_8},
                                 Name{"65001", TextEncoding::utf_8},
                                 Name{"utf16", TextEncoding::utf_16_le},
                                 Name{"utf16le", TextEncoding::utf_16_le},
                                 Name{"utf16be", TextEncoding::utf_16_be},
                                 Name{"tis620", TextEncoding::windows_874},
                                 Name{"windows874", TextEncoding::windows_874},
                                 Name{"cp874", TextEncoding::windows_874},
                                 Name{"ansi874", TextEncoding::windows_874},
                                 Name{"ibm874", TextEncoding::windows_874},
                                 Name{"874", TextEncoding::windows_874},
                                 Name{"iso885911", TextEncoding::windows_874},
                                 Name{"885911", TextEncoding::windows_874},
                                 Name{"windows1252", TextEncoding::windows_1252},
                                 Name{"cp1252", TextEncoding::windows_1252},
                                 Name{"ansi1252", TextEncoding::windows_1252},
                                 Name{"1252", TextEncoding::windows_1252},
                                 Name{"latin1", TextEncoding::windows_1252},
                                 Name{"iso88591", TextEncoding::windows_1252},
                                 Name{"88591", TextEncoding::windows_1252}};
  for (const Name& known : kNames)
    if (known.name == plain) return known.encoding;
  return std::nullopt;
}

TextEncoding asked_encoding(const std::string& name) {
  if (const auto encoding = encoding_named(name)) return *encoding;
  throw UsageError(fmt::format("the text encoding \"{}\" is not known", name),
                   "the encodings are UTF-8, UTF-16, UTF-16BE, TIS-620, Windows-874, ISO-8859-11, Latin-1 and "
                   "Windows-1252");
}

TextEncoding guess_legacy_encoding(std::string_view bytes) {
  std::size_t high = 0;
  std::size_t undefined = 0;
  std::size_t in_runs = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    if (byte < 0x80) continue;
    ++high;
    undefined += windows_874(byte) == kUndefined ? 1 : 0;
    const bool before = i > 0 && static_cast<unsigned char>(bytes[i - 1]) >= 0x80;
    const bool after = i + 1 < bytes.size() && static_cast<unsigned char>(bytes[i + 1]) >= 0x80;
    if (before || after) ++in_runs;
  }
  return 10 * in_runs >= 8 * high && 10 * undefined <= high ? TextEncoding::windows_874 : TextEncoding::windows_1252;
}

namespace {

std::string from_utf_16(std::string_view bytes, bool big_endian) {
  std::string text;
  text.reserve(bytes.size());
  const auto unit_at = [&](std::size_t at) -> std::uint32_t {
    const auto first = static_cast<unsigned char>(bytes[at]);
    const auto second = static_cast<unsigned char>(bytes[at + 1]);
    return big_endian ? first << 8U | second : second << 8U | first;
  };
  for (std::size_t at = 0; at + 1 < bytes.size(); at += 2) {
    std::uint32_t code = unit_at(at);
    if (at == 0 && code == 0xFEFF) continue;
    if (code >= 0xD800 && code <= 0xDBFF && at + 3 < bytes.size()) {
      const std::uint32_t low = unit_at(at + 2);
      if (low >= 0xDC00 && low <= 0xDFFF) {
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
        at += 2;
      }
    }
    append_utf8(text, code >= 0xD800 && code <= 0xDFFF ? kUndefined : code);
  }
  if (bytes.size() % 2 == 1) append_utf8(text, kUndefined);
  return text;
}

// Text of any alphabet has spaces, digits and commas, whose upper byte is zero; other text has no zero bytes at all.
std::optional<TextEncoding> utf_16_by_zeros(std::string_view bytes) {
  const std::string_view start = bytes.substr(0, 4096);
  std::array<std::size_t, 2> zeros{};
  for (std::size_t i = 0; i < start.size(); ++i) zeros[i % 2] += start[i] == '\0' ? 1 : 0;
  if (zeros[1] * 16 >= start.size() && zeros[0] * 8 <= zeros[1] && zeros[1] > 0) return TextEncoding::utf_16_le;
  if (zeros[0] * 16 >= start.size() && zeros[1] * 8 <= zeros[0] && zeros[0] > 0) return TextEncoding::utf_16_be;
  return std::nullopt;
}

// A few stray bytes in UTF-8 are not another encoding.
bool mostly_utf8(std::string_view bytes) {
  std::size_t high = 0;
  std::size_t bad = 0;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t length = utf8_sequence(bytes, at);
    if (length == 0) ++bad;
    if (length != 1) high += std::max<std::size_t>(length, 1);
    at += std::max<std::size_t>(length, 1);
  }
  return bad * 5 < high;
}

}  // namespace

std::string to_utf8(std::string_view bytes, TextEncoding encoding) {
  if (encoding == TextEncoding::utf_16_le || encoding == TextEncoding::utf_16_be)
    return from_utf_16(bytes, encoding == TextEncoding::utf_16_be);
  if (encoding == TextEncoding::utf_8) {
    if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
    return is_utf8(bytes) ? std::string(bytes) : replace_invalid_utf8(bytes);
  }
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    append_utf8(text, encoding == TextEncoding::windows_874 ? windows_874(byte) : windows_1252(byte));
  }
  return text;
}

namespace {

// E0 B8 or E0 B9 and a third byte: rare in Windows-874, where they are two letters.
bool may_hold_thai_utf8(std::string_view bytes) {
  for (std::size_t at = bytes.find('\xE0'); at != std::string_view::npos; at = bytes.find('\xE0', at + 1))
    if (utf8_sequence(bytes, at) == 3) return true;
  return false;
}

bool is_thai_line(std::string_view line) {
  if (undefined_bytes(line, TextEncoding::windows_874) > 0) return false;
  for (std::size_t at = 0; at < line.size(); ++at)
    if (utf8_sequence(line, at) == 3) return false;
  return true;
}

}  // namespace

std::optional<MixedText> from_mixed_lines(std::string_view bytes) {
  if (!may_hold_thai_utf8(bytes)) return std::nullopt;
  MixedText mixed;
  bool any_utf8 = false;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t end = std::min(bytes.find('\n', at), bytes.size() - 1) + 1;
    const std::string_view line = bytes.substr(at, end - at);
    at = end;
    if (is_utf8(line)) {
      any_utf8 = any_utf8 || has_thai(line);
      mixed.text += line;
    } else if (is_thai_line(line)) {
      ++mixed.thai_lines;
      mixed.text += to_utf8(line, TextEncoding::windows_874);
    } else {
      const std::string repaired = replace_invalid_utf8(line);
      mixed.replaced += static_cast<std::int64_t>((repaired.size() - line.size()) / 2);
      mixed.text += repaired;
    }
  }
  return any_utf8 && mixed.thai_lines > 0 ? std::optional(std::move(mixed)) : std::nullopt;
}

std::int64_t undefined_bytes(std::string_view bytes, TextEncoding encoding) {
  if (encoding != TextEncoding::windows_874 && encoding != TextEncoding::windows_1252) return 0;
  return std::count_if(bytes.begin(), bytes.end(), [&](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (encoding == TextEncoding::windows_874 ? windows_874(byte) : windows_1252(byte)) == kUndefined;
  });
}

void report_undefined_bytes(std::int64_t bytes, TextEncoding encoding, std::string_view where,
                            Diagnostics& diagnostics) {
  if (bytes > 0)
    diagnostics.add(Severity::repaired, "undefined-byte", where,
                    fmt::format("bytes that mean nothing in {} were replaced by U+FFFD", to_string(encoding)), bytes);
}

DecodingRule decide_encoding(std::string_view bytes, const std::string& asked, const std::string& stated) {
  if (!asked.empty()) return {asked_encoding(asked), "it was asked for", false, false};
  if (bytes.starts_with("\xEF\xBB\xBF")) return {TextEncoding::utf_8, "a byte order mark", false, false};
  if (bytes.starts_with("\xFF\xFE")) return {TextEncoding::utf_16_le, "a byte order mark", false, false};
  if (bytes.starts_with("\xFE\xFF")) return {TextEncoding::utf_16_be, "a byte order mark", false, false};
  if (const auto wide = utf_16_by_zeros(bytes)) return {*wide, "every other byte is zero", true, false};
  const auto claimed = encoding_named(stated);
  if (is_utf8(bytes)) {
    const bool ascii =
        !claimed || std::all_of(bytes.begin(), bytes.end(), [](char c) { return static_cast<signed char>(c) >= 0; });
    const bool contradicts = !ascii && *claimed != TextEncoding::utf_8;
    return {TextEncoding::utf_8, "the bytes are valid UTF-8", contradicts, contradicts, true};
  }
  if ((!claimed || *claimed == TextEncoding::utf_8) && mostly_utf8(bytes))
    return {TextEncoding::utf_8, "nearly all bytes are valid UTF-8", false, false};
  const TextEncoding guess = guess_legacy_encoding(bytes);
  const std::string why = guess == TextEncoding::windows_874
                              ? "the bytes are not UTF-8 and stand in runs, as Thai letters do"
                              : "the bytes are not UTF-8 and do not stand in runs, as Thai letters would";
  if (!claimed) return {guess, why, true, false};
  if (*claimed == TextEncoding::utf_8 || (*claimed == TextEncoding::windows_1252 && guess == TextEncoding::windows_874))
    return {guess, why, true, true};
  return {*claimed, "the file states it", false, false};
}

bool may_be_utf8(std::string_view bytes) {
  return !bytes.starts_with("\xFF\xFE") && !bytes.starts_with("\xFE\xFF") && !utf_16_by_zeros(bytes);
}

}  // namespace yaan
