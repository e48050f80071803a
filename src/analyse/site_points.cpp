#include "yaan/analyse/site_points.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "analyse/degree_area.hpp"
#include "yaan/core/antimeridian.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/geodesy.hpp"
#include "yaan/core/inner_point.hpp"

namespace yaan {

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr PlanePoint kNowhere = {kNone, kNone};

// The feature with continuous longitudes, when its parts lie on both sides of the 180th meridian.
Geometry in_one_piece(const Geometry& shapes, std::size_t feature, bool degrees) {
  Geometry one = shapes.select({static_cast<std::uint32_t>(feature)});
  if (degrees && !one.x.empty() && one.bounds().width() > 180)
    for (double& x : one.x)
      if (x < 0) x += 360;
  return one;
}

double part_length(const Geometry& lines, std::size_t part, const Crs& crs) {
  const std::span<const double> x = lines.ring_x(part);
  const std::span<const double> y = lines.ring_y(part);
  double sum = 0;
  for (std::size_t i = 1; i < x.size(); ++i)
    sum += crs.is_geographic() ? geodesic_distance(x[i - 1], y[i - 1], x[i], y[i]).value
                               : std::hypot(x[i] - x[i - 1], y[i] - y[i - 1]) * crs.metres_per_unit();
  return sum;
}

// Half way along the longest part, the first of equals.
PlanePoint half_way(const Geometry& line, const Crs& crs) {
  if (line.x.empty()) return kNowhere;
  std::size_t longest = 0;
  double most = -1;
  for (std::size_t part = 0; part + 1 < line.ring_vertices.size(); ++part)
    if (const double length = part_length(line, part, crs); length > most) {
      most = length;
      longest = part;
    }
  const std::span<const double> x = line.ring_x(longest);
  const std::span<const double> y = line.ring_y(longest);
  double left = most / 2;
  for (std::size_t i = 1; i < x.size(); ++i) {
    const double step = crs.is_geographic() ? geodesic_distance(x[i - 1], y[i - 1], x[i], y[i]).value
                                            : std::hypot(x[i] - x[i - 1], y[i] - y[i - 1]) * crs.metres_per_unit();
    if (step >= left && step > 0) {
      const double share = left / step;
      return {x[i - 1] + share * (x[i] - x[i - 1]), y[i - 1] + share * (y[i] - y[i - 1])};
    }
    left -= step;
  }
  return {x.back(), y.back()};
}

PlanePoint point_of(const Geometry& one, const Crs& crs, SitePointRule rule) {
  PlanePoint point;
  if (rule == SitePointRule::centroid)
    point = one.x.empty() ? kNowhere : centroid(one, 0);
  else
    point = one.kind == GeometryKind::polygon ? point_inside(one, 0) : half_way(one, crs);
  if (crs.is_geographic() && std::isfinite(point.x)) point.x = wrapped_longitude(point.x);
  return point;
}

// On the ground: of polygons in a projected plane by their shape in degrees.
double area_of(const Layer& sites, const Geometry& degrees, std::size_t feature) {
  const bool local = sites.crs.kind() == Crs::Kind::local;
  if (!local) return std::abs(degree_area(degrees, feature));
  const Geometry& g = sites.geometry;
  double sum = 0;
  for (std::size_t part = g.feature_parts[feature]; part < g.feature_parts[feature + 1]; ++part)
    for (std::size_t ring = g.part_rings[part]; ring < g.part_rings[part + 1]; ++ring)
      sum += ring_area(g.ring_x(ring), g.ring_y(ring));
  return std::abs(sum);
}

MethodResult run_site_points(const MethodInputs& inputs, const std::any& options, Progress& progress) {
  const Layer& sites = inputs.layer("sites");
  MethodResult result;
  Layer points = site_points(sites, std::any_cast<const SitePointsOptions&>(options), progress);
  std::int64_t without = 0;
  for (std::size_t row = 0; row < points.size(); ++row) {
    if (std::isfinite(points.geometry.x[row]) && std::isfinite(points.geometry.y[row])) continue;
    ++without;
    result.diagnostics.add(Severity::doubt, "no-shape", sites.name, "sites without a shape have no point", 1,
                           sites.feature_id(row));
  }
  const auto made = static_cast<std::int64_t>(points.size()) - without;
  if (sites.geometry.kind != GeometryKind::point && made > 0)
    result.diagnostics.add(Severity::note, "points-of-shapes", sites.name,
                           fmt::format("{}s became points", to_string(sites.geometry.kind)), made);
  result.summary = {{"sites", static_cast<std::int64_t>(sites.size())}, {"points", made}, {"without-shape", without}};
  result.layers.push_back(std::move(points));
  return result;
}

Method describe_site_points() {
  Method method;
  method.name = "site-points";
  method.stage = "analyse";
  method.title = {"Points of sites", "จุดแทนแหล่ง"};
  method.summary = "Makes a point of each site that is drawn as a polygon or line, such as a temple compound.";
  method.description =
      "The layer `points` has one point for each feature, in the same order, with all its columns, parts, sources and "
      "levels of publication, and the three columns below. Where methods need points, use it instead of the layer of "
      "polygons.\n\n"
      "`inside` takes a point within the polygon: the middle of the widest stretch of a horizontal line about half way "
      "up. So it lies on the ground of the site whatever its form. Of a line it takes the place half way along, on the "
      "ground, on its longest part. `centroid` takes the centroid by area or length in the coordinates of the layer, "
      "which may lie outside of a bent shape or between its parts. Points stay where they are. A feature without a "
      "shape has no point and is counted. O(v log v) for v vertices.";
  method.citation =
      "Point on surface: OGC 06-103r4 (2011): Simple feature access, 6.1.10. Bashein, G., Detmer, P. R. (1994): "
      "Centroid of a polygon. Graphics Gems IV, 3-6.";
  method.example = "site-points data/provinces.geojson --rule inside -o province_points.geojson";
  method.inputs = {{"sites", GeometryKind::none, RoleNeed::required, "the sites, as polygons, lines or points"}};
  Parameter rule = parameter(&SitePointsOptions::rule, "rule", ParameterKind::choice,
                             "Which point stands for a polygon or line.", {"inside", "centroid"});
  rule.title = {"Rule", "วิธีเลือกจุด"};
  method.parameters = {std::move(rule)};
  method.makes = "points";
  method.makes_fields = {
      {"site_shape",
       ColumnType::text,
       "",
       "What the site was drawn as: point, line or polygon. The columns of the sites come before this one.",
       {"Drawn as", "รูปร่างเดิม"},
       ColourBy::category,
       false},
      {"site_area_m2",
       ColumnType::real,
       "m2",
       "Area of its polygon on the ellipsoid; null for lines and points.",
       {"Area", "พื้นที่"},
       ColourBy::sequence,
       true},
      {"site_length_m",
       ColumnType::real,
       "m",
       "Length of its line on the ground; null for polygons and points.",
       {"Length", "ความยาว"},
       ColourBy::sequence,
       true}};
  method.default_options = [] { return std::any(SitePointsOptions{}); };
  method.run = run_site_points;
  return method;
}

}  // namespace

