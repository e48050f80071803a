#include "yaan/analyse/optics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "analyse/index/position_rank.hpp"
#include "analyse/optics_order.hpp"
#include "analyse/point_set.hpp"
#include "yaan/analyse/cluster_hierarchy.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/geodesy.hpp"
#include "yaan/core/publication.hpp"

namespace yaan {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

void check_min_points(std::int64_t min_points) {
  if (min_points < 1 || min_points > ClusterHierarchy::kMostMinPoints)
    throw UsageError(
        fmt::format("min_points is {}, but must be from 1 to {}", min_points, ClusterHierarchy::kMostMinPoints));
}

OpticsOrdering ordering_of(const UsablePoints& usable, const Crs& crs, const OpticsOptions& options,
                           Progress& progress) {
  const bool geographic = crs.is_geographic();
  const double length = checked_ground_length(crs, options.radius, "radius");
  const double reach = geographic ? chord_of(Metres{length}) : length;
  const double limit = reach * reach;
  progress.throw_if_cancelled();
  progress.report("sorting points", 0);
  const PointTree tree = point_tree(usable.x(), usable.y(), geographic, progress);
  const Scratch<std::uint32_t> ranks = position_ranks(usable.x(), usable.y(), progress);
  const auto core_rank = static_cast<std::uint32_t>(options.min_points - 1);
  NearestLists lists = nearest_lists(tree, std::max(core_rank, 1U), core_rank, progress);
  std::vector<std::uint32_t> rank(tree.points);
  for (std::uint32_t p = 0; p < tree.points; ++p) {
    rank[p] = ranks[tree.point[p]];
    if (lists.squared_core[p] > limit) lists.squared_core[p] = kInfinity;
  }
  const OpticsWalk found = walk(tree, lists.squared_core.data(), rank, limit, progress);

  const auto distance = [&](double squared) {
    const double chord = std::sqrt(squared);
    return geographic && std::isfinite(chord) ? ground_distance_of(chord).value : chord;
  };
  OpticsOrdering ordering;
  std::vector<std::uint32_t> place_of(tree.points);
  for (std::uint32_t place = 0; place < tree.points; ++place) place_of[found.point[place]] = place;
  for (std::uint32_t place = 0; place < tree.points; ++place) {
    const std::uint32_t point = found.point[place];
    ordering.order.push_back(static_cast<std::uint32_t>(usable.row(tree.point[point])));
    ordering.reachability.push_back(distance(found.squared_reachability[place]));
    ordering.core_distance.push_back(distance(lists.squared_core[point]));
    const std::uint32_t from = found.predecessor[place];
    ordering.predecessor.push_back(from == NearestLists::kNone ? OpticsOrdering::kNone : place_of[from]);
  }
  return ordering;
}

/// Labels of places for the innermost of the clusters.
std::vector<std::int32_t> innermost(std::size_t places, const std::vector<XiCluster>& clusters) {
  std::vector<std::int32_t> labels(places, 0);
  std::int32_t next = 0;
  for (const XiCluster& cluster : clusters) {
    const auto begin = labels.begin() + cluster.begin, end = labels.begin() + cluster.end + 1;
    if (std::any_of(begin, end, [](std::int32_t label) { return label != 0; })) continue;
    std::fill(begin, end, ++next);
  }
  return labels;
}

/// Labels of rows, numbered by the smallest member.
void number_by_position(const OpticsOrdering& ordering, const std::vector<std::int32_t>& of_place,
                        std::span<const double> x, std::span<const double> y, OpticsLabels& labels) {
  const std::int32_t clusters = of_place.empty() ? 0 : *std::max_element(of_place.begin(), of_place.end());
  std::vector<std::uint32_t> smallest(static_cast<std::size_t>(clusters), OpticsOrdering::kNone);
  const auto less = [&](std::uint32_t p, std::uint32_t q) { return std::pair(x[p], y[p]) < std::pair(x[q], y[q]); };
  for (std::size_t place = 0; place < of_place.size(); ++place) {
    if (of_place[place] == 0) continue;
    auto& least = smallest[static_cast<std::size_t>(of_place[place] - 1)];
    if (least == OpticsOrdering::kNone || less(ordering.order[place], least)) least = ordering.order[place];
  }
  std::vector<std::int32_t> by_rank(smallest.size());
  for (std::size_t c = 0; c < by_rank.size(); ++c) by_rank[c] = static_cast<std::int32_t>(c);
  std::sort(by_rank.begin(), by_rank.end(), [&](std::int32_t a, std::int32_t b) {
    return less(smallest[static_cast<std::size_t>(a)], smallest[static_cast<std::size_t>(b)]);
  });
  std::vector<std::int32_t> number(smallest.size());
  for (std::size_t k = 0; k < by_rank.size(); ++k)
    number[static_cast<std::size_t>(by_rank[k])] = static_cast<std::int32_t>(k + 1);
  labels.cluster.assign(x.size(), 0);
  labels.noise = static_cast<std::int64_t>(x.size());
  for (std::size_t place = 0; place < of_place.size(); ++place) {
    if (of_place[place] == 0) continue;
    labels.cluster[ordering.order[place]] = number[static_cast<std::size_t>(of_place[place] - 1)];
    --labels.noise;
  }
  labels.clusters = clusters;
}

}  // namespace

