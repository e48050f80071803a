#include "yaan/analyse/hdbscan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "analyse/condensed_tree.hpp"
#include "analyse/kept_hierarchy.hpp"
#include "analyse/point_set.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {

namespace {

constexpr std::size_t kBlock = std::size_t{1} << 14;
constexpr std::uint32_t kNone = CondensedCluster::kNoParent;

double checked_selection_radius(const HdbscanOptions& options) {
  const double radius = options.selection_radius.value;
  if (!(radius >= 0) || !std::isfinite(radius))
    throw UsageError(
        fmt::format("selection_radius is {}, but must be at least 0", to_string(options.selection_radius)));
  return radius;
}

void check(const HdbscanOptions& options) {
  if (options.min_cluster_size < 2)
    throw UsageError(fmt::format("min_cluster_size is {}, but must be at least 2", options.min_cluster_size));
  if (options.max_cluster_size < 0)
    throw UsageError(fmt::format("max_cluster_size is {}, but must be at least 0", options.max_cluster_size));
  checked_selection_radius(options);
}

/// Which clusters of the tree are chosen.
class Selection {
 public:
  Selection(const CondensedTree& tree, const HdbscanOptions& options, double radius)
      : m_clusters(tree.clusters), m_options(options), m_chosen(tree.clusters.size(), false) {
    if (m_clusters.empty()) return;
    if (options.selection == ClusterSelection::leaf) {
      choose_leaves();
    } else {
      choose_by_mass();
    }
    if (radius > 0) take_together(radius);
  }

  /// For each cluster of the tree, the chosen one that it lies in, or kNone.
  [[nodiscard]] std::vector<std::uint32_t> chosen_above() const {
    std::vector<std::uint32_t> above(m_clusters.size(), kNone);
    for (std::size_t c = m_clusters.size(); c-- > 0;) {
      const std::uint32_t parent = m_clusters[c].parent;
      above[c] = parent != kNone && above[parent] != kNone ? above[parent]
                 : m_chosen[c]                             ? static_cast<std::uint32_t>(c)
                                                           : kNone;
    }
    return above;
  }

 private:
  [[nodiscard]] bool may_choose(std::size_t c) const {
    const bool is_root = m_clusters[c].parent == kNone;
    const bool small_enough = m_options.max_cluster_size == 0 || m_clusters[c].size() <= m_options.max_cluster_size;
    return small_enough && (!is_root || m_options.allow_single_cluster);
  }

  void choose_leaves() {
    for (std::size_t c = 0; c < m_clusters.size(); ++c) m_chosen[c] = m_clusters[c].children == 0 && may_choose(c);
  }

  void choose_by_mass() {
    std::vector<double> of_children(m_clusters.size(), 0);
    for (std::size_t c = 0; c < m_clusters.size(); ++c) {
      const CondensedCluster& cluster = m_clusters[c];
      m_chosen[c] = may_choose(c) && !(of_children[c] > cluster.stability);
      if (cluster.parent != kNone) of_children[cluster.parent] += m_chosen[c] ? cluster.stability : of_children[c];
    }
  }

  void take_together(double radius) {
    const std::vector<std::uint32_t> above = chosen_above();
    std::vector<bool> chosen(m_clusters.size(), false);
    for (std::size_t c = 0; c < m_clusters.size(); ++c) {
      if (above[c] != c) continue;
      auto at = static_cast<std::uint32_t>(c);
      while (m_clusters[at].parent != kNone && m_clusters[at].birth * radius > 1) {
        const std::uint32_t parent = m_clusters[at].parent;
        if (m_clusters[parent].parent == kNone && !m_options.allow_single_cluster) break;
        at = parent;
      }
      chosen[at] = true;
    }
    m_chosen = std::move(chosen);
  }