Layer site_points(const Layer& sites, const SitePointsOptions& options, Progress& progress) {
  progress.throw_if_cancelled();
  const Geometry& shapes = sites.geometry;
  if (shapes.kind == GeometryKind::none)
    throw UsageError(fmt::format("layer {} holds no shapes to make points of", sites.name));
  Layer made;
  made.name = sites.name;
  made.crs = sites.crs;
  made.columns = sites.columns;
  made.roles = sites.roles;
  made.sources = sites.sources;
  std::vector<Column> fields;
  for (const OutputField& field : site_points_method().makes_fields) fields.push_back(make_column(field));
  const bool projected = sites.crs.kind() == Crs::Kind::projected && shapes.kind == GeometryKind::polygon;
  const Geometry moved = projected ? reprojected(sites, Crs::wgs84()).geometry : Geometry();
  made.geometry = Geometry::points({}, {});
  for (std::size_t row = 0; row < sites.size(); ++row) {
    if (row % 64 == 0) {
      progress.throw_if_cancelled();
      progress.report("making points", static_cast<double>(row) / static_cast<double>(sites.size()));
    }
    PlanePoint point;
    double area = kNone;
    double length = kNone;
    if (shapes.kind == GeometryKind::point) {
      point = {shapes.x[row], shapes.y[row]};
    } else {
      const Geometry one = in_one_piece(shapes, row, sites.crs.is_geographic());
      point = point_of(one, sites.crs, options.rule);
      if (!one.x.empty() && shapes.kind == GeometryKind::polygon)
        area = area_of(sites, projected ? moved : shapes, row);
      if (shapes.kind == GeometryKind::line) {
        length = 0;
        for (std::size_t part = 0; part + 1 < one.ring_vertices.size(); ++part)
          length += part_length(one, part, sites.crs);
      }
    }
    made.geometry.x.push_back(point.x);
    made.geometry.y.push_back(point.y);
    fields[0].push(to_string(shapes.kind));
    fields[1].push(area);
    fields[2].push(length);
  }
  for (Column& field : fields) made.set(std::move(field));
  return made;
}

const Method& site_points_method() {
  static const Method method = describe_site_points();
  return method;
}

}  // namespace yaan
