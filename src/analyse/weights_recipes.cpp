// How weights are made of places and borders.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "yaan/analyse/nearest.hpp"
#include "yaan/analyse/spatial_weights.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/numbers.hpp"

namespace yaan {

namespace {

constexpr double kLeastInverse = 1;  // metres: nearer ones count as this far
constexpr std::size_t kMostPairs = std::size_t{1} << 27;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// First moments of shapes, about one of their own vertices so that no digits are lost.
struct Moments {
  double size = 0, x = 0, y = 0;                  // area or length, and its moments
  double plain_x = 0, plain_y = 0, vertices = 0;  // for shapes of no size

  void add(double s, double at_x, double at_y) {
    size += s;
    x += s * at_x;
    y += s * at_y;
  }
};

void add_run(std::span<const double> x, std::span<const double> y, double x0, double y0, bool west_turns, bool area,
             Moments& moments) {
  const auto at = [&](std::size_t v) {
    return std::pair(x[v] - x0 + (west_turns && x[v] < 0 ? 360.0 : 0.0), y[v] - y0);
  };
  for (std::size_t v = 0; v < x.size(); ++v) {
    const auto [ax, ay] = at(v);
    moments.plain_x += ax;
    moments.plain_y += ay;
    moments.vertices += 1;
    if (v + 1 == x.size()) break;
    const auto [bx, by] = at(v + 1);
    if (area) {
      const double cross = ax * by - bx * ay;
      moments.add(cross / 2, (ax + bx) / 3, (ay + by) / 3);
    } else {
      moments.add(std::hypot(bx - ax, by - ay), (ax + bx) / 2, (ay + by) / 2);
    }
  }
}

std::pair<double, double> centroid(const Geometry& shapes, std::size_t f, bool geographic) {
  if (shapes.feature_parts[f] == shapes.feature_parts[f + 1]) return {kNan, kNan};
  const bool polygon = shapes.kind == GeometryKind::polygon;
  const Box box = shapes.bounds(f);
  const bool west_turns = geographic && box.width() > 180;  // its parts lie on both sides of the antimeridian
  Moments moments;
  for (auto part = shapes.feature_parts[f]; part < shapes.feature_parts[f + 1]; ++part) {
    const auto first = polygon ? shapes.part_rings[part] : part,
               last = polygon ? shapes.part_rings[part + 1] : part + 1;
    for (auto ring = first; ring < last; ++ring)
      add_run(shapes.ring_x(ring), shapes.ring_y(ring), box.min_x, box.min_y, west_turns, polygon, moments);
  }
  double x = kNan, y = kNan;
  if (moments.size > 0) {
    x = box.min_x + moments.x / moments.size;
    y = box.min_y + moments.y / moments.size;
  } else if (moments.vertices > 0) {
    x = box.min_x + moments.plain_x / moments.vertices;
    y = box.min_y + moments.plain_y / moments.vertices;
  }
  if (west_turns && x > 180) x -= 360;
  return {x, y};
}

struct Recipe {
  const Places& places;
  const Crs& crs;
  const WeightsOptions& options;
  const std::string& layer;
  Diagnostics& diagnostics;
  Progress& progress;

  [[nodiscard]] double metres_per_unit() const { return crs.is_geographic() ? 1 : crs.metres_per_unit(); }

  [[nodiscard]] std::int64_t neighbours_there_are() const {
    std::int64_t usable = 0;
    for (std::size_t i = 0; i < places.x.size(); ++i)
      usable += std::isfinite(places.x[i]) && std::isfinite(places.y[i]);
    if (options.nearest >= usable && usable > 0)
      diagnostics.add(
          Severity::doubt, "fewer-neighbours", layer,
          fmt::format("{} nearest were asked for, but there are only {} other features: each is a neighbour "
                      "of each",
                      options.nearest, usable - 1));
    return std::max<std::int64_t>(1, std::min(options.nearest, usable - 1));
  }

