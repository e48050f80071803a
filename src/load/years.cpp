// Years of either era to years of the common era, and dates as text to dates.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>

#include "load/raw_layer.hpp"
#include "load/year_text.hpp"
#include "yaan/core/names.hpp"

namespace yaan {

namespace {

// No site is listed with a year of the common era beyond this one; a Buddhist year beyond it is 1658 or later.
constexpr int kLatestCommonYear = 2200;
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

struct Decision {
  Era era = Era::unknown;
  std::string_view why;
};

// The era of values that do not state their own; unknown when the column leaves it open. `years` are those values.
Decision decide_era(std::string_view header, const std::vector<int>& years) {
  const Era stated = era_of_header(header);
  if (stated != Era::unknown) return {stated, "the header says so"};
  const auto late = std::count_if(years.begin(), years.end(), [](int year) { return year > kLatestCommonYear; });
  if (late == 0) return {Era::common, ""};
  if (late == static_cast<std::ptrdiff_t>(years.size())) return {Era::buddhist, "every value says so"};
  return {};
}

struct Years {
  std::vector<std::optional<YearText>> values;
  std::int64_t unreadable = 0;
  std::size_t first_unreadable = 0;
  Decision decision;
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
  years.decision = decide_era(column.name, unmarked);
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

bool is_full_date(const std::optional<YearText>& year) {
  return year && (year->first > 0 || (year->month > 0 && year->day > 0));
}

// The values that keep a column of dates from being one.
struct NoDates {
  std::int64_t count = 0;
  std::size_t first = 0;

