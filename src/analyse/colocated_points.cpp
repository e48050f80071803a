#include "analyse/colocated_points.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "analyse/kinds.hpp"
#include "analyse/point_set.hpp"
#include "yaan/analyse/nearest.hpp"
#include "yaan/core/error.hpp"

namespace yaan {

namespace {

constexpr std::int64_t kMostNearest = 500;
constexpr std::int64_t kFewTied = 8;     // seen at first
constexpr std::int64_t kMostTied = 128;  // where those were not enough
constexpr double kSame = 1e-9;           // distances that differ by less of themselves are equal

double decayed(ColocationDecay decay, double distance, double bandwidth) {
  if (decay == ColocationDecay::none || bandwidth == 0) return 1;
  const double ratio = distance / bandwidth;
  return std::exp(-ratio * ratio / 2);
}

/// The lists with all that share the distance of the k-th; `cut` counts points for which there may be more of them.
NearestPoints nearest_with_ties(std::span<const double> x, std::span<const double> y, const Crs& crs, std::int64_t k,
                                std::int64_t& cut, Progress& progress) {
  const auto others = static_cast<std::int64_t>(x.size()) - 1;
  NearestPoints lists;
  for (const std::int64_t more : {kFewTied, kMostTied}) {
    const std::int64_t count = std::min(others, k + more);
    lists = nearest_points(x, y, crs, count, progress);
    cut = 0;
    for (std::size_t i = 0; i < x.size() && count < others; ++i) {
      const double* distance = lists.distance.data() + i * lists.count;
      cut += distance[count - 1] <= distance[k - 1] * (1 + kSame);
    }
    if (cut == 0) break;
  }
  return lists;
}

std::vector<Link> links_to_nearest(std::span<const double> x, std::span<const double> y, const Crs& crs,
                                   const ColocationOptions& options, const std::string& layer, Diagnostics& diagnostics,
                                   Progress& progress) {
  const auto others = static_cast<std::int64_t>(x.size()) - 1;
  if (options.nearest > others)
    diagnostics.add(Severity::doubt, "fewer-neighbours", layer,
                    fmt::format("{} nearest were asked for, but there are only {} other points: each is a neighbour of "
                                "each",
                                options.nearest, others));
  const auto k = static_cast<std::size_t>(std::min(options.nearest, others));
  std::int64_t cut = 0;
  const NearestPoints lists = nearest_with_ties(x, y, crs, static_cast<std::int64_t>(k), cut, progress);
  if (cut > 0)
    diagnostics.add(
        Severity::doubt, "ties-cut", layer,
        fmt::format("points have more than {} others at one distance: some of them are left out", kMostTied), cut);
  std::vector<Link> links;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double* distance = lists.distance.data() + i * lists.count;
    const double last = distance[k - 1];
    std::size_t nearer = 0, within = 0;
    while (nearer < k && distance[nearer] < last * (1 - kSame)) ++nearer;
    while (within < lists.count && distance[within] <= last * (1 + kSame)) ++within;
    const double share = static_cast<double>(k - nearer) / static_cast<double>(within - nearer);
    for (std::size_t j = 0; j < within; ++j)
      links.push_back({static_cast<std::uint32_t>(i), lists.row[i * lists.count + j],
                       (j < nearer ? 1 : share) * decayed(options.decay, distance[j], last)});
  }
  return links;
}

std::vector<Link> links_within(std::span<const double> x, std::span<const double> y, const Crs& crs,
                               const ColocationOptions& options, Progress& progress) {
  const double bandwidth = checked_ground_length(crs, options.distance, "distance");
  std::vector<Link> links;
  for (const PointPair& pair : pairs_within(x, y, crs, options.distance, progress)) {
    const double weight = decayed(options.decay, pair.distance, bandwidth);
    links.push_back({pair.a, pair.b, weight});
    links.push_back({pair.b, pair.a, weight});
  }
  return links;
}

}  // namespace

SpatialWeights colocation_weights(std::span<const double> x, std::span<const double> y, const Crs& crs,
                                  const ColocationOptions& options, const std::string& layer, Diagnostics& diagnostics,
                                  Progress& progress) {
  if (options.nearest < 1 || options.nearest > kMostNearest)
    throw UsageError(fmt::format("nearest is {}, but must be from 1 to {}", options.nearest, kMostNearest));
  const bool by_distance = options.around == ColocationRule::distance;
  std::vector<Link> links;
  if (by_distance)
    links = links_within(x, y, crs, options, progress);
  else if (x.size() > 1)
    links = links_to_nearest(x, y, crs, options, layer, diagnostics, progress);
  SpatialWeights weights = weights_of(x.size(), std::move(links));
  apply_style(weights, WeightStyle::row);
  return weights;
}

ColocatedPoints colocated_points(const Layer& points, const Geometry& places, const ColocationOptions& options,
                                 Diagnostics& diagnostics, Progress& progress) {
  progress.throw_if_cancelled();
  if (points.crs.kind() == Crs::Kind::none)
    throw UsageError("the layer's coordinate reference system is unknown, so no distance can be measured",
                     "name it, such as --crs EPSG:4326, or --crs local for a plane in metres");
  const Column& column = kind_column(points, options.variable, "variable");
  const RowKinds kinds = kinds_by_row(column, kMostKinds);
  report_unusable(points, "points without a usable position take no part", diagnostics);
  ColocatedPoints found;
  found.names = kinds.names;
  found.members.assign(kinds.names.size(), 0);
  for (std::uint32_t row = 0; row < points.size(); ++row) {
    if (!usable_position(places.x[row], places.y[row], points.crs.is_geographic())) continue;
    if (kinds.of[row] >= 0)
      found.row.push_back(row);
    else
      diagnostics.add(Severity::skipped, "missing-value", points.name,
                      fmt::format("points without a {} take no part", column.name), 1, points.feature_id(row));
  }
  const bool has_ids = !points.roles.id.empty() && points.find(points.roles.id) != nullptr;
  std::vector<std::string> ids(points.size());
  for (std::size_t row = 0; has_ids && row < ids.size(); ++row) ids[row] = points.feature_id(row);
  std::sort(found.row.begin(), found.row.end(), [&](const std::uint32_t& a, const std::uint32_t& b) {
    return std::tie(places.x[a], places.y[a], kinds.of[a], ids[a], a) <
           std::tie(places.x[b], places.y[b], kinds.of[b], ids[b], b);
  });
  std::vector<double> x, y;
  for (const std::uint32_t row : found.row) {
    x.push_back(places.x[row]);
    y.push_back(places.y[row]);
    found.kind.push_back(static_cast<std::uint32_t>(kinds.of[row]));
    ++found.members[found.kind.back()];
  }
  found.weights = colocation_weights(x, y, points.crs, options, points.name, diagnostics, progress);
  for (std::uint32_t i = 0; i < found.size(); ++i)
    if (found.weights.degree(i) == 0) {
      found.islands.push_back(i);
      diagnostics.add(Severity::doubt, "islands", points.name,
                      "points have no other around them: they have no quotient and count in no average", 1,
                      points.feature_id(found.row[i]));
    }
  return found;
}

std::uint32_t kind_named(const ColocatedPoints& points, const std::string& name, const Layer& layer) {
  const auto at = std::find(points.names.begin(), points.names.end(), name);
  if (at == points.names.end()) refuse_unknown_kind(name, points.names, layer.name);
  return static_cast<std::uint32_t>(at - points.names.begin());
}

}  // namespace yaan
