#pragma once
// Layers that every method can be tried on.

#include <limits>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "yaan/core/layer.hpp"

namespace yaan {

using Points = std::vector<std::pair<double, double>>;

inline constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// Three knots of sites about Chiang Mai and some strays; no two at the same place.
inline Points sample_points() {
  std::mt19937 random(7);
  std::normal_distribution<double> scatter(0, 0.002);
  Points points;
  for (const auto& [lon, lat] : Points{{98.98, 18.79}, {99.01, 18.76}, {100.77, 18.78}})
    for (int i = 0; i < 30; ++i) points.emplace_back(lon + scatter(random), lat + scatter(random));
  for (int i = 0; i < 10; ++i) points.emplace_back(98.0 + 0.31 * i, 18.2 + 0.13 * i);
  return points;
}

/// A point layer with every part that a method may look for; `cluster` as a clustering by longitude would give it.
inline Layer point_layer(const Points& points) {
  Layer layer;
  layer.name = "points";
  layer.crs = Crs::wgs84();
  layer.geometry = Geometry::points({}, {});
  Column id("id", ColumnType::text);
  Column category("category", ColumnType::text);
  Column cluster("cluster", ColumnType::integer);
  Column area("area_code", ColumnType::text);
  Column value("value", ColumnType::real);
  Column other("other", ColumnType::integer);
  Column flag("flag", ColumnType::integer);
  for (const auto& [lon, lat] : points) {
    layer.geometry.x.push_back(lon);
    layer.geometry.y.push_back(lat);
    id.push(std::to_string(lon) + "/" +
            std::to_string(lat));  // of the place, so that a permuted layer has the same ids
    category.push(std::fmod(std::abs(lon) * 1e6, 2) < 1 ? "temple" : "craft");
    if (std::isfinite(lon) && std::isfinite(lat))
      cluster.push(std::int64_t{lon < 99 ? 1 : 2});
    else
      cluster.push_null();
    area.push(lat < 18.77 ? "TH-50" : "TH-51");
    const double number = std::isfinite(lon) && std::isfinite(lat) ? 1 + std::fmod((lon + lat) * 1e4, 7) : kNan;
    value.push(number);
    other.push(std::isnan(number) ? 0 : static_cast<std::int64_t>(number * number));
    flag.push(std::int64_t{number > 4 ? 1 : 0});
  }
  for (Column* column : {&id, &category, &cluster, &area, &value, &other, &flag})
    layer.columns.push_back(std::move(*column));
  layer.roles.id = "id";
  layer.roles.name_en = "id";
  layer.roles.category = "category";
  layer.roles.area = "area_code";
  return layer;
}

inline Layer areas_of(const std::vector<Box>& boxes) {
  Layer layer;
  layer.name = "areas";
  layer.crs = Crs::wgs84();
  layer.geometry = Geometry::empty(GeometryKind::polygon);
  Column code("code", ColumnType::text);
  for (const Box& b : boxes) {
    layer.geometry.add_ring(std::vector{b.min_x, b.max_x, b.max_x, b.min_x, b.min_x},
                            std::vector{b.min_y, b.min_y, b.max_y, b.max_y, b.min_y});
    layer.geometry.end_part();
    layer.geometry.end_feature();
    code.push("A" + std::to_string(code.size()));
  }
  layer.columns.push_back(std::move(code));
  layer.roles.code = "code";
  layer.roles.name_en = "code";
  return layer;
}

inline Layer area_layer() { return areas_of({{98, 18, 99, 19.5}, {99, 18, 100, 19.5}, {100, 18, 101, 19.5}}); }

/// Overlaps, and a gap between the lower and the upper ones.
inline Layer faulty_areas() {
  return areas_of({{98, 18, 99.1, 19},
                   {99, 18, 100, 19},
                   {100, 18, 101, 19},
                   {98, 19, 99.3, 20},
                   {99.6, 19, 101, 20},
                   {99.2, 19.5, 99.7, 20}});
}

/// A line through the middle of the first knot.
inline Layer line_layer() {
  Layer layer;
  layer.name = "lines";
  layer.crs = Crs::wgs84();
  layer.geometry = Geometry::empty(GeometryKind::line);
  layer.geometry.add_ring(std::vector<double>{98.9, 98.98, 99.2}, std::vector<double>{18.7, 18.79, 18.8});
  layer.geometry.end_feature();
  return layer;
}

inline Layer layer_of(GeometryKind kind, const Points& points) {
  if (kind == GeometryKind::polygon) return area_layer();
  if (kind == GeometryKind::line) return line_layer();
  return point_layer(points);
}

}  // namespace yaan
