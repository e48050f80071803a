#include "yaan/analyse/repair_axes.hpp"

#include <fmt/format.h>

#include <cmath>
#include <optional>
#include <utility>

#include "yaan/analyse/assign_areas.hpp"

namespace yaan {

std::string_view to_string(AxesState state) {
  switch (state) {
    case AxesState::in_place: return "in-place";
    case AxesState::exchanged: return "exchanged";
    case AxesState::elsewhere: return "elsewhere";
  }
  return "";
}

AxesFinding find_exchanged_axes(const Layer& points, const Layer& areas, const RepairAxesOptions& options,
                                Progress& progress) {
  std::optional<Layer> moved;
  if (!areas.crs.same_as(points.crs)) moved = reprojected(areas, points.crs);
  const Geometry& ground = moved ? moved->geometry : areas.geometry;
  const Geometry& g = points.geometry;
  const AreaAssignment as_given = assign_areas(g.x, g.y, ground, points.crs, {options.coast}, progress);
  const AreaAssignment turned = assign_areas(g.y, g.x, ground, points.crs, {Metres{0}}, progress);
  AxesFinding finding;
  std::int64_t with_position = 0;
  for (std::size_t row = 0; row < points.size(); ++row) {
    if (std::isfinite(g.x[row]) && std::isfinite(g.y[row])) ++with_position;
    const bool exchanged = as_given.area[row] < 0 && turned.area[row] >= 0;
    finding.states.push_back(as_given.area[row] >= 0 ? AxesState::in_place
                             : exchanged             ? AxesState::exchanged
                                                     : AxesState::elsewhere);
    if (exchanged) ++finding.exchanged;
  }
  finding.whole_layer = finding.exchanged > 1 && 2 * finding.exchanged > with_position;
  return finding;
}

namespace {

// Whether the whole layer's exchange reaches a point that lies in no area either way.
bool can_turn(const Crs& crs, double x, double y) {
  return std::isfinite(x) && std::isfinite(y) && (!crs.is_geographic() || std::abs(x) <= 90);
}

// Which points, and why they are exchanged.
struct Reason {
  std::string which;
  const char* why;
};

Reason reason_of(AxesState state, bool whole_layer, const Layer& areas) {
  if (state == AxesState::elsewhere)
    return {fmt::format("of points that lie in no area of {} either way", areas.name),
            "as those of most points of the layer"};
  return {whole_layer ? "of the whole layer" : fmt::format("of points that lie in no area of {}", areas.name),
          "because they then lie in an area"};
}

MethodResult run_repair_axes(const MethodInputs& inputs, const std::any& any_options, Progress& progress) {
  const auto& options = std::any_cast<const RepairAxesOptions&>(any_options);
  const Layer& points = inputs.layer("points");
  const Layer& areas = inputs.layer("areas");
  const AxesFinding finding = find_exchanged_axes(points, areas, options, progress);
  MethodResult result;
  Column states = make_column(repair_axes_method().adds.front());
  Layer repaired = points;
  std::int64_t done = 0;
  std::int64_t elsewhere = 0;
  for (std::size_t row = 0; row < points.size(); ++row) {
    const AxesState state = finding.states[row];
    states.push(to_string(state));
    if (state == AxesState::elsewhere) ++elsewhere;
    double& x = repaired.geometry.x[row];
    double& y = repaired.geometry.y[row];
    const bool turn = state == AxesState::exchanged ||
                      (finding.whole_layer && state == AxesState::elsewhere && can_turn(points.crs, x, y));
    if (!turn) continue;
    const Reason reason = reason_of(state, finding.whole_layer, areas);
    if (options.exchange == AxesExchange::none) {
      result.diagnostics.add(Severity::doubt, "exchanged-axes", points.name,
                             fmt::format("x and y {} seem to be exchanged, and were left so", reason.which), 1,
                             points.feature_id(row));
      continue;
    }
    std::swap(x, y);
    ++done;
    result.diagnostics.add(Severity::repaired, "exchanged-axes", points.name,
                           fmt::format("x and y {} were exchanged, {}", reason.which, reason.why), 1,
                           points.feature_id(row));
  }
  repaired.set(states);
  result.columns.push_back(std::move(states));
  result.layers.push_back(std::move(repaired));
  result.summary = {{"points", static_cast<std::int64_t>(points.size())},
                    {"in-place", static_cast<std::int64_t>(points.size()) - finding.exchanged - elsewhere},
                    {"exchanged", finding.exchanged},
                    {"elsewhere", elsewhere},
                    {"whole-layer", finding.whole_layer},
                    {"repaired", done}};
  return result;
}

Method describe_repair_axes() {
  Method method;
  method.name = "repair-axes";
  method.stage = "analyse";
  method.title = {"Exchanged axes", "แก้พิกัดสลับแกน"};
  method.summary = "Exchanges x and y of points that lie in no area and would lie in one so.";
  method.description =
      "A point is `in-place` when it lies in an area or within `coast` of one; `exchanged` when it does not, and with "
      "x "
      "and y exchanged it lies in an area; else `elsewhere`. This finds exchanged axes where both ways are possible "
      "coordinates, such as 40 north, 4 west; what lies beyond 90 degrees of latitude is repaired on reading "
      "(`swapped_axes` of a layer).\n\n"
      "When more than half of the points, and two at least, are exchanged, the whole layer is taken to be: then points "
      "that are elsewhere (on islands, or far out) are exchanged as well, but for those that would come to lie beyond "
      "90 "
      "degrees of latitude; only these and those in place stay. The layer "
      "`repaired` has all points with all columns; with `exchange` `none` they are only marked. `yaan check` lists "
      "such points as `axes-exchanged`, for people to decide one by one. Linear expected time.";
  method.citation =
      "On how published positions go wrong: Chapman, A. D., Wieczorek, J. R. (2020): Georeferencing Best Practices. "
      "GBIF Secretariat, Copenhagen.";
  method.example =
      "repair-axes data/creative_assets.csv --x longitude --y latitude --crs EPSG:4326 --areas data/provinces.geojson "
      "-o assets_in_place.geojson";
  method.inputs = {{"points", GeometryKind::point, RoleNeed::required, "the points"},
                   {"areas", GeometryKind::polygon, RoleNeed::required, "the areas in which they should lie"}};
  Parameter exchange =
      parameter(&RepairAxesOptions::exchange, "exchange", ParameterKind::choice,
                "What is exchanged: fitting points, or none, which only marks them.", {"fitting", "none"});
  exchange.title = {"Exchange", "การสลับแกน"};
  Parameter coast = parameter(&RepairAxesOptions::coast, "coast", ParameterKind::length,
                              "This near to an area a point that lies in none is in its place.");
  coast.minimum = 0;
  coast.slider_maximum = 20'000;
  coast.title = {"Coast", "ระยะชายฝั่ง"};
  method.parameters = {std::move(exchange), std::move(coast)};
  method.adds = {{"axes_state",
                  ColumnType::text,
                  "",
                  "in-place, exchanged or elsewhere, as the point came.",
                  {"Axes", "แกนพิกัด"},
                  ColourBy::category,
                  false}};
  method.makes = "repaired";
  method.makes_fields = method.adds;
  method.makes_fields.front().help += " The columns of the points come before this one.";
  method.default_options = [] { return std::any(RepairAxesOptions{}); };
  method.run = run_repair_axes;
  return method;
}

}  // namespace

const Method& repair_axes_method() {
  static const Method method = describe_repair_axes();
  return method;
}

}  // namespace yaan
