#include "load/year_text.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <vector>

namespace yaan {

namespace {

struct MonthName {
  std::string_view name;
  int month;
};

// The full names first: เม.ย. begins like nothing else, but มีนาคม and มี.ค. share a start.
constexpr std::array kMonths = {
    MonthName{"มกราคม", 1},   MonthName{"กุมภาพันธ์", 2},   MonthName{"มีนาคม", 3},     MonthName{"เมษายน", 4},
    MonthName{"พฤษภาคม", 5},  MonthName{"มิถุนายน", 6},    MonthName{"กรกฎาคม", 7},   MonthName{"สิงหาคม", 8},
    MonthName{"กันยายน", 9},   MonthName{"ตุลาคม", 10},    MonthName{"พฤศจิกายน", 11}, MonthName{"ธันวาคม", 12},
    MonthName{"ม.ค.", 1},     MonthName{"ก.พ.", 2},      MonthName{"มี.ค.", 3},      MonthName{"เม.ย.", 4},
    MonthName{"พ.ค.", 5},     MonthName{"มิ.ย.", 6},      MonthName{"ก.ค.", 7},      MonthName{"ส.ค.", 8},
    MonthName{"ก.ย.", 9},     MonthName{"ต.ค.", 10},     MonthName{"พ.ย.", 11},     MonthName{"ธ.ค.", 12},
    MonthName{"มค.", 1},      MonthName{"กพ.", 2},       MonthName{"มีค.", 3},       MonthName{"เมย.", 4},
    MonthName{"พค.", 5},      MonthName{"มิย.", 6},       MonthName{"กค.", 7},       MonthName{"สค.", 8},
    MonthName{"กย.", 9},      MonthName{"ตค.", 10},      MonthName{"พย.", 11},      MonthName{"ธค.", 12},
    MonthName{"january", 1},  MonthName{"february", 2},  MonthName{"march", 3},     MonthName{"april", 4},
    MonthName{"june", 6},     MonthName{"july", 7},      MonthName{"august", 8},    MonthName{"september", 9},
    MonthName{"october", 10}, MonthName{"november", 11}, MonthName{"december", 12}, MonthName{"jan", 1},
    MonthName{"feb", 2},      MonthName{"mar", 3},       MonthName{"apr", 4},       MonthName{"may", 5},
    MonthName{"jun", 6},      MonthName{"jul", 7},       MonthName{"aug", 8},       MonthName{"sept", 9},
    MonthName{"sep", 9},      MonthName{"oct", 10},      MonthName{"nov", 11},      MonthName{"dec", 12}};

struct EraName {
  std::string_view name;
  Era era;
};
constexpr std::array kEras = {
    EraName{"พุทธศักราช", Era::buddhist}, EraName{"คริสต์ศักราช", Era::common}, EraName{"พ.ศ.", Era::buddhist},
    EraName{"พ.ศ", Era::buddhist},      EraName{"พศ.", Era::buddhist},     EraName{"พศ", Era::buddhist},
    EraName{"ค.ศ.", Era::common},       EraName{"ค.ศ", Era::common},       EraName{"คศ.", Era::common},
    EraName{"คศ", Era::common},         EraName{"b.e.", Era::buddhist},    EraName{"be", Era::buddhist},
    EraName{"c.e.", Era::common},       EraName{"ce", Era::common},        EraName{"a.d.", Era::common},
    EraName{"ad", Era::common}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || static_cast<signed char>(c) < 0; }

// Small letters, ASCII digits, one kind of dash, single spaces, no words for "about".
std::string plain_text(std::string_view text) {
  std::string plain;
  const auto starts = [&](std::size_t at, std::string_view what) { return text.substr(at).starts_with(what); };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = [&](std::size_t at) { return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U; };
    if (byte(i) == 0xE0 && byte(i + 1) == 0xB9 && byte(i + 2) >= 0x90 && byte(i + 2) <= 0x99) {
      plain += static_cast<char>('0' + (byte(i + 2) - 0x90));
      i += 2;
    } else if (starts(i, "–") || starts(i, "—") || starts(i, "−")) {
      plain += '-';
      i += 2;
    } else if (starts(i, "\u00A0")) {
      plain += ' ';
      i += 1;
    } else if (starts(i, "\u200B")) {
      i += 2;
    } else if (text[i] == '\t') {
      plain += ' ';
    } else {
      plain += static_cast<char>(text[i] >= 'A' && text[i] <= 'Z' ? text[i] - 'A' + 'a' : text[i]);
    }
  }
  std::string tidy;
  for (const char c : plain)
    if (c != ' ' || (!tidy.empty() && tidy.back() != ' ')) tidy += c;
  while (!tidy.empty() && tidy.back() == ' ') tidy.pop_back();
  return tidy;
}

// What is left to read, from the front.
class Reader {
 public:
  explicit Reader(std::string_view text) : m_left(text) {}

