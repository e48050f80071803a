#pragma once
// Squares and sites in a local plane, and the columns of an answer as texts.

#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "yaan/core/layer.hpp"
#include "yaan/core/method.hpp"

namespace yaan {

/// Squares by their south-west corners, with the part code.
inline Layer squares(const std::vector<std::string>& codes, const std::vector<std::pair<double, double>>& corners,
                     double side) {
  Layer layer;
  layer.name = "areas";
  layer.crs = Crs::local();
  layer.geometry = Geometry::empty(GeometryKind::polygon);
  for (const auto& [x, y] : corners) {
    layer.geometry.add_ring(std::vector{x, x + side, x + side, x, x}, std::vector{y, y, y + side, y + side, y});
    layer.geometry.end_part();
    layer.geometry.end_feature();
  }
  Column code("code", ColumnType::text);
  for (const std::string& text : codes) code.push(std::string_view(text));
  layer.columns.push_back(std::move(code));
  layer.roles.code = "code";
  return layer;
}

/// Points with the part category; "" for none.
inline Layer sites(const std::vector<std::pair<double, double>>& places, const std::vector<std::string>& kinds) {
  Layer layer;
  layer.name = "points";
  layer.crs = Crs::local();
  layer.geometry = Geometry::points({}, {});
  Column category("category", ColumnType::text);
  for (std::size_t i = 0; i < places.size(); ++i) {
    layer.geometry.x.push_back(places[i].first);
    layer.geometry.y.push_back(places[i].second);
    if (kinds[i].empty())
      category.push_null();
    else
      category.push(std::string_view(kinds[i]));
  }
  layer.columns.push_back(std::move(category));
  layer.roles.category = "category";
  return layer;
}

/// Every seventh feature is hidden or coarsened. Returns the rows of the others.
inline std::vector<std::uint32_t> hide_every_seventh(Layer& layer) {
  Column level("publication", ColumnType::text);
  std::vector<std::uint32_t> open;
  for (std::uint32_t i = 0; i < layer.size(); ++i) {
    const bool shown = i % 7 != 0;
    level.push(shown ? "open" : i % 2 == 0 ? "hidden" : "coarsened");
    if (shown) open.push_back(i);
  }
  layer.set(std::move(level));
  layer.roles.publication = "publication";
  return open;
}

inline const Column& column(const MethodResult& result, const std::string& name) {
  for (const Column& one : result.columns)
    if (one.name == name) return one;
  throw std::invalid_argument("no column " + name);
}

inline std::vector<std::string> texts(const Column& one) {
  std::vector<std::string> rows;
  for (std::size_t row = 0; row < one.size(); ++row) rows.push_back(one.is_null(row) ? "null" : one.display(row));
  return rows;
}

inline std::vector<std::string> texts(const MethodResult& result, const std::string& name) {
  return texts(column(result, name));
}

}  // namespace yaan
