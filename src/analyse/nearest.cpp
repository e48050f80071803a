#include "yaan/analyse/nearest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <optional>
#include <tuple>

#include "analyse/index/point_tree.hpp"
#include "analyse/index/position_rank.hpp"
#include "analyse/index/spaces.hpp"
#include "analyse/point_set.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/geodesy.hpp"
#include "yaan/core/parallel.hpp"
#include "yaan/core/publication.hpp"

namespace yaan {

namespace {

constexpr std::size_t kBlock = std::size_t{1} << 12;
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr std::int64_t kMostNeighbours = 1000;

double distance_of(double squared, bool geographic) {
  const double length = std::sqrt(squared);
  return geographic && std::isfinite(length) ? ground_distance_of(length).value : length;
}

/// The squared distance that the index compares with.
double squared_limit(const Crs& crs, const Length& length, std::string_view name) {
  const double ground = checked_ground_length(crs, length, name);
  const double reach = crs.is_geographic() ? chord_of(Metres{ground}) : ground;
  return reach * reach;
}

}  // namespace

NearestPoints nearest_points(std::span<const double> x, std::span<const double> y, const Crs& crs, std::int64_t count,
                             Progress& progress) {
  const UsablePoints usable(x, y, crs);
  if (count < 1 || count > kMostNeighbours)
    throw UsageError(
        fmt::format("the number of nearest points is {}, but must be from 1 to {}", count, kMostNeighbours));
  progress.throw_if_cancelled();
  const bool geographic = crs.is_geographic();
  const PointTree tree = point_tree(usable.x(), usable.y(), geographic, progress);
  const auto per_point = static_cast<std::uint32_t>(count);
  const NearestLists lists = nearest_lists(tree, per_point, 0, progress);
  NearestPoints nearest;
  nearest.count = per_point;
  nearest.row.assign(x.size() * per_point, kNoNeighbour);
  nearest.distance.assign(x.size() * per_point, kInfinity);
  parallel_blocks(tree.points, kBlock, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t p = begin; p < end; ++p) {
      const std::size_t to = usable.row(tree.point[p]) * per_point;
      for (std::uint32_t k = 0; k < per_point; ++k) {
        const std::uint32_t other = lists.point[p * per_point + k];
        if (other == NearestLists::kNone) break;
        double squared = 0;
        for (unsigned axis = 0; axis < tree.dimensions; ++axis) {
          const double difference = tree.coordinate[axis][other] - tree.coordinate[axis][p];
          squared += difference * difference;
        }
        nearest.row[to + k] = static_cast<std::uint32_t>(usable.row(tree.point[other]));
        nearest.distance[to + k] = distance_of(squared, geographic);
      }
    }
  });
  return nearest;
}

namespace {

template <class Space>
std::vector<PointPair> pairs_of(const typename Space::Grid& grid, const UsablePoints& usable, double limit,
                                std::size_t most, const Progress& progress) {
  constexpr std::size_t kCells = 256;
  std::vector<std::vector<PointPair>> found(block_count(grid.cells, kCells));
  std::atomic<std::size_t> total{0};
  parallel_blocks(grid.cells, kCells, [&](std::size_t begin, std::size_t end, std::size_t block) {
    typename Space::Neighbours neighbours(grid, static_cast<std::uint32_t>(begin));
    Run runs[Space::Neighbours::kMaxRuns];
    std::size_t counted = 0;
    for (auto cell = static_cast<std::uint32_t>(begin); cell < end; ++cell) {
      progress.throw_if_cancelled();
      const unsigned count = neighbours.runs(cell, runs);
      const Run own = grid.points_of(cell);
      for (std::uint32_t p = own.begin; p < own.end; ++p)
        for (unsigned r = 0; r < count; ++r) {
          const Run others = grid.points_of(runs[r]);
          for (std::uint32_t q = std::max(others.begin, p + 1); q < others.end; ++q) {
            double squared = 0;
            for (unsigned axis = 0; axis < Space::kDimensions; ++axis) {
              const double difference = grid.coordinate[axis][p] - grid.coordinate[axis][q];
              squared += difference * difference;
            }
            if (!(squared <= limit)) continue;
            const auto a = static_cast<std::uint32_t>(usable.row(grid.point[p]));
            const auto b = static_cast<std::uint32_t>(usable.row(grid.point[q]));
            found[block].push_back({std::min(a, b), std::max(a, b), distance_of(squared, Space::kDimensions == 3)});
          }
        }
      total += found[block].size() - counted;
      counted = found[block].size();
      if (total > most)
        throw InputError(fmt::format("more than {} pairs of points lie within the distance", most),
                         "choose a smaller distance");
    }
  });
  std::vector<PointPair> pairs;
  pairs.reserve(total);
  for (auto& block : found) {
    pairs.insert(pairs.end(), block.begin(), block.end());
    block = {};
  }
  std::sort(pairs.begin(), pairs.end(),
            [](const PointPair& p, const PointPair& q) { return std::tie(p.a, p.b) < std::tie(q.a, q.b); });
  return pairs;
}

}  // namespace