  [[nodiscard]] bool done() const { return m_left.empty(); }
  void spaces() {
    while (!m_left.empty() && m_left.front() == ' ') m_left.remove_prefix(1);
  }
  bool take(std::string_view what) {
    if (!m_left.starts_with(what)) return false;
    m_left.remove_prefix(what.size());
    return true;
  }
  /// A Latin word must end there: "march" is no "mar" with something behind.
  bool take_word(std::string_view what) {
    if (!m_left.starts_with(what)) return false;
    const bool latin = what.back() >= 'a' && what.back() <= 'z';
    if (latin && m_left.size() > what.size() && is_letter(m_left[what.size()])) return false;
    m_left.remove_prefix(what.size());
    return true;
  }
  struct Number {
    int value = 0;
    std::size_t digits = 0;
  };
  std::optional<Number> number() {
    Number number;
    while (number.digits < m_left.size() && is_digit(m_left[number.digits]) && number.digits < 5)
      number.value = number.value * 10 + (m_left[number.digits++] - '0');
    if (number.digits == 0 || number.digits == 5) return std::nullopt;
    m_left.remove_prefix(number.digits);
    return number;
  }
  [[nodiscard]] std::string_view left() const { return m_left; }

 private:
  std::string_view m_left;
};

Era take_era(Reader& reader) {
  for (const EraName& name : kEras)
    if (reader.take_word(name.name)) return name.era;
  return Era::unknown;
}

int take_month(Reader& reader) {
  for (const MonthName& name : kMonths) {
    if (!reader.take_word(name.name)) continue;
    reader.take(".");
    return name.month;
  }
  return 0;
}

bool is_year(const Reader::Number& number, Era era) {
  return number.digits == 4 || (number.digits == 3 && era != Era::unknown);
}

std::optional<YearText> century(Reader reader) {
  YearText year;
  bool named = true;
  if (reader.take("พุทธศตวรรษที่")) {
    year.era = Era::buddhist;
  } else if (reader.take("คริสต์ศตวรรษที่") || reader.take("คริสตศตวรรษที่")) {
    year.era = Era::common;
  } else {
    named = false;
  }
  reader.spaces();
  const auto ordinal = [&] {
    for (const std::string_view end : {"st", "nd", "rd", "th"})
      if (reader.take(end)) return;
  };
  const auto first = reader.number();
  if (!first || first->digits > 2 || first->value == 0) return std::nullopt;
  ordinal();
  auto last = *first;
  reader.spaces();
  if (reader.take("-") || reader.take("to ") || reader.take("ถึง")) {
    reader.spaces();
    const auto second = reader.number();
    if (!second || second->digits > 2 || second->value < first->value) return std::nullopt;
    last = *second;
    ordinal();
  }
  reader.spaces();
  if (!named) {
    if (!reader.take("century") && !reader.take("centuries") && !reader.take("c.")) return std::nullopt;
    reader.spaces();
    const Era era = take_era(reader);
    year.era = era == Era::unknown ? Era::common : era;  // nobody writes "13th century" of the Buddhist era
  }
  if (!reader.done()) return std::nullopt;
  year.from = (first->value - 1) * 100 + 1;
  year.to = last.value * 100;
  return year;
}

// d/m/yyyy, d-m-yyyy, d.m.yyyy and yyyy-mm-dd.
std::optional<YearText> date_in_numbers(Reader reader) {
  std::array<Reader::Number, 3> numbers{};
  char divider = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    const auto number = reader.number();
    if (!number) return std::nullopt;
    numbers[i] = *number;
    if (i == 2) break;
    const char c = reader.done() ? '\0' : reader.left().front();
    if ((c != '/' && c != '-' && c != '.') || (divider != 0 && c != divider)) return std::nullopt;
    divider = c;
    reader.take({&c, 1});
  }
  // A time of the day is not looked at, but then the text is more than a date.
  const bool whole = reader.done();
  if (!reader.done() && reader.left().front() != ' ' && reader.left().front() != 't') return std::nullopt;
  YearText year;
  if (numbers[0].digits == 4 && numbers[1].digits <= 2 && numbers[2].digits <= 2) {
    if (numbers[1].value < 1 || numbers[1].value > 12 || numbers[2].value < 1 || numbers[2].value > 31)
      return std::nullopt;
    year.from = year.to = numbers[0].value;
    year.month = numbers[1].value;
    year.day = whole ? numbers[2].value : 0;
    return year;
  }
  if (numbers[2].digits != 4 || numbers[0].digits > 2 || numbers[1].digits > 2) return std::nullopt;
  if (std::min(numbers[0].value, numbers[1].value) < 1 || std::min(numbers[0].value, numbers[1].value) > 12 ||
      std::max(numbers[0].value, numbers[1].value) > 31)
    return std::nullopt;
  year.from = year.to = numbers[2].value;
  if (!whole) return year;
  year.first = numbers[0].value;
  year.second = numbers[1].value;
  return year;
}