OpticsOrdering optics_ordering(std::span<const double> x, std::span<const double> y, const Crs& crs,
                               const OpticsOptions& options, Progress& progress) {
  check_min_points(options.min_points);
  return ordering_of(UsablePoints(x, y, crs), crs, options, progress);
}

std::vector<std::int32_t> cut_ordering(const OpticsOrdering& ordering, double radius) {
  std::vector<std::int32_t> labels(ordering.order.size(), 0);
  std::int32_t cluster = 0;
  for (std::size_t place = 0; place < labels.size(); ++place) {
    if (ordering.reachability[place] <= radius) {
      labels[place] = cluster;  // it was reached from a core point of the present cluster
    } else if (ordering.core_distance[place] <= radius) {
      labels[place] = ++cluster;
    }
  }
  return labels;
}

OpticsLabels optics(std::span<const double> x, std::span<const double> y, const Crs& crs, const OpticsOptions& options,
                    Progress& progress) {
  check_min_points(options.min_points);
  if (options.extraction == OpticsExtraction::xi && options.min_points < 2)
    throw UsageError("min_points is 1, but the extraction xi needs at least 2");
  if (!(options.xi > 0 && options.xi < 1))
    throw UsageError(fmt::format("xi is {}, but must be more than 0 and less than 1", options.xi));
  if (options.min_cluster_size < 2)
    throw UsageError(fmt::format("min_cluster_size is {}, but must be at least 2", options.min_cluster_size));
  const UsablePoints usable(x, y, crs);
  const double cut =
      options.extraction == OpticsExtraction::dbscan ? checked_ground_length(crs, options.cut, "cut") : 0;
  if (cut > checked_ground_length(crs, options.radius, "radius"))
    throw UsageError(fmt::format("cut is {}, but must be at most the radius, {}", to_string(options.cut),
                                 to_string(options.radius)));
  OpticsLabels labels;
  labels.ordering = ordering_of(usable, crs, options, progress);
  const OpticsOrdering& ordering = labels.ordering;
  const std::vector<std::int32_t> of_place =
      options.extraction == OpticsExtraction::dbscan
          ? cut_ordering(ordering, cut)
          : innermost(ordering.order.size(), xi_clusters(ordering.reachability, ordering.predecessor, options.xi,
                                                         options.min_points, options.min_cluster_size));
  number_by_position(ordering, of_place, x, y, labels);
  labels.unusable = static_cast<std::int64_t>(usable.unusable());
  return labels;
}

