#include "district/members.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "analyse/point_set.hpp"
#include "yaan/core/error.hpp"

namespace yaan {

const Column& cluster_column(const Layer& points) {
  const Column& labels = points.column("cluster");
  if (labels.type() != ColumnType::integer)
    throw UsageError(
        fmt::format("layer {}: column cluster holds {}, not integers", points.name, to_string(labels.type())),
        "run dbscan first");
  return labels;
}

void sort_by_place(std::vector<std::uint32_t>& rows, const Layer& points, const Positions& positions,
                   std::span<const double> weights) {
  std::sort(rows.begin(), rows.end(), [&](std::uint32_t a, std::uint32_t b) {
    if (positions.x[a] != positions.x[b]) return positions.x[a] < positions.x[b];
    if (positions.y[a] != positions.y[b]) return positions.y[a] < positions.y[b];
    if (weights[a] != weights[b]) return weights[a] < weights[b];
    const std::string name_a = points.feature_name(a, Language::english);
    const std::string name_b = points.feature_name(b, Language::english);
    return name_a != name_b ? name_a < name_b : points.feature_id(a) < points.feature_id(b);
  });
}

std::vector<Members> ranked_clusters(const Layer& points, const Positions& positions, std::span<const double> weights,
                                     Diagnostics& diagnostics) {
  const Column& labels = cluster_column(points);
  std::map<std::int64_t, Members> by_cluster;
  for (std::size_t row = 0; row < points.size(); ++row) {
    if (labels.is_null(row) || labels.integers()[row] <= 0) continue;
    if (!usable_position(positions.x[row], positions.y[row], positions.geographic)) {
      diagnostics.add(Severity::skipped, "unusable-position", points.name,
                      "points without a usable position are in no district, whatever their cluster", 1,
                      points.feature_id(row));
      continue;
    }
    Members& members = by_cluster[labels.integers()[row]];
    members.cluster = labels.integers()[row];
    members.rows.push_back(static_cast<std::uint32_t>(row));
  }
  std::vector<Members> clusters;
  for (auto& [cluster, members] : by_cluster) {
    sort_by_place(members.rows, points, positions, weights);
    for (const std::uint32_t row : members.rows) members.weight += weights[row];
    clusters.push_back(std::move(members));
  }
  std::stable_sort(clusters.begin(), clusters.end(), [](const Members& a, const Members& b) {
    return a.weight != b.weight ? a.weight > b.weight : a.rows.size() > b.rows.size();
  });
  return clusters;
}

Shown shown_members(std::span<const std::uint32_t> rows, const std::vector<Publication>& levels,
                    const Positions& positions) {
  Shown shown;
  shown.positions.geographic = positions.geographic;
  for (const Publication wanted : {Publication::open, Publication::coarsened}) {
    for (const std::uint32_t row : rows) {
      if (levels[row] != wanted) continue;
      double x = positions.x[row];
      double y = positions.y[row];
      if (wanted == Publication::coarsened && positions.geographic) coarsen(x, y);
      shown.rows.push_back(row);
      shown.positions.x.push_back(x);
      shown.positions.y.push_back(y);
    }
    if (!shown.rows.empty()) break;
  }
  return shown;
}

Ground lay_flat(Shown& shown) {
  Ground ground(shown.positions);
  for (std::size_t i = 0; i < shown.rows.size(); ++i) {
    const auto place = ground.to_plane(shown.positions.x[i], shown.positions.y[i]);
    shown.plane_x.push_back(place.x);
    shown.plane_y.push_back(place.y);
  }
  return ground;
}

}  // namespace yaan