// [day] month year
std::optional<YearText> date_in_words(Reader reader) {
  YearText year;
  if (const auto day = reader.number()) {
    if (day->digits > 2 || day->value < 1 || day->value > 31) return std::nullopt;
    year.day = day->value;
    reader.spaces();
  }
  year.month = take_month(reader);
  if (year.month == 0) return std::nullopt;
  reader.spaces();
  if (reader.take(",")) reader.spaces();
  year.era = take_era(reader);
  reader.spaces();
  const auto number = reader.number();
  if (!number || !is_year(*number, year.era) || !reader.done()) return std::nullopt;
  year.from = year.to = number->value;
  return year;
}

std::optional<YearText> plain_years(Reader reader) {
  YearText year;
  year.era = take_era(reader);
  reader.spaces();
  const auto first = reader.number();
  if (!first) return std::nullopt;
  auto last = *first;
  reader.spaces();
  if (reader.take("-") || reader.take("ถึง") || reader.take("to ")) {
    reader.spaces();
    const Era again = take_era(reader);
    if (again != Era::unknown && again != year.era) return std::nullopt;
    reader.spaces();
    const auto second = reader.number();
    if (!second) return std::nullopt;
    last = *second;
    reader.spaces();
  }
  if (year.era == Era::unknown) year.era = take_era(reader);
  if (!reader.done() || !is_year(*first, year.era) || !is_year(last, year.era) || last.value < first->value)
    return std::nullopt;
  year.from = first->value;
  year.to = last.value;
  return year;
}

}  // namespace

std::optional<YearText> parse_year(std::string_view text) {
  const std::string plain = plain_text(text);
  Reader reader(plain);
  for (bool again = true; again;) {
    again = false;
    for (const std::string_view word : {"ประมาณ", "ราว", "เมื่อ", "ปี", "circa", "ca.", "about", "year"})
      again = reader.take_word(word) || again;
    if (!reader.left().starts_with("c.e")) again = reader.take("c.") || again;
    reader.spaces();
  }
  for (const auto way : {&century, &date_in_numbers, &date_in_words, &plain_years})
    if (auto year = way(reader)) return year;
  return std::nullopt;
}

Era era_of_header(std::string_view header) {
  const std::string plain = plain_text(header);
  Era found = Era::unknown;
  for (const EraName& name : kEras) {
    const std::size_t at = plain.find(name.name);
    if (at == std::string::npos) continue;
    const std::size_t end = at + name.name.size();
    const bool latin = name.name.front() >= 'a' && name.name.front() <= 'z';
    const auto in_word = [&](std::size_t i) { return is_letter(plain[i]) || plain[i] == '_' || is_digit(plain[i]); };
    if (latin && ((at > 0 && in_word(at - 1)) || (end < plain.size() && in_word(end)))) continue;
    if (found != Era::unknown && found != name.era) return Era::unknown;
    found = name.era;
  }
  return found;
}

}  // namespace yaan