  const std::vector<CondensedCluster>& m_clusters;
  const HdbscanOptions& m_options;
  std::vector<bool> m_chosen;
};

/// The chosen clusters by their smallest member.
std::vector<std::uint32_t> in_order(const std::vector<std::uint32_t>& cluster_of, std::size_t clusters,
                                    std::span<const std::uint32_t> position_rank) {
  std::vector<std::uint32_t> least(clusters, kNone);
  for (std::size_t place = 0; place < cluster_of.size(); ++place)
    if (const std::uint32_t c = cluster_of[place]; c != kNone) least[c] = std::min(least[c], position_rank[place]);
  std::vector<std::uint32_t> chosen;
  for (std::uint32_t c = 0; c < clusters; ++c)
    if (least[c] != kNone) chosen.push_back(c);
  std::sort(chosen.begin(), chosen.end(), [&](std::uint32_t a, std::uint32_t b) { return least[a] < least[b]; });
  return chosen;
}

}  // namespace

HdbscanLabels select_clusters(const ClusterHierarchy& hierarchy, const HdbscanOptions& options, Progress& progress) {
  check(options);
  const std::span<const std::uint32_t> order = hierarchy.order();
  HdbscanLabels labels;
  // Fresh memory is slow to come: a poll after each of the long arrays.
  labels.cluster.assign(hierarchy.points(), 0);
  progress.throw_if_cancelled();
  labels.probability.assign(hierarchy.points(), 0);
  progress.throw_if_cancelled();
  labels.outlier_score.assign(hierarchy.points(), std::numeric_limits<double>::quiet_NaN());
  progress.throw_if_cancelled();
  labels.unusable = static_cast<std::int64_t>(hierarchy.unusable());
  labels.noise = static_cast<std::int64_t>(hierarchy.points());
  const CondensedTree tree = condense(hierarchy.join_distances(), order.size(), options.min_cluster_size, progress);
  if (tree.clusters.empty()) {
    for (const std::uint32_t row : order) labels.outlier_score[row] = 0;
    return labels;
  }

  const double radius = checked_selection_radius(options);
  const std::vector<std::uint32_t> above = Selection(tree, options, radius).chosen_above();
  std::vector<std::uint32_t> cluster_of(order.size(), kNone);
  parallel_blocks(order.size(), kBlock, progress, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t place = begin; place < end; ++place) {
      const std::uint32_t in = above[tree.cluster[place]];
      // Of the whole layer, only what the selection radius holds together is a cluster.
      const bool falls_out = in != kNone && tree.clusters[in].parent == kNone && tree.lambda[place] * radius < 1;
      if (!(falls_out && radius > 0)) cluster_of[place] = in;
    }
  });
  progress.throw_if_cancelled();
  const std::vector<std::uint32_t> chosen = in_order(cluster_of, tree.clusters.size(), hierarchy.position_rank());
  std::vector<std::int32_t> number(tree.clusters.size(), 0);
  labels.count.assign(chosen.size(), 0);
  for (std::size_t k = 0; k < chosen.size(); ++k) {
    number[chosen[k]] = static_cast<std::int32_t>(k + 1);
    labels.stability.push_back(tree.clusters[chosen[k]].stability);
  }
  labels.clusters = static_cast<std::int64_t>(chosen.size());
  parallel_blocks(order.size(), kBlock, progress, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t place = begin; place < end; ++place) {
      const std::uint32_t row = order[place];
      const CondensedCluster& smallest = tree.clusters[tree.cluster[place]];
      labels.outlier_score[row] = 1 - tree.lambda[place] / smallest.greatest_lambda;
      if (cluster_of[place] == kNone) continue;
      labels.cluster[row] = number[cluster_of[place]];
      labels.probability[row] = tree.lambda[place] / tree.clusters[cluster_of[place]].greatest_lambda;
    }
  });
  for (const std::uint32_t c : cluster_of)
    if (c != kNone) ++labels.count[static_cast<std::size_t>(number[c] - 1)];
  for (const std::int64_t count : labels.count) labels.noise -= count;
  return labels;
}

namespace {

/// The selection radius in the unit of the hierarchy's distances.
HdbscanLabels select_on(const ClusterHierarchy& hierarchy, const Crs& crs, HdbscanOptions options, Progress& progress) {
  const Metres metres = options.selection_radius.on(crs, "selection_radius");
  options.selection_radius = crs.is_geographic() ? metres : Metres{metres.value / crs.metres_per_unit()};
  return select_clusters(hierarchy, options, progress);
}

}  // namespace

