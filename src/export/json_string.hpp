#pragma once
// Texts in JSON.

#include <string>
#include <string_view>

namespace yaan {

/// Appends the text as a JSON string with its quotes, valid UTF-8 whatever the bytes.
void append_json_string(std::string& out, std::string_view text);

}  // namespace yaan
