#include "yaan/analyse/dbscan.hpp"

#include <fmt/format.h>

#include <atomic>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>

#include "analyse/cell_clusters.hpp"
#include "analyse/index/cell_grid.hpp"
#include "analyse/index/globe_grid.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/geodesy.hpp"
#include "yaan/core/numbers.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {

namespace {

constexpr std::size_t kBlock = std::size_t{1} << 16;
constexpr double kLeastGlobeRadius = 0.1;  // smaller cells could not all be numbered; positions are no finer
constexpr double kMostGlobeRadius = 10e6;  // a quarter of the globe: beyond, bands two apart no longer bound the search
constexpr double kLeastPlaneRadius = 1e-150;  // squares stay normal numbers
constexpr double kMostPlaneRadius = 1e150;

bool usable(double x, double y, bool geographic) {
  return std::isfinite(x) && std::isfinite(y) && (!geographic || (std::abs(y) <= 90 && std::abs(x) <= 540));
}

/// The radius in the unit of the plane, or in metres on the ground; throws UsageError.
double checked_radius(const Crs& crs, const DbscanOptions& options) {
  if (crs.kind() == Crs::Kind::none)
    throw UsageError("the layer's coordinate reference system is unknown, so no distance can be measured",
                     "name it, such as --crs EPSG:4326, or --crs local for a plane in metres");
  if (options.min_points < 1)
    throw UsageError(fmt::format("min_points is {}, but must be at least 1", options.min_points));
  const Metres metres = options.radius.on(crs, "radius");
  const double least = crs.is_geographic() ? kLeastGlobeRadius : kLeastPlaneRadius;
  const double most = crs.is_geographic() ? kMostGlobeRadius : kMostPlaneRadius;
  // A bare radius is in the plane's unit already; going through metres could move it by a rounding.
  const double radius = crs.is_geographic()
                            ? metres.value
                            : (options.radius.has_unit ? metres.value / crs.metres_per_unit() : options.radius.value);
  if (!(radius > 0)) throw UsageError(fmt::format("radius is {}, but must be more than 0", to_string(options.radius)));
  if (!(radius >= least && radius <= most))
    throw UsageError(fmt::format("radius is {}, but must be between {} and {} on this layer", to_string(options.radius),
                                 to_string(Length(Metres{least})), to_string(Length(Metres{most}))));
  return radius;
}

std::size_t count_unusable(std::span<const double> x, std::span<const double> y, bool geographic) {
  std::atomic<std::size_t> total{0};
  parallel_blocks(x.size(), kBlock, [&](std::size_t begin, std::size_t end, std::size_t) {
    std::size_t count = 0;
    for (std::size_t i = begin; i < end; ++i) count += !usable(x[i], y[i], geographic);
    total += count;
  });
  return total;
}

DbscanLabels label_usable(std::span<const double> x, std::span<const double> y, bool geographic, double radius,
                          std::int64_t min_points, Progress& progress) {
  ClusterRule rule;
  rule.min_points = static_cast<std::uint64_t>(min_points);
  rule.x = x;
  rule.y = y;
  progress.report("sorting points into cells", 0.1);
  if (geographic) {
    const double chord = chord_of(Metres{radius});
    rule.limit = chord * chord;
    GlobeGrid grid = globe_grid(x, y, chord, progress);
    return cluster_cells(grid, rule, progress);
  }
  rule.limit = radius * radius;
  CellGrid grid = plane_grid(x, y, radius, progress);
  return cluster_cells(grid, rule, progress);
}

}  // namespace

DbscanLabels dbscan(std::span<const double> x, std::span<const double> y, const Crs& crs, const DbscanOptions& options,
                    Progress& progress) {
  if (x.size() != y.size()) throw std::invalid_argument("dbscan: x and y differ in length");
  const double radius = checked_radius(crs, options);
  if (x.size() > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max()))
    throw InputError(fmt::format("{} points are more than the {} that can be numbered", x.size(),
                                 std::numeric_limits<std::int32_t>::max()));
  progress.throw_if_cancelled();
  const bool geographic = crs.is_geographic();
  const std::size_t unusable = count_unusable(x, y, geographic);
  if (unusable == 0) return label_usable(x, y, geographic, radius, options.min_points, progress);

  std::vector<std::uint32_t> kept;
  std::vector<double> kept_x, kept_y;
  kept.reserve(x.size() - unusable);
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (!usable(x[i], y[i], geographic)) continue;
    kept.push_back(static_cast<std::uint32_t>(i));
    kept_x.push_back(x[i]);
    kept_y.push_back(y[i]);
  }
  DbscanLabels some = label_usable(kept_x, kept_y, geographic, radius, options.min_points, progress);
  DbscanLabels all;
  all.cluster.resize(x.size());
  all.core.resize(x.size());
  for (std::size_t k = 0; k < kept.size(); ++k) {
    all.cluster[kept[k]] = some.cluster[k];
    all.core[kept[k]] = some.core[k];
  }
  all.clusters = some.clusters;
  all.noise = some.noise + static_cast<std::int64_t>(unusable);
  all.core_count = some.core_count;
  all.unusable = static_cast<std::int64_t>(unusable);
  return all;
}

