#include "yaan/analyse/assign_areas.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <optional>
#include <stdexcept>
#include <utility>

#include "analyse/index/area_grid.hpp"
#include "analyse/index/nearest_edge.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/memory_pages.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {

namespace {

constexpr std::size_t kBlock = std::size_t{1} << 12;
constexpr double kMostGroundDistance = 100e3;

double checked_distance(const Crs& crs, const AssignAreasOptions& options) {
  if (crs.kind() == Crs::Kind::none)
    throw UsageError("the points' coordinate reference system is unknown, so no distance can be measured",
                     "name it, such as --crs EPSG:4326, or --crs local for a plane in metres");
  const Metres within = options.within.on(crs, "within");
  if (!(within.value >= 0) || !std::isfinite(within.value))
    throw UsageError(fmt::format("within is {}, but must be at least 0", to_string(options.within)));
  if (crs.is_geographic() && within.value > kMostGroundDistance)
    throw UsageError(fmt::format("within is {}, but must be at most {} on a layer in degrees",
                                 to_string(options.within), to_string(Length(Metres{kMostGroundDistance}))),
                     "use a projected layer for longer distances");
  return within.value;
}

}  // namespace

AreaAssignment assign_areas(std::span<const double> x, std::span<const double> y, const Geometry& areas, const Crs& crs,
                            const AssignAreasOptions& options, Progress& progress) {
  if (x.size() != y.size()) throw std::invalid_argument("assign_areas: x and y differ in length");
  if (areas.kind != GeometryKind::polygon)
    throw UsageError(fmt::format("the areas are of kind {}, but must be polygons", to_string(areas.kind)));
  const double within = checked_distance(crs, options);
  progress.throw_if_cancelled();
  progress.report("indexing areas", 0.1);
  AreaGrid grid(areas, x.size());
  if (within > 0) grid.index_edges();
  AreaAssignment result;
  reserve_in_huge_pages(result.area, x.size());
  result.area.assign(x.size(), AreaGrid::kNone);
  reserve_in_huge_pages(result.distance, x.size());
  populate_next(result.distance, x.size());
  result.distance.assign(x.size(), std::numeric_limits<double>::quiet_NaN());
  struct Count {
    std::int64_t inside = 0;
    std::int64_t nearest = 0;
  };
  std::vector<Count> counts(block_count(x.size(), kBlock));
  progress.report("assigning points to areas", 0.2);
  // `first`: the area that holds the point where it lies; it may be held a turn away, too.
  const auto holding = [&](std::int32_t first, double px, double py) {
    if (!crs.is_geographic()) return first;
    for (const double turn : {-360.0, 360.0}) {
      const std::int32_t other = grid.first_holding(px + turn, py);
      if (other != AreaGrid::kNone && (first == AreaGrid::kNone || other < first)) first = other;
    }
    return first;
  };
  parallel_blocks(x.size(), kBlock, [&](std::size_t begin, std::size_t end, std::size_t block) {
    Count count;
    grid.first_holding(x.subspan(begin, end - begin), y.subspan(begin, end - begin),
                       std::span(result.area).subspan(begin, end - begin));
    for (std::size_t i = begin; i < end; ++i) {
      if ((i - begin) % 256 == 0) progress.throw_if_cancelled();
      const std::int32_t here = std::exchange(result.area[i], AreaGrid::kNone);
      if (!std::isfinite(x[i]) || !std::isfinite(y[i])) continue;
      if (crs.is_geographic() && !(std::abs(y[i]) <= 90 && std::abs(x[i]) <= 540)) continue;
      result.area[i] = holding(here, x[i], y[i]);
      if (result.area[i] != AreaGrid::kNone) {
        result.distance[i] = 0;
        ++count.inside;
        continue;
      }
      if (within == 0) continue;  // no search for what cannot be near enough
      const NearestArea nearest = nearest_area(grid, areas, crs, x[i], y[i], within);
      if (nearest.area == AreaGrid::kNone) continue;
      result.area[i] = nearest.area;
      result.distance[i] = nearest.metres;
      ++(nearest.metres > 0 ? count.nearest : count.inside);  // so near the border that no distance can be told
    }
    counts[block] = count;
  });
  for (const Count& count : counts) {
    result.inside += count.inside;
    result.nearest += count.nearest;
  }
  result.outside = static_cast<std::int64_t>(x.size()) - result.inside - result.nearest;
  return result;
}

