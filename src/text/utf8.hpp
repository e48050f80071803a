#pragma once
// What the engine needs of a text beyond its code points.

#include <cstdint>
#include <string_view>
#include <vector>

namespace yaan::text {

struct DecodedAt {
  char32_t code_point = 0;
  std::uint32_t offset = 0;  ///< of its first byte
};

/// As decode(), with the place of each code point in the text.
std::vector<DecodedAt> decode_with_offsets(std::string_view utf8);

/// Does the character belong to the one before it, so that no line and no cluster may begin with it?
bool joins_previous(char32_t c);

}  // namespace yaan::text
