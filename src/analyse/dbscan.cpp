#include "yaan/analyse/dbscan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "analyse/cell_clusters.hpp"
#include "analyse/dbscan_parameters.hpp"
#include "analyse/index/cell_grid.hpp"
#include "analyse/index/globe_grid.hpp"
#include "analyse/kept_hierarchy.hpp"
#include "analyse/point_set.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/geodesy.hpp"
#include "yaan/core/numbers.hpp"

namespace yaan {

namespace {

constexpr double kWeightSteps = 0x1p20;  // in a weight of 1

std::vector<std::uint64_t> weight_steps(const UsablePoints& points, std::span<const double> weights) {
  std::vector<std::uint64_t> steps(points.size());
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const double weight = weights[points.row(i)];
    if (!(weight >= 0 && weight <= kMostWeight))
      throw InputError(fmt::format("the weight of point {} is {}, but must be from 0 to {}", points.row(i) + 1,
                                   shortest(weight), shortest(kMostWeight)));
    steps[i] = static_cast<std::uint64_t>(std::llround(weight * kWeightSteps));
  }
  return steps;
}

DbscanLabels label_cells(ClusterRule& rule, bool geographic, double radius, Progress& progress) {
  progress.report("sorting points into cells", 0.1);
  if (geographic) {
    const double chord = chord_of(Metres{radius});
    rule.limit = chord * chord;
    GlobeGrid grid = globe_grid(rule.x, rule.y, chord, progress);
    return cluster_cells(grid, rule, progress);
  }
  rule.limit = radius * radius;
  CellGrid grid = plane_grid(rule.x, rule.y, radius, progress);
  return cluster_cells(grid, rule, progress);
}

}  // namespace

DbscanLabels dbscan(std::span<const double> x, std::span<const double> y, const Crs& crs, const DbscanOptions& options,
                    Progress& progress, std::span<const double> weights) {
  const UsablePoints usable(x, y, crs);
  if (weights.size() != (options.weighted ? x.size() : 0))
    throw std::invalid_argument("dbscan: a weight for each point, if weighted");
  if (options.min_points < 1)
    throw UsageError(fmt::format("min_points is {}, but must be at least 1", options.min_points));
  const double radius = checked_ground_length(crs, options.radius, "radius");
  progress.throw_if_cancelled();
  ClusterRule rule;
  rule.x = usable.x();
  rule.y = usable.y();
  rule.min_points = static_cast<std::uint64_t>(options.min_points);
  std::vector<std::uint64_t> steps;
  if (options.weighted) {
    steps = weight_steps(usable, weights);
    rule.weight = steps;
    rule.min_points = static_cast<std::uint64_t>(std::min<std::int64_t>(options.min_points, std::int64_t{1} << 40))
                      << 20;
  }
  DbscanLabels labels = label_cells(rule, crs.is_geographic(), radius, progress);
  labels.cluster = usable.spread(std::move(labels.cluster), std::int32_t{0});
  labels.core = usable.spread(std::move(labels.core), std::uint8_t{0});
  labels.unusable = static_cast<std::int64_t>(usable.unusable());
  labels.noise += labels.unusable;
  return labels;
}

namespace {

MethodResult run_dbscan(const MethodInputs& inputs, const std::any& any_options, Progress& progress) {
  const auto& options = std::any_cast<const DbscanOptions&>(any_options);
  const Layer& points = inputs.layer("points");
  const Geometry& geometry = points.geometry;
  MethodResult result;
  if (options.weighted && points.roles.weight.empty())
    throw UsageError(fmt::format("layer {} has no weight, so its points cannot count by it", points.name),
                     "name the column with the role weight, or leave weighted out");
  const std::vector<double> weights =
      options.weighted ? point_weights(points, result.diagnostics) : std::vector<double>();
  // One radius is found faster without the hierarchy; with it, every radius is.
  const auto hierarchy = options.weighted ? nullptr : kept_hierarchy(inputs, options.min_points);
  const DbscanLabels labels = hierarchy ? hierarchy->cut(options.radius).labels
                                        : dbscan(geometry.x, geometry.y, points.crs, options, progress, weights);
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
  if (labels.unusable > 0)
    report_unusable(points, "points without a usable position are noise and nobody's neighbours", result.diagnostics);
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
      "With `weighted` a point is core when the weights within the radius, its own included, add up to `min_points`: a "
      "site may count more than one, or less. Weights are taken in steps of 2^-20, so that the order of the points "
      "cannot move a sum across the limit.\n\n"
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
  method.parameters = dbscan_parameters<DbscanOptions>();

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
  name_nulls(method.adds, {"in no cluster", "ไม่อยู่ในกลุ่มใด"});
  method.default_options = [] { return std::any(DbscanOptions{}); };
  method.run = run_dbscan;
  method.prepare = [](const MethodInputs& inputs, const std::any& options, Progress& progress) {
    const auto& of_run = std::any_cast<const DbscanOptions&>(options);
    if (!of_run.weighted && of_run.min_points <= ClusterHierarchy::kMostMinPoints)
      hierarchy_for(inputs, of_run.min_points, progress);
  };
  return method;
}

}  // namespace

const Method& dbscan_method() {
  static const Method method = describe_dbscan();
  return method;
}

}  // namespace yaan
