// Points from the coordinate columns of a table.
#include <fmt/format.h>
#include <ogr_geometry.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <string>

#include "load/coordinate_choice.hpp"
#include "load/coordinate_text.hpp"
#include "load/plane_rows.hpp"
#include "load/raw_layer.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/names.hpp"
#include "yaan/core/numbers.hpp"

namespace yaan {

namespace {

// A row's coordinates as they stand in its cells.
struct Cell {
  enum class State { number, null, unreadable } state = State::null;
  CoordinateText text;
};

Cell cell_of(const Column& column, std::size_t row) {
  if (column.is_null(row)) return {};
  if (const auto number = column.number(row)) return {Cell::State::number, {*number}};
  if (column.type() != ColumnType::text) return {Cell::State::unreadable, {}};
  const std::string_view text = column.texts()[row];
  if (const auto number = parse_double(text)) return {Cell::State::number, {*number}};
  const std::string word = tidy_text(text);
  if (means_nothing(word)) return {};
  if (word == "nan" || word == "inf" || word == "-inf" || word == "infinity" || word == "-infinity")
    return {Cell::State::number, {std::numeric_limits<double>::infinity()}};  // set aside as not finite
  if (const auto read = parse_coordinate(text)) return {Cell::State::number, *read};
  return {Cell::State::unreadable, {}};
}

// Counts the ways in which coordinates were written.
class Forms {
 public:
  explicit Forms(RawLayer& raw, const ReadOptions& options) : m_raw(raw), m_options(options) {}

  void count(std::uint8_t form, std::size_t row) {
    for (std::size_t i = 0; i < kTexts.size(); ++i) {
      if ((form & kTexts[i].form) == 0) continue;
      if (m_counts[i]++ == 0) m_first[i] = row;
      if (m_counts[i] <= static_cast<std::int64_t>(kMostNoted))
        m_raw.written_forms.emplace_back(kTexts[i].code, static_cast<std::uint32_t>(row));
    }
  }
  void report() const {
    for (std::size_t i = 0; i < kTexts.size(); ++i)
      if (m_counts[i] > 0)
        m_raw.diagnostics.add(kTexts[i].severity, kTexts[i].code, m_raw.where, kTexts[i].message, m_counts[i],
                              m_raw.label(m_first[i], m_options));
  }

 private:
  struct Text {
    std::uint8_t form;
    Severity severity;
    std::string_view code;
    std::string_view message;
  };
  static constexpr std::array kTexts = {
      Text{kDegreesMinutes, Severity::repaired, "degrees-minutes",
           "positions in degrees, minutes and seconds became decimal degrees"},
      Text{kDecimalComma, Severity::repaired, "decimal-comma", "positions with decimal commas were read"},
      Text{kThaiDigits, Severity::repaired, "thai-digits", "positions in Thai digits were read"},
      Text{kLostSymbols, Severity::doubt, "lost-symbols",
           "positions whose signs of degree, minute and second had become question marks were read all the same"}};

