#include "analyse/points_in_areas.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <tuple>
#include <utility>

#include "analyse/ground_areas.hpp"
#include "yaan/analyse/assign_areas.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/publication.hpp"
#include "yaan/core/stable_ids.hpp"

namespace yaan {

std::vector<std::string> area_codes(const Layer& areas) {
  std::vector<std::string> codes = stable_ids(areas);
  const Column* given = areas.roles.code.empty() ? nullptr : areas.find(areas.roles.code);
  for (std::size_t row = 0; given != nullptr && row < codes.size(); ++row)
    if (!given->is_null(row)) codes[row] = given->display(row);
  return codes;
}

std::vector<std::uint32_t> order_by_code(const std::vector<std::string>& codes, const Geometry& shapes) {
  std::vector<std::uint32_t> order(codes.size());
  std::iota(order.begin(), order.end(), 0U);
  std::vector<Box> boxes;
  for (std::size_t row = 0; row < codes.size(); ++row) boxes.push_back(shapes.bounds(row));
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    const auto key = [&](const std::uint32_t& row) {  // by reference, as the tuple holds references
      const Box& box = boxes[row];
      return std::tie(codes[row], box.min_x, box.min_y, box.max_x, box.max_y, row);
    };
    return key(a) < key(b);
  });
  return order;
}

namespace {

Geometry in_system_of(const Layer& points, const Layer& areas) {
  if (areas.crs.same_as(points.crs)) return areas.geometry;
  // By way of degrees where the points are in some, so that what a plane drew across the 180th meridian is cut there.
  if (points.crs.is_geographic() && areas.crs.kind() == Crs::Kind::projected)
    return reprojected(in_degrees(areas), points.crs).geometry;
  return reprojected(areas, points.crs).geometry;
}

void report(const Layer& points, const Layer& areas, const Length& within, const AreaAssignment& assigned,
            Diagnostics& diagnostics) {
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (assigned.area[i] < 0)
      diagnostics.add(Severity::doubt, "outside-every-area", points.name,
                      fmt::format("points lie in no area of {} and in none within {}: they count nowhere", areas.name,
                                  to_string(within)),
                      1, points.feature_id(i));
    else if (assigned.distance[i] > 0)
      diagnostics.add(
          Severity::note, "assigned-to-nearest", points.name,
          fmt::format("points lie in no area of {} and count in the nearest within {}", areas.name, to_string(within)),
          1, points.feature_id(i));
  }
}

}  // namespace

PointsInAreas points_in_areas(const Layer& points, const Layer& areas, const Length& within, Diagnostics& diagnostics,
                              Progress& progress) {
  progress.throw_if_cancelled();
  if (areas.crs.kind() == Crs::Kind::none)
    throw UsageError(
        fmt::format("the coordinate reference system of the areas in {} is unknown, so they have no size", areas.name),
        "name it, such as --areas-crs EPSG:4326, or local for a plane in metres");
  PointsInAreas found;
  found.code = area_codes(areas);
  found.order = order_by_code(found.code, areas.geometry);
  found.km2 = ground_areas_km2(areas);
  const AreaAssignment assigned =
      assign_areas(points.geometry.x, points.geometry.y, in_system_of(points, areas).select(found.order), points.crs,
                   {within}, progress);
  report(points, areas, within, assigned, diagnostics);
  found.inside = assigned.inside;
  found.nearest = assigned.nearest;
  found.outside = assigned.outside;
  const std::vector<Publication> levels = publication_levels(points);
  found.area.assign(points.size(), -1);
  found.stands.assign(points.size(), -1);
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (assigned.area[i] < 0) continue;
    const std::uint32_t area = found.order[static_cast<std::size_t>(assigned.area[i])];
    found.stands[i] = static_cast<std::int32_t>(area);
    if (levels[i] != Publication::open && found.km2[area] < kLeastAreaKm2) {
      ++found.withheld;
      --(assigned.distance[i] > 0 ? found.nearest : found.inside);
      continue;
    }
    found.area[i] = static_cast<std::int32_t>(area);
  }
  if (found.withheld > 0)
    diagnostics.add(Severity::note, "not-open-left-out", points.name,
                    fmt::format("points that are not open lie in areas below {} km2 and count nowhere: the count would "
                                "tell where they are",
                                kLeastAreaKm2),
                    found.withheld);
  return found;
}

std::vector<InputRole> counting_inputs(std::string points) {
  return {{"areas", GeometryKind::polygon, RoleNeed::required, "the areas, such as provinces or cells of grid"},
          {"points", GeometryKind::point, RoleNeed::required, std::move(points)}};
}

}  // namespace yaan
