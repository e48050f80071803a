#include "load/table_head.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "load/coordinate_text.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/names.hpp"
#include "yaan/core/numbers.hpp"

namespace yaan {

namespace {

using Row = std::vector<std::string>;

constexpr double kShareOfHead = 0.7;

std::string cell(const Row& row, std::size_t column) {
  return column < row.size() ? tidy_text(row[column]) : std::string();
}

// As people see it; names are not made keys.
std::string name_in(const Row& row, std::size_t column) {
  if (column >= row.size()) return {};
  const std::string& text = row[column];
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first == std::string::npos ? std::string() : text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::size_t filled(const Row& row) {
  return static_cast<std::size_t>(
      std::count_if(row.begin(), row.end(), [](const std::string& text) { return !tidy_text(text).empty(); }));
}

bool is_number(const std::string& text) { return parse_double(text).has_value() || parse_coordinate(text).has_value(); }

bool has_number(const Row& row) {
  return std::any_of(row.begin(), row.end(), [](const std::string& text) { return is_number(tidy_text(text)); });
}

bool all_differ(const Row& row) {
  std::set<std::string> seen;
  for (const std::string& text : row)
    if (const std::string tidy = tidy_text(text); !tidy.empty() && !seen.insert(tidy).second) return false;
  return true;
}

// "(m)", "[บาท]" or a word that is a unit.
std::string unit_in(const std::string& text) {
  constexpr std::array<std::string_view, 47> kUnits = {
      "m",       "metre", "metres", "meter",   "meters",  "km",     "kilometres", "km2",     "km²", "sq km",
      "m2",      "m²",    "sq m",   "ha",      "rai",     "deg",    "degree",     "degrees", "°",   "%",
      "percent", "baht",  "thb",    "person",  "persons", "people", "year",       "years",   "ce",  "be",
      "เมตร",    "ม.",    "กม.",    "กิโลเมตร", "ตร.กม.",  "ตร.ม.",  "ไร่",         "องศา",    "บาท", "ล้านบาท",
      "คน",      "แห่ง",   "ปี",      "ร้อยละ",   "พ.ศ.",    "ค.ศ.",   "ตารางเมตร"};
  const bool bracketed =
      text.size() > 2 && ((text.front() == '(' && text.back() == ')') || (text.front() == '[' && text.back() == ']'));
  if (bracketed) return text.substr(1, text.size() - 2);
  std::string lower = text;
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return std::find(kUnits.begin(), kUnits.end(), lower) != kUnits.end() ? text : std::string();
}

bool is_row_of_units(const Row& row) {
  bool any = false;
  for (const std::string& text : row) {
    const std::string tidy = tidy_text(text);
    if (tidy.empty() || tidy == "-") continue;
    if (unit_in(tidy).empty()) return false;
    any = true;
  }
  return any;
}

std::size_t guessed_row(const TextRows& rows) {
  std::size_t widest = 0;
  for (const Row& row : rows) widest = std::max(widest, filled(row));
  const auto enough = static_cast<std::size_t>(kShareOfHead * static_cast<double>(widest) + 0.999);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const std::size_t cells = filled(rows[r]);
    if (cells >= enough && cells >= 2) return r > 0 && (has_number(rows[r]) || !all_differ(rows[r])) ? 0 : r;
    if (3 * cells > 2 * widest) return 0;  // neither a title nor a head
  }
  return 0;
}

// Whether the first row holds values as the others do: a number with decimals above numbers. (Years and codes may be
// names.)
bool is_row_of_values(const TextRows& rows) {
  if (rows.size() < 2) return false;
  for (std::size_t c = 0; c < rows[0].size(); ++c) {
    const std::string first = cell(rows[0], c);
    if (!is_number(first) || first.find_first_of(".°'\"") == std::string::npos) continue;
    std::size_t numbers = 0;
    for (std::size_t r = 1; r < rows.size(); ++r) numbers += is_number(cell(rows[r], c)) ? 1 : 0;
    if (numbers + 1 == rows.size()) return true;
  }
  return false;
}

// Whether the row below the head holds names too, under merged cells.
bool has_names_below(const TextRows& rows, std::size_t head) {
  if (head + 2 >= rows.size() || has_number(rows[head + 1])) return false;
  const Row& upper = rows[head];
  const Row& lower = rows[head + 1];
  const std::size_t columns = std::max(upper.size(), lower.size());
  bool group = false;
  bool gap = false;
  bool free = false;
  bool above_numbers = false;
  for (std::size_t c = 0; c < columns; ++c) {
    const bool up = !cell(upper, c).empty();
    const bool low = !cell(lower, c).empty();
    group = group || up;
    gap = gap || (group && !up && low);
    free = free || (up && !low);
    for (std::size_t r = head + 2; low && r < rows.size(); ++r)
      above_numbers = above_numbers || is_number(cell(rows[r], c));
  }
  return gap && free && above_numbers;
}

}  // namespace

TableHead find_table_head(const TextRows& rows, int asked, const std::string& shown) {
  TableHead head;
  if (rows.empty()) return head;
  if (static_cast<std::size_t>(asked) > rows.size())
    throw UsageError(fmt::format("{} has no row {} to take the column names from", shown, asked),
                     fmt::format("it has {} rows", rows.size()));
  head.row = asked > 0 ? static_cast<std::size_t>(asked) - 1 : guessed_row(rows);
  if (asked == 0 && head.row == 0 && is_row_of_values(rows)) {
    head.missing = true;
    head.data_row = 0;
    head.names.assign(rows[0].size(), {});
    head.units.assign(rows[0].size(), {});
    return head;
  }
  head.data_row = head.row + 1;
  const Row& upper = rows[head.row];
  std::size_t columns = upper.size();
  for (std::size_t c = 0; c < columns; ++c) head.names.push_back(name_in(upper, c));
  if (has_names_below(rows, head.row)) {
    const Row& lower = rows[head.row + 1];
    columns = std::max(columns, lower.size());
    head.names.assign(columns, {});
    std::vector<std::string> groups(columns);
    for (std::size_t c = 0; c < columns; ++c) {
      groups[c] = !cell(upper, c).empty() || c == 0 ? name_in(upper, c) : groups[c - 1];
      head.names[c] = cell(lower, c).empty() ? name_in(upper, c) : name_in(lower, c);
    }
    const std::vector<std::string> plain = head.names;
    for (std::size_t c = 0; c < columns; ++c)
      if (!cell(lower, c).empty() && !groups[c].empty() && std::count(plain.begin(), plain.end(), plain[c]) > 1)
        head.names[c] = groups[c] + " " + plain[c];
    head.group_rows = 1;
    ++head.data_row;
  }
  head.units.assign(head.names.size(), {});
  if (head.data_row < rows.size() && is_row_of_units(rows[head.data_row])) {
    for (std::size_t c = 0; c < head.names.size(); ++c) {
      head.units[c] = unit_in(cell(rows[head.data_row], c));
      // Of a year it is the era, which readers look for in the name.
      if (head.units[c] == "พ.ศ." || head.units[c] == "ค.ศ.") head.names[c] += " " + std::exchange(head.units[c], {});
    }
    head.has_units = true;
    ++head.data_row;
  }
  return head;
}

void report_head(const TableHead& head, RawLayer& raw) {
  if (head.missing)
    raw.diagnostics.add(
        Severity::doubt, "no-header", raw.where,
        "the first row holds values, so the columns have no names and are called column_1, column_2 and "
        "so on; --header-row 1 takes it for their names");
  if (head.row > 0)
    raw.diagnostics.add(Severity::note, "header-row", raw.where,
                        fmt::format("the column names were taken from row {}, and the rows above it left out; "
                                    "--header-row says another one",
                                    head.row + 1),
                        static_cast<std::int64_t>(head.row));
  if (head.group_rows > 0)
    raw.diagnostics.add(Severity::note, "header-row", raw.where,
                        fmt::format("the column names were taken from rows {} and {}, where cells had been merged",
                                    head.row + 1, head.row + 2),
                        2);
  if (head.has_units)
    raw.diagnostics.add(Severity::note, "unit-row", raw.where,
                        "a row of units below the column names is no data; they became the units of the columns");
}

}  // namespace yaan
