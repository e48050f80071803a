#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <optional>

#include "load/typed_value.hpp"
#include "yaan/core/numbers.hpp"

namespace yaan {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Takes digits from the front of `text` onto `number`.
std::size_t take_digits(std::string_view& text, std::uint64_t& number) {
  std::size_t count = 0;
  for (; count < text.size() && is_digit(text[count]); ++count)
    number = number * 10 + static_cast<std::uint64_t>(text[count] - '0');
  text.remove_prefix(count);
  return count;
}

// Digits with at most one point between them whose value is the quotient of two doubles without error, so that one
// division rounds it as it should be; nothing for everything else.
std::optional<double> plain_real(std::string_view text) {
  static constexpr std::array<double, 16> kPowers = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                     1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
  if (text.size() > 16) return std::nullopt;
  std::uint64_t number = 0;
  const std::size_t before = take_digits(text, number);
  std::size_t behind = 0;
  if (!text.empty() && text.front() == '.') {
    text.remove_prefix(1);
    behind = take_digits(text, number);
  }
  if (!text.empty() || before + behind == 0 || before + behind > 15) return std::nullopt;
  return static_cast<double>(number) / kPowers[behind];
}

}  // namespace

bool is_word_for_null(std::string_view text) {
  constexpr std::array<std::string_view, 6> kWords = {"NA", "N/A", "NaN", "nan", "NULL", "null"};
  return std::find(kWords.begin(), kWords.end(), text) != kWords.end();
}

std::optional<std::int64_t> integer_value(std::string_view text) {
  std::string_view rest = text;
  std::uint64_t plain = 0;
  if (text.size() <= 18 && take_digits(rest, plain) == text.size())  // nearly all: no sign, far from the limits
    return text.front() == '0' && text.size() > 1 ? std::nullopt : std::optional(static_cast<std::int64_t>(plain));
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  const std::string_view digits = text.front() == '-' ? text.substr(1) : text;
  const bool code = (digits.size() > 1 && digits.front() == '0') || text == "-0";
  return code ? std::nullopt : std::optional(value);
}

std::optional<double> real_value(std::string_view text) {
  const std::string_view digits = text.front() == '-' ? text.substr(1) : text;
  if (digits.empty() || (!is_digit(digits.front()) && digits.front() != '.')) return std::nullopt;
  if (digits.size() > 1 && digits[0] == '0' && is_digit(digits[1])) return std::nullopt;
  if (const auto plain = plain_real(digits)) return text.front() == '-' ? -*plain : *plain;
  const std::size_t exponent = digits.find_first_of("eE");
  const bool point = digits.find('.') != std::string_view::npos;
  const bool signed_exponent = digits.find_first_of("+-") != std::string_view::npos;
  if (exponent != std::string_view::npos && !point && !signed_exponent) return std::nullopt;    // the code 1E5
  if (exponent == std::string_view::npos && !point && digits.size() > 17) return std::nullopt;  // a long code
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  const bool whole = exponent == std::string_view::npos && !point;
  if (whole && integer_value(text) != static_cast<std::int64_t>(value)) return std::nullopt;
  return value;
}

std::optional<double> real_code(std::string_view text) {
  const auto value = real_value(text);
  return value && shortest(*value) == text ? value : std::nullopt;
}

std::optional<Date> date_value(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  for (const std::size_t i : {0, 1, 2, 3, 5, 6, 8, 9})
    if (!is_digit(text[i])) return std::nullopt;
  const auto number = [&](std::size_t at, std::size_t count) {
    int value = 0;
    for (std::size_t i = at; i < at + count; ++i) value = value * 10 + (text[i] - '0');
    return value;
  };
  const std::chrono::year_month_day day{std::chrono::year(number(0, 4)),
                                        std::chrono::month(static_cast<unsigned>(number(5, 2))),
                                        std::chrono::day(static_cast<unsigned>(number(8, 2)))};
  if (!day.ok()) return std::nullopt;
  return Date{static_cast<std::int32_t>(std::chrono::sys_days(day).time_since_epoch().count())};
}

namespace {

// Fills a column of the type that `parse` gives; nothing when a value is of another type.
template <class Parse>
std::optional<Column> column_by(const std::string& name, ColumnType type, const StringValues& values, Parse&& parse,
                                std::int64_t& words) {
  Column column(name, type);
  column.reserve(values.size());
  words = 0;
  bool any = false;
  for (std::size_t row = 0; row < values.size(); ++row) {
    const std::string_view text = values[row];
    if (text.empty()) {
      column.push_null();
    } else if (const auto value = parse(text)) {
      column.push(*value);
      any = true;
    } else if (is_word_for_null(text)) {
      column.push_null();
      ++words;
    } else {
      return std::nullopt;
    }
  }
  return any ? std::optional(std::move(column)) : std::nullopt;
}

}  // namespace

std::optional<ColumnType> narrowest_type(const StringValues& values) {
  bool any = false;
  bool integer = true;
  bool real = true;
  bool date = true;
  for (std::size_t row = 0; row < values.size(); ++row) {
    const std::string_view text = values[row];
    if (text.empty() || is_word_for_null(text)) continue;
    any = true;
    integer = integer && integer_value(text);
    real = real && real_value(text);
    date = date && date_value(text);
  }
  if (!any) return std::nullopt;
  return integer ? ColumnType::integer : real ? ColumnType::real : date ? ColumnType::date : ColumnType::text;
}

void note_null_words(std::int64_t words, const std::string& column, std::string_view where, Diagnostics& diagnostics) {
  if (words > 0)
    diagnostics.add(Severity::note, "null-word", where,
                    "words such as NA and NULL in a column of numbers were read as null", words, column);
}

Column typed_column(std::string name, const StringValues& values, Reals reals, std::string_view where,
                    Diagnostics& diagnostics) {
  std::int64_t words = 0;
  auto column = column_by(name, ColumnType::integer, values, integer_value, words);
  if (!column)
    column = column_by(name, ColumnType::real, values, reals == Reals::codes ? real_code : real_value, words);
  if (!column) column = column_by(name, ColumnType::date, values, date_value, words);
  if (column) {
    note_null_words(words, name, where, diagnostics);
    return *std::move(column);
  }
  Column texts(std::move(name), ColumnType::text);
  texts.reserve(values.size());
  for (std::size_t row = 0; row < values.size(); ++row) {
    if (values[row].empty()) {
      texts.push_null();
    } else {
      texts.push(values[row]);
    }
  }
  return texts;
}

}  // namespace yaan
