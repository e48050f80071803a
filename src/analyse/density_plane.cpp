#include "analyse/density_plane.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

#include "analyse/point_set.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/overlay.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {

namespace {

constexpr std::size_t kBlock = std::size_t{1} << 17;  // a transformation of its own for each costs milliseconds
constexpr std::size_t kPoll = std::size_t{1} << 13;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

struct Centre {
  double lon = 0;
  double lat = 0;
};

/// The middle of the box of the positions, in degrees. Where the box is wider than half the globe, longitudes are taken
/// from 0 to 360, so that a layer across the antimeridian has its middle there.
Centre middle_of(const std::vector<double>& lon, const std::vector<double>& lat) {
  Box box;
  Box eastern;  // longitudes from 0 to 360
  for (std::size_t i = 0; i < lon.size(); ++i) {
    if (!usable_position(lon[i], lat[i], true)) continue;
    const double east = lon[i] < 0 ? lon[i] + 360 : lon[i];
    box.min_x = std::min(box.min_x, lon[i]);
    box.max_x = std::max(box.max_x, lon[i]);
    box.min_y = std::min(box.min_y, lat[i]);
    box.max_y = std::max(box.max_y, lat[i]);
    eastern.min_x = std::min(eastern.min_x, east);
    eastern.max_x = std::max(eastern.max_x, east);
  }
  if (box.empty()) return {};
  const double lon_middle = box.width() > 180 && eastern.max_x - eastern.min_x < box.width()
                                ? (eastern.min_x + eastern.max_x) / 2
                                : (box.min_x + box.max_x) / 2;
  return {std::remainder(lon_middle, 360), (box.min_y + box.max_y) / 2};
}

}  // namespace

DensityPlane::DensityPlane(const Layer& points, const Layer* areas) : m_crs(points.crs) {
  if (points.crs.kind() == Crs::Kind::none)
    throw UsageError(
        fmt::format("layer {} has no coordinate reference system, so no density can be measured", points.name),
        "name it, such as --crs EPSG:4326, or --crs local for a plane in metres");
  if (!points.crs.is_geographic()) {
    m_unit = points.crs.metres_per_unit();
    return;
  }
  const bool by_areas = areas != nullptr && !areas->geometry.bounds().empty();
  const Geometry& extent =
      by_areas ? (areas->crs.is_geographic() ? areas->geometry : reprojected(*areas, Crs::wgs84()).geometry)
               : points.geometry;
  const Centre centre = middle_of(extent.x, extent.y);
  m_centre = centre.lon;
  m_crs = Crs::laea(Degrees{centre.lon}, Degrees{centre.lat});
}

PlanePoints DensityPlane::points(const Geometry& places, const Crs& crs, const Progress& progress) const {
  PlanePoints out{places.x, places.y};
  const bool geographic = crs.is_geographic();
  const bool same = crs.same_as(m_crs);
  if (!same) (void)Transformer(crs, m_crs);  // says why when there is none
  parallel_blocks(out.x.size(), kBlock, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t i = begin; i < end; ++i)
      if (!usable_position(out.x[i], out.y[i], geographic)) out.x[i] = out.y[i] = kNan;
    if (!same) {
      const Transformer transformer(crs, m_crs);
      for (std::size_t from = begin; from < end; from += kPoll) {
        progress.throw_if_cancelled();
        const std::size_t count = std::min(kPoll, end - from);
        transformer.apply(std::span(out.x).subspan(from, count), std::span(out.y).subspan(from, count));
      }
    }
    for (std::size_t i = begin; i < end; ++i) {
      out.x[i] *= m_unit;
      out.y[i] *= m_unit;
      if (!std::isfinite(out.x[i]) || !std::isfinite(out.y[i])) out.x[i] = out.y[i] = kNan;
    }
  });
  return out;
}

Geometry DensityPlane::areas(const Layer& areas) const {
  if (areas.geometry.kind != GeometryKind::polygon)
    throw UsageError(fmt::format("layer {} holds features of kind {}, but a study area takes polygons", areas.name,
                                 to_string(areas.geometry.kind)));
  Geometry plane = areas.crs.same_as(m_crs) ? areas.geometry : reprojected(areas, m_crs).geometry;
  for (double& value : plane.x) value *= m_unit;
  for (double& value : plane.y) value *= m_unit;
  return make_valid(plane).geometry;
}

Geometry DensityPlane::study_area(const Layer& areas) const { return united(this->areas(areas)); }

Crs DensityPlane::output_crs() const { return m_crs.kind() == Crs::Kind::local ? m_crs : Crs::wgs84(); }

Geometry DensityPlane::to_output(Geometry polygons) const {
  if (m_crs.kind() == Crs::Kind::local) return polygons;
  for (double& value : polygons.x) value /= m_unit;
  for (double& value : polygons.y) value /= m_unit;
  Transformer(m_crs, Crs::wgs84()).apply(polygons.x, polygons.y);
  const double centre = m_centre.value_or(polygons.x.empty() ? 0 : polygons.x.front());
  for (double& value : polygons.x) value = centre + std::remainder(value - centre, 360);
  return make_valid(polygons).geometry;
}

double area_km2(const Geometry& polygons, std::size_t feature) {
  double square_metres = 0;
  for (std::size_t part = polygons.feature_parts[feature]; part < polygons.feature_parts[feature + 1]; ++part)
    for (std::size_t ring = polygons.part_rings[part]; ring < polygons.part_rings[part + 1]; ++ring)
      square_metres += ring_area(polygons.ring_x(ring), polygons.ring_y(ring));
  return square_metres / 1e6;
}

}  // namespace yaan
