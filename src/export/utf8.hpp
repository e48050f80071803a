#pragma once
// UTF-8 (RFC 3629) as writers need it.

#include <string>
#include <string_view>

namespace yaan {

/// Bytes of the well-formed sequence that begins at `at`, or 0 when there is none (surrogates and overlong forms are
/// not well-formed).
std::size_t utf8_sequence(std::string_view text, std::size_t at);

/// The text with each byte that belongs to no sequence replaced by U+FFFD.
std::string valid_utf8(std::string_view text);

/// Appends the text as a JSON string with its quotes, valid UTF-8 whatever the bytes.
void append_json_string(std::string& out, std::string_view text);

}  // namespace yaan
