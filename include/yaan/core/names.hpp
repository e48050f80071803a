#pragma once
// Names of places as keys: what is left when spelling, titles and transliteration no longer matter. For comparing only;
// what people see is never changed by these.

#include <string>
#include <string_view>
#include <vector>

namespace yaan {

/// What looks the same, in one way: Thai digits become ASCII digits; ํ and า become ำ, in whatever order and with
/// whatever tone mark between them; tone marks stand behind the vowel above or below and before ำ, each mark once; two
/// เ become แ, ฤา becomes ฤๅ; spaces of any kind (no-break ones too) become one space, and none at the ends; zero-width
/// characters, marks of writing direction and soft hyphens go. `text` is UTF-8. O(length).
std::string key_text(std::string_view text);

/// key_text with Latin letters small, without accents (composed or not) and of one width.
std::string tidy_text(std::string_view text);

/// Whether a cell says that there is nothing: empty, a dash, n/a, none, ไม่มี, ไม่ระบุ, ไม่ทราบ. `tidy`: by tidy_text.
bool means_nothing(std::string_view tidy);

/// Whether the UTF-8 text holds a character of the Thai block.
bool has_thai(std::string_view text);

enum class NameKind { site, area };

/// Key of a name: tidy, without titles (จังหวัด, จ., อำเภอ, เขต, ตำบล, แขวง, เทศบาล...; changwat, amphoe, district,
/// province; of sites วัด and wat as well), brackets with their content, spaces and punctuation. Latin letters are
/// folded as the ways of writing Thai differ: ph, th, kh without h; doubled letters once; ue, eu and oo as u; v as w;
/// "Wat Phra That" and "Wat Prathat" have one key. A name that is nothing but titles keeps them. "" for a text without
/// letters or digits.
std::string name_key(std::string_view name, NameKind kind);

/// 1 - d / n, where d is the Damerau-Levenshtein distance (optimal string alignment) of the two keys in characters, not
/// bytes, and n the length of the longer one; 1 for two empty keys. O(n m).
double name_similarity(std::string_view a, std::string_view b);

}  // namespace yaan
