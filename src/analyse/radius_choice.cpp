#include "yaan/analyse/radius_choice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "analyse/point_set.hpp"
#include "yaan/core/error.hpp"

namespace yaan {

namespace {

constexpr std::size_t kCurvePoints = 200;  // enough for a smooth line

ClusterHierarchy hierarchy_of(const Layer& points, std::int64_t min_points, Progress& progress) {
  return ClusterHierarchy(points.geometry.x, points.geometry.y, points.crs, min_points, progress);
}

double metres_per_unit(const Crs& crs) { return crs.is_geographic() ? 1 : crs.metres_per_unit(); }

/// Finite core distances in metres, ascending.
std::vector<double> sorted_core_distances(const ClusterHierarchy& hierarchy, const Crs& crs) {
  std::vector<double> distances = hierarchy.core_distances();
  std::erase_if(distances, [](double distance) { return !std::isfinite(distance); });
  for (double& distance : distances) distance *= metres_per_unit(crs);
  std::sort(distances.begin(), distances.end());
  return distances;
}

Layer table(std::string name, const Layer& points, std::vector<Column> columns) {
  Layer made;
  made.name = std::move(name);
  made.geometry = Geometry::empty(GeometryKind::none);
  made.geometry.rows = columns.front().size();
  made.columns = std::move(columns);
  made.sources = points.sources;
  return made;
}

std::vector<Column> columns_of(const std::vector<OutputField>& fields) {
  std::vector<Column> columns;
  columns.reserve(fields.size());
  for (const OutputField& field : fields) columns.push_back(make_column(field));
  return columns;
}

Parameter min_points_parameter(Parameter parameter) {
  parameter.minimum = 1;
  parameter.maximum = static_cast<double>(ClusterHierarchy::kMostMinPoints);
  parameter.slider_minimum = 2;
  parameter.slider_maximum = 50;
  parameter.title = {"Minimum points", "จำนวนจุดขั้นต่ำ"};
  return parameter;
}

}  // namespace

std::size_t knee(std::span<const double> ascending) {
  if (ascending.size() < 3) return 0;
  const double first = ascending.front(), rise = ascending.back() - first;
  std::size_t best = 0;
  double farthest = 0;
  for (std::size_t i = 0; i < ascending.size(); ++i) {
    const double along = static_cast<double>(i) / static_cast<double>(ascending.size() - 1);
    const double below = first + rise * along - ascending[i];
    if (below > farthest) {
      farthest = below;
      best = i;
    }
  }
  return best;
}

namespace {

MethodResult run_k_distances(const MethodInputs& inputs, const std::any& any_options, Progress& progress) {
  const auto& options = std::any_cast<const KDistanceOptions&>(any_options);
  const Layer& points = inputs.layer("points");
  const ClusterHierarchy hierarchy = hierarchy_of(points, options.min_points, progress);
  const Method& method = k_distances_method();
  MethodResult result;

  const double metres = metres_per_unit(points.crs);
  std::vector<double> of_row(points.size(), std::numeric_limits<double>::quiet_NaN());
  const std::vector<double> core = hierarchy.core_distances();
  for (std::size_t place = 0; place < core.size(); ++place)
    if (std::isfinite(core[place])) of_row[hierarchy.order()[place]] = core[place] * metres;
  Column distances = make_column(method.adds[0]);
  distances.reserve(of_row.size());
  for (const double distance : of_row) distances.push(distance);
  result.columns.push_back(std::move(distances));

  const std::vector<double> sorted = sorted_core_distances(hierarchy, points.crs);
  const std::size_t bend = knee(sorted);
  std::vector<Column> columns = columns_of(method.makes_fields);
  const std::size_t rows = std::min(sorted.size(), kCurvePoints);
  std::vector<std::size_t> shown;
  for (std::size_t row = 0; row < rows; ++row) shown.push_back(rows == 1 ? 0 : row * (sorted.size() - 1) / (rows - 1));
  if (!sorted.empty() && std::find(shown.begin(), shown.end(), bend) == shown.end())
    shown.insert(std::lower_bound(shown.begin(), shown.end(), bend), bend);
  for (const std::size_t i : shown) {
    columns[0].push(static_cast<double>(i + 1) / static_cast<double>(sorted.size()));
    columns[1].push(sorted[i]);
    columns[2].push(std::int64_t{i == bend});
  }
  result.layers.push_back(table(method.makes, points, std::move(columns)));
  result.summary = {{"points", static_cast<std::int64_t>(points.size())}};
  if (!sorted.empty()) {
    result.summary.emplace_back("median_m", sorted[sorted.size() / 2]);
    result.summary.emplace_back("knee_m", sorted[bend]);
  }
  if (hierarchy.unusable() > 0)
    report_unusable(points, "points without a usable position have no k-distance", result.diagnostics);
  return result;
}

Method describe_k_distances() {
  Method method;
  method.name = "k-distances";
  method.stage = "analyse";
  method.title = {"Distance to the k-th nearest point", "ระยะถึงจุดใกล้ลำดับที่ k"};
  method.summary =
      "Shows how far each point is from its k-th nearest, and where that curve bends: a radius to start from.";
  method.description =
      "The k-distance of a point is the ground distance to its `min_points`-th nearest point, itself counted: the "
      "least radius at which dbscan with the same `min_points` calls it a core point. Sorted, these distances make a "
      "curve that rises slowly within clusters and steeply among strays. Its knee is the point farthest below the "
      "straight line from the first to the last: a radius to start from, not the right one; look at radius-curves and "
      "stability as well.\n\n"
      "The curve is given at up to 200 places and at the knee. Points without a usable position, and all points of a "
      "layer with fewer than `min_points`, have none. Expected time grows linearly with the points times `min_points`.";
  method.citation =
      "Ester, M., Kriegel, H.-P., Sander, J. and Xu, X. (1996): A density-based algorithm for discovering clusters in "
      "large spatial databases with noise. KDD-96, 226-231. Satopää, V., Albrecht, J., Irwin, D. and Raghavan, B. "
      "(2011): Finding a \"kneedle\" in a haystack. ICDCS Workshops, 166-171.";
  method.example =
      "k-distances data/creative_assets.csv --x longitude --y latitude --crs EPSG:4326 --min-points 5 -o curve.csv";
  method.inputs = {{"points", GeometryKind::point, RoleNeed::required, "the points to cluster later"}};
  method.parameters = {
      min_points_parameter(parameter(&KDistanceOptions::min_points, "min_points", ParameterKind::integer,
                                     "Distance to this nearest point, itself counted."))};
  method.adds = {{"k_distance_m",
                  ColumnType::real,
                  "m",
                  "Ground distance to the min_points-th nearest point, itself counted; null without one.",
                  {"k-distance", "ระยะ k"},
                  ColourBy::sequence,
                  true}};
  method.makes = "k_distance_curve";
  method.makes_table = true;
  method.makes_fields = {
      {"share",
       ColumnType::real,
       "share",
       "Share of the points with this k-distance or a smaller one.",
       {"Share of points", "สัดส่วนของจุด"},
       ColourBy::none,
       false},
      {"distance_m", ColumnType::real, "m", "k-distance.", {"k-distance", "ระยะ k"}, ColourBy::none, false},
      {"knee",
       ColumnType::integer,
       "",
       "1 where the curve bends most, else 0.",
       {"Knee", "จุดหักงอ"},
       ColourBy::none,
       false}};
  method.default_options = [] { return std::any(KDistanceOptions{}); };
  method.run = run_k_distances;
  return method;
}

}  // namespace

const Method& k_distances_method() {
  static const Method method = describe_k_distances();
  return method;
}

std::vector<Length> radius_steps(Metres from, Metres to, std::int64_t steps) {
  std::vector<Length> radii;
  for (std::int64_t i = 0; i < steps; ++i) {
    const double along = steps == 1 ? 0 : static_cast<double>(i) / static_cast<double>(steps - 1);
    // The ends are what was asked for, to the last bit.
    radii.emplace_back(i == 0           ? from
                       : i + 1 == steps ? to
                                        : Metres{from.value * std::pow(to.value / from.value, along)});
  }
  return radii;
}

namespace {

/// The range of radii asked for, or one that the data suggests; nothing where there is none.
std::vector<Length> radii_for(const RadiusCurveOptions& options, const ClusterHierarchy& hierarchy, const Crs& crs) {
  Metres from = options.radius_from, to = options.radius_to;
  if (from.value == 0 && to.value == 0) {
    const std::vector<double> sorted = sorted_core_distances(hierarchy, crs);
    const auto positive = std::upper_bound(sorted.begin(), sorted.end(), 0.1);
    if (positive == sorted.end()) return {};
    const auto hundredth = [&](std::size_t k) { return sorted[(sorted.size() - 1) * k / 100]; };
    from.value = std::max(hundredth(2), *positive);
    to.value = std::max(hundredth(98), from.value);
  }
  if (!(from.value > 0 && from.value <= to.value))
    throw UsageError(fmt::format("the radii go from {} to {}", to_string(Length(from)), to_string(Length(to))),
                     "give radius_from and radius_to, the smaller first and more than 0, or neither");
  return radius_steps(from, to, options.steps);
}

MethodResult run_radius_curves(const MethodInputs& inputs, const std::any& any_options, Progress& progress) {
  const auto& options = std::any_cast<const RadiusCurveOptions&>(any_options);
  const Layer& points = inputs.layer("points");
  const ClusterHierarchy hierarchy = hierarchy_of(points, options.min_points, progress);
  const std::vector<Length> radii = radii_for(options, hierarchy, points.crs);
  const Method& method = radius_curves_method();
  MethodResult result;
  std::vector<Column> columns = columns_of(method.makes_fields);
  std::int64_t most_clusters = 0;
  double at_most = 0;
  for (std::size_t i = 0; i < radii.size(); ++i) {
    progress.throw_if_cancelled();
    progress.report("cutting", static_cast<double>(i) / static_cast<double>(radii.size()));
    const ClusterCut cut = hierarchy.cut(radii[i]);
    std::int64_t largest = 0;
    for (const CutCluster& cluster : cut.clusters) largest = std::max(largest, cluster.count);
    columns[0].push(radii[i].value);
    columns[1].push(cut.labels.clusters);
    columns[2].push(cut.labels.noise);
    columns[3].push(static_cast<double>(cut.labels.noise) / static_cast<double>(points.size()));
    columns[4].push(cut.labels.core_count);
    columns[5].push(largest);
    if (cut.labels.clusters > most_clusters) {
      most_clusters = cut.labels.clusters;
      at_most = radii[i].value;
    }
  }
  result.layers.push_back(table(method.makes, points, std::move(columns)));
  result.summary = {{"points", static_cast<std::int64_t>(points.size())},
                    {"radii", static_cast<std::int64_t>(radii.size())},
                    {"most_clusters", most_clusters},
                    {"most_clusters_at_m", at_most}};
  if (hierarchy.unusable() > 0)
    report_unusable(points, "points without a usable position are noise at every radius", result.diagnostics);
  return result;
}

std::vector<OutputField> radius_curve_fields() {
  using enum ColumnType;
  return {{"radius_m", real, "m", "Radius.", {"Radius", "รัศมี"}, ColourBy::none, false},
          {"clusters", integer, "", "Clusters at that radius.", {"Clusters", "จำนวนกลุ่ม"}, ColourBy::none, false},
          {"noise", integer, "", "Points in no cluster.", {"Noise", "จุดนอกกลุ่ม"}, ColourBy::none, false},
          {"noise_share",
           real,
           "share",
           "Points in no cluster over all points.",
           {"Share of noise", "สัดส่วนจุดนอกกลุ่ม"},
           ColourBy::none,
           false},
          {"core", integer, "", "Core points.", {"Core points", "จุดแกน"}, ColourBy::none, false},
          {"largest",
           integer,
           "",
           "Members of the largest cluster.",
           {"Largest cluster", "กลุ่มใหญ่สุด"},
           ColourBy::none,
           false}};
}

Method describe_radius_curves() {
  Method method;
  method.name = "radius-curves";
  method.stage = "analyse";
  method.title = {"Clusters and noise by radius", "จำนวนกลุ่มและจุดนอกกลุ่มตามรัศมี"};
  method.summary = "Counts clusters and noise over a range of radii: what each choice of the radius would give.";
  method.description =
      "The counts are those of dbscan with the same `min_points` at each radius, all from one hierarchy. Radii grow by "
      "the same factor from `radius_from` to `radius_to`; where both are 0 they span the 2nd to the 98th hundredth of "
      "the core distances. Few clusters with much noise on the left, one cluster that swallows all on the right: a "
      "useful radius lies where both curves are flat.\n\n"
      "Each radius takes one pass over the points; a layer without two places apart gives an empty table.";
  method.citation =
      "Campello, R. J. G. B., Moulavi, D. and Sander, J. (2013): Density-based clustering based on hierarchical "
      "density estimates. PAKDD 2013, 160-172.";
  method.example =
      "radius-curves data/creative_assets.csv --x longitude --y latitude --crs EPSG:4326 --min-points 5 --radius-from "
      "200m --radius-to 20km -o curves.csv";
  method.inputs = {{"points", GeometryKind::point, RoleNeed::required, "the points to cluster later"}};
  Parameter from = parameter(&RadiusCurveOptions::radius_from, "radius_from", ParameterKind::length,
                             "Smallest radius; 0m, together with radius_to 0m, for a range that the points suggest.");
  from.minimum = 0;
  from.title = {"From radius", "รัศมีเริ่มต้น"};
  Parameter to = parameter(&RadiusCurveOptions::radius_to, "radius_to", ParameterKind::length, "Largest radius.");
  to.minimum = 0;
  to.title = {"To radius", "รัศมีสุดท้าย"};
  Parameter steps =
      parameter(&RadiusCurveOptions::steps, "steps", ParameterKind::integer, "Radii in the range, the ends included.");
  steps.minimum = 1;
  steps.maximum = 1000;
  steps.title = {"Steps", "จำนวนขั้น"};
  method.parameters = {
      min_points_parameter(parameter(&RadiusCurveOptions::min_points, "min_points", ParameterKind::integer,
                                     "Points within the radius that make a core point, itself included.")),
      from, to, steps};
  method.makes = "radius_curve";
  method.makes_table = true;
  method.makes_fields = radius_curve_fields();
  method.default_options = [] { return std::any(RadiusCurveOptions{}); };
  method.run = run_radius_curves;
  return method;
}

}  // namespace

const Method& radius_curves_method() {
  static const Method method = describe_radius_curves();
  return method;
}

}  // namespace yaan
