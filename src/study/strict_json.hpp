#pragma once
// JSON as a study file must be written: the standard and nothing beside it, each key once, bounded.

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace yaan {

using Json = nlohmann::ordered_json;

inline constexpr std::size_t kMostStudyBytes = std::size_t{16} << 20;
inline constexpr std::size_t kDeepestStudy = 32;

/// Parses the text; `where` names the file in messages. Throws InputError for what is not JSON (with line and column),
/// is longer or nested deeper than the bounds, and UsageError for a key that stands twice in one object (with its
/// place).
Json parse_strictly(std::string_view text, const std::string& where);

/// "analyses[1].radius": the place of a member, for messages. `inside` is the place of the object.
std::string member_place(const std::string& inside, std::string_view key);
std::string item_place(const std::string& inside, std::size_t index);

}  // namespace yaan
