#pragma once
// Who is whose neighbour, and how much it counts: the weights of every statistic of spatial autocorrelation.

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "yaan/core/crs.hpp"
#include "yaan/core/geometry.hpp"
#include "yaan/core/method.hpp"
#include "yaan/core/progress.hpp"
#include "yaan/core/units.hpp"

namespace yaan {

/// Rows of links, end to end: feature i has the neighbours neighbour[begin[i]] .. neighbour[begin[i + 1]], ascending,
/// and never itself among them. Weights are finite and more than 0. A feature without neighbours is an island.
struct SpatialWeights {
  std::vector<std::uint64_t> begin = {0};
  std::vector<std::uint32_t> neighbour;
  std::vector<double> weight;

  [[nodiscard]] std::size_t size() const { return begin.size() - 1; }
  [[nodiscard]] std::size_t links() const { return neighbour.size(); }
  [[nodiscard]] std::size_t degree(std::size_t i) const { return static_cast<std::size_t>(begin[i + 1] - begin[i]); }
  [[nodiscard]] std::span<const std::uint32_t> neighbours(std::size_t i) const {
    return {neighbour.data() + begin[i], degree(i)};
  }
  [[nodiscard]] std::span<const double> weights(std::size_t i) const { return {weight.data() + begin[i], degree(i)}; }
};

/// One directed link.
struct Link {
  std::uint32_t from = 0;
  std::uint32_t to = 0;
  double weight = 1;
};

/// Links among n features as rows. Of links that are given twice the larger weight counts; links to itself and weights
/// of 0 are dropped. Throws std::invalid_argument for a number of n or more and for a weight that is negative or not
/// finite.
SpatialWeights weights_of(std::size_t n, std::vector<Link> links);

enum class Contiguity {
  queen,  ///< borders that meet at a point or along a stretch
  rook    ///< borders that run together along a stretch
};

/// Pairs (a, b), a < b, ascending, of polygons whose borders come within `snap` of each other, wherever on them: a
/// corner on the middle of another's edge is a touch. Under rook the borders must run within `snap` of each other along
/// more than ten times `snap`. A border inside another polygon is no touch unless the borders meet.
///
/// `snap` is in metres on the ground, or bare in units of the plane; 0 allows for rounding only (1e-9 of the larger
/// side of the box of all features). Features in degrees are neighbours across the antimeridian. Throws UsageError for
/// a geometry that is not polygons, a negative or infinite snap and a bare one in degrees; Cancelled. O(e + pairs of
/// edges that share a cell) for e edges, expected O(e).
std::vector<std::pair<std::uint32_t, std::uint32_t>> contiguous_pairs(const Geometry& polygons, const Crs& crs,
                                                                      Contiguity kind, const Length& snap,
                                                                      const Progress& progress);

enum class NeighbourRule { automatic, queen, rook, distance_band, nearest, inverse_distance, kernel };
enum class WeightStyle {
  binary,   ///< 1 for each neighbour; weights of a kernel or a distance, and given ones, as they are
  row,      ///< those of a row add up to 1
  variance  ///< variance-stabilising (Tiefelsdorf, Griffith and Boots 1999)
};
enum class WeightKernel { uniform, triangular, epanechnikov, quartic, gaussian };
enum class WeightBandwidth { fixed, adaptive };

/// How weights are made. One description for every method that needs some.
struct WeightsOptions {
  NeighbourRule neighbours = NeighbourRule::automatic;  ///< queen for polygons, nearest for points
  Length snap = Metres{0};                              ///< queen and rook
  Length distance = Metres{0};  ///< band, inverse distance, fixed kernel; 0: the least at which each has a neighbour
  std::int64_t nearest = 8;     ///< nearest, and the bandwidth of an adaptive kernel
  double power = 1;             ///< inverse distance
  WeightKernel kernel = WeightKernel::triangular;
  WeightBandwidth bandwidth = WeightBandwidth::adaptive;
  std::int64_t order = 1;     ///< neighbours of neighbours: features that many steps away
  bool lower_orders = false;  ///< and those fewer steps away
  WeightStyle style = WeightStyle::row;
};

/// Where each feature stands for a distance: a point itself, a polygon by the centroid of its area in its plane or in
/// degrees, a line by the centroid of its length. NaN without one.
struct Places {
  std::vector<double> x;
  std::vector<double> y;
};
Places places_of(const Geometry& features, const Crs& crs);

/// What `automatic` stands for on features of that kind; any other rule as it is.
NeighbourRule rule_for(const WeightsOptions& options, GeometryKind kind);

/// The weights of the features before any style, by options: 1 for each neighbour, or by distance. A distance
/// that the options left open, and fewer neighbours than asked for, are noted in `diagnostics`. Throws UsageError for
/// options that do not fit the features, InputError for more than 2^28 links, Cancelled.
SpatialWeights make_weights(const Geometry& features, const Places& places, const Crs& crs,
                            const WeightsOptions& options, const std::string& layer, Diagnostics& diagnostics,
                            Progress& progress);

/// Features `order` steps away along links, and with `lower_orders` those fewer steps away; weights 1. order >= 1.
SpatialWeights higher_order(const SpatialWeights& weights, std::int64_t order, bool lower_orders,
                            const Progress& progress);

/// Rows and links among the features named only, renumbered in their order.
SpatialWeights select(const SpatialWeights& weights, const std::vector<std::uint32_t>& features);

/// The weights in a style. variance: each divided by the root of its row's sum of squares, then all scaled so that they
/// add up to the number of features with neighbours.
void apply_style(SpatialWeights& weights, WeightStyle style);

/// Sums over all weights that the moments of global statistics are made of (Cliff and Ord 1981).
struct WeightSums {
  double s0 = 0;  ///< of w_ij
  double s1 = 0;  ///< of (w_ij + w_ji)^2 / 2
  double s2 = 0;  ///< over i of (sum of row i + sum of column i)^2
};
WeightSums sums_of(const SpatialWeights& weights);

/// For each feature the sum of weight times value over its neighbours; 0 for an island. O(links).
std::vector<double> lag(const SpatialWeights& weights, std::span<const double> values);

struct WeightsSummary {
  std::int64_t links = 0;
  std::int64_t components = 0;  ///< sets of features that links hold together, islands among them
  bool symmetric = true;        ///< every link is there both ways with one weight
  std::vector<std::uint32_t> islands;
  std::int64_t least = 0, most = 0;  ///< neighbours of a feature
  double mean = 0;
  std::vector<std::uint32_t> component;  ///< of each feature, numbered from 1 by the first feature of each
};
WeightsSummary summarise(const SpatialWeights& weights);

struct SpatialWeightsOptions : WeightsOptions {
  SpatialWeightsOptions() { style = WeightStyle::binary; }
};

/// The verb `spatial-weights`: adds weights_neighbours and weights_component to the features and makes the table
/// `weights` (from, to, weight), which other methods take in their role of that name.
const Method& spatial_weights_method();

}  // namespace yaan