  /// To the nearest feature, of each that has one.
  [[nodiscard]] std::vector<double> nearest_distances() const {
    std::vector<double> distances;
    for (const double d : nearest_points(places.x, places.y, crs, 1, progress).distance)
      if (std::isfinite(d)) distances.push_back(d);
    return distances;
  }

  /// For people: metres to four digits, never less.
  [[nodiscard]] static std::string rounded_up(double metres) {
    const double step = metres > 0 ? std::pow(10, std::floor(std::log10(metres)) - 3) : 1;
    return to_string(
        Length(Metres{parse_double(fmt::format("{:.6g}", std::ceil(metres / step) * step)).value_or(metres)}));
  }

  /// The distance asked for, or the least at which each feature has a neighbour; nothing where no two have a place.
  [[nodiscard]] bool distance(Length& chosen) const {
    chosen = options.distance;
    if (chosen.value != 0) return true;
    double most = -1;
    for (const double d : nearest_distances()) most = std::max(most, d);
    if (most < 0) return false;
    most = std::max(most * (1 + 1e-9), 1.0);  // a distance of 0 is none; rounding must not lose the last pair
    chosen = crs.is_geographic() ? Length(Metres{most}) : Length::bare(most);
    diagnostics.add(Severity::note, "chosen-distance", layer,
                    fmt::format("no distance was given; {} was taken, the least at which each feature has a neighbour",
                                rounded_up(most * metres_per_unit())));
    return true;
  }

  [[nodiscard]] std::vector<PointPair> pairs(Length& chosen) const {
    if (!distance(chosen)) return {};
    std::vector<PointPair> found = pairs_within(places.x, places.y, crs, chosen, progress, kMostPairs);
    const std::vector<double> nearest = found.empty() ? nearest_distances() : std::vector<double>();
    if (!nearest.empty())
      diagnostics.add(
          Severity::doubt, "distance-too-short", layer,
          fmt::format("no two features are within the distance; the nearest two are {} apart, and each has a "
                      "neighbour from {} on",
                      rounded_up(*std::min_element(nearest.begin(), nearest.end()) * metres_per_unit()),
                      rounded_up(*std::max_element(nearest.begin(), nearest.end()) * metres_per_unit())));
    return found;
  }

  [[nodiscard]] SpatialWeights band() const {
    std::vector<Link> links;
    Length chosen;
    for (const PointPair& pair : pairs(chosen)) {
      links.push_back({pair.a, pair.b, 1});
      links.push_back({pair.b, pair.a, 1});
    }
    return weights_of(places.x.size(), std::move(links));
  }

  [[nodiscard]] SpatialWeights inverse() const {
    std::vector<Link> links;
    Length chosen;
    for (const PointPair& pair : pairs(chosen)) {
      const double w = std::pow(std::max(pair.distance * metres_per_unit(), kLeastInverse), -options.power);
      links.push_back({pair.a, pair.b, w});
      links.push_back({pair.b, pair.a, w});
    }
    return weights_of(places.x.size(), std::move(links));
  }

  [[nodiscard]] double kernel(double u) const {
    const double rest = 1 - u * u;
    switch (options.kernel) {
      case WeightKernel::uniform: return u <= 1 ? 0.5 : 0;
      case WeightKernel::triangular: return u < 1 ? 1 - u : 0;
      case WeightKernel::epanechnikov: return u < 1 ? 0.75 * rest : 0;
      case WeightKernel::quartic: return u < 1 ? 15.0 / 16 * rest * rest : 0;
      case WeightKernel::gaussian: return u <= 1 ? std::exp(-u * u / 2) / std::sqrt(2 * std::numbers::pi) : 0;
    }
    return 0;
  }

