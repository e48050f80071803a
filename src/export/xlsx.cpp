#include "yaan/export/xlsx.hpp"

#include <fmt/format.h>
#include <xlsxwriter.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "yaan/core/error.hpp"
#include "yaan/core/numbers.hpp"
#include "yaan/core/utf8.hpp"

namespace yaan {

namespace {

constexpr std::uint64_t kMostRows = 1'048'575;  // below the heading
constexpr std::size_t kMostText = 32'767;       // characters of a cell
constexpr std::size_t kRowsOfWidth = 200;
constexpr int kMostDecimals = 15;
constexpr std::size_t kRowsBetweenPolls = 4096;

void require(lxw_error error, const WholeFile& file) {
  if (error != LXW_NO_ERROR)
    throw OutputError(fmt::format("writing {} failed: {}", file.target().string(), lxw_strerror(error)));
}

std::size_t characters(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

// Marks above and below take no width of their own, but a little more room does no harm.
double width_for(std::size_t letters) { return std::clamp(static_cast<double>(letters) + 2, 8.0, 60.0); }

struct Sheet {
  lxw_worksheet* sheet = nullptr;
  lxw_format* heading = nullptr;
  lxw_format* metres = nullptr;  ///< the cell holds every digit and shows one
  const WholeFile& file;
  std::vector<std::size_t> widths;

  void text(std::size_t row, std::size_t column, const std::string& raw, lxw_format* format = nullptr) {
    std::string cell = replace_invalid_utf8(raw);
    if (cell.empty()) return;
    if (cell.size() > kMostText) cell = replace_invalid_utf8(cell.substr(0, kMostText - 4));
    widen(row, column, characters(cell));
    require(worksheet_write_string(sheet, static_cast<lxw_row_t>(row), static_cast<lxw_col_t>(column), cell.c_str(),
                                   format),
            file);
  }
  void number(std::size_t row, std::size_t column, double value, lxw_format* format = nullptr) {
    if (!std::isfinite(value)) return;
    widen(row, column, format == nullptr ? shortest(value).size() : fmt::format("{:.1f}", value).size() + 2);
    require(worksheet_write_number(sheet, static_cast<lxw_row_t>(row), static_cast<lxw_col_t>(column), value, format),
            file);
  }
  /// Shown when the mouse rests on the cell.
  void note(std::size_t row, std::size_t column, const std::string& text) {
    if (text.empty()) return;
    lxw_comment_options options = {};
    options.x_scale = 2;
    require(worksheet_write_comment_opt(sheet, static_cast<lxw_row_t>(row), static_cast<lxw_col_t>(column),
                                        replace_invalid_utf8(text).c_str(), &options),
            file);
  }
  void widen(std::size_t row, std::size_t column, std::size_t letters) {
    if (row <= kRowsOfWidth) widths[column] = std::max(widths[column], letters);
  }
};

void write_value(Sheet& sheet, std::size_t row, std::size_t to, const Column& column, std::size_t from) {
  if (column.is_null(from)) return;
  const bool metres = column.type() == ColumnType::real && column.unit == "m";
  if (const auto number = column.number(from)) return sheet.number(row, to, *number, metres ? sheet.metres : nullptr);
  sheet.text(row, to, column.display(from));
}

// What a column holds, for who reads its name and wonders.
std::string words_about(const Column& column) {
  std::string words = column.title.th.empty() ? column.title.en : column.title.th;
  if (!column.help.empty()) words += (words.empty() ? "" : "\n") + column.help;
  if (!column.unit.empty()) words += fmt::format(" [{}]", column.unit);
  return words;
}

// Excel allows 31 characters, and none of []:*?/\ in the name of a sheet.
std::string sheet_name(const std::string& name) {
  std::string allowed;
  for (const char c : name.substr(0, 28))
    if (std::string_view("[]:*?/\\'").find(c) == std::string_view::npos) allowed += c;
  allowed = replace_invalid_utf8(allowed);
  return allowed.empty() || characters(allowed) != allowed.size() ? "Sheet1" : allowed;
}

void offer_decisions(Sheet& sheet, std::size_t column, std::size_t rows) {
  std::array<std::string, 3> words = {"accept", "reject", "change"};
  std::array<char*, 4> list = {words[0].data(), words[1].data(), words[2].data(), nullptr};
  lxw_data_validation validation = {};
  validation.validate = LXW_VALIDATION_TYPE_LIST;
  validation.value_list = list.data();
  require(worksheet_data_validation_range(sheet.sheet, 1, static_cast<lxw_col_t>(column), static_cast<lxw_row_t>(rows),
                                          static_cast<lxw_col_t>(column), &validation),
          sheet.file);
}

void fill(Sheet& sheet, const Layer& layer, const XlsxOptions& options, Progress& progress) {
  std::size_t first = 0;
  const double scale = std::pow(10.0, options.decimals);
  const bool places = layer.geometry.kind == GeometryKind::point;
  if (places) {
    const bool degrees = layer.crs.is_geographic();
    sheet.text(0, 0, degrees ? "longitude" : "x", sheet.heading);
    sheet.text(0, 1, degrees ? "latitude" : "y", sheet.heading);
    first = 2;
  }
  for (std::size_t c = 0; c < layer.columns.size(); ++c) {
    sheet.text(0, first + c, layer.columns[c].name, sheet.heading);
    sheet.note(0, first + c, words_about(layer.columns[c]));
  }
  for (std::size_t row = 0; row < layer.size(); ++row) {
    if (row % kRowsBetweenPolls == 0) progress.throw_if_cancelled();
    if (places) {
      sheet.number(row + 1, 0, std::round(layer.geometry.x[row] * scale) / scale);
      sheet.number(row + 1, 1, std::round(layer.geometry.y[row] * scale) / scale);
    }
    for (std::size_t c = 0; c < layer.columns.size(); ++c)
      write_value(sheet, row + 1, first + c, layer.columns[c], row);
  }
  for (std::size_t c = 0; c < layer.columns.size(); ++c)
    if (layer.columns[c].name == "decision" && layer.size() > 0) offer_decisions(sheet, first + c, layer.size());
}

}  // namespace

std::uint64_t write_xlsx(WholeFile& file, const PublishedLayer& published, const XlsxOptions& options,
                         Progress& progress) {
  const Layer& layer = published.layer();
  if (options.decimals < 0 || options.decimals > kMostDecimals)
    throw UsageError(fmt::format("decimals is {}, but must be from 0 to {}", options.decimals, kMostDecimals));
  if (layer.size() > kMostRows)
    throw UsageError(fmt::format("{} features do not fit into a sheet of {} rows", layer.size(), kMostRows),
                     "write CSV or GeoJSON instead");
  lxw_workbook* workbook = workbook_new(file.temporary().c_str());
  if (workbook == nullptr) throw OutputError(fmt::format("cannot write {}", file.target().string()));
  // workbook_close frees it; where that is not reached, so does this.
  std::unique_ptr<lxw_workbook, decltype(&lxw_workbook_free)> owner(workbook, &lxw_workbook_free);
  lxw_doc_properties properties = {};
  properties.created = 946'684'800;  // 2000-01-01: the time of writing would change the bytes
  require(workbook_set_properties(workbook, &properties), file);
  Sheet sheet{workbook_add_worksheet(workbook, sheet_name(layer.name).c_str()),
              workbook_add_format(workbook),
              workbook_add_format(workbook),
              file,
              {}};
  if (sheet.sheet == nullptr || sheet.heading == nullptr || sheet.metres == nullptr)
    throw OutputError(fmt::format("cannot write {}", file.target().string()));
  format_set_bold(sheet.heading);
  format_set_num_format(sheet.metres, "#,##0.0");
  sheet.widths.assign(layer.columns.size() + 2, 0);
  worksheet_freeze_panes(sheet.sheet, 1, 0);
  fill(sheet, layer, options, progress);
  const std::size_t columns = layer.columns.size() + (layer.geometry.kind == GeometryKind::point ? 2 : 0);
  for (std::size_t c = 0; c < columns; ++c)
    worksheet_set_column(sheet.sheet, static_cast<lxw_col_t>(c), static_cast<lxw_col_t>(c), width_for(sheet.widths[c]),
                         nullptr);
  if (columns > 0)
    worksheet_autofilter(sheet.sheet, 0, 0, static_cast<lxw_row_t>(layer.size()), static_cast<lxw_col_t>(columns - 1));
  require(workbook_close(owner.release()), file);
  file.finish();
  return layer.size();
}

}  // namespace yaan
