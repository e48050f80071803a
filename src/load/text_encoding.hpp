#pragma once
// From the bytes of a file to UTF-8: which encoding they are in, by what rule, and what was lost.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "yaan/core/diagnostics.hpp"
#include "yaan/core/utf8.hpp"

namespace yaan {

[[nodiscard]] bool is_utf8(std::string_view text);

/// Whether each of the texts that stand one behind the other is UTF-8; `ends`: where. A letter cut in two between texts
/// would be whole in their buffer.
[[nodiscard]] bool are_utf8(std::string_view texts, std::span<const std::uint64_t> ends);

/// Where the character that holds the byte at `at` begins, if the text is UTF-8; at most three bytes before. Texts that
/// are cut at such places are UTF-8 only when the whole is.
[[nodiscard]] std::size_t start_of_character(std::string_view text, std::size_t at);

/// The text without an unfinished character at its end, which is what a limit in bytes leaves behind.
std::string_view whole_characters(std::string_view text);

/// TIS-620 and ISO-8859-11 are parts of Windows-874, and ISO-8859-1 (without its control characters) of Windows-1252.
enum class TextEncoding { utf_8, utf_16_le, utf_16_be, windows_874, windows_1252 };
/// For people: "Windows-874 (Thai)".
std::string_view to_string(TextEncoding encoding);

/// By the names in use: UTF-8, UTF8, 65001, UTF-16, TIS-620, CP874, Windows-874, ISO-8859-11, Latin-1, ISO 88591,
/// CP1252
/// ...; letter case, hyphens, spaces and underscores do not count. UTF-16 without an order of bytes is little-endian,
/// as Windows writes it. Nothing for another name.
std::optional<TextEncoding> encoding_named(std::string_view name);

/// The same. Throws UsageError that lists the names.
TextEncoding asked_encoding(const std::string& name);

/// The likelier single-byte encoding for bytes that are not UTF-8: Thai words are runs of high bytes, European words
/// hold single ones, and of theirs many are bytes that Windows-874 leaves undefined (a few may stand anywhere).
TextEncoding guess_legacy_encoding(std::string_view bytes);

/// To UTF-8; undefined bytes become U+FFFD.
std::string to_utf8(std::string_view bytes, TextEncoding encoding);

/// Of a text whose lines are some of UTF-8 and some of Windows-874, as when files were put together.
struct MixedText {
  std::string text;             ///< in UTF-8; bytes that are neither became U+FFFD
  std::int64_t thai_lines = 0;  ///< that were of Windows-874
  std::int64_t replaced = 0;    ///< bytes that became U+FFFD
};

/// Nothing when no line has Thai letters in UTF-8, or none of the others is Windows-874: such a line has only
/// bytes that mean something there, and no Thai letter in UTF-8.
std::optional<MixedText> from_mixed_lines(std::string_view bytes);

/// How many bytes a single-byte encoding leaves undefined; 0 for the others.
std::int64_t undefined_bytes(std::string_view bytes, TextEncoding encoding);

/// Says that there were some.
void report_undefined_bytes(std::int64_t bytes, TextEncoding encoding, std::string_view where,
                            Diagnostics& diagnostics);

/// What was decided about a text.
struct DecodingRule {
  TextEncoding encoding = TextEncoding::utf_8;
  std::string why;         ///< "the bytes are valid UTF-8", "a byte order mark"
  bool doubted = false;    ///< the file states none or another one
  bool overrules = false;  ///< the file states another one
  bool valid = false;      ///< all bytes were seen to be UTF-8
};

/// Decides for the bytes of all texts of a file. `asked` (a name, or "") wins. Then: a byte order mark; UTF-16 when
/// every other byte of the first 4,096 is mostly zero; valid UTF-8; what the file states (`stated`, a name or ""),
/// unless the bytes contradict it (states UTF-8 and is not, beyond a few stray bytes; states a European encoding and
/// has runs of Thai letters); else the guess. Throws UsageError when `asked` is unknown.
DecodingRule decide_encoding(std::string_view bytes, const std::string& asked, const std::string& stated);

/// Whether decide_encoding would take the bytes for UTF-8, without `asked` and `stated`, if only they are valid: by
/// what they start with.
[[nodiscard]] bool may_be_utf8(std::string_view bytes);

}  // namespace yaan
