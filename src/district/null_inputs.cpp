#include "district/null_inputs.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "analyse/kinds.hpp"
#include "analyse/null_places.hpp"
#include "analyse/point_set.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/numbers.hpp"

namespace yaan {

void PlacedPoints::append(const PlacedPoints& from, std::size_t i) {
  x.push_back(from.x[i]);
  y.push_back(from.y[i]);
  plane_x.push_back(from.plane_x[i]);
  plane_y.push_back(from.plane_y[i]);
}

PlacedPoints PlacedPoints::select(const std::vector<std::uint32_t>& rows) const {
  PlacedPoints some;
  for (const std::uint32_t row : rows) some.append(*this, row);
  return some;
}

DistrictNull chosen_model(const SignificanceOptions& options, const Layer* window, const Layer* background) {
  DistrictNull model = options.null_model;
  if (model == DistrictNull::automatic) {
    if (!options.population.empty())
      model = DistrictNull::population;
    else if (background != nullptr)
      model = DistrictNull::background;
    else
      model = options.kind.empty() ? DistrictNull::complete_randomness : DistrictNull::random_labelling;
  }
  if (model == DistrictNull::background && background == nullptr)
    throw UsageError("the null model background needs a background layer", "give one in the role background");
  if (model == DistrictNull::random_labelling && options.kind.empty())
    throw UsageError("random_labelling compares one kind of points with the others, but no kind was named",
                     "name it in the parameter kind, or take another null model");
  if (model == DistrictNull::population && options.population.empty())
    throw UsageError("the null model population needs a column of people",
                     "name it in the parameter population; it is one of the window's areas or of the background");
  if (model == DistrictNull::population && background == nullptr && window == nullptr)
    throw UsageError("the null model population needs a layer that holds the column " + options.population,
                     "give areas in the role window, or points in the role background");
  return model;
}

std::vector<double> people_of(const Layer& layer, const std::string& name) {
  const Column& column = layer.column(name);
  if (column.type() != ColumnType::integer && column.type() != ColumnType::real)
    throw UsageError(fmt::format("column {} of layer {} does not hold numbers", name, layer.name),
                     "name a column of people");
  std::vector<double> people(layer.size(), std::numeric_limits<double>::quiet_NaN());
  for (std::size_t row = 0; row < people.size(); ++row) {
    const auto number = column.number(row);
    if (!number) continue;
    if (!(*number >= 0) || std::isinf(*number))
      throw InputError(
          fmt::format("layer {}, feature {}: {} is {}", layer.name, layer.feature_id(row), name, shortest(*number)),
          "a population is a number from 0 on");
    people[row] = *number;
  }
  return people;
}

std::vector<std::uint32_t> rows_to_cluster(const Layer& points, const PlacedPoints& places,
                                           const SignificanceOptions& options, std::vector<std::uint32_t>& all,
                                           Diagnostics& diagnostics) {
  report_unusable(points, "points without a usable position are in no district", diagnostics);
  for (std::uint32_t row = 0; row < points.size(); ++row)
    if (!std::isnan(places.plane_x[row])) all.push_back(row);
  if (options.kind.empty()) return all;
  const Column& column = kind_column(points, options.category, "category");
  const RowKinds kinds = kinds_by_row(column, kMostKinds);
  const auto found = std::find(kinds.names.begin(), kinds.names.end(), options.kind);
  if (found == kinds.names.end() && !kinds.names.empty()) refuse_unknown_kind(options.kind, kinds.names, points.name);
  for (const std::uint32_t row : all)
    if (kinds.of[row] < 0)
      diagnostics.add(Severity::skipped, "missing-value", points.name,
                      fmt::format("points without a {} are left out", column.name), 1, points.feature_id(row));
  std::erase_if(all, [&](std::uint32_t row) { return kinds.of[row] < 0; });
  std::vector<std::uint32_t> rows = all;
  const auto number = static_cast<std::int32_t>(found - kinds.names.begin());
  std::erase_if(rows, [&](std::uint32_t row) { return kinds.of[row] != number; });
  return rows;
}

std::vector<std::uint8_t> stand_on(const PlacedPoints& pool, const PlacedPoints& places,
                                   const std::vector<std::uint32_t>& rows) {
  constexpr double kMillimetre = 1e-3;
  std::vector<double> x, y;
  for (const std::uint32_t row : rows) {
    x.push_back(places.plane_x[row]);
    y.push_back(places.plane_y[row]);
  }
  return stand_on(pool.plane_x, pool.plane_y, x, y, kMillimetre);
}

std::vector<std::uint32_t> numbers_among(const PlacedPoints& points, PlacedPoints& places) {
  std::vector<std::pair<double, double>> sorted;
  for (std::size_t i = 0; i < places.size(); ++i) sorted.emplace_back(places.x[i], places.y[i]);
  std::vector<std::uint32_t> numbers;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const std::pair at(points.x[i], points.y[i]);
    const auto found = std::lower_bound(sorted.begin(), sorted.end(), at);
    const bool same = found != sorted.end() && *found == at;
    numbers.push_back(static_cast<std::uint32_t>(same ? found - sorted.begin() : places.size()));
    if (!same) places.append(points, i);
  }
  return numbers;
}

}  // namespace yaan