std::vector<PointPair> pairs_within(std::span<const double> x, std::span<const double> y, const Crs& crs,
                                    const Length& distance, Progress& progress, std::size_t most) {
  const UsablePoints usable(x, y, crs);
  const double limit = squared_limit(crs, distance, "distance");
  progress.throw_if_cancelled();
  if (crs.is_geographic())
    return pairs_of<Globe>(globe_grid(usable.x(), usable.y(), std::sqrt(limit), progress), usable, limit, most,
                           progress);
  return pairs_of<Plane>(plane_grid(usable.x(), usable.y(), checked_ground_length(crs, distance, "distance"), progress),
                         usable, limit, most, progress);
}

namespace {

/// The different positions among points, by (x, y): however many points lie on one, a search looks at it once.
struct Spots {
  std::vector<double> x, y;
  std::vector<std::uint32_t> first_row;   ///< the smallest caller's row there
  std::vector<std::uint32_t> second_row;  ///< the next one, or kNoNeighbour
  std::vector<std::uint32_t> of_point;    ///< of each usable point
};

Spots spots_of(const UsablePoints& points, const Progress& progress) {
  const Scratch<std::uint32_t> rank = position_ranks(points.x(), points.y(), progress);
  std::vector<std::uint32_t> by_rank(points.size());
  for (std::uint32_t i = 0; i < points.size(); ++i) by_rank[rank[i]] = i;
  Spots spots;
  spots.of_point.resize(points.size());
  for (const std::uint32_t i : by_rank) {
    const auto row = static_cast<std::uint32_t>(points.row(i));
    const double x = points.x()[i], y = points.y()[i];
    if (spots.x.empty() || x != spots.x.back() || y != spots.y.back()) {
      spots.x.push_back(x);
      spots.y.push_back(y);
      spots.first_row.push_back(row);
      spots.second_row.push_back(kNoNeighbour);
    } else if (spots.second_row.back() == kNoNeighbour) {
      spots.second_row.back() = row;
    }
    spots.of_point[i] = static_cast<std::uint32_t>(spots.x.size() - 1);
  }
  return spots;
}

struct NearestSpot {
  std::uint32_t spot = kNoNeighbour;
  double squared = kInfinity;
};

/// Looks for the spot that is nearest to a place; of several the first by (x, y).
class PlaceSearch {
 public:
  PlaceSearch(const PointTree& tree, double limit) : m_tree(tree), m_limit(limit), m_outward(tree, *this) {}

  /// `skip`: a spot that does not count.
  NearestSpot nearest(const double* place, std::uint32_t skip) {
    m_place = place;
    m_skip = skip;
    m_best = {};
    m_outward.run_from_root(place, place);
    return m_best;
  }

