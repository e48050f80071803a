#include "yaan/core/names.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>

#include "yaan/core/utf8.hpp"

namespace yaan {

namespace {

using Characters = std::u32string;

Characters characters_of(std::string_view text) {
  Characters all;
  all.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint character = code_point_at(text, at);
    all += character.value;
    at += character.bytes;
  }
  return all;
}

std::string text_of(const Characters& characters) {
  std::string text;
  for (const char32_t c : characters) append_utf8(text, c);
  return text;
}

constexpr char32_t kRu = U'\u0E24';
constexpr char32_t kLu = U'\u0E26';
constexpr char32_t kLakkhangyao = U'\u0E45';
constexpr char32_t kSaraAa = U'\u0E32';
constexpr char32_t kSaraAm = U'\u0E33';
constexpr char32_t kSaraE = U'\u0E40';
constexpr char32_t kSaraAe = U'\u0E41';
constexpr char32_t kNikhahit = U'\u0E4D';

bool is_tone(char32_t c) { return (c >= U'\u0E48' && c <= U'\u0E4C'); }
bool is_vowel_mark(char32_t c) { return c == U'\u0E31' || (c >= U'\u0E34' && c <= U'\u0E3A') || c == U'\u0E47'; }
bool is_mark(char32_t c) { return is_tone(c) || is_vowel_mark(c) || c == kNikhahit; }

bool is_zero_width(char32_t c) {
  return (c >= U'\u200B' && c <= U'\u200F') || (c >= U'\u202A' && c <= U'\u202E') ||
         (c >= U'\u2060' && c <= U'\u2064') || (c >= U'\u2066' && c <= U'\u206F') || c == U'\uFEFF' || c == U'\u00AD' ||
         c == U'\u034F' || c == U'\u180E';
}
bool is_space(char32_t c) {
  return c == U' ' || (c >= U'\t' && c <= U'\r') || c == U'\u00A0' || (c >= U'\u2000' && c <= U'\u200A') ||
         c == U'\u202F' || c == U'\u3000' || c == U'\u0085' || c == U'\u1680' || c == U'\u2028' || c == U'\u2029' ||
         c == U'\u205F';
}
bool is_accent(char32_t c) { return c >= U'\u0300' && c <= U'\u036F'; }

// The letters without their accents, '.' for what is no letter with one: U+00C0 to U+017F, U+1E00 to U+1EFF (Unicode
// 15, the first character of the canonical decomposition; stroked letters as their base).
constexpr std::string_view kLatin =
    "AAAAAA.CEEEEIIII.NOOOOO.OUUUUY..aaaaaa.ceeeeiiii.nooooo.ouuuuy.y"
    "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHh..IiIiIiIiIi..JjKk.LlLlLl."
    ".LlNnNnNn...OoOoOo..RrRrRrSsSsSsSsTtTt..UuUuUuUuUuUuWwYyYZzZzZz.";
constexpr std::string_view kMoreLatin =
    "AaBbBbBbCcDdDdDdDdDdEeEeEeEeEeFfGgHhHhHhHhHhIiIiKkKkKkLlLlLlLlMmMmMmNnNnNnNnOoOoOoOoPpPpRr"
    "RrRrRrSsSsSsSsSsTtTtTtTtUuUuUuUuUuVvVvWwWwWwWwWwXxXxYyZzZzZzhtwy......AaAaAaAaAaAaAaAaAaAa"
    "AaAaEeEeEeEeEeEeEeEeIiIiOoOoOoOoOoOoOoOoOoOoOoOoUuUuUuUuUuUuUuYyYyYyYy......";
static_assert(kLatin.size() == 0xC0 && kMoreLatin.size() == 0x100);

char32_t without_accent(char32_t c) {
  char plain = '.';
  if (c >= U'\u00C0' && c <= U'\u017F') plain = kLatin[c - U'\u00C0'];
  if (c >= U'\u1E00' && c <= U'\u1EFF') plain = kMoreLatin[c - U'\u1E00'];
  return plain == '.' ? c : static_cast<char32_t>(plain);
}

// One mark of the run behind a consonant into its place: vowels below and above first, then the tone; each once.
void put_mark(Characters& tidy, char32_t mark) {
  std::size_t at = tidy.size();
  while (at > 0 && is_mark(tidy[at - 1])) {
    if (tidy[at - 1] == mark) return;
    if (is_tone(mark) || !is_tone(tidy[at - 1])) break;
    --at;
  }
  tidy.insert(at, 1, mark);
}

enum class Letters { as_they_are, folded };

char32_t folded_letter(char32_t c) {
  if (c >= U'\uFF01' && c <= U'\uFF5E') c = c - U'\uFF01' + U'!';  // of full width
  c = without_accent(c);
  return c >= U'A' && c <= U'Z' ? c - U'A' + U'a' : c;
}

// A tone mark behind ำ, or nikhahit behind า, belongs in front of it.
bool put_before_vowel(Characters& tidy, char32_t mark) {
  if (tidy.empty()) return false;
  if (mark == kNikhahit) {
    std::size_t at = tidy.size();
    while (at > 0 && is_tone(tidy[at - 1])) --at;
    if (at == 0 || tidy[at - 1] != kSaraAa) return false;
    const Characters tones = tidy.substr(at);
    tidy.erase(at - 1);
    for (const char32_t tone : tones)
      if (!put_before_vowel(tidy, tone)) put_mark(tidy, tone);
    tidy += kSaraAm;
    return true;
  }
  if (!is_tone(mark) || tidy.back() != kSaraAm) return false;
  std::size_t vowels = 0;
  for (; !tidy.empty() && tidy.back() == kSaraAm; tidy.pop_back()) ++vowels;
  put_mark(tidy, mark);
  tidy.append(vowels, kSaraAm);
  return true;
}

Characters tidied(const Characters& raw, Letters letters) {
  Characters tidy;
  tidy.reserve(raw.size());
  for (const char32_t raw_character : raw) {
    const bool fold = letters == Letters::folded;
    if (is_zero_width(raw_character) || (fold && is_accent(raw_character))) continue;
    const char32_t c = fold ? folded_letter(raw_character) : raw_character;
    if (is_space(c)) {
      if (!tidy.empty() && tidy.back() != U' ') tidy += U' ';
    } else if (c >= U'\u0E50' && c <= U'\u0E59') {
      tidy += U'0' + (c - U'\u0E50');
    } else if (c == kSaraE && !tidy.empty() && tidy.back() == kSaraE) {
      tidy.back() = kSaraAe;
    } else if (c == kSaraAa) {
      if (!tidy.empty() && (tidy.back() == kRu || tidy.back() == kLu)) {  // ฤา and ฦา look as ฤๅ and ฦๅ
        tidy += kLakkhangyao;
        continue;
      }
      // ำ in two parts, with or without a tone mark between them.
      const bool toned = tidy.size() > 1 && is_tone(tidy.back()) && tidy[tidy.size() - 2] == kNikhahit;
      if (!tidy.empty() && tidy.back() == kNikhahit) {
        tidy.back() = kSaraAm;
      } else if (toned) {
        const char32_t tone = tidy.back();
        tidy.erase(tidy.size() - 2);
        if (!put_before_vowel(tidy, tone)) put_mark(tidy, tone);
        tidy += kSaraAm;
      } else {
        tidy += c;
      }
    } else if (is_mark(c)) {
      if (!put_before_vowel(tidy, c)) put_mark(tidy, c);
    } else {
      tidy += c;
    }
  }
  while (!tidy.empty() && tidy.back() == U' ') tidy.pop_back();
  return tidy;
}

// Titles of areas, each at the beginning or, Latin ones, at the end; longest first where one begins another.
constexpr std::array<std::u32string_view, 16> kThaiTitles = {
    U"เทศบาลนคร", U"เทศบาลเมือง", U"เทศบาลตำบล", U"องค์การบริหารส่วนตำบล",
    U"จังหวัด",     U"กิ่งอำเภอ",    U"อำเภอ",      U"ตำบล",
    U"แขวง",      U"เขต",        U"อบต.",       U"จ.",
    U"อ.",        U"ต.",         U"ข.",         U"มณฑล"};
constexpr std::array<std::u32string_view, 18> kLatinTitles = {
    U"changwat",    U"province of",  U"province", U"amphoe",       U"amphur",     U"ampur",
    U"king amphoe", U"sub-district", U"tambon",   U"tambol",       U"khet",       U"khwaeng",
    U"kwaeng",      U"subdistrict",  U"district", U"municipality", U"metropolis", U"city of"};

bool starts(const Characters& text, std::u32string_view with) { return std::u32string_view(text).starts_with(with); }

bool is_latin(char32_t c) { return c >= U'a' && c <= U'z'; }

// Takes a Latin word from either end, only where the word ends there.
bool take_word(Characters& text, std::u32string_view word) {
  if (text.size() > word.size() && starts(text, word) && !is_latin(text[word.size()])) {
    text.erase(0, word.size());
    return true;
  }
  if (text.size() > word.size() && std::u32string_view(text).ends_with(word) &&
      !is_latin(text[text.size() - word.size() - 1])) {
    text.erase(text.size() - word.size());
    return true;
  }
  return false;
}

void trim(Characters& text) {
  while (!text.empty() && text.front() == U' ') text.erase(0, 1);
  while (!text.empty() && text.back() == U' ') text.pop_back();
}

void take_titles(Characters& name, NameKind kind) {
  for (bool again = true; again;) {
    again = false;
    trim(name);
    for (const std::u32string_view title : kThaiTitles)
      if (name.size() > title.size() && starts(name, title)) {
        name.erase(0, title.size());
        again = true;
        break;
      }
    for (const std::u32string_view title : kLatinTitles) again = take_word(name, title) || again;
    if (kind != NameKind::site) continue;
    constexpr std::u32string_view kWat = U"วัด";
    if (name.size() > kWat.size() && starts(name, kWat)) {
      name.erase(0, kWat.size());
      again = true;
    }
    again = take_word(name, U"wat") || take_word(name, U"temple") || again;
  }
  trim(name);
}

bool is_punctuation(char32_t c) {
  if (c == U'\u0E2F' || c == U'\u0E46') return false;  // ฯ and ๆ are letters of a name
  return (c < 0x80 && !(c >= U'a' && c <= U'z') && !(c >= U'0' && c <= U'9')) || (c >= U'\u2010' && c <= U'\u2027') ||
         c == U'\u00B7' || c == U'\u0E4F' || c == U'\u0E5A' || c == U'\u0E5B';
}

Characters without_brackets(const Characters& name) {
  Characters plain;
  int depth = 0;
  for (const char32_t c : name) {
    if (c == U'(' || c == U'[') ++depth;
    if (depth == 0) plain += c;
    if ((c == U')' || c == U']') && depth > 0) --depth;
  }
  return plain;
}

struct Fold {
  std::u32string_view from;
  std::u32string_view to;
};
// In this order. The Royal Thai General System drops the marks that others write, and travellers write what they hear.
constexpr std::array kFolds = {Fold{U"ph", U"p"},   Fold{U"th", U"t"},       Fold{U"kh", U"k"},   Fold{U"dh", U"t"},
                               Fold{U"bh", U"p"},   Fold{U"ueang", U"uang"}, Fold{U"ue", U"u"},   Fold{U"eu", U"u"},
                               Fold{U"oo", U"u"},   Fold{U"ee", U"i"},       Fold{U"aa", U"a"},   Fold{U"ou", U"u"},
                               Fold{U"orn", U"on"}, Fold{U"v", U"w"},        Fold{U"sri", U"si"}, Fold{U"y", U"i"}};

Characters folded(Characters name) {
  for (const Fold& fold : kFolds)
    for (std::size_t at = name.find(fold.from); at != Characters::npos; at = name.find(fold.from, at + fold.to.size()))
      name.replace(at, fold.from.size(), fold.to);
  Characters once;
  for (const char32_t c : name)
    if (!is_latin(c) || once.empty() || once.back() != c) once += c;
  return once;
}

}  // namespace

