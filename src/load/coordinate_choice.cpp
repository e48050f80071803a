#include "load/coordinate_choice.hpp"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <span>
#include <utility>

#include "load/coordinate_text.hpp"
#include "load/unknown_name.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/names.hpp"

namespace yaan {

namespace {

struct AxisNames {
  std::string_view x;
  std::string_view y;
};
// In the order of preference: degrees before planes, spelled out before short. Compared as name_of() writes them.
constexpr std::array kUsualNames = {AxisNames{"longitude", "latitude"},
                                    AxisNames{"lon", "lat"},
                                    AxisNames{"lng", "lat"},
                                    AxisNames{"long", "lat"},
                                    AxisNames{"lng", "latitude"},
                                    AxisNames{"lon", "latitude"},
                                    AxisNames{"ลองจิจูด", "ละติจูด"},
                                    AxisNames{"ลองติจูด", "ละติจูด"},
                                    AxisNames{"ลองกิจูด", "ละติจูด"},
                                    AxisNames{"เส้นแวง", "เส้นรุ้ง"},
                                    AxisNames{"ลอง", "แลต"},
                                    AxisNames{"x", "y"},
                                    AxisNames{"easting", "northing"},
                                    AxisNames{"pointx", "pointy"},
                                    AxisNames{"xcoord", "ycoord"},
                                    AxisNames{"coordx", "coordy"},
                                    AxisNames{"xcentroid", "ycentroid"},
                                    AxisNames{"centroidx", "centroidy"},
                                    AxisNames{"พิกัดx", "พิกัดy"},
                                    AxisNames{"ค่าพิกัดx", "ค่าพิกัดy"},
                                    AxisNames{"พิกัดตะวันออก", "พิกัดเหนือ"},
                                    AxisNames{"ค่าพิกัดตะวันออก", "ค่าพิกัดเหนือ"},
                                    AxisNames{"utme", "utmn"},
                                    AxisNames{"utmx", "utmy"},
                                    AxisNames{"xutm", "yutm"},
                                    AxisNames{"e", "n"}};
// Words that headers begin or end with: lat_wgs84, ละติจูดของแหล่ง. Taken where one column alone does.
constexpr std::array kWordsWithin = {AxisNames{"longitude", "latitude"},
                                     AxisNames{"ลองจิจูด", "ละติจูด"},
                                     AxisNames{"ลองติจูด", "ละติจูด"},
                                     AxisNames{"easting", "northing"},
                                     AxisNames{"lon", "lat"},
                                     AxisNames{"long", "lat"},
                                     AxisNames{"lng", "lat"}};
// Columns that hold both coordinates in one text, and those that hold WKT; taken when most of their values can be read.
constexpr std::array<std::string_view, 17> kPositionNames = {
    "พิกัด",    "พิกัดภูมิศาสตร์", "ค่าพิกัด",   "ตำแหน่ง", "พิกัดที่ตั้ง", "position", "coordinates", "coordinate", "coords",
    "latlon", "latlng",     "latlong", "lonlat", "lnglat", "location", "gps",         "point"};
constexpr std::array<std::string_view, 6> kGeometryNames = {"wkt", "geometry", "geom", "thegeom", "shape", "wktgeom"};

constexpr std::array kMisspelt = {std::pair<std::string_view, std::string_view>{"longtitude", "longitude"},
                                  std::pair<std::string_view, std::string_view>{"lattitude", "latitude"},
                                  std::pair<std::string_view, std::string_view>{"latitute", "latitude"}};

// A header without what stands in brackets, spaces and dashes, in small letters: "Longitude (E)" is longitude.
std::string name_of(std::string_view header) {
  std::string name;
  int depth = 0;
  for (const char c : tidy_text(header)) {
    if (c == '(' || c == '[') ++depth;
    if (depth == 0 && c != ' ' && c != '_' && c != '-' && c != '.' && c != ':') name += c;
    if ((c == ')' || c == ']') && depth > 0) --depth;
  }
  for (const auto& [wrong, right] : kMisspelt)
    if (const std::size_t at = name.find(wrong); at != std::string::npos) name.replace(at, wrong.size(), right);
  return name.empty() ? tidy_text(header) : name;
}

// The one column of that name; nothing where two share it.
std::optional<std::size_t> column_named_so(const RawLayer& raw, std::string_view name) {
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < raw.columns.size(); ++i) {
    if (name_of(raw.columns[i].name) != name) continue;
    if (found) return std::nullopt;
    found = i;
  }
  return found;
}

// The one column whose header begins or ends with the word; a short word only where a sign divides it from the rest.
std::optional<std::size_t> column_with_word(const RawLayer& raw, std::string_view word) {
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < raw.columns.size(); ++i) {
    const std::string header = tidy_text(raw.columns[i].name);
    const auto divides = [&](std::size_t at) { return word.size() > 4 || header.find_first_of(" _-.", at) == at; };
    const bool begins = header.size() > word.size() && header.starts_with(word) && divides(word.size());
    const bool ends = header.size() > word.size() && header.ends_with(word) && divides(header.size() - word.size() - 1);
    if (!begins && !ends) continue;
    if (found) return std::nullopt;
    found = i;
  }
  return found;
}