  RawLayer& m_raw;
  const ReadOptions& m_options;
  std::array<std::int64_t, kTexts.size()> m_counts{};
  std::array<std::size_t, kTexts.size()> m_first{};
};

void add_place(RawLayer& raw, Cell x, Cell y, std::size_t row, Forms& forms, PlaneRows& plane) {
  if (x.state == Cell::State::null && y.state == Cell::State::null) return raw.shapes.add_unusable(ShapeNote::null);
  if (x.state != Cell::State::number || y.state != Cell::State::number)
    return raw.shapes.add_unusable(ShapeNote::unreadable_coordinate);
  if (x.text.axis != Axis::unknown && x.text.axis == y.text.axis)
    return raw.shapes.add_unusable(ShapeNote::unreadable_coordinate);
  forms.count(x.text.form | y.text.form, row);
  const bool exchanged = x.text.axis == Axis::latitude || y.text.axis == Axis::longitude;
  double first = exchanged ? y.text.value : x.text.value;
  double second = exchanged ? x.text.value : y.text.value;
  plane.settle(first, second, row);
  raw.shapes.add_point(first, second);
  if (exchanged) raw.shapes.note_last(ShapeNote::swapped_axes);
}

void place_columns(RawLayer& raw, std::size_t x, std::size_t y, const ReadOptions& options) {
  Forms forms(raw, options);
  const bool numbers = raw.columns[x].type() == ColumnType::real && raw.columns[y].type() == ColumnType::real;
  PlaneRows plane(raw, options, &raw.columns[x], &raw.columns[y]);
  // Null is NaN, which is not plain; neither are eastings and northings where degrees should be.
  const bool all =
      numbers && !plane.look_at_each() && raw.shapes.add_plain_points(raw.columns[x].reals(), raw.columns[y].reals());
  for (std::size_t row = all ? raw.rows : 0; row < raw.rows; ++row) {
    if (!numbers || raw.columns[x].is_null(row) || raw.columns[y].is_null(row)) {
      add_place(raw, cell_of(raw.columns[x], row), cell_of(raw.columns[y], row), row, forms, plane);
      continue;
    }
    double easting = raw.columns[x].reals()[row];
    double northing = raw.columns[y].reals()[row];
    plane.settle(easting, northing, row);
    raw.shapes.add_point(easting, northing);
  }
  forms.report();
  plane.report();
  raw.x_column = raw.columns[x].name;
  raw.y_column = raw.columns[y].name;
}

// Whether the longitude stands first in texts of two coordinates: by what they say, else by what is beyond 90.
bool longitude_first(const Column& column, std::string_view name) {
  std::int64_t first_beyond = 0;
  std::int64_t second_beyond = 0;
  for (std::size_t row = 0; row < column.size(); ++row) {
    if (column.is_null(row)) continue;
    const auto read = parse_position(column.texts()[row]);
    if (!read) continue;
    first_beyond += std::fabs(read->first.value) > 90 ? 1 : 0;
    second_beyond += std::fabs(read->second.value) > 90 ? 1 : 0;
  }
  if (first_beyond != second_beyond) return first_beyond > second_beyond;
  const std::string lower = tidy_text(name);
  const std::size_t lon = lower.find("lon");
  const std::size_t lat = lower.find("lat");
  return lon != std::string::npos && lat != std::string::npos && lon < lat;
}

void place_positions(RawLayer& raw, std::size_t at, const ReadOptions& options) {
  const Column& column = raw.columns[at];
  if (column.type() != ColumnType::text)
    throw UsageError(fmt::format("{}: the column {} holds no texts of two coordinates", raw.shown, column.name),
                     "name columns of single coordinates with --x and --y");
  const bool swap = longitude_first(column, column.name);
  Forms forms(raw, options);
  PlaneRows plane(raw, options, nullptr, nullptr);
  for (std::size_t row = 0; row < raw.rows; ++row) {
    if (column.is_null(row)) {
      raw.shapes.add_unusable(ShapeNote::null);
      continue;
    }
    const auto read = parse_position(column.texts()[row]);
    if (!read) {
      raw.shapes.add_unusable(ShapeNote::unreadable_coordinate);
      continue;
    }
    const bool by_name = read->first.axis == Axis::unknown && read->second.axis == Axis::unknown;
    const bool x_first = by_name ? swap : read->first.axis == Axis::longitude || read->second.axis == Axis::latitude;
    forms.count(read->first.form | read->second.form, row);
    double x = x_first ? read->first.value : read->second.value;
    double y = x_first ? read->second.value : read->first.value;
    plane.settle(x, y, row);
    raw.shapes.add_point(x, y);
  }
  forms.report();
  plane.report();
  raw.x_column = raw.y_column = column.name;
}

void place_geometries(RawLayer& raw, std::size_t at) {
  const Column& column = raw.columns[at];
  std::vector<std::uint8_t> wkb;
  for (std::size_t row = 0; row < raw.rows; ++row) {
    if (column.is_null(row) || column.type() != ColumnType::text) {
      raw.shapes.add_unusable(column.is_null(row) ? ShapeNote::null : ShapeNote::unreadable_geometry);
      continue;
    }
    const std::string text(column.texts()[row]);
    OGRGeometry* parsed = nullptr;
    const OGRErr error = OGRGeometryFactory::createFromWkt(text.c_str(), nullptr, &parsed);
    const OGRGeometryUniquePtr geometry(parsed);
    if (error != OGRERR_NONE || !geometry) {
      raw.shapes.add_unusable(ShapeNote::unreadable_geometry);
      continue;
    }
    wkb.resize(geometry->WkbSize());
    geometry->exportToWkb(wkbNDR, wkb.data(), wkbVariantIso);
    raw.shapes.add_wkb(wkb);
  }
  raw.x_column = raw.y_column = column.name;
}

}  // namespace

void place_table(RawLayer& raw, const ReadOptions& options, bool required) {
  const CoordinateChoice choice = choose_coordinates(raw, options);
  if (choice.kind == PlacedBy::none) {
    if (!required || options.table) return;
    std::vector<std::string> names;
    for (const Column& c : raw.columns) names.push_back(c.name);
    throw UsageError(
        fmt::format("{} is a table, and none of its columns is called as coordinates usually are", raw.shown),
        fmt::format("name the columns with --x and --y, or --position for one that holds both; they are {}",
                    fmt::join(names, ", ")));
  }
  if (raw.crs.kind() == Crs::Kind::none && required) throw_missing_crs(raw);
  raw.shapes = ShapeCollector(raw.crs.is_geographic(), options.swapped_axes, options.parts);
  raw.shapes.reserve_points(raw.rows);
  switch (choice.kind) {
    case PlacedBy::columns: place_columns(raw, choice.first, choice.second, options); break;
    case PlacedBy::position: place_positions(raw, choice.first, options); break;
    case PlacedBy::geometry: place_geometries(raw, choice.first); break;
    case PlacedBy::none: break;
  }
  raw.placed_by = choice.kind;
  raw.has_shapes = true;
}

}  // namespace yaan
