#include "load/xlsx_sheet.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "load/guess_roles.hpp"
#include "load/typed_value.hpp"
#include "yaan/core/numbers.hpp"

namespace yaan {

namespace {

// GDAL writes dates as 2024/01/31.
bool starts_with_date(std::string_view text) {
  return text.size() >= 10 && text[4] == '/' && text[7] == '/' &&
         std::all_of(text.begin(), text.begin() + 4, [](char c) { return c >= '0' && c <= '9'; });
}

// Days counted from 1904, which GDAL counts from 1899.
std::string four_years_later(const std::string& iso) {
  constexpr int kDays = 1462;
  const auto date = date_value(iso.substr(0, 10));
  if (!date) return iso;
  const std::chrono::year_month_day day(std::chrono::sys_days(std::chrono::days(date->days + kDays)));
  return fmt::format("{:04}-{:02}-{:02}{}", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                     static_cast<unsigned>(day.day()), iso.substr(10));
}

// A spreadsheet keeps 15 digits; GDAL writes 99.9553 as 99.95529999999999.
std::string as_it_was_typed(const std::string& text) {
  if (text.size() < 17 || text.find_first_not_of("-.0123456789") != std::string::npos) return text;
  const auto number = text.find('.') == std::string::npos ? std::nullopt : parse_double(text);
  return number ? fmt::format("{:.15g}", *number) : text;
}

bool is_error(std::string_view text) {
  constexpr std::array<std::string_view, 9> kErrors = {"#N/A",  "#REF!",  "#DIV/0!", "#VALUE!", "#NAME?",
                                                       "#NUM!", "#NULL!", "#SPILL!", "#CALC!"};
  return std::find(kErrors.begin(), kErrors.end(), text) != kErrors.end();
}

// Cells as they are meant.
class SheetCells {
 public:
  SheetCells(const XlsxBook& book, const XlsxCells& special) : m_book(book), m_special(special) {}

  std::string read(const OGRFeature& row, std::uint32_t at, int field) {
    if (row.IsFieldSetAndNotNull(field) == 0) return {};
    std::string text = row.GetFieldAsString(field);
    const CellPlace place{at, static_cast<std::uint32_t>(field)};
    if (starts_with_date(text)) {
      text[4] = text[7] = '-';
      const auto timed = text.size() == 10 ? m_special.timed.find(place) : m_special.timed.end();
      if (timed != m_special.timed.end()) return date_of_serial(timed->second, m_book.since_1904);
      if (m_book.since_1904 && std::binary_search(m_special.numbers.begin(), m_special.numbers.end(), place))
        return four_years_later(text);
      return text;
    }
    if (std::binary_search(m_special.buddhist.begin(), m_special.buddhist.end(), place)) {
      ++buddhist;
      return date_of_serial(text, m_book.since_1904);
    }
    if (is_error(text)) {
      ++errors;
      return {};
    }
    if (const auto code = m_special.codes.find(place); code != m_special.codes.end()) return padded(text, code->second);
    return as_it_was_typed(text);
  }

  std::int64_t buddhist = 0;
  std::int64_t errors = 0;
  std::int64_t codes = 0;

 private:
  std::string padded(const std::string& text, int digits) {
    if (text.find_first_not_of("0123456789") != std::string::npos) return as_it_was_typed(text);
    const auto missing = static_cast<std::ptrdiff_t>(digits) - static_cast<std::ptrdiff_t>(text.size());
    if (missing <= 0) return text;
    ++codes;
    return std::string(static_cast<std::size_t>(missing), '0') + text;
  }

  const XlsxBook& m_book;
  const XlsxCells& m_special;
};

// Takes the rows one after another, and fills in what a merged cell says for the rows below its first.
class TallCells {
 public:
  TallCells(const std::vector<TallCell>& tall, std::size_t data_row, std::size_t fields)
      : m_next(tall.begin()), m_end(tall.end()), m_open(fields) {
    while (m_next != m_end && m_next->first.row < data_row) ++m_next;  // in the head they are names
  }

  /// `texts`: the cells of the row, which is not blank.
  void fill(std::uint32_t row, std::vector<std::string>& texts) {
    for (std::size_t field = 0; field < texts.size(); ++field) {
      const Open& open = m_open[field];
      if (row > open.last_row || !texts[field].empty() || open.text.empty()) continue;
      texts[field] = open.text;
      ++filled;
    }
  }
  /// The cells that begin in the row. In blank rows nothing does that has a value.
  void begin(std::uint32_t row, const std::vector<std::string>& texts) {
    for (; m_next != m_end && m_next->first.row <= row; ++m_next)
      if (m_next->first.row == row && m_next->first.column < m_open.size())
        m_open[m_next->first.column] = {m_next->last_row, texts[m_next->first.column]};
  }

  std::int64_t filled = 0;

