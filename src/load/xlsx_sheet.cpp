#include "load/xlsx_sheet.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "load/text_encoding.hpp"
#include "load/typed_value.hpp"

namespace yaan {

namespace {

std::string cell(const OGRFeature& row, int field) {
  return row.IsFieldSetAndNotNull(field) != 0 ? row.GetFieldAsString(field) : std::string();
}

// GDAL writes dates as 2024/01/31.
std::string with_iso_date(std::string text) {
  const bool date = text.size() >= 10 && text[4] == '/' && text[7] == '/' &&
                    std::all_of(text.begin(), text.begin() + 4, [](char c) { return c >= '0' && c <= '9'; });
  if (date) text[4] = text[7] = '-';
  return text;
}

bool is_blank(const OGRFeature& row, int fields) {
  for (int field = 0; field < fields; ++field)
    if (row.IsFieldSetAndNotNull(field) != 0 && *row.GetFieldAsString(field) != '\0') return false;
  return true;
}

}  // namespace

std::optional<TableHead> unusual_head(OGRLayer& sheet, const ReadOptions& options, const std::string& shown) {
  const OGRFeatureDefn& definition = *sheet.GetLayerDefn();
  const int fields = definition.GetFieldCount();
  TextRows rows(1);
  for (int field = 0; field < fields; ++field) {
    const std::string name = definition.GetFieldDefn(field)->GetNameRef();
    // What GDAL calls a column whose first cell is empty.
    rows.front().push_back(name == fmt::format("Field{}", field + 1) ? std::string() : name);
  }
  sheet.ResetReading();
  const std::size_t wanted = kRowsOfHead + static_cast<std::size_t>(options.header_row);
  while (rows.size() < wanted) {
    const OGRFeatureUniquePtr feature(sheet.GetNextFeature());
    if (!feature) break;
    std::vector<std::string>& row = rows.emplace_back();
    for (int field = 0; field < fields; ++field) row.push_back(cell(*feature, field));
  }
  TableHead head = find_table_head(rows, options.header_row, shown);
  const bool plain = head.row == 0 && head.group_rows == 0 && !head.has_units;
  return plain ? std::nullopt : std::optional(std::move(head));
}

void read_sheet(OGRLayer& sheet, const TableHead& head, RawLayer& raw, const ReadOptions& options, Progress& progress) {
  report_head(head, raw);
  const int fields = sheet.GetLayerDefn()->GetFieldCount();
  std::vector<std::string> names = head.names;
  names.resize(static_cast<std::size_t>(fields));
  names = usable_names(std::move(names), raw.where, raw.diagnostics);
  std::vector<StringValues> cells(names.size());
  const auto total = static_cast<double>(std::max<GIntBig>(sheet.GetFeatureCount(1), 1));
  std::size_t at = 0;
  sheet.ResetReading();
  for (OGRFeatureUniquePtr row(sheet.GetNextFeature()); row; row.reset(sheet.GetNextFeature()), ++at) {
    if (at % 4096 == 0) {
      progress.throw_if_cancelled();
      progress.report(fmt::format("reading {}", raw.where), static_cast<double>(at) / total);
    }
    if (at < head.data_row || is_blank(*row, fields)) continue;
    for (int field = 0; field < fields; ++field)
      cells[static_cast<std::size_t>(field)].push_back(with_iso_date(cell(*row, field)));
    check_rows(++raw.rows, raw.shown, options);
  }
  for (std::size_t c = 0; c < names.size(); ++c) {
    raw.columns.push_back(typed_column(names[c], cells[c], raw.where, raw.diagnostics));
    if (c < head.units.size()) raw.columns.back().unit = head.units[c];
  }
}

}  // namespace yaan
