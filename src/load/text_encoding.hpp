#pragma once
// Thai text that is not UTF-8.

#include <string>
#include <string_view>

namespace yaan {

[[nodiscard]] bool is_utf8(std::string_view text);

/// Bytes that are not UTF-8 become U+FFFD each.
std::string replace_invalid_utf8(std::string_view text);

enum class LegacyEncoding { windows_874, windows_1252 };
std::string_view to_string(LegacyEncoding encoding);

/// The likelier of the two for bytes that are not UTF-8: Thai words are runs of high bytes, European words hold single
/// ones, and Windows-874 leaves some bytes undefined.
LegacyEncoding guess_legacy_encoding(std::string_view bytes);

/// To UTF-8; undefined bytes become U+FFFD.
std::string from_legacy(std::string_view bytes, LegacyEncoding encoding);

}  // namespace yaan