namespace {

/// What an area is called in a column, or nothing.
std::string text_of(const Layer& areas, const std::string& role, std::size_t area) {
  const Column* column = role.empty() ? nullptr : areas.find(role);
  return column == nullptr ? std::string() : column->display(area);
}

MethodResult run_assign_areas(const MethodInputs& inputs, const std::any& any_options, Progress& progress) {
  const auto& options = std::any_cast<const AssignAreasOptions&>(any_options);
  const Layer& points = inputs.layer("points");
  const Layer& given = inputs.layer("areas");
  checked_distance(points.crs, options);
  std::optional<Layer> moved;
  if (!given.crs.same_as(points.crs)) moved = reprojected(given, points.crs);
  const Layer& areas = moved ? *moved : given;
  const AreaAssignment assigned =
      assign_areas(points.geometry.x, points.geometry.y, areas.geometry, points.crs, options, progress);

  MethodResult result;
  for (const OutputField& field : assign_areas_method().adds) {
    result.columns.push_back(make_column(field));
    result.columns.back().reserve(points.size());
  }
  const std::string within = to_string(options.within);
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (assigned.area[i] < 0) {
      for (Column& column : result.columns) column.push_null();
      result.diagnostics.add(Severity::doubt, "outside-every-area", points.name,
                             fmt::format("points lie in no area of {} and in none within {}", given.name, within), 1,
                             points.feature_id(i));
      continue;
    }
    const auto area = static_cast<std::size_t>(assigned.area[i]);
    result.columns[0].push_or_null(areas.feature_code(area));
    result.columns[1].push_or_null(text_of(areas, areas.roles.name_en, area));
    result.columns[2].push_or_null(text_of(areas, areas.roles.name_th, area));
    result.columns[3].push(assigned.distance[i]);
    if (assigned.distance[i] > 0)
      result.diagnostics.add(
          Severity::note, "assigned-to-nearest", points.name,
          fmt::format("points lie in no area of {} and take the nearest within {}", given.name, within), 1,
          points.feature_id(i));
  }
  result.summary = {{"points", static_cast<std::int64_t>(points.size())},
                    {"inside", assigned.inside},
                    {"nearest", assigned.nearest},
                    {"outside", assigned.outside}};
  return result;
}

Method describe_assign_areas() {
  Method method;
  method.name = "assign-areas";
  method.stage = "analyse";
  method.title = {"Area of each point", "พื้นที่ของแต่ละจุด"};
  method.summary = "Gives each point the code and names of the area that holds it, or of the nearest area.";
  method.description =
      "A point belongs to the area whose polygon holds it, borders included. The test is exact for every coordinate. A "
      "point on a shared edge or vertex, or in areas that overlap, belongs to the first of them in the order of the "
      "areas layer.\n\n"
      "A point outside every area takes the nearest one within `within`, measured on the ground to the nearest place "
      "on its border; of areas at the same distance it takes the first. Such points are counted as "
      "`assigned-to-nearest` in the diagnostics, and their distance is in `area_distance_m`. Simplified boundaries "
      "leave islands and coast outside, so this is common. Points farther away keep null columns and are counted as "
      "`outside-every-area`; so are points without a usable position. Without any area every point is outside.\n\n"
      "Areas in another coordinate reference system are taken to that of the points, vertex by vertex; their edges are "
      "straight there. On a layer in degrees the distance is the geodesic, with a relative error below 1e-4 up to "
      "100 km and 85 degrees of latitude.\n\n"
      "A point takes constant expected time away from borders; a point near a border is tested against the edges in a "
      "narrow strip of each area that could hold it.";
  method.citation =
      "Even-odd rule with exact orientation predicates: Shewchuk, J. R. (1997): Adaptive precision floating-point "
      "arithmetic and fast robust geometric predicates. Discrete & Computational Geometry 18, 305-363. Geodesics: "
      "Karney, C. F. F. (2013): Algorithms for geodesics. Journal of Geodesy 87, 43-55.";
  method.example =
      "assign-areas data/creative_assets.csv --x longitude --y latitude --crs EPSG:4326 --areas data/provinces.geojson "
      "--within 5km -o assets_by_province.geojson";
  method.inputs = {{"points", GeometryKind::point, RoleNeed::required, "the points to assign"},
                   {"areas", GeometryKind::polygon, RoleNeed::required, "the areas, such as provinces"}};
  Parameter within = parameter(&AssignAreasOptions::within, "within", ParameterKind::length,
                               "How far outside every area a point may lie and still take the nearest; 0m for never.");
  within.minimum = 0;
  within.slider_minimum = 0;
  within.slider_maximum = 20000;
  within.title = {"Nearest area within", "ระยะถึงพื้นที่ใกล้สุด"};
  method.parameters = {std::move(within)};
  method.adds = {{"area_code",
                  ColumnType::text,
                  "",
                  "Code of the area, or its id where the areas have no codes; null outside.",
                  {"Area code", "รหัสพื้นที่"},
                  ColourBy::category,
                  true},
                 {"area_name_en",
                  ColumnType::text,
                  "",
                  "English name of the area; null outside or without one.",
                  {"Area (English)", "พื้นที่ (อังกฤษ)"},
                  ColourBy::none,
                  true},
                 {"area_name_th",
                  ColumnType::text,
                  "",
                  "Thai name of the area; null outside or without one.",
                  {"Area (Thai)", "พื้นที่"},
                  ColourBy::none,
                  true},
                 {"area_distance_m",
                  ColumnType::real,
                  "m",
                  "Distance on the ground to the area: 0 inside it; null outside.",
                  {"Distance to area", "ระยะถึงพื้นที่"},
                  ColourBy::sequence,
                  true}};
  name_nulls(method.adds, {"in no area", "ไม่อยู่ในพื้นที่ใด"});
  method.default_options = [] { return std::any(AssignAreasOptions{}); };
  method.run = run_assign_areas;
  return method;
}

}  // namespace

const Method& assign_areas_method() {
  static const Method method = describe_assign_areas();
  return method;
}

}  // namespace yaan