 private:
  struct Open {
    std::uint32_t last_row = 0;
    std::string text;  // empty: nothing to fill in
  };
  std::vector<TallCell>::const_iterator m_next;
  std::vector<TallCell>::const_iterator m_end;
  std::vector<Open> m_open;  // by column
};

bool is_blank(const std::vector<std::string>& row) {
  return std::all_of(row.begin(), row.end(), [](const std::string& text) { return text.empty(); });
}

TableHead head_of(OGRLayer& sheet, SheetCells cells, const ReadOptions& options, const std::string& shown) {
  const int fields = sheet.GetLayerDefn()->GetFieldCount();
  TextRows rows;
  const std::size_t wanted = kRowsOfHead + static_cast<std::size_t>(options.header_row);
  sheet.ResetReading();
  while (rows.size() < wanted) {
    const OGRFeatureUniquePtr feature(sheet.GetNextFeature());
    if (!feature) break;
    std::vector<std::string>& row = rows.emplace_back();
    for (int field = 0; field < fields; ++field)
      row.push_back(cells.read(*feature, static_cast<std::uint32_t>(rows.size() - 1), field));
  }
  return find_table_head(rows, options.header_row, shown);
}

void report_cells(const SheetCells& cells, const XlsxCells& special, const TableHead& head, RawLayer& raw) {
  const auto hollow = std::count_if(special.hollow.begin(), special.hollow.end(),
                                    [&](const CellPlace& place) { return place.row >= head.data_row; });
  if (hollow > 0)
    raw.diagnostics.add(Severity::doubt, "formula-without-value", raw.where,
                        "formulas were saved without their values and count as empty; open the workbook in a "
                        "spreadsheet program and save it",
                        hollow);
  if (cells.errors > 0)
    raw.diagnostics.add(Severity::doubt, "error-cell", raw.where,
                        "cells that hold an error such as #N/A count as empty", cells.errors);
  if (cells.codes > 0)
    raw.diagnostics.add(Severity::note, "code-with-zeros", raw.where,
                        "numbers that the workbook shows with zeros in front were read with them, as codes",
                        cells.codes);
  if (cells.buddhist > 0)
    raw.diagnostics.add(Severity::note, "buddhist-date", raw.where,
                        "dates that the workbook shows in the Buddhist era were read as dates of the common era",
                        cells.buddhist);
}

}  // namespace

void read_sheet(OGRLayer& sheet, const XlsxBook& book, const XlsxCells& special, RawLayer& raw,
                const ReadOptions& options, Progress& progress) {
  SheetCells cells(book, special);
  TableHead head = head_of(sheet, cells, options, raw.shown);
  report_head(head, raw);
  const auto fields = static_cast<std::size_t>(sheet.GetLayerDefn()->GetFieldCount());
  head.names.resize(fields);
  head.units.resize(fields);
  std::vector<StringValues> columns(fields);
  std::vector<bool> filled(fields, false);
  const auto total = static_cast<double>(std::max<GIntBig>(sheet.GetFeatureCount(1), 1));
  std::uint32_t at = 0;
  std::vector<std::string> texts(fields);
  TallCells tall(special.tall, head.data_row, fields);
  sheet.ResetReading();
  for (OGRFeatureUniquePtr row(sheet.GetNextFeature()); row; row.reset(sheet.GetNextFeature()), ++at) {
    if (at % 4096 == 0) {
      progress.throw_if_cancelled();
      progress.report(fmt::format("reading {}", raw.where), at / total);
    }
    if (at < head.data_row) continue;
    for (std::size_t field = 0; field < fields; ++field) texts[field] = cells.read(*row, at, static_cast<int>(field));
    if (is_blank(texts)) continue;
    tall.fill(at, texts);
    tall.begin(at, texts);
    for (std::size_t field = 0; field < fields; ++field) {
      filled[field] = filled[field] || !texts[field].empty();
      columns[field].push_back(texts[field]);
    }
    check_rows(++raw.rows, raw.shown, options);
  }
  std::vector<std::string> names;
  std::vector<std::size_t> kept;
  for (std::size_t c = 0; c < fields; ++c) {
    if (head.names[c].empty() && !filled[c]) continue;
    names.push_back(head.names[c]);
    kept.push_back(c);
  }
  names = usable_names(std::move(names), raw.where, raw.diagnostics);
  for (std::size_t i = 0; i < kept.size(); ++i) {
    const Reals reals = holds_codes(names[i], options) ? Reals::codes : Reals::numbers;
    raw.columns.push_back(typed_column(names[i], columns[kept[i]], reals, raw.where, raw.diagnostics));
    raw.columns.back().unit = head.units[kept[i]];
  }
  report_cells(cells, special, head, raw);
  if (tall.filled > 0)
    raw.diagnostics.add(Severity::note, "merged-cell", raw.where,
                        "cells that are merged with the one above were given its value", tall.filled);
}

}  // namespace yaan
