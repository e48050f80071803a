#include "yaan/core/column.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "yaan/core/numbers.hpp"

namespace yaan {

std::string to_string(Date date) {
  const std::chrono::year_month_day day{std::chrono::sys_days{std::chrono::days{date.days}}};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                     static_cast<unsigned>(day.day()));
}

std::string_view to_string(ColumnType type) {
  switch (type) {
    case ColumnType::integer: return "integer";
    case ColumnType::real: return "real";
    case ColumnType::text: return "text";
    case ColumnType::date: return "date";
    case ColumnType::text_list: return "list of text";
    case ColumnType::real_list: return "list of real";
    case ColumnType::integer_list: return "list of integer";
  }
  return "";
}

namespace {

Column::Values values_of_type(ColumnType type) {
  switch (type) {
    case ColumnType::integer: return std::vector<std::int64_t>{};
    case ColumnType::real: return std::vector<double>{};
    case ColumnType::text: return StringValues{};
    case ColumnType::date: return std::vector<Date>{};
    case ColumnType::text_list: return std::vector<StringList>{};
    case ColumnType::real_list: return std::vector<DoubleList>{};
    case ColumnType::integer_list: return std::vector<IntList>{};
  }
  throw std::invalid_argument("unknown column type");
}

template <class List, class Text>
std::string joined(const List& list, Text&& text) {
  std::string all;
  for (const auto& item : list) {
    if (!all.empty()) all += "; ";
    all += text(item);
  }
  return all;
}

}  // namespace

StringValues StringValues::of(std::string bytes, std::vector<std::uint64_t> ends) {
  if (!std::is_sorted(ends.begin(), ends.end()) || (ends.empty() ? 0 : ends.back()) != bytes.size())
    throw std::invalid_argument("the ends of texts do not fit their bytes");
  StringValues values;
  values.m_bytes = std::move(bytes);
  values.m_ends = std::move(ends);
  return values;
}

Column::Column(std::string column_name, ColumnType type)
    : name(std::move(column_name)), m_values(values_of_type(type)) {}

std::size_t Column::null_count() const {
  return static_cast<std::size_t>(std::count(m_valid.begin(), m_valid.end(), std::uint8_t{0}));
}

void Column::reserve(std::size_t rows) {
  m_valid.reserve(rows);
  std::visit([rows](auto& values) { values.reserve(rows); }, m_values);
}

void Column::push_null() {
  m_valid.push_back(0);
  std::visit(
      [](auto& values) {
        using Items = std::decay_t<decltype(values)>;
        if constexpr (std::is_same_v<Items, StringValues>) {
          values.push_back({});
        } else if constexpr (std::is_same_v<Items, std::vector<double>>) {
          values.push_back(std::numeric_limits<double>::quiet_NaN());
        } else {
          values.emplace_back();
        }
      },
      m_values);
}

void Column::push(std::int64_t value) {
  std::get<std::vector<std::int64_t>>(m_values).push_back(value);
  m_valid.push_back(1);
}
void Column::push(double value) {
  std::get<std::vector<double>>(m_values).push_back(value);
  m_valid.push_back(std::isnan(value) ? 0 : 1);
}
void Column::push(std::string_view value) {
  std::get<StringValues>(m_values).push_back(value);
  m_valid.push_back(1);
}
void Column::push_or_null(std::string_view text) { text.empty() ? push_null() : push(text); }
void Column::push(Date value) {
  std::get<std::vector<Date>>(m_values).push_back(value);
  m_valid.push_back(1);
}
void Column::push(StringList value) {
  std::get<std::vector<StringList>>(m_values).push_back(std::move(value));
  m_valid.push_back(1);
}
void Column::push(DoubleList value) {
  std::get<std::vector<DoubleList>>(m_values).push_back(std::move(value));
  m_valid.push_back(1);
}
void Column::push(IntList value) {
  std::get<std::vector<IntList>>(m_values).push_back(std::move(value));
  m_valid.push_back(1);
}

Column Column::of(std::string name, std::vector<std::int64_t> values) {
  Column column(std::move(name), ColumnType::integer);
  column.m_valid.assign(values.size(), 1);
  column.m_values = std::move(values);
  return column;
}

Column Column::of(std::string name, std::vector<double> values) {
  Column column(std::move(name), ColumnType::real);
  column.m_valid.resize(values.size());
  std::transform(values.begin(), values.end(), column.m_valid.begin(),
                 [](double value) -> std::uint8_t { return std::isnan(value) ? 0 : 1; });
  column.m_values = std::move(values);
  return column;
}

Column Column::of(std::string name, Values values, std::vector<std::uint8_t> valid) {
  const std::size_t rows = std::visit([](const auto& items) { return items.size(); }, values);
  if (rows != valid.size()) throw std::invalid_argument("a column needs as many flags as values");
  Column column;
  column.name = std::move(name);
  column.m_values = std::move(values);
  column.m_valid = std::move(valid);
  return column;
}

std::optional<double> Column::number(std::size_t row) const {
  if (is_null(row)) return std::nullopt;
  if (type() == ColumnType::integer) return static_cast<double>(integers()[row]);
  if (type() == ColumnType::real) return reals()[row];
  return std::nullopt;
}

std::string Column::display(std::size_t row) const {
  if (is_null(row)) return {};
  switch (type()) {
    case ColumnType::integer: return std::to_string(integers()[row]);
    case ColumnType::real: return shortest(reals()[row]);
    case ColumnType::text: return std::string(texts()[row]);
    case ColumnType::date: return to_string(dates()[row]);
    case ColumnType::text_list:
      return joined(std::get<std::vector<StringList>>(m_values)[row], [](const std::string& item) { return item; });
    case ColumnType::real_list: return joined(std::get<std::vector<DoubleList>>(m_values)[row], shortest);
    case ColumnType::integer_list:
      return joined(std::get<std::vector<IntList>>(m_values)[row],
                    [](std::int64_t item) { return std::to_string(item); });
  }
  return {};
}

Column Column::select(const std::vector<std::uint32_t>& rows) const {
  Column chosen(name, type());
  chosen.unit = unit;
  chosen.title = title;
  chosen.help = help;
  chosen.colour_by = colour_by;
  chosen.classes = classes;
  chosen.null_title = null_title;
  chosen.remark = remark;
  chosen.reserve(rows.size());
  std::visit(
      [&](const auto& values) {
        for (const std::uint32_t row : rows) {
          if (is_null(row)) {
            chosen.push_null();
          } else {
            chosen.push(values[row]);
          }
        }
      },
      m_values);
  return chosen;
}

}  // namespace yaan
