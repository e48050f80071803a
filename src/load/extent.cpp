#include "load/extent.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "load/unknown_name.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/numbers.hpp"

namespace yaan {

namespace {

// The boxes of the features of one kind that touch the extent. A vertex that cannot be transformed is NaN, which
// Box::include leaves out.
std::vector<std::uint32_t> touching(const Geometry& geometry, const Extent& extent, const Crs& crs) {
  Geometry moved;
  const Geometry* seen = &geometry;
  if (extent.crs && !extent.crs->same_as(crs)) {
    moved = geometry;
    Transformer(crs, *extent.crs).apply(moved.x, moved.y);
    seen = &moved;
  }
  std::vector<std::uint32_t> features;
  for (std::size_t f = 0; f < seen->size(); ++f)
    if (seen->bounds(f).touches(extent.box)) features.push_back(static_cast<std::uint32_t>(f));
  return features;
}

std::size_t distinct_rows(const std::vector<std::uint32_t>& rows) {
  std::size_t distinct = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) distinct += i == 0 || rows[i] != rows[i - 1] ? 1 : 0;
  return distinct;
}

}  // namespace

bool looks_like_degrees(const Box& box) {
  return !box.empty() && box.min_x >= -180 && box.max_x <= 180 && box.min_y >= -180 && box.max_y <= 180;
}

std::optional<Box> box_around(const Extent& extent, const Crs& crs) {
  if (!extent.crs || extent.crs->same_as(crs)) return extent.box;
  constexpr int kSteps = 32;
  std::vector<double> x;
  std::vector<double> y;
  for (int i = 0; i <= kSteps; ++i)
    for (int j = 0; j <= kSteps; ++j) {
      x.push_back(extent.box.min_x + extent.box.width() * i / kSteps);
      y.push_back(extent.box.min_y + extent.box.height() * j / kSteps);
    }
  try {
    if (Transformer(*extent.crs, crs).apply(x, y) > 0) return std::nullopt;
  } catch (const InputError&) {
    return std::nullopt;
  }
  Box box;
  for (std::size_t i = 0; i < x.size(); ++i) box.include(x[i], y[i]);
  // Between the points of the grid its sides may bend outwards, by the square of a step at most.
  const double margin = std::max({box.width(), box.height(), crs.is_geographic() ? 1e-3 : 100.0}) / kSteps;
  return Box{box.min_x - margin, box.min_y - margin, box.max_x + margin, box.max_y + margin};
}

void keep_within_extent(RawLayer& raw, const ReadOptions& options) {
  if (options.extent.empty() || !raw.has_shapes) return;
  const Extent extent = parse_extent(options.extent);
  std::int64_t outside = 0;
  for (const GeometryKind kind : {GeometryKind::point, GeometryKind::line, GeometryKind::polygon}) {
    ShapeCollector::Kept& kept = raw.shapes.kept(kind);
    if (kept.features == 0) continue;
    std::vector<std::uint32_t> features;
    try {
      features = touching(kept.geometry, extent, raw.crs);
    } catch (const InputError&) {
      throw UsageError(fmt::format("{}: the extent {} is in {}, the layer in {}", raw.shown, options.extent,
                                   extent.crs->name(), raw.crs.name()),
                       "give the extent in the numbers of the layer, with \",layer\" behind them");
    }
    if (features.size() == kept.geometry.size()) continue;
    std::vector<std::uint32_t> rows;
    rows.reserve(features.size());
    for (const std::uint32_t f : features) rows.push_back(kept.rows[f]);
    const std::size_t left = distinct_rows(rows);
    outside += static_cast<std::int64_t>(kept.features - left);
    kept.geometry = kept.geometry.select(features);
    kept.rows = std::move(rows);
    kept.features = left;
  }
  if (outside > 0) raw.diagnostics.add(Severity::note, "outside-extent", raw.where, kOutsideExtent, outside);
}

std::vector<bool> wanted_columns(const std::vector<std::string>& names, const ReadOptions& options,
                                 const std::string& shown, const std::string& where, Diagnostics& diagnostics) {
  const auto among = [](const std::vector<std::string>& list, const std::string& name) {
    return std::find(list.begin(), list.end(), name) != list.end();
  };
  std::vector<bool> wanted(names.size(), true);
  if (options.fields.empty()) return wanted;
  for (const std::string& field : options.fields) {
    if (!among(names, field)) throw unknown_name(shown, "column", field, names);
  }
  const std::vector<std::string> named = {options.id_column, options.year_column,     options.x_column,
                                          options.y_column,  options.position_column, options.geometry_column};
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string& name = names[i];
    // A column called publication hides sites, asked for or not.
    const bool plays =
        std::any_of(kColumnRoles.begin(), kColumnRoles.end(), [&](const ColumnRole& role) { return role.key == name; });
    wanted[i] = plays || among(options.fields, name) || among(options.kept_columns, name) || among(named, name);
    if (!wanted[i])
      diagnostics.add(Severity::note, "left-out-column", where, "columns that nobody asked for were left out", 1, name);
  }
  return wanted;
}

void keep_fields(RawLayer& raw, const ReadOptions& options) {
  if (options.fields.empty()) return;
  std::vector<std::string> names;
  for (const Column& column : raw.columns) names.push_back(column.name);
  ReadOptions with_coordinates = options;
  for (const std::string& coordinate : {raw.x_column, raw.y_column})
    with_coordinates.kept_columns.push_back(coordinate);
  const std::vector<bool> wanted = wanted_columns(names, with_coordinates, raw.shown, raw.where, raw.diagnostics);
  std::vector<Column> kept;
  for (std::size_t i = 0; i < wanted.size(); ++i)
    if (wanted[i]) kept.push_back(std::move(raw.columns[i]));
  raw.columns = std::move(kept);
}

}  // namespace yaan