HdbscanLabels hdbscan(std::span<const double> x, std::span<const double> y, const Crs& crs,
                      const HdbscanOptions& options, Progress& progress) {
  check(options);
  const ClusterHierarchy hierarchy(x, y, crs, options.min_points, progress);
  progress.report("choosing clusters", 0.97);
  progress.throw_if_cancelled();
  return select_on(hierarchy, crs, options, progress);
}

namespace {

MethodResult run_hdbscan(const MethodInputs& inputs, const std::any& any_options, Progress& progress) {
  const auto& options = std::any_cast<const HdbscanOptions&>(any_options);
  const Layer& points = inputs.layer("points");
  check(options);
  const auto hierarchy = hierarchy_for(inputs, options.min_points, progress);
  const HdbscanLabels labels = select_on(*hierarchy, points.crs, options, progress);
  MethodResult result;
  for (const OutputField& field : hdbscan_method().adds) {
    result.columns.push_back(make_column(field));
    result.columns.back().reserve(points.size());
  }
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (i % kBlock == 0) progress.throw_if_cancelled();
    const std::int32_t cluster = labels.cluster[i];
    if (cluster == 0) {
      result.columns[0].push_null();
      result.columns[3].push_null();
    } else {
      result.columns[0].push(std::int64_t{cluster});
      result.columns[3].push(labels.stability[static_cast<std::size_t>(cluster - 1)]);
    }
    result.columns[1].push(labels.probability[i]);
    result.columns[2].push(labels.outlier_score[i]);
  }
  result.summary = {
      {"points", static_cast<std::int64_t>(points.size())}, {"clusters", labels.clusters}, {"noise", labels.noise}};
  if (labels.unusable > 0)
    report_unusable(points, "points without a usable position are noise and nobody's neighbours", result.diagnostics);
  return result;
}

std::vector<Parameter> hdbscan_parameters() {
  Parameter min_points = parameter(&HdbscanOptions::min_points, "min_points", ParameterKind::integer,
                                   "The core distance of a point is that to this nearest point, itself counted; more "
                                   "smooths the density and leaves more noise.");
  min_points.minimum = 1;
  min_points.maximum = static_cast<double>(ClusterHierarchy::kMostMinPoints);
  min_points.slider_minimum = 2;
  min_points.slider_maximum = 50;
  min_points.title = {"Minimum points", "จำนวนจุดขั้นต่ำ"};
  Parameter size = parameter(&HdbscanOptions::min_cluster_size, "min_cluster_size", ParameterKind::integer,
                             "Fewer points than this are no cluster.");
  size.minimum = 2;
  size.slider_minimum = 2;
  size.slider_maximum = 100;
  size.title = {"Smallest cluster", "ขนาดกลุ่มเล็กสุด"};
  Parameter selection = parameter(&HdbscanOptions::selection, "selection", ParameterKind::choice,
                                  "Which clusters of the tree are chosen: the most stable ones, or the finest.",
                                  {"excess-of-mass", "leaf"});
  selection.title = {"Selection", "วิธีเลือกกลุ่ม"};
  Parameter radius = parameter(&HdbscanOptions::selection_radius, "selection_radius", ParameterKind::length,
                               "Clusters that part below this distance are taken together; 0m for never.");
  radius.minimum = 0;
  radius.slider_maximum = 5000;
  radius.title = {"Taken together below", "รวมกลุ่มที่ห่างกันไม่เกิน"};
  Parameter most = parameter(&HdbscanOptions::max_cluster_size, "max_cluster_size", ParameterKind::integer,
                             "Larger clusters are not chosen; 0 for no limit.");
  most.minimum = 0;
  most.title = {"Largest cluster", "ขนาดกลุ่มใหญ่สุด"};
  Parameter single = parameter(&HdbscanOptions::allow_single_cluster, "allow_single_cluster", ParameterKind::flag,
                               "Whether the whole layer may be one cluster.");
  single.title = {"May be one cluster", "ให้ทั้งชั้นเป็นกลุ่มเดียวได้"};
  return {min_points, size, selection, radius, most, single};
}

