// Points from the coordinate columns of a table.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "load/raw_layer.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/numbers.hpp"

namespace yaan {

namespace {

struct AxisNames {
  std::string_view x;
  std::string_view y;
};
// In the order of preference: degrees before planes, spelled out before short.
constexpr std::array kUsualNames = {
    AxisNames{"longitude", "latitude"}, AxisNames{"lon", "lat"},       AxisNames{"lng", "lat"},
    AxisNames{"long", "lat"},           AxisNames{"lng", "latitude"},  AxisNames{"ลองจิจูด", "ละติจูด"},
    AxisNames{"ลองติจูด", "ละติจูด"},       AxisNames{"x", "y"},           AxisNames{"easting", "northing"},
    AxisNames{"point_x", "point_y"},    AxisNames{"xcoord", "ycoord"}, AxisNames{"x_coord", "y_coord"}};

std::string lower_ascii(std::string_view text) {
  std::string lower(text);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  const std::size_t first = lower.find_first_not_of(' ');
  return first == std::string::npos ? std::string() : lower.substr(first, lower.find_last_not_of(' ') - first + 1);
}

std::optional<std::size_t> column_called(const RawLayer& raw, std::string_view name) {
  for (std::size_t i = 0; i < raw.columns.size(); ++i)
    if (lower_ascii(raw.columns[i].name) == name) return i;
  return std::nullopt;
}

std::size_t named_column(const RawLayer& raw, const std::string& name) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < raw.columns.size(); ++i) {
    if (raw.columns[i].name == name) return i;
    names.push_back(raw.columns[i].name);
  }
  const std::string near = nearest_word(name, names);
  throw UsageError(fmt::format("{} has no column \"{}\"", raw.shown, name),
                   fmt::format("{}the columns are {}", near.empty() ? "" : fmt::format("did you mean {}? ", near),
                               fmt::join(names, ", ")));
}

struct Cell {
  enum class State { number, null, unreadable } state = State::null;
  double value = 0;
};

Cell cell_of(const Column& column, std::size_t row) {
  if (column.is_null(row)) return {};
  if (const auto number = column.number(row)) return {Cell::State::number, *number};
  if (column.type() != ColumnType::text) return {Cell::State::unreadable, 0};
  const std::string_view text = column.texts()[row];
  if (const auto number = parse_double(text)) return {Cell::State::number, *number};
  const std::string word = lower_ascii(text);
  if (word.empty()) return {};
  if (word == "nan" || word == "inf" || word == "-inf" || word == "infinity" || word == "-infinity")
    return {Cell::State::number, std::numeric_limits<double>::infinity()};  // set aside as not finite
  return {Cell::State::unreadable, 0};
}

// Chooses the columns; nothing when none was named and none has a usual name.
std::optional<std::pair<std::size_t, std::size_t>> coordinate_columns(RawLayer& raw, const ReadOptions& options) {
  if (options.x_column.empty() != options.y_column.empty())
    throw UsageError(fmt::format("{}: only one coordinate column is named", raw.shown), "give both --x and --y");
  if (!options.x_column.empty()) {
    const auto chosen = std::pair{named_column(raw, options.x_column), named_column(raw, options.y_column)};
    if (chosen.first == chosen.second)
      throw UsageError(fmt::format("{}: --x and --y name the same column", raw.shown), "give two columns");
    return chosen;
  }
  for (const AxisNames& names : kUsualNames) {
    const auto x = column_called(raw, names.x);
    const auto y = column_called(raw, names.y);
    if (!x || !y) continue;
    raw.diagnostics.add(Severity::note, "guessed-coordinates", raw.where,
                        fmt::format("the columns {} and {} were taken as x and y by their names", raw.columns[*x].name,
                                    raw.columns[*y].name));
    return std::pair{*x, *y};
  }
  return std::nullopt;
}

}  // namespace

void place_table(RawLayer& raw, const ReadOptions& options, bool required) {
  const auto chosen = coordinate_columns(raw, options);
  if (!chosen) {
    if (!required) return;
    std::vector<std::string> names;
    for (const Column& c : raw.columns) names.push_back(c.name);
    throw UsageError(
        fmt::format("{} is a table, and none of its columns is called as coordinates usually are", raw.shown),
        fmt::format("name the columns with --x and --y; they are {}", fmt::join(names, ", ")));
  }
  if (raw.crs.kind() == Crs::Kind::none && required) throw_missing_crs(raw);
  const Column& xs = raw.columns[chosen->first];
  const Column& ys = raw.columns[chosen->second];
  raw.shapes = ShapeCollector(raw.crs.is_geographic());
  for (std::size_t row = 0; row < raw.rows; ++row) {
    const Cell x = cell_of(xs, row);
    const Cell y = cell_of(ys, row);
    if (x.state == Cell::State::number && y.state == Cell::State::number) {
      raw.shapes.add_point(x.value, y.value);
    } else if (x.state == Cell::State::null && y.state == Cell::State::null) {
      raw.shapes.add_unusable(ShapeNote::null);
    } else {
      raw.shapes.add_unusable(ShapeNote::unreadable_coordinate);
    }
  }
  raw.has_shapes = true;
  raw.x_column = xs.name;
  raw.y_column = ys.name;
}

}  // namespace yaan
