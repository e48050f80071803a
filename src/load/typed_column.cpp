#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <optional>

#include "load/csv_table.hpp"
#include "yaan/core/numbers.hpp"

namespace yaan {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_word_for_null(std::string_view text) {
  constexpr std::array<std::string_view, 6> kWords = {"NA", "N/A", "NaN", "nan", "NULL", "null"};
  return std::find(kWords.begin(), kWords.end(), text) != kWords.end();
}

std::optional<std::int64_t> integer_of(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  const std::string_view digits = text.front() == '-' ? text.substr(1) : text;
  const bool code = (digits.size() > 1 && digits.front() == '0') || text == "-0";
  return code ? std::nullopt : std::optional(value);
}

std::optional<double> real_of(std::string_view text) {
  const std::string_view digits = text.front() == '-' ? text.substr(1) : text;
  if (digits.empty() || (!is_digit(digits.front()) && digits.front() != '.')) return std::nullopt;
  if (digits.size() > 1 && digits[0] == '0' && is_digit(digits[1])) return std::nullopt;
  const std::size_t exponent = digits.find_first_of("eE");
  const bool point = digits.find('.') != std::string_view::npos;
  const bool signed_exponent = digits.find_first_of("+-") != std::string_view::npos;
  if (exponent != std::string_view::npos && !point && !signed_exponent) return std::nullopt;    // the code 1E5
  if (exponent == std::string_view::npos && !point && digits.size() > 17) return std::nullopt;  // a long code
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<Date> date_of(std::string_view text) {
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

Column typed_column(std::string name, const StringValues& values, std::string_view where, Diagnostics& diagnostics) {
  std::int64_t words = 0;
  auto column = column_by(name, ColumnType::integer, values, integer_of, words);
  if (!column) column = column_by(name, ColumnType::real, values, real_of, words);
  if (!column) column = column_by(name, ColumnType::date, values, date_of, words);
  if (column) {
    if (words > 0)
      diagnostics.add(Severity::note, "null-word", where,
                      "words such as NA and NULL in a column of numbers were read as null", words, name);
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