namespace {

MethodResult run_dbscan(const MethodInputs& inputs, const std::any& any_options, Progress& progress) {
  const auto& options = std::any_cast<const DbscanOptions&>(any_options);
  const Layer& points = inputs.layer("points");
  const Geometry& geometry = points.geometry;
  const DbscanLabels labels = dbscan(geometry.x, geometry.y, points.crs, options, progress);

  MethodResult result;
  const Method& method = dbscan_method();
  Column cluster = make_column(method.adds[0]);
  Column core = make_column(method.adds[1]);
  cluster.reserve(points.size());
  core.reserve(points.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (labels.cluster[i] == 0) {
      cluster.push_null();
    } else {
      cluster.push(std::int64_t{labels.cluster[i]});
    }
    core.push(std::int64_t{labels.core[i]});
  }
  result.columns.push_back(std::move(cluster));
  result.columns.push_back(std::move(core));
  result.summary = {{"points", static_cast<std::int64_t>(points.size())},
                    {"clusters", labels.clusters},
                    {"noise", labels.noise},
                    {"core", labels.core_count}};
  for (std::size_t i = 0; labels.unusable > 0 && i < points.size(); ++i)
    if (!usable(geometry.x[i], geometry.y[i], points.crs.is_geographic()))
      result.diagnostics.add(Severity::skipped, "unusable-position", points.name,
                             "points without a usable position are noise and nobody's neighbours", 1,
                             points.feature_id(i));
  return result;
}

Method describe_dbscan() {
  Method method;
  method.name = "dbscan";
  method.stage = "analyse";
  method.title = {"Clusters by density (DBSCAN)", "กลุ่มตามความหนาแน่น (DBSCAN)"};
  method.summary = "Finds where points gather: clusters of points that have enough neighbours within a radius.";
  method.description =
      "A point with at least `min_points` points within `radius`, itself included, is a core point. Core points within "
      "the radius of each other belong to the same cluster. Any other point within the radius of a core point is a "
      "border point of that cluster; a border point that touches several clusters takes the one with the lowest "
      "number. "
      "All remaining points are noise.\n\n"
      "A neighbour is at the radius or nearer. On a layer in degrees the radius is a true ground distance (relative "
      "error below 1e-4 up to 100 km, across the antimeridian and the poles); on a projected layer it is measured in "
      "the plane of the layer, its unit converted to metres.\n\n"
      "Clusters are numbered from 1 by their smallest core point in the order of x, then y. The labels depend neither "
      "on the order of the points nor on the number of threads. Coincident points count one by one. With fewer points "
      "than `min_points` everything is noise; with `min_points` 1 every point is a core point. Points without a usable "
      "position are noise and are counted in the diagnostics.\n\n"
      "Expected time and memory grow linearly with the number of points.";
  method.citation =
      "Ester, M., Kriegel, H.-P., Sander, J. and Xu, X. (1996): A density-based algorithm for discovering clusters in "
      "large spatial databases with noise. KDD-96, 226-231. Schubert, E., Sander, J., Ester, M., Kriegel, H.-P. and "
      "Xu, X. (2017): DBSCAN revisited, revisited: why and how you should (still) use DBSCAN. ACM Transactions on "
      "Database Systems 42(3), 19.";
  method.example =
      "dbscan data/creative_assets.csv --x longitude --y latitude --crs EPSG:4326 --radius 1km --min-points 5 "
      "-o clusters.geojson";
  method.inputs = {{"points", GeometryKind::point, RoleNeed::required, "the points to cluster"}};

  Parameter radius = parameter(&DbscanOptions::radius, "radius", ParameterKind::length,
                               "Ground distance within which two points are neighbours.");
  radius.minimum = 0;
  radius.minimum_excluded = true;
  radius.slider_minimum = 50;
  radius.slider_maximum = 10000;
  radius.title = {"Radius", "รัศมี"};
  Parameter min_points =
      parameter(&DbscanOptions::min_points, "min_points", ParameterKind::integer,
                "Points within the radius that make a core point, itself included; more gives fewer, denser clusters.");
  min_points.minimum = 1;
  min_points.slider_minimum = 2;
  min_points.slider_maximum = 50;
  min_points.title = {"Minimum points", "จำนวนจุดขั้นต่ำ"};
  method.parameters = {std::move(radius), std::move(min_points)};

  method.adds = {{"cluster",
                  ColumnType::integer,
                  "",
                  "Number of the cluster, from 1 by its smallest core point in the order of x, then y; null for noise.",
                  {"Cluster", "กลุ่ม"},
                  ColourBy::category,
                  true},
                 {"core",
                  ColumnType::integer,
                  "",
                  "1 for a core point, 0 for a border point or noise.",
                  {"Core point", "จุดแกน"},
                  ColourBy::none,
                  false}};
  method.default_options = [] { return std::any(DbscanOptions{}); };
  method.run = run_dbscan;
  return method;
}

}  // namespace

const Method& dbscan_method() {
  static const Method method = describe_dbscan();
  return method;
}

}  // namespace yaan