  [[nodiscard]] double limit() const { return std::min(m_limit, m_best.squared); }
  [[nodiscard]] static unsigned admits(std::size_t) { return ~0U; }
  [[nodiscard]] bool open(double squared, std::size_t) const { return squared <= limit(); }
  void visit(std::uint32_t leaf) {
    const Run run = m_tree.points_of_leaf(leaf);
    for (std::uint32_t p = run.begin; p < run.end; ++p) {
      double squared = 0;
      for (unsigned axis = 0; axis < m_tree.dimensions; ++axis) {
        const double difference = m_tree.coordinate[axis][p] - m_place[axis];
        squared += difference * difference;
      }
      const std::uint32_t spot = m_tree.point[p];
      if (squared > limit() || spot == m_skip) continue;
      if (squared < m_best.squared || spot < m_best.spot) m_best = {spot, squared};
    }
  }

 private:
  const PointTree& m_tree;
  double m_limit;
  OutwardSearch<PlaceSearch> m_outward;
  const double* m_place = nullptr;
  std::uint32_t m_skip = kNoNeighbour;
  NearestSpot m_best;
};

/// `self`: both layers are the same, and no point is its own neighbour.
std::vector<JoinedPoint> join(const UsablePoints& from, std::size_t rows, const UsablePoints& to, bool self,
                              const Crs& crs, double limit, Progress& progress) {
  const bool geographic = crs.is_geographic();
  const Spots spots = spots_of(to, progress);
  const PointTree tree = point_tree(spots.x, spots.y, geographic, progress);
  std::vector<JoinedPoint> joined(rows, JoinedPoint{kNoNeighbour, kInfinity});
  parallel_blocks(from.size(), kBlock, [&](std::size_t begin, std::size_t end, std::size_t) {
    PlaceSearch search(tree, limit);
    for (std::size_t i = begin; i < end; ++i) {
      if ((i & 255) == 0) progress.throw_if_cancelled();
      const auto row = static_cast<std::uint32_t>(from.row(i));
      const std::uint32_t own = self ? spots.of_point[i] : kNoNeighbour;
      if (self && spots.second_row[own] != kNoNeighbour) {
        joined[row] = {spots.first_row[own] == row ? spots.second_row[own] : spots.first_row[own], 0};
        continue;
      }
      double place[3] = {from.x()[i], from.y()[i], 0};
      if (geographic) radius_kernels().earth_centred(place, place + 1, place + 2, 1);
      const NearestSpot best = search.nearest(place, own);
      if (best.spot != kNoNeighbour) joined[row] = {spots.first_row[best.spot], distance_of(best.squared, geographic)};
    }
  });
  return joined;
}

}  // namespace

std::vector<JoinedPoint> nearest_join(std::span<const double> x, std::span<const double> y,
                                      std::span<const double> to_x, std::span<const double> to_y, const Crs& crs,
                                      const Length& within, Progress& progress) {
  const UsablePoints from(x, y, crs), to(to_x, to_y, crs);
  const double limit = squared_limit(crs, within, "within");
  progress.throw_if_cancelled();
  return join(from, x.size(), to, false, crs, limit, progress);
}

