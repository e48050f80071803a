#include "load/date_columns.hpp"

#include <fmt/format.h>

#include <chrono>
#include <optional>

#include "load/era_choice.hpp"
#include "load/year_text.hpp"

namespace yaan {

namespace {

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
  const EraChoice decision = choose_era(column.name, unmarked);
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
  constexpr std::size_t kEnough = 1'000;  // values without one: a column that is half full of them has some earlier
  std::int64_t count = 0;
  std::size_t first = 0;
  std::size_t values = 0;
  for (std::size_t row = 0; row < column.size() && (count > 0 || values <= kEnough); ++row) {
    const std::string_view text = column.is_null(row) ? std::string_view() : column.texts()[row];
    values += text.empty() ? 0 : 1;
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

void settle_dates(RawLayer& raw, const ReadOptions& options) {
  for (Column& column : raw.columns) {
    if (column.type() == ColumnType::date) common_era_dates(column, raw, options);
    if (column.type() != ColumnType::text || column.name == raw.x_column || column.name == raw.y_column) continue;
    if (auto dates = dates_of(column, raw, options)) {
      column = std::move(*dates);
    } else {
      doubt_short_years(column, raw, options);
    }
  }
}

}  // namespace yaan