namespace {

MethodResult run_optics(const MethodInputs& inputs, const std::any& any_options, Progress& progress) {
  const auto& options = std::any_cast<const OpticsOptions&>(any_options);
  const Layer& points = inputs.layer("points");
  const OpticsLabels labels = optics(points.geometry.x, points.geometry.y, points.crs, options, progress);
  const double metres = points.crs.is_geographic() ? 1 : points.crs.metres_per_unit();
  MethodResult result;
  std::vector<std::int64_t> order(points.size(), 0);
  const double none = std::numeric_limits<double>::quiet_NaN();
  std::vector<double> reachability(points.size(), none), core(points.size(), none);
  const std::vector<Publication> levels = publication_levels(points);
  std::int64_t withheld = 0;
  for (std::size_t place = 0; place < labels.ordering.order.size(); ++place) {
    const std::uint32_t row = labels.ordering.order[place];
    order[row] = static_cast<std::int64_t>(place + 1);
    const std::uint32_t from = labels.ordering.predecessor[place];
    if (from != OpticsOrdering::kNone && levels[labels.ordering.order[from]] != Publication::open) {
      ++withheld;
    } else if (const double value = labels.ordering.reachability[place]; std::isfinite(value)) {
      reachability[row] = value * metres;
    }
    if (const double value = labels.ordering.core_distance[place]; std::isfinite(value)) core[row] = value * metres;
  }
  for (const OutputField& field : optics_method().adds) {
    result.columns.push_back(make_column(field));
    result.columns.back().reserve(points.size());
  }
  const auto push = [](Column& column, std::int64_t value) {
    if (value == 0) {
      column.push_null();
    } else {
      column.push(value);
    }
  };
  for (std::size_t row = 0; row < points.size(); ++row) {
    push(result.columns[0], labels.cluster[row]);
    push(result.columns[1], order[row]);
    result.columns[2].push(reachability[row]);
    result.columns[3].push(core[row]);
  }
  result.summary = {
      {"points", static_cast<std::int64_t>(points.size())}, {"clusters", labels.clusters}, {"noise", labels.noise}};
  if (withheld > 0)
    result.diagnostics.add(
        Severity::note, "reachability-withheld", points.name,
        "reachabilities from points that are not open are left out: they would tell how far those are", withheld);
  if (labels.unusable > 0)
    report_unusable(points, "points without a usable position are noise and have no place in the ordering",
                    result.diagnostics);
  return result;
}

std::vector<Parameter> optics_parameters() {
  using Options = OpticsOptions;
  Parameter radius = parameter(&Options::radius, "radius", ParameterKind::length,
                               "How far neighbours are looked for; no cluster can be looser.");
  radius.minimum = 0;
  radius.minimum_excluded = true;
  radius.slider_minimum = 500;
  radius.slider_maximum = 50000;
  radius.title = {"Radius", "รัศมี"};
  Parameter min_points = parameter(&Options::min_points, "min_points", ParameterKind::integer,
                                   "Points within reach that make a core point, itself included.");
  min_points.minimum = 1;
  min_points.maximum = static_cast<double>(ClusterHierarchy::kMostMinPoints);
  min_points.slider_minimum = 2;
  min_points.slider_maximum = 50;
  min_points.title = {"Minimum points", "จำนวนจุดขั้นต่ำ"};
  Parameter extraction =
      parameter(&Options::extraction, "extraction", ParameterKind::choice,
                "How clusters are taken from the ordering: one radius, or steep ends.", {"dbscan", "xi"});
  extraction.title = {"Extraction", "วิธีแยกกลุ่ม"};
  Parameter cut =
      parameter(&Options::cut, "cut", ParameterKind::length, "Radius of the extraction dbscan, at most radius.");
  cut.minimum = 0;
  cut.minimum_excluded = true;
  cut.slider_minimum = 50;
  cut.slider_maximum = 10000;
  cut.title = {"Cut at", "ตัดที่รัศมี"};
  Parameter xi = parameter(&Options::xi, "xi", ParameterKind::real,
                           "Least relative fall and rise of the reachability at the ends of a cluster, below 1.");
  xi.minimum = 0;
  xi.minimum_excluded = true;
  xi.maximum = 1;
  xi.slider_minimum = 0.01;
  xi.slider_maximum = 0.5;
  xi.title = {"Steepness", "ความชัน"};
  Parameter size = parameter(&Options::min_cluster_size, "min_cluster_size", ParameterKind::integer,
                             "Fewer points than this are no cluster (extraction xi).");
  size.minimum = 2;
  size.slider_minimum = 2;
  size.slider_maximum = 100;
  size.title = {"Smallest cluster", "ขนาดกลุ่มเล็กสุด"};
  return {radius, min_points, extraction, cut, xi, size};
}

Method describe_optics() {
  Method method;
  method.name = "optics";
  method.stage = "analyse";
  method.title = {"Points in the order of density (OPTICS)", "ลำดับจุดตามความหนาแน่น (OPTICS)"};
  method.summary =
      "Orders the points so that clusters of every density are valleys of the reachability, and extracts them.";
  method.description =
      "The ordering starts at the smallest point by x, then y, and goes on to the point with the least reachability "
      "among those reached so far (the smallest by x, then y, of several). Reachability is the larger of the distance "
      "to a point that came before and the core distance of that point; the core distance is that to the "
      "`min_points`-th nearest point, itself counted. Only neighbours within `radius` are looked at; a point that none "
      "has reached is a new start and has no reachability.\n\n"
      "`extraction` dbscan takes the clusters of one radius, `cut`: core points are grouped as by the method dbscan; a "
      "border point goes with the cluster that reached it, and one that comes before its cluster is noise. "
      "`extraction` xi takes stretches between a fall and a rise of the reachability by the share `xi` at least, with "
      "the correction of Schubert and Gertz (2018); of nested clusters a point takes the innermost.\n\n"
      "Clusters are numbered by their smallest member in the order of x, then y. The answer does not depend on the "
      "order of the points. Expected time O(n log n), whatever the radius.";
  method.citation =
      "Ankerst, M., Breunig, M. M., Kriegel, H.-P. and Sander, J. (1999): OPTICS: ordering points to identify the "
      "clustering structure. SIGMOD 1999, 49-60. Schubert, E. and Gertz, M. (2018): Improving the cluster structure "
      "extracted from OPTICS plots. LWDA 2018, 318-329.";
  method.example =
      "optics data/creative_assets.csv --x longitude --y latitude --crs EPSG:4326 --radius 20km --min-points 5 -o "
      "ordering.csv";
  method.inputs = {{"points", GeometryKind::point, RoleNeed::required, "the points to order"}};
  method.parameters = optics_parameters();
  method.adds = {{"cluster",
                  ColumnType::integer,
                  "",
                  "Number of the cluster, from 1 by its smallest member in the order of x, then y; null for noise.",
                  {"Cluster", "กลุ่ม"},
                  ColourBy::category,
                  true},
                 {"optics_order",
                  ColumnType::integer,
                  "",
                  "Place in the ordering, from 1; null without a usable position.",
                  {"Place in the ordering", "ลำดับ"},
                  ColourBy::none,
                  true},
                 {"reachability_m",
                  ColumnType::real,
                  "m",
                  "Reachability from the points that came before; null at a new start.",
                  {"Reachability", "ระยะเข้าถึง"},
                  ColourBy::sequence,
                  true},
                 {"core_distance_m",
                  ColumnType::real,
                  "m",
                  "Ground distance to the min_points-th nearest point, itself counted; null beyond the radius.",
                  {"Core distance", "ระยะแกน"},
                  ColourBy::sequence,
                  true}};
  method.adds.front().null_title = {"in no cluster", "ไม่อยู่ในกลุ่มใด"};
  name_nulls(method.adds, {"none near enough", "ไม่มีจุดในระยะ"});
  method.default_options = [] { return std::any(OpticsOptions{}); };
  method.run = run_optics;
  return method;
}

}  // namespace

const Method& optics_method() {
  static const Method method = describe_optics();
  return method;
}

}  // namespace yaan
