// Years of either era to years of the common era.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>

#include "load/date_columns.hpp"
#include "load/era_choice.hpp"
#include "load/raw_layer.hpp"
#include "load/year_text.hpp"
#include "yaan/core/names.hpp"

namespace yaan {

namespace {

// What a number must be to be taken for a year.
constexpr int kFirstYear = 100;
constexpr int kLastYear = 9999;
constexpr std::string_view kYear = "year_ce";
constexpr std::string_view kYearTo = "year_ce_to";

std::optional<YearText> year_of(const Column& column, std::size_t row) {
  if (column.is_null(row)) return std::nullopt;
  if (const auto number = column.number(row)) {
    const auto year = static_cast<int>(*number);
    if (year != *number || year < kFirstYear || year > kLastYear) return std::nullopt;
    return YearText{.from = year, .to = year};
  }
  auto year =
      parse_year(column.type() == ColumnType::text ? column.texts()[row] : std::string_view(column.display(row)));
  // Whatever the header says: real dates are of the common era (common_era_dates).
  if (year && column.type() == ColumnType::date) year->era = Era::common;
  return year;
}

struct Years {
  std::vector<std::optional<YearText>> values;
  std::int64_t unreadable = 0;
  std::size_t first_unreadable = 0;
  EraChoice decision;
};

Years years_of(const Column& column) {
  Years years;
  std::vector<int> unmarked;
  for (std::size_t row = 0; row < column.size(); ++row) {
    years.values.push_back(year_of(column, row));
    const auto& year = years.values.back();
    if (year && year->era == Era::unknown) unmarked.push_back(year->from);
    if (year || column.is_null(row) || means_nothing(tidy_text(column.display(row)))) continue;
    if (years.unreadable++ == 0) years.first_unreadable = row;
  }
  years.decision = choose_era(column.name, unmarked);
  return years;
}

bool is_named_as_year(std::string_view name) {
  constexpr std::array<std::string_view, 6> kNames = {"year", "Year", "YEAR", "yr", "century", "ศตวรรษ"};
  return name.starts_with("ปี") || era_of_header(name) != Era::unknown ||
         std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

std::size_t readable_years(const Column& column) {
  std::size_t readable = 0;
  if (column.type() == ColumnType::integer) {
    for (std::size_t row = 0; row < column.size(); ++row) {
      const std::int64_t year = column.integers()[row];  // 0 where there is none
      readable += year >= kFirstYear && year <= kLastYear ? 1 : 0;
    }
    return readable;
  }
  for (std::size_t row = 0; row < column.size(); ++row) readable += year_of(column, row) ? 1 : 0;
  return readable;
}

// Whether there is nothing to do, as in most tables: numbers, and all of them years of the common era.
bool holds_common_years(const Column& column) {
  const Era stated = era_of_header(column.name);
  if (column.type() != ColumnType::integer || stated == Era::buddhist) return false;
  const std::int64_t last = stated == Era::common ? kLastYear : kLatestCommonYear;
  for (std::size_t row = 0; row < column.size(); ++row) {
    const std::int64_t year = column.integers()[row];
    if (!column.is_null(row) && (year < kFirstYear || year > last)) return false;
  }
  return true;
}

const Column* year_column(const RawLayer& raw, const ReadOptions& options) {
  if (!options.year_column.empty()) return raw.find(options.year_column);
  for (const Column& column : raw.columns) {
    if (!is_named_as_year(column.name) || column.size() == 0) continue;
    const std::size_t readable = readable_years(column);
    if (readable > 0 && 2 * readable >= column.size() - column.null_count()) return &column;
  }
  return nullptr;
}

void settle_year(RawLayer& raw, const ReadOptions& options) {
  const Column* source = year_column(raw, options);
  if (source == nullptr || raw.find(kYear) != nullptr || source->name == raw.x_column) return;
  if (holds_common_years(*source)) {
    raw.year_column = source->name;
    return;
  }
  const Years years = years_of(*source);
  Column from{std::string(kYear), ColumnType::integer};
  Column to{std::string(kYearTo), ColumnType::integer};
  from.title = {"Year (CE)", "ปี ค.ศ."};
  from.help = "Year of the common era, or the first one of a span.";
  to.title = {"Until year (CE)", "ถึงปี ค.ศ."};
  to.help = "Last year of the span, of the common era.";
  std::int64_t converted = 0;
  std::int64_t spans = 0;
  std::int64_t ambiguous = 0;
  std::size_t first_ambiguous = 0;
  for (std::size_t row = 0; row < years.values.size(); ++row) {
    const auto& year = years.values[row];
    const Era era = !year ? Era::unknown : year->era != Era::unknown ? year->era : years.decision.era;
    if (year && era == Era::unknown && ambiguous++ == 0) first_ambiguous = row;
    if (era == Era::unknown) {
      from.push_null();
      to.push_null();
      continue;
    }
    const int less = era == Era::buddhist ? kBuddhistOffset : 0;
    from.push(static_cast<std::int64_t>(year->from - less));
    to.push(static_cast<std::int64_t>(year->to - less));
    converted += era == Era::buddhist ? 1 : 0;
    spans += year->from != year->to ? 1 : 0;
  }
  const std::string name = source->name;
  if (converted > 0)
    raw.diagnostics.add(
        Severity::repaired, "buddhist-year", raw.where,
        fmt::format("years of the Buddhist era in {} became years of the common era in {} (less {}){}{}", name, kYear,
                    kBuddhistOffset, years.decision.era == Era::buddhist ? "; " : "",
                    years.decision.era == Era::buddhist ? years.decision.why : ""),
        converted);
  if (spans > 0)
    raw.diagnostics.add(Severity::note, "span-of-years", raw.where,
                        fmt::format("centuries and spans in {} became {} and {}", name, kYear, kYearTo), spans);
  if (ambiguous > 0)
    raw.diagnostics.add(
        Severity::doubt, "ambiguous-year", raw.where,
        fmt::format("years in {} could be of either era, because some are beyond {} and others not; they stay text; "
                    "name the era in the header",
                    name, kLatestCommonYear),
        ambiguous, raw.label(first_ambiguous, options));
  if (years.unreadable > 0)
    raw.diagnostics.add(Severity::doubt, "unreadable-year", raw.where,
                        fmt::format("texts in {} could not be read as a year and stay text", name), years.unreadable,
                        raw.label(years.first_unreadable, options));
  // Years of the common era that are numbers already need no second column.
  const bool plain = source->type() == ColumnType::integer && converted == 0 && ambiguous == 0;
  raw.year_column = plain ? name : std::string(kYear);
  if (plain) return;
  if (spans > 0) raw.columns.push_back(std::move(to));
  raw.columns.push_back(std::move(from));
  if (spans > 0) std::swap(raw.columns[raw.columns.size() - 1], raw.columns[raw.columns.size() - 2]);
}

}  // namespace

void settle_years(RawLayer& raw, const ReadOptions& options) {
  settle_dates(raw, options);
  settle_year(raw, options);
}

}  // namespace yaan