Method describe_hdbscan() {
  Method method;
  method.name = "hdbscan";
  method.stage = "analyse";
  method.title = {"Clusters of varying density (HDBSCAN*)", "กลุ่มที่ความหนาแน่นต่างกัน (HDBSCAN*)"};
  method.summary = "Finds clusters of different density without a radius: those that last over a range of radii.";
  method.description =
      "The core distance of a point is the distance to its `min_points`-th nearest point, itself counted. Two points "
      "are as far apart as the largest of their distance and their core distances (mutual reachability). As the radius "
      "shrinks, the layer parts along the minimum spanning tree of these distances. A group of fewer than "
      "`min_cluster_size` points that parts is points that fall away; where two or more larger groups part, they are "
      "new clusters.\n\n"
      "With lambda = 1 / distance, the stability of a cluster is the sum over its points of lambda at which the point "
      "leaves it, less lambda at which the cluster was born (1/m). `excess-of-mass` chooses the clusters, none within "
      "another, with the greatest sum of stabilities; `leaf` chooses the finest ones. `selection_radius` takes "
      "clusters together that part below it (Malzer and Baum 2020). `probability` is lambda of the point over the "
      "greatest of its cluster; `outlier_score` (GLOSH) is 1 less lambda of the point over the greatest of the "
      "smallest cluster that it was ever in.\n\n"
      "Groups that part at the same distance part at once, so equal distances never depend on the order of the points. "
      "Clusters are numbered by their smallest member in the order of x, then y. Points that coincide count one by "
      "one; their distance counts as the smallest positive one. Fewer points than `min_points` or `min_cluster_size` "
      "are all noise. Distances are as for dbscan.\n\n"
      "Expected time grows linearly with the number of points times `min_points`.";
  method.citation =
      "Campello, R. J. G. B., Moulavi, D., Zimek, A. and Sander, J. (2015): Hierarchical density estimates for data "
      "clustering, visualization, and outlier detection. ACM Transactions on Knowledge Discovery from Data 10(1), 5. "
      "Malzer, C. and Baum, M. (2020): A hybrid approach to hierarchical density-based cluster selection. IEEE MFI "
      "2020, 223-228.";
  method.example =
      "hdbscan data/creative_assets.csv --x longitude --y latitude --crs EPSG:4326 --min-points 5 --min-cluster-size 8 "
      "-o hdbscan_clusters.geojson";
  method.inputs = {{"points", GeometryKind::point, RoleNeed::required, "the points to cluster"}};
  method.parameters = hdbscan_parameters();
  method.adds = {{"cluster",
                  ColumnType::integer,
                  "",
                  "Number of the cluster, from 1 by its smallest member in the order of x, then y; null for noise.",
                  {"Cluster", "กลุ่ม"},
                  ColourBy::category,
                  true},
                 {"probability",
                  ColumnType::real,
                  "",
                  "Strength of membership, from 0 for noise to 1 in the densest part of the cluster.",
                  {"Membership", "ความเป็นสมาชิก"},
                  ColourBy::sequence,
                  false},
                 {"outlier_score",
                  ColumnType::real,
                  "",
                  "GLOSH outlier score, from 0 to 1; null without a usable position.",
                  {"Outlier score", "คะแนนผิดปกติ"},
                  ColourBy::sequence,
                  true},
                 {"cluster_stability",
                  ColumnType::real,
                  "1/m",
                  "Stability (excess of mass) of the cluster; null for noise.",
                  {"Stability of the cluster", "ความมั่นคงของกลุ่ม"},
                  ColourBy::sequence,
                  true}};
  name_nulls(method.adds, {"in no cluster", "ไม่อยู่ในกลุ่มใด"});
  method.default_options = [] { return std::any(HdbscanOptions{}); };
  method.run = run_hdbscan;
  return method;
}

}  // namespace

const Method& hdbscan_method() {
  static const Method method = describe_hdbscan();
  return method;
}

}  // namespace yaan