namespace {

MethodResult run_nearest(const MethodInputs& inputs, const std::any& any_options, Progress& progress) {
  const auto& options = std::any_cast<const NearestOptions&>(any_options);
  const Layer& points = inputs.layer("points");
  const Layer* given = inputs.find("to");
  std::optional<Layer> moved;
  if (given != nullptr && !given->crs.same_as(points.crs)) moved = reprojected(*given, points.crs);
  const Layer& to = given == nullptr ? points : moved ? *moved : *given;
  std::int64_t left_out = 0;
  const Geometry places = shown_points(points, NotOpen::leave_out, left_out);
  const Geometry to_places = given == nullptr ? places : shown_points(to, NotOpen::leave_out, left_out);
  const UsablePoints from(places.x, places.y, points.crs);
  const UsablePoints targets(to_places.x, to_places.y, points.crs);
  const double limit = squared_limit(points.crs, options.within, "within");
  progress.throw_if_cancelled();
  const std::vector<JoinedPoint> joined =
      join(from, points.size(), targets, given == nullptr, points.crs, limit, progress);

  MethodResult result;
  for (const OutputField& field : nearest_method().adds) {
    result.columns.push_back(make_column(field));
    result.columns.back().reserve(points.size());
  }
  const double metres = points.crs.is_geographic() ? 1 : points.crs.metres_per_unit();
  std::int64_t found = 0;
  std::vector<double> distances;
  for (const JoinedPoint& nearest : joined) {
    if (nearest.row == kNoNeighbour) {
      for (Column& column : result.columns) column.push_null();
      continue;
    }
    ++found;
    distances.push_back(nearest.distance * metres);
    result.columns[0].push(std::string_view(to.feature_id(nearest.row)));
    result.columns[1].push(distances.back());
  }
  result.summary = {{"points", static_cast<std::int64_t>(points.size())}, {"joined", found}};
  if (!distances.empty()) {
    std::sort(distances.begin(), distances.end());
    result.summary.emplace_back("median_m", distances[distances.size() / 2]);
  }
  report_unusable(points, "points without a usable position have no nearest point", result.diagnostics);
  if (left_out != 0)
    result.diagnostics.add(
        Severity::note, "not-open-left-out", points.name,
        "points that are not open have no nearest point and are nobody's: a distance would tell where they are",
        left_out);
  return result;
}

Method describe_nearest() {
  Method method;
  method.name = "nearest";
  method.stage = "analyse";
  method.title = {"Nearest point", "จุดที่ใกล้ที่สุด"};
  method.summary = "Gives each point the nearest point of another layer, and how far it is.";
  method.description =
      "The nearest point of the layer `to` within `within`; of several at the same distance the smallest by x, then y. "
      "Without `to` it is the nearest other point of the layer itself: a point on the same spot is at distance 0. "
      "Points with none that near keep null columns. Points that are not open for publication have no nearest point "
      "and are nobody's. The distance is a ground distance, as for dbscan.\n\n"
      "Expected time O(log n) a point, however unevenly the points lie.";
  method.citation =
      "Friedman, J. H., Bentley, J. L. and Finkel, R. A. (1977): An algorithm for finding best matches in logarithmic "
      "expected time. ACM Transactions on Mathematical Software 3(3), 209-226.";
  method.example =
      "nearest data/creative_assets.csv --x longitude --y latitude --crs EPSG:4326 --within 100km -o nearest.geojson";
  method.inputs = {
      {"points", GeometryKind::point, RoleNeed::required, "the points to join from"},
      {"to", GeometryKind::point, RoleNeed::optional, "the points to join to; without, the points themselves"}};
  Parameter within =
      parameter(&NearestOptions::within, "within", ParameterKind::length, "How far the nearest point may be.");
  within.minimum = 0;
  within.minimum_excluded = true;
  within.slider_minimum = 100;
  within.slider_maximum = 100000;
  within.title = {"Within", "ภายในระยะ"};
  method.parameters = {std::move(within)};
  method.adds = {{"nearest_id",
                  ColumnType::text,
                  "",
                  "Id of the nearest point; null without one.",
                  {"Nearest point", "จุดใกล้สุด"},
                  ColourBy::none,
                  true},
                 {"nearest_distance_m",
                  ColumnType::real,
                  "m",
                  "Ground distance to it; null without one.",
                  {"Distance to the nearest", "ระยะถึงจุดใกล้สุด"},
                  ColourBy::sequence,
                  true}};
  name_nulls(method.adds, {"none near enough", "ไม่มีจุดในระยะ"});
  method.default_options = [] { return std::any(NearestOptions{}); };
  method.run = run_nearest;
  return method;
}

}  // namespace

const Method& nearest_method() {
  static const Method method = describe_nearest();
  return method;
}

}  // namespace yaan
