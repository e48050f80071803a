#pragma once
// Layers for the tests of district_significance.

#include <string>
#include <utility>
#include <vector>

#include "analyse/pattern_window.hpp"
#include "yaan/district/district_significance.hpp"

namespace yaan::samples {

inline Layer points_of(std::vector<double> x, std::vector<double> y) {
  Layer layer;
  layer.name = "points";
  layer.crs = Crs::local();
  layer.geometry = Geometry::points(std::move(x), std::move(y));
  return layer;
}

inline Layer window_of(const Box& box) {
  Layer layer;
  layer.name = "window";
  layer.crs = Crs::local();
  layer.geometry = rectangle_of(box);
  return layer;
}

inline void add_kinds(Layer& layer, const std::vector<std::string>& kinds) {
  Column column("category", ColumnType::text);
  for (const std::string& kind : kinds) column.push(kind);
  layer.columns.push_back(std::move(column));
  layer.roles.category = "category";
}

inline SignificanceOptions options_of(double radius, std::int64_t min_points, std::int64_t simulations) {
  SignificanceOptions options;
  options.radius = Metres{radius};
  options.min_points = min_points;
  options.simulations = simulations;
  return options;
}

inline DistrictSignificance tested(const Layer& points, const Layer* window, const Layer* background,
                                   const SignificanceOptions& options) {
  Diagnostics diagnostics;
  Progress progress;
  return district_significance(points, window, background, options, diagnostics, progress);
}

}  // namespace yaan::samples