std::size_t named_column(const RawLayer& raw, const std::string& name) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < raw.columns.size(); ++i) {
    if (raw.columns[i].name == name) return i;
    names.push_back(raw.columns[i].name);
  }
  throw unknown_name(raw.shown, "column", name, names);
}

CoordinateChoice asked_choice(const RawLayer& raw, const ReadOptions& options) {
  const int ways = (options.x_column.empty() && options.y_column.empty() ? 0 : 1) +
                   (options.position_column.empty() ? 0 : 1) + (options.geometry_column.empty() ? 0 : 1);
  if (ways > 1)
    throw UsageError(fmt::format("{}: the coordinates are named in more than one way", raw.shown),
                     "give --x and --y, or --position, or --geometry");
  if (!options.position_column.empty()) return {PlacedBy::position, named_column(raw, options.position_column), 0};
  if (!options.geometry_column.empty()) return {PlacedBy::geometry, named_column(raw, options.geometry_column), 0};
  if (options.x_column.empty() != options.y_column.empty())
    throw UsageError(fmt::format("{}: only one coordinate column is named", raw.shown), "give both --x and --y");
  if (options.x_column.empty()) return {};
  const CoordinateChoice choice{PlacedBy::columns, named_column(raw, options.x_column),
                                named_column(raw, options.y_column)};
  if (choice.first == choice.second)
    throw UsageError(fmt::format("{}: --x and --y name the same column", raw.shown),
                     "give two columns, or --position for one that holds both");
  return choice;
}

bool mostly_readable(const Column& column, bool geometry) {
  if (column.type() != ColumnType::text) return false;
  constexpr std::size_t kEnough = 200;
  std::size_t values = 0;
  std::size_t readable = 0;
  for (std::size_t row = 0; row < column.size() && values < kEnough; ++row) {
    if (column.is_null(row)) continue;
    ++values;
    const std::string start = tidy_text(column.texts()[row]);
    const bool wkt = start.starts_with("point") || start.starts_with("multi") || start.starts_with("linestring") ||
                     start.starts_with("polygon") || start.starts_with("srid=");
    readable += (geometry ? wkt : parse_position(column.texts()[row]).has_value()) ? 1 : 0;
  }
  return values > 0 && readable * 2 >= values;
}

CoordinateChoice guessed_choice(RawLayer& raw) {
  const auto two_columns = [&](std::optional<std::size_t> x, std::optional<std::size_t> y) -> CoordinateChoice {
    if (!x || !y || x == y) return {};
    raw.diagnostics.add(Severity::note, "guessed-coordinates", raw.where,
                        fmt::format("the columns {} and {} were taken as x and y by their names", raw.columns[*x].name,
                                    raw.columns[*y].name));
    return {PlacedBy::columns, *x, *y};
  };
  for (const AxisNames& names : kUsualNames)
    if (const CoordinateChoice choice = two_columns(column_named_so(raw, names.x), column_named_so(raw, names.y));
        choice.kind != PlacedBy::none)
      return choice;
  for (const AxisNames& names : kWordsWithin)
    if (const CoordinateChoice choice = two_columns(column_with_word(raw, names.x), column_with_word(raw, names.y));
        choice.kind != PlacedBy::none)
      return choice;
  const auto one_column = [&](std::span<const std::string_view> names, PlacedBy kind,
                              std::string_view holds) -> CoordinateChoice {
    for (const std::string_view name : names) {
      const auto at = column_named_so(raw, name);
      if (!at || !mostly_readable(raw.columns[*at], kind == PlacedBy::geometry)) continue;
      raw.diagnostics.add(Severity::note, "guessed-coordinates", raw.where,
                          fmt::format("the column {} was taken as {}", raw.columns[*at].name, holds));
      return {kind, *at, 0};
    }
    return {};
  };
  CoordinateChoice choice = one_column(kGeometryNames, PlacedBy::geometry, "geometries in WKT");
  if (choice.kind == PlacedBy::none)
    choice = one_column(kPositionNames, PlacedBy::position, "texts of two coordinates");
  return choice;
}

}  // namespace

CoordinateChoice choose_coordinates(RawLayer& raw, const ReadOptions& options) {
  const CoordinateChoice asked = asked_choice(raw, options);
  return asked.kind == PlacedBy::none ? guessed_choice(raw) : asked;
}

}  // namespace yaan