  [[nodiscard]] SpatialWeights nearest(bool kernels) const {
    const NearestPoints near = nearest_points(places.x, places.y, crs, neighbours_there_are(), progress);
    std::vector<Link> links;
    for (std::size_t i = 0; i < places.x.size(); ++i) {
      double bandwidth = 0;
      for (std::size_t k = i * near.count; k < (i + 1) * near.count; ++k)
        if (near.row[k] != kNoNeighbour) bandwidth = near.distance[k];
      for (std::size_t k = i * near.count; k < (i + 1) * near.count; ++k)
        if (near.row[k] != kNoNeighbour)
          links.push_back({static_cast<std::uint32_t>(i), near.row[k],
                           kernels ? kernel(bandwidth > 0 ? near.distance[k] / bandwidth : 0) : 1});
    }
    return weights_of(places.x.size(), std::move(links));
  }

  [[nodiscard]] SpatialWeights fixed_kernel() const {
    std::vector<Link> links;
    Length chosen;
    const std::vector<PointPair> all = pairs(chosen);
    const double bandwidth = chosen.has_unit && !crs.is_geographic() ? chosen.value / metres_per_unit() : chosen.value;
    for (const PointPair& pair : all) {
      const double w = kernel(pair.distance / bandwidth);
      links.push_back({pair.a, pair.b, w});
      links.push_back({pair.b, pair.a, w});
    }
    return weights_of(places.x.size(), std::move(links));
  }
};

SpatialWeights contiguity_weights(const Geometry& features, const Crs& crs, Contiguity kind, const Length& snap,
                                  const Progress& progress) {
  std::vector<Link> links;
  for (const auto& [a, b] : contiguous_pairs(features, crs, kind, snap, progress)) {
    links.push_back({a, b, 1});
    links.push_back({b, a, 1});
  }
  return weights_of(features.size(), std::move(links));
}

}  // namespace

Places places_of(const Geometry& features, const Crs& crs) {
  if (features.kind == GeometryKind::point) return {features.x, features.y};
  Places places;
  places.x.assign(features.size(), kNan);
  places.y.assign(features.size(), kNan);
  if (features.kind == GeometryKind::none) return places;
  for (std::size_t f = 0; f < features.size(); ++f)
    std::tie(places.x[f], places.y[f]) = centroid(features, f, crs.is_geographic());
  return places;
}

NeighbourRule rule_for(const WeightsOptions& options, GeometryKind kind) {
  if (options.neighbours != NeighbourRule::automatic) return options.neighbours;
  return kind == GeometryKind::polygon ? NeighbourRule::queen : NeighbourRule::nearest;
}

SpatialWeights make_weights(const Geometry& features, const Places& places, const Crs& crs,
                            const WeightsOptions& options, const std::string& layer, Diagnostics& diagnostics,
                            Progress& progress) {
  progress.throw_if_cancelled();
  if (features.kind == GeometryKind::none)
    throw UsageError(fmt::format("layer {} is a table, so nothing says who is whose neighbour", layer),
                     "give a layer of areas or points, or a table of weights in the role weights");
  const Recipe recipe{places, crs, options, layer, diagnostics, progress};
  const NeighbourRule rule = rule_for(options, features.kind);
  const bool graded = rule == NeighbourRule::inverse_distance || rule == NeighbourRule::kernel;
  if (graded && options.order != 1)
    throw UsageError(fmt::format("order is {}, but weights by distance know no orders", options.order),
                     "leave order out, or choose queen, rook, nearest or distance_band");
  SpatialWeights weights;
  switch (rule) {
    case NeighbourRule::automatic:
    case NeighbourRule::queen:
      weights = contiguity_weights(features, crs, Contiguity::queen, options.snap, progress);
      break;
    case NeighbourRule::rook:
      weights = contiguity_weights(features, crs, Contiguity::rook, options.snap, progress);
      break;
    case NeighbourRule::distance_band: weights = recipe.band(); break;
    case NeighbourRule::nearest: weights = recipe.nearest(false); break;
    case NeighbourRule::inverse_distance: weights = recipe.inverse(); break;
    case NeighbourRule::kernel:
      weights = options.bandwidth == WeightBandwidth::fixed ? recipe.fixed_kernel() : recipe.nearest(true);
      break;
  }
  if (options.order > 1) weights = higher_order(weights, options.order, options.lower_orders, progress);
  return weights;
}

}  // namespace yaan
