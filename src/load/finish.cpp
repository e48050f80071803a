// From the rows of a file to a layer of what can be used.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <map>
#include <numeric>

#include "load/extent.hpp"
#include "load/raw_layer.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/geodesy.hpp"

namespace yaan {

namespace {

struct NoteText {
  ShapeNote note;
  Severity severity;
  std::string_view code;
  std::string_view message;
};
constexpr std::array<NoteText, kShapeNotes> kNoteTexts = {{
    {ShapeNote::null, Severity::skipped, "null-geometry", "features without a geometry were set aside"},
    {ShapeNote::empty, Severity::skipped, "empty-geometry", "features with an empty geometry were set aside"},
    {ShapeNote::non_finite, Severity::skipped, "non-finite-coordinate",
     "features with a coordinate that is not a finite number were set aside"},
    {ShapeNote::out_of_range, Severity::skipped, "out-of-range-coordinate",
     "features beyond 180 degrees of longitude or 90 of latitude were set aside"},
    {ShapeNote::unreadable_coordinate, Severity::skipped, "unreadable-coordinate",
     "rows whose coordinates cannot be read were set aside"},
    {ShapeNote::unreadable_geometry, Severity::skipped, "unreadable-geometry",
     "features whose geometry cannot be decoded were set aside"},
    {ShapeNote::mixed_collection, Severity::skipped, "mixed-geometry",
     "collections of points, lines and polygons in one feature were set aside"},
    {ShapeNote::short_line, Severity::skipped, "short-line", "lines with a part of a single vertex were set aside"},
    {ShapeNote::swapped_axes, Severity::repaired, "swapped-axes",
     "longitude and latitude were exchanged, because the latitude was beyond 90 degrees"},
    {ShapeNote::turned_longitude, Severity::repaired, "turned-longitude",
     "longitudes from 180 to 360 degrees were turned to the west of Greenwich, where the layer has no others"},
    {ShapeNote::cut_at_antimeridian, Severity::repaired, "antimeridian",
     "lines and polygons across the 180th meridian or beyond it were brought to -180 to 180 degrees and cut there"},
    {ShapeNote::split_parts, Severity::repaired, "split-parts",
     "features of several parts became one row for each part"},
    {ShapeNote::split_collection, Severity::repaired, "split-collection",
     "collections of points, lines and polygons were split by kind"},
    {ShapeNote::split_multipoint, Severity::repaired, "split-multipoint",
     "features of several points became one row for each point"},
    {ShapeNote::unclosed_ring, Severity::repaired, "unclosed-ring", "polygons with an open ring were closed"},
    {ShapeNote::linearised_curve, Severity::repaired, "linearised-curve", "curves were made of straight pieces"},
    {ShapeNote::dropped_z, Severity::note, "dropped-z", "heights were left out"},
    {ShapeNote::dropped_m, Severity::note, "dropped-m", "measures (M) were left out"},
}};

void report_shapes(RawLayer& raw, const ReadOptions& options) {
  for (const NoteText& text : kNoteTexts) {
    const ShapeCollector::Tally& tally = raw.shapes.tally(text.note);
    if (tally.count == 0) continue;
    raw.diagnostics.add(text.severity, text.code, raw.where, text.message, tally.count);
    std::vector<std::string>& features = raw.diagnostics.entries().back().features;
    for (std::size_t i = 0; i < tally.first_rows.size() && i < Diagnostics::kMaxFeatures; ++i)
      features.push_back(raw.label(tally.first_rows[i], options));
  }
}

bool is_set_aside(ShapeNote note) { return note != ShapeNote::swapped_axes; }

// What rows that are set aside are called where people decide about them: their labels, with (2), (3) ... behind one
// that several share.
using NamesOfAside = std::map<std::uint32_t, std::string>;

NamesOfAside names_of_aside(const RawLayer& raw, const ReadOptions& options) {
  NamesOfAside names;
  for (const ShapeCollector::Noted& noted : raw.shapes.noted())
    if (is_set_aside(noted.note)) names.emplace(noted.row, raw.label(noted.row, options));
  std::map<std::string, int> seen;
  for (auto& [row, name] : names)
    if (const int times = ++seen[name]; times > 1) name += fmt::format(" ({})", times);
  return names;
}

// The places that people gave to rows without one.
void place_rows(RawLayer& raw, const NamesOfAside& names, const ReadOptions& options) {
  if (options.placed_rows.empty()) return;
  std::map<std::string, const PlacedRow*> asked;
  for (const PlacedRow& row : options.placed_rows) asked.emplace(row.id, &row);
  std::vector<ShapeCollector::Noted> rows;
  std::vector<double> x;
  std::vector<double> y;
  for (const ShapeCollector::Noted& noted : raw.shapes.noted()) {
    if (!is_set_aside(noted.note)) continue;
    const auto place = asked.find(names.at(noted.row));
    if (place == asked.end()) continue;
    rows.push_back(noted);
    x.push_back(place->second->x);
    y.push_back(place->second->y);
    raw.diagnostics.add(Severity::repaired, "placed-row", raw.where,
                        "rows without a usable position were placed as was decided", 1, place->first);
    raw.written_forms.emplace_back("placed-row", noted.row);
    asked.erase(place);
  }
  raw.shapes.place(rows, x, y);
}

// Row by row what the diagnostics count, for tables in which people decide.
std::vector<PositionNote> position_notes(const RawLayer& raw, const std::vector<std::uint32_t>& kept,
                                         const NamesOfAside& names, const ReadOptions& options) {
  std::vector<std::pair<std::uint32_t, std::string_view>> all;
  for (const auto& [code, row] : raw.written_forms) all.emplace_back(row, code);
  for (const ShapeCollector::Noted& noted : raw.shapes.noted())
    for (const NoteText& text : kNoteTexts)
      if (text.note == noted.note) all.emplace_back(noted.row, text.code);
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<PositionNote> notes;
  for (const auto& [row, code] : all) {
    const auto at = std::lower_bound(kept.begin(), kept.end(), row);
    const bool is_kept = at != kept.end() && *at == row;
    const auto name = names.find(row);
    notes.push_back({std::string(code), name != names.end() ? name->second : raw.label(row, options),
                     is_kept ? at - kept.begin() : -1});
  }
  return notes;
}

// The kind of most features; the larger dimension where two are level.
GeometryKind majority(RawLayer& raw) {
  GeometryKind best = GeometryKind::none;
  std::size_t most = 0;
  for (const GeometryKind kind : {GeometryKind::polygon, GeometryKind::line, GeometryKind::point}) {
    const std::size_t features = raw.shapes.kept(kind).features;
    if (features > most) {
      most = features;
      best = kind;
    }
  }
  return best;
}

void report_minority(RawLayer& raw, GeometryKind chosen, const ReadOptions& options) {
  for (const GeometryKind kind : {GeometryKind::point, GeometryKind::line, GeometryKind::polygon}) {
    const ShapeCollector::Kept& kept = raw.shapes.kept(kind);
    if (kind == chosen || kept.features == 0) continue;
    const std::string message =
        fmt::format("{} features were set aside, because most features of the layer are of kind {}", to_string(kind),
                    to_string(chosen));
    raw.diagnostics.add(Severity::skipped, "mixed-geometry", raw.where, message,
                        static_cast<std::int64_t>(kept.features), raw.label(kept.rows.front(), options));
  }
}

// Of the rings as they stand: each outer one less its holes, in square metres (in squared units where the CRS is
// unknown).
double ground_area(const Geometry& polygons, std::size_t feature, const Crs& crs) {
  const double unit = crs.kind() == Crs::Kind::none ? 1 : crs.metres_per_unit();
  double sum = 0;
  for (std::size_t part = polygons.feature_parts[feature]; part < polygons.feature_parts[feature + 1]; ++part)
    for (std::size_t ring = polygons.part_rings[part]; ring < polygons.part_rings[part + 1]; ++ring) {
      const double area = crs.is_geographic() ? geodesic_ring_area(polygons.ring_x(ring), polygons.ring_y(ring))
                                              : ring_area(polygons.ring_x(ring), polygons.ring_y(ring)) * unit * unit;
      sum += ring == polygons.part_rings[part] ? std::abs(area) : -std::abs(area);
    }
  return sum;
}

std::string shown_area(double square_metres, const Crs& crs) {
  if (crs.kind() == Crs::Kind::none) return fmt::format("{:.6g} squared units", square_metres);
  return std::abs(square_metres) < 1e5 ? fmt::format("{:.1f} m2", square_metres)
                                       : fmt::format("{:.6f} km2", square_metres / 1e6);
}

// What the repair did to the area, all features together and where it did most.
void report_areas(RawLayer& raw, const std::vector<std::uint32_t>& rows, const Geometry& before, const Repair& repair,
                  const ReadOptions& options) {
  if (repair.repaired.empty()) return;
  double sum_before = 0;
  double sum_after = 0;
  double most = 0;
  std::uint32_t changed_most = repair.repaired.front();
  for (const std::uint32_t feature : repair.repaired) {
    const double was = ground_area(before, feature, raw.crs);
    const double is = ground_area(repair.geometry, feature, raw.crs);
    sum_before += was;
    sum_after += is;
    if (std::abs(is - was) <= std::abs(most)) continue;
    most = is - was;
    changed_most = feature;
  }
  const std::string id = raw.label(rows[changed_most], options);
  raw.diagnostics.add(
      Severity::note, "repaired-area", raw.where,
      fmt::format("area of the invalid polygons: {} before the repair, {} after it; most changed by {}: {}",
                  shown_area(sum_before, raw.crs), shown_area(sum_after, raw.crs), shown_area(most, raw.crs), id),
      static_cast<std::int64_t>(repair.repaired.size()), id);
}

// Makes the polygons valid; features of which nothing is left go from `rows`.
void repair_polygons(RawLayer& raw, ShapeCollector::Kept& kept, const ReadOptions& options) {
  Repair repair = make_valid(kept.geometry);
  report_areas(raw, kept.rows, kept.geometry, repair, options);
  kept.geometry = std::move(repair.geometry);
  for (std::size_t i = 0; i < repair.repaired.size(); ++i)
    raw.diagnostics.add(Severity::repaired, "invalid-polygon", raw.where,
                        fmt::format("invalid polygons were repaired: {}", repair.reasons[i]), 1,
                        raw.label(kept.rows[repair.repaired[i]], options));
  std::vector<std::uint32_t> left;
  for (std::size_t f = 0; f < kept.geometry.size(); ++f) {
    if (kept.geometry.feature_parts[f] != kept.geometry.feature_parts[f + 1]) {
      left.push_back(static_cast<std::uint32_t>(f));
    } else {
      raw.diagnostics.add(Severity::skipped, "unrepairable-polygon", raw.where,
                          "polygons without any area were set aside", 1, raw.label(kept.rows[f], options));
    }
  }
  if (left.size() == kept.geometry.size()) return;
  kept.geometry = kept.geometry.select(left);
  std::vector<std::uint32_t> rows;
  rows.reserve(left.size());
  for (const std::uint32_t f : left) rows.push_back(kept.rows[f]);
  kept.rows = std::move(rows);
}

// "?????" is what is left of Thai text that went through an encoding without Thai letters.
bool is_lost(std::string_view text) {
  return text.find("???") != std::string_view::npos || text.find("\xEF\xBF\xBD") != std::string_view::npos;
}

void doubt_lost_text(RawLayer& raw, const ReadOptions& options) {
  for (const Column& column : raw.columns) {
    if (column.type() != ColumnType::text || column.name == raw.x_column || column.name == raw.y_column) continue;
    if (!is_lost(column.texts().bytes())) continue;  // all texts at once, which is what nearly every column needs
    for (std::size_t row = 0; row < column.size(); ++row)
      if (is_lost(column.texts()[row]))
        raw.diagnostics.add(
            Severity::doubt, "lost-text", raw.where,
            fmt::format(
                "text of column {} was lost at its source: question marks, or bytes that mean nothing, stand in "
                "its place",
                column.name),
            1, raw.label(row, options));
  }
}

std::vector<Column> columns_of(RawLayer& raw, const std::vector<std::uint32_t>& rows) {
  bool all = rows.size() == raw.rows;
  for (std::size_t i = 0; all && i < rows.size(); ++i) all = rows[i] == i;
  std::vector<Column> columns;
  for (Column& column : raw.columns) {
    // The coordinates are the geometry now; a second copy would escape the publication filter.
    if (column.name == raw.x_column || column.name == raw.y_column) continue;
    columns.push_back(all ? std::move(column) : column.select(rows));
  }
  return columns;
}

// The parts of a feature that was split are told apart by their ids.
void number_parts(std::vector<Column>& columns, const std::vector<std::uint32_t>& rows, const ReadOptions& options) {
  const std::string name = options.id_column.empty() ? "id" : options.id_column;
  const auto at = std::find_if(columns.begin(), columns.end(), [&](const Column& each) { return each.name == name; });
  if (at == columns.end() || std::adjacent_find(rows.begin(), rows.end()) == rows.end()) return;
  Column numbered(name, ColumnType::text);
  for (std::size_t i = 0, part = 1; i < rows.size(); ++i) {
    part = i > 0 && rows[i] == rows[i - 1] ? part + 1 : 1;
    const std::string id = at->display(i);
    if (id.empty()) {
      numbered.push_null();
    } else {
      numbered.push(std::string_view(part == 1 ? id : fmt::format("{}-{}", id, part)));
    }
  }
  *at = std::move(numbered);
}

// Nobody keeps a site in the Gulf of Guinea.
void doubt_null_island(const ShapeCollector::Kept& points, RawLayer& raw, const ReadOptions& options) {
  if (!raw.crs.is_geographic()) return;
  const std::vector<double>& x = points.geometry.x;
  const std::vector<double>& y = points.geometry.y;
  for (std::size_t f = 0; f < x.size(); ++f)
    if (x[f] == 0 && y[f] == 0)
      raw.diagnostics.add(Severity::doubt, "null-island", raw.where, "points at 0, 0 are usually missing positions", 1,
                          raw.label(points.rows[f], options));
}

}  // namespace

ReadResult finish(RawLayer&& raw, const ReadOptions& options) {
  ReadResult result;
  Layer& layer = result.layer;
  layer.crs = raw.crs;
  doubt_lost_text(raw, options);
  settle_years(raw, options);
  layer.roles.year = raw.year_column;
  if (!raw.has_shapes) {
    layer.geometry.rows = raw.rows;
    std::vector<std::uint32_t> rows(raw.rows);
    std::iota(rows.begin(), rows.end(), 0U);
    layer.columns = columns_of(raw, rows);
  } else {
    raw.shapes.settle_axes();
    const NamesOfAside names = names_of_aside(raw, options);
    place_rows(raw, names, options);
    keep_within_extent(raw, options);
    const GeometryKind kind = majority(raw);
    report_shapes(raw, options);
    if (kind != GeometryKind::none) {
      report_minority(raw, kind, options);
      ShapeCollector::Kept& kept = raw.shapes.kept(kind);
      if (kind == GeometryKind::polygon) repair_polygons(raw, kept, options);
      if (kind == GeometryKind::point) {
        doubt_null_island(kept, raw, options);
        result.position_notes = position_notes(raw, kept.rows, names, options);
      }
      layer.columns = columns_of(raw, kept.rows);
      if (options.parts == Parts::split) number_parts(layer.columns, kept.rows, options);
      layer.geometry = std::move(kept.geometry);
    } else {
      layer.columns = columns_of(raw, {});
    }
  }
  if (raw.rows == 0) raw.diagnostics.add(Severity::doubt, "no-features", raw.where, "the layer holds no features");
  result.diagnostics = std::move(raw.diagnostics);
  return result;
}

}  // namespace yaan