bool means_nothing(std::string_view tidy) {
  constexpr std::array<std::string_view, 13> kNothing = {"",     "-",   "--",    "n/a",    "na",      "null",  "none",
                                                         "n.a.", "ไม่มี", "ไม่ระบุ", "ไม่ทราบ", "ไม่มีข้อมูล", "ไม่แน่ชัด"};
  return std::find(kNothing.begin(), kNothing.end(), tidy) != kNothing.end();
}

bool has_thai(std::string_view text) {
  return text.find("\xE0\xB8") != std::string_view::npos || text.find("\xE0\xB9") != std::string_view::npos;
}

std::string tidy_text(std::string_view text) { return text_of(tidied(characters_of(text), Letters::folded)); }

std::string key_text(std::string_view text) { return text_of(tidied(characters_of(text), Letters::as_they_are)); }

std::string name_key(std::string_view name, NameKind kind) {
  const Characters tidy = tidied(characters_of(name), Letters::folded);
  Characters bare = without_brackets(tidy);
  trim(bare);
  if (bare.empty()) bare = tidy;
  take_titles(bare, kind);
  const auto plain = [](const Characters& from) {
    Characters letters;
    std::copy_if(from.begin(), from.end(), std::back_inserter(letters), [](char32_t c) { return !is_punctuation(c); });
    return letters;
  };
  Characters letters = plain(bare);
  if (letters.empty()) letters = plain(tidy);
  return text_of(folded(std::move(letters)));
}

double name_similarity(std::string_view a, std::string_view b) {
  const Characters first = characters_of(a);
  const Characters second = characters_of(b);
  const std::size_t longest = std::max(first.size(), second.size());
  if (longest == 0) return 1;
  std::vector<std::size_t> before(second.size() + 1);
  std::vector<std::size_t> last(second.size() + 1);
  std::vector<std::size_t> now(second.size() + 1);
  for (std::size_t j = 0; j <= second.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= first.size(); ++i) {
    now[0] = i;
    for (std::size_t j = 1; j <= second.size(); ++j) {
      const std::size_t change = first[i - 1] == second[j - 1] ? 0 : 1;
      now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + change});
      if (i > 1 && j > 1 && first[i - 1] == second[j - 2] && first[i - 2] == second[j - 1])
        now[j] = std::min(now[j], before[j - 2] + 1);
    }
    before.swap(last);
    last.swap(now);
  }
  return 1 - static_cast<double>(last[second.size()]) / static_cast<double>(longest);
}

}  // namespace yaan