  void add(std::size_t row) {
    if (count++ == 0) first = row;
  }
  void report(const std::string& column, std::string_view what, RawLayer& raw, const ReadOptions& options) const {
    raw.diagnostics.add(Severity::doubt, "unreadable-date", raw.where,
                        fmt::format("values of {} {}; the whole column stays as it is", column, what), count,
                        raw.label(first, options));
  }
};

// The column as dates; nothing when a value is none, or when day and month cannot be told apart.
std::optional<Column> dates_of(const Column& column, RawLayer& raw, const ReadOptions& options) {
  constexpr std::int64_t kEnough = 1'000;  // texts without a date among them are no column of dates
  std::vector<std::optional<YearText>> values;
  std::vector<int> unmarked;
  bool day_first = false;
  bool month_first = false;
  std::int64_t readable = 0;
  NoDates unreadable;
  for (std::size_t row = 0; row < column.size(); ++row) {
    values.emplace_back();
    if (column.is_null(row)) continue;
    values.back() = parse_year(column.texts()[row]);
    auto& value = values.back();
    if (!is_full_date(value)) {
      unreadable.add(row);
      value.reset();
      if (unreadable.count > kEnough && unreadable.count > readable) return std::nullopt;
      continue;
    }
    ++readable;
    day_first = day_first || value->first > 12;
    month_first = month_first || value->second > 12;
    if (value->era == Era::unknown) unmarked.push_back(value->from);
  }
  if (readable == 0 || unreadable.count > readable) return std::nullopt;
  const Decision decision = decide_era(column.name, unmarked);
  if ((day_first && month_first) || (decision.era == Era::unknown && !unmarked.empty())) {
    raw.diagnostics.add(
        Severity::doubt, "ambiguous-date", raw.where,
        "columns of dates whose era, or whose order of day and month, differs from row to row stay text", 1,
        column.name);
    return std::nullopt;
  }
  Column dates(column.name, ColumnType::date);
  std::int64_t buddhist = 0;
  for (std::size_t row = 0; row < values.size(); ++row) {
    const auto& value = values[row];
    if (!value) {
      dates.push_null();
      continue;
    }
    const bool is_buddhist = (value->era == Era::unknown ? decision.era : value->era) == Era::buddhist;
    buddhist += is_buddhist ? 1 : 0;
    const int month = value->month > 0 ? value->month : month_first ? value->first : value->second;
    const int day = value->month > 0 ? value->day : month_first ? value->second : value->first;
    const std::chrono::year_month_day ymd{std::chrono::year(value->from - (is_buddhist ? kBuddhistOffset : 0)),
                                          std::chrono::month(static_cast<unsigned>(month)),
                                          std::chrono::day(static_cast<unsigned>(day))};
    if (!ymd.ok()) {
      unreadable.add(row);
      dates.push_null();
      continue;
    }
    dates.push(Date{static_cast<std::int32_t>(std::chrono::sys_days(ymd).time_since_epoch().count())});
  }
  if (unreadable.count > 0) {
    unreadable.report(column.name,
                      "are no dates of the calendar, or hold a time of the day, while the others are dates", raw,
                      options);
    return std::nullopt;
  }
  raw.diagnostics.add(
      Severity::repaired, "date-text", raw.where,
      fmt::format("texts in {} became dates, {}{}", column.name, month_first ? "month before day" : "day before month",
                  buddhist > 0 ? ", from the Buddhist era" : ""),
      static_cast<std::int64_t>(column.size() - column.null_count()));
  return dates;
}

int year_of_date(Date date) {
  return static_cast<int>(std::chrono::year_month_day(std::chrono::sys_days(std::chrono::days(date.days))).year());
}

// Dates whose years are all beyond 2200 were typed as people write them, with a year of the Buddhist era.
void common_era_dates(Column& column, RawLayer& raw, const ReadOptions& options) {
  std::int64_t early = 0;
  std::int64_t late = 0;
  std::size_t first_late = 0;
  for (std::size_t row = 0; row < column.size(); ++row) {
    if (column.is_null(row)) continue;
    if (year_of_date(column.dates()[row]) <= kLatestCommonYear) {
      ++early;
    } else if (late++ == 0) {
      first_late = row;
    }
  }
  if (late == 0) return;
  if (early > 0)
    return raw.diagnostics.add(
        Severity::doubt, "ambiguous-date", raw.where,
        fmt::format("dates in {} are beyond {}, and so look Buddhist, but others are not; all stay as they are",
                    column.name, kLatestCommonYear),
        late, raw.label(first_late, options));
  Column dates(column.name, ColumnType::date);
  NoDates unreadable;
  for (std::size_t row = 0; row < column.size(); ++row) {
    if (column.is_null(row)) {
      dates.push_null();
      continue;
    }
    const std::chrono::year_month_day day(std::chrono::sys_days(std::chrono::days(column.dates()[row].days)));
    const std::chrono::year_month_day less{day.year() - std::chrono::years(kBuddhistOffset), day.month(), day.day()};
    if (!less.ok()) {
      unreadable.add(row);
      continue;
    }
    dates.push(Date{static_cast<std::int32_t>(std::chrono::sys_days(less).time_since_epoch().count())});
  }
  if (unreadable.count > 0)
    return unreadable.report(
        column.name, "are a 29 February that the common era does not have, while all look Buddhist", raw, options);
  raw.diagnostics.add(Severity::repaired, "buddhist-date", raw.where,
                      fmt::format("dates in {} became dates of the common era (less {} years), because every one is "
                                  "beyond {}",
                                  column.name, kBuddhistOffset, kLatestCommonYear),
                      static_cast<std::int64_t>(column.size() - column.null_count()));
  column = std::move(dates);
}

// 1/5/67, 15 พ.ค. 67: a day, a month and two digits of a year. Of three letters at least.
bool has_short_year(std::string_view text) {
  constexpr std::string_view kBetween = "/-. ";
  if (kBetween.find(text[text.size() - 3]) == std::string_view::npos) return false;  // as nearly all texts
  const std::size_t last = text.find_last_of(kBetween);
  const std::size_t first = text.find_first_of(kBetween);
  const auto digits = [&](std::size_t begin, std::size_t end) {
    return begin < end && text.substr(begin, end - begin).find_first_not_of("0123456789") == std::string_view::npos;
  };
  return last != std::string_view::npos && first < last && first <= 2 && digits(0, first) && text.size() == last + 3 &&
         digits(last + 1, text.size());
}

void doubt_short_years(const Column& column, RawLayer& raw, const ReadOptions& options) {
  std::int64_t count = 0;
  std::size_t first = 0;
  for (std::size_t row = 0; row < column.size(); ++row) {
    const std::string_view text = column.is_null(row) ? std::string_view() : column.texts()[row];
    if (text.size() < 6 || text.size() > 40 || !has_short_year(text)) continue;
    if (count++ == 0) first = row;
  }
  if (2 * count >= static_cast<std::int64_t>(column.size() - column.null_count()) && count > 0)
    raw.diagnostics.add(
        Severity::doubt, "ambiguous-date", raw.where,
        fmt::format("dates in {} have years of two digits, which may be of either era and century; they "
                    "stay text",
                    column.name),
        count, raw.label(first, options));
}

}  // namespace

void settle_years(RawLayer& raw, const ReadOptions& options) {
  for (Column& column : raw.columns) {
    if (column.type() == ColumnType::date) common_era_dates(column, raw, options);
    if (column.type() != ColumnType::text || column.name == raw.x_column || column.name == raw.y_column) continue;
    if (auto dates = dates_of(column, raw, options)) {
      column = std::move(*dates);
    } else {
      doubt_short_years(column, raw, options);
    }
  }
  settle_year(raw, options);
}

}  // namespace yaan
