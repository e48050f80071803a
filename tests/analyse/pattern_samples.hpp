#pragma once
// Layers of points and boxes for the methods on point patterns, and what a method answers.

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <variant>
#include <vector>

#include "analyse/classic_patterns.hpp"
#include "analyse/pattern_window.hpp"
#include "yaan/core/method.hpp"

namespace yaan {

inline Layer layer_of(const Places& places, const Crs& crs = Crs::local()) {
  Layer layer;
  layer.name = "sites";
  layer.crs = crs;
  layer.geometry = Geometry::points({}, {});
  Column kind("category", ColumnType::text);
  for (const auto& [x, y] : places) {
    layer.geometry.x.push_back(x);
    layer.geometry.y.push_back(y);
    kind.push(layer.geometry.x.size() % 3 == 0 ? "craft" : "temple");
  }
  layer.columns.push_back(std::move(kind));
  layer.roles.category = "category";
  return layer;
}

inline Layer box_layer(const Box& box, const Crs& crs = Crs::local()) {
  Layer layer;
  layer.name = "box";
  layer.crs = crs;
  layer.geometry = rectangle_of(box);
  return layer;
}

struct Answer {
  MethodResult result;
  [[nodiscard]] double number(const std::string& name) const {
    for (const auto& [key, value] : result.summary)
      if (key == name)
        return std::holds_alternative<double>(value) ? std::get<double>(value)
                                                     : static_cast<double>(std::get<std::int64_t>(value));
    ADD_FAILURE() << "no " << name;
    return 0;
  }
  [[nodiscard]] const std::vector<double>& column(const std::string& name) const {
    return result.layers.front().column(name).reals();
  }
};

inline Answer run(const Method& method, const Layer& points, const std::any& options, const Layer* window = nullptr,
                  const Layer* background = nullptr) {
  MethodInputs inputs;
  inputs.layers["points"] = &points;
  if (window != nullptr) inputs.layers["window"] = window;
  if (background != nullptr) inputs.layers["background"] = background;
  Progress progress;
  return {method.run(inputs, options, progress)};
}

inline Places random_places(std::size_t n, unsigned seed, double size = 1) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> place(0, size);
  Places places;
  for (std::size_t i = 0; i < n; ++i) {
    const double x = place(random);
    places.emplace_back(x, place(random));
  }
  return places;
}

const Box kUnit = {0, 0, 1, 1};

}  // namespace yaan
