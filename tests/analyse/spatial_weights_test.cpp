#include "yaan/analyse/spatial_weights.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "yaan/core/error.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {
namespace {

using Pairs = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

struct Ring {
  std::vector<double> x, y;
};

Ring rectangle(double west, double south, double east, double north) {
  return {{west, east, east, west, west}, {south, south, north, north, south}};
}

Geometry areas(const std::vector<Ring>& rings) {
  Geometry geometry = Geometry::empty(GeometryKind::polygon);
  for (const Ring& ring : rings) {
    geometry.add_ring(ring.x, ring.y);
    geometry.end_part();
    geometry.end_feature();
  }
  return geometry;
}

Pairs pairs(const std::vector<Ring>& rings, Contiguity kind, Length snap = Metres{0}, const Crs& crs = Crs::local()) {
  Progress progress;
  return contiguous_pairs(areas(rings), crs, kind, snap, progress);
}

TEST(Contiguity, QueenMeetsAtCornersAndRookAlongEdges) {
  const std::vector<Ring> four = {rectangle(0, 0, 1, 1), rectangle(1, 0, 2, 1), rectangle(0, 1, 1, 2),
                                  rectangle(1, 1, 2, 2)};
  EXPECT_EQ(pairs(four, Contiguity::queen), (Pairs{{0, 1}, {0, 2}, {0, 3}, {1, 2}, {1, 3}, {2, 3}}));
  EXPECT_EQ(pairs(four, Contiguity::rook), (Pairs{{0, 1}, {0, 2}, {1, 3}, {2, 3}}));
}

// No vertex of the large square lies where the small ones touch it, and none of the small ones on its corners.
TEST(Contiguity, ACornerOnTheMiddleOfAnEdgeIsATouch) {
  const std::vector<Ring> three = {rectangle(0, 0, 3, 3), rectangle(3, 1, 4, 2), {{3, 4, 4, 3}, {2.5, 2.3, 2.7, 2.5}}};
  EXPECT_EQ(pairs(three, Contiguity::queen), (Pairs{{0, 1}, {0, 2}}));
  EXPECT_EQ(pairs(three, Contiguity::rook), (Pairs{{0, 1}}));
}

TEST(Contiguity, SnapClosesGapsOfSimplifiedBorders) {
  const std::vector<Ring> two = {rectangle(0, 0, 100, 100), rectangle(102, 0, 200, 100)};
  EXPECT_EQ(pairs(two, Contiguity::queen), Pairs{});
  EXPECT_EQ(pairs(two, Contiguity::queen, Metres{1.9}), Pairs{});
  EXPECT_EQ(pairs(two, Contiguity::queen, Metres{2.1}), (Pairs{{0, 1}}));
  EXPECT_EQ(pairs(two, Contiguity::rook, Metres{2.1}), (Pairs{{0, 1}}));
  EXPECT_EQ(pairs({rectangle(0, 0, 100, 100), rectangle(102, 101, 200, 200)}, Contiguity::rook, Metres{3}), Pairs{});
}

// A degree of longitude is 55.7 km at 60 degrees: a gap of .001 degree there is 56 m, at the equator 111 m.
TEST(Contiguity, SnapIsMeasuredOnTheGround) {
  const auto two = [](double lat) {
    return std::vector<Ring>{rectangle(10, lat, 10.1, lat + 0.1), rectangle(10.101, lat, 10.2, lat + 0.1)};
  };
  EXPECT_EQ(pairs(two(60), Contiguity::queen, Metres{80}, Crs::wgs84()), (Pairs{{0, 1}}));
  EXPECT_EQ(pairs(two(0), Contiguity::queen, Metres{80}, Crs::wgs84()), Pairs{});
  EXPECT_EQ(pairs(two(0), Contiguity::queen, Metres{115}, Crs::wgs84()), (Pairs{{0, 1}}));
  EXPECT_THROW(pairs(two(0), Contiguity::queen, Length::bare(1), Crs::wgs84()), UsageError);
}

TEST(Contiguity, MeetsAcrossTheAntimeridianInDegreesOnly) {
  const std::vector<Ring> two = {rectangle(179, 0, 180, 1), rectangle(-180, 0, -179, 1), rectangle(-170, 0, -169, 1)};
  EXPECT_EQ(pairs(two, Contiguity::queen, Metres{0}, Crs::wgs84()), (Pairs{{0, 1}}));
  EXPECT_EQ(pairs(two, Contiguity::rook, Metres{0}, Crs::wgs84()), (Pairs{{0, 1}}));
  EXPECT_EQ(pairs(two, Contiguity::queen), Pairs{});
}

// Two wedges that share their tip, with edges that are nearly parallel there.
TEST(Contiguity, EdgesThatOnlyStartTogetherAreNoStretch) {
  const std::vector<Ring> two = {{{0, 10, 10, 0}, {0, 0, 0.1, 0}}, {{0, 10, 10, 0}, {0, 0.2, 0.3, 0}}};
  EXPECT_EQ(pairs(two, Contiguity::queen), (Pairs{{0, 1}}));
  EXPECT_EQ(pairs(two, Contiguity::rook), Pairs{});
}

TEST(Contiguity, OverlapsMeetAndHoldingDoesNot) {
  EXPECT_EQ(pairs({rectangle(0, 0, 2, 2), rectangle(1, -1, 1.5, 3)}, Contiguity::queen), (Pairs{{0, 1}}));
  EXPECT_EQ(pairs({rectangle(0, 0, 3, 3), rectangle(1, 1, 2, 2)}, Contiguity::queen), Pairs{});
}

TEST(Contiguity, TakesEmptyFeaturesAndRefusesPoints) {
  Progress progress;
  Geometry empty = Geometry::empty(GeometryKind::polygon);
  EXPECT_TRUE(contiguous_pairs(empty, Crs::local(), Contiguity::queen, Metres{0}, progress).empty());
  empty.end_feature();
  empty.end_feature();
  EXPECT_TRUE(contiguous_pairs(empty, Crs::local(), Contiguity::queen, Metres{0}, progress).empty());
  EXPECT_THROW(contiguous_pairs(Geometry::points({0}, {0}), Crs::local(), Contiguity::queen, Metres{0}, progress),
               UsageError);
}

/// Distance between two borders by every pair of their edges, with crossings.
bool touch_by_brute_force(const Geometry& shapes, std::uint32_t a, std::uint32_t b, double reach) {
  const auto each = [&](std::uint32_t f, const auto& act) {
    for (auto ring = shapes.part_rings[shapes.feature_parts[f]]; ring < shapes.part_rings[shapes.feature_parts[f + 1]];
         ++ring)
      for (auto v = shapes.ring_vertices[ring]; v + 1 < shapes.ring_vertices[ring + 1]; ++v) act(v);
  };
  bool touch = false;
  each(a, [&](std::uint64_t v) {
    touch = touch || distance_to_edges(shapes, b, shapes.x[v], shapes.y[v]) <= reach;
    each(b, [&](std::uint64_t w) {
      const auto side = [&](std::uint64_t s, std::uint64_t t) {
        return orientation(shapes.x[s], shapes.y[s], shapes.x[s + 1], shapes.y[s + 1], shapes.x[t], shapes.y[t]);
      };
      touch = touch || (side(v, w) * side(v, w + 1) < 0 && side(w, v) * side(w, v + 1) < 0);
    });
  });
  each(b, [&](std::uint64_t v) { touch = touch || distance_to_edges(shapes, a, shapes.x[v], shapes.y[v]) <= reach; });
  return touch;
}

TEST(Contiguity, AgreesWithEveryPairOfEdges) {
  std::mt19937 random(3);
  std::uniform_real_distribution<double> place(0, 100), size(0.1, 12), turn(0, 0.6);
  std::vector<Ring> rings;
  for (int i = 0; i < 150; ++i) {
    Ring ring;
    const double cx = place(random), cy = place(random), radius = size(random);
    double angle = turn(random);
    for (; angle < 6.28; angle += 0.2 + turn(random)) {
      ring.x.push_back(cx + radius * std::cos(angle));
      ring.y.push_back(cy + radius * std::sin(angle));
    }
    ring.x.push_back(ring.x.front());
    ring.y.push_back(ring.y.front());
    rings.push_back(ring);
  }
  for (const double snap : {0.0, 0.5, 3.0}) {
    const Geometry shapes = areas(rings);
    Pairs expected;
    for (std::uint32_t a = 0; a < 150; ++a)
      for (std::uint32_t b = a + 1; b < 150; ++b)
        if (touch_by_brute_force(shapes, a, b, snap)) expected.emplace_back(a, b);
    EXPECT_EQ(pairs(rings, Contiguity::queen, Metres{snap}), expected) << snap;
    EXPECT_GT(expected.size(), 100U);
  }
}

Places on_a_line(const std::vector<double>& x) { return {x, std::vector<double>(x.size(), 0)}; }

SpatialWeights made(const std::vector<double>& x, const WeightsOptions& options, Diagnostics& diagnostics) {
  Progress progress;
  return make_weights(Geometry::points(x, std::vector<double>(x.size(), 0)), on_a_line(x), Crs::local(), options,
                      "line", diagnostics, progress);
}

SpatialWeights made(const std::vector<double>& x, const WeightsOptions& options) {
  Diagnostics diagnostics;
  return made(x, options, diagnostics);
}

std::vector<std::uint32_t> row(const SpatialWeights& weights, std::size_t i) {
  const auto there = weights.neighbours(i);
  return {there.begin(), there.end()};
}

TEST(Weights, InverseDistanceCountsAtLeastAMetre) {
  WeightsOptions options;
  options.neighbours = NeighbourRule::inverse_distance;
  options.distance = Metres{10};
  options.power = 2;
  const SpatialWeights weights = made({0, 0.25, 4, 50}, options);
  EXPECT_EQ(row(weights, 0), (std::vector<std::uint32_t>{1, 2}));
  EXPECT_DOUBLE_EQ(weights.weights(0)[0], 1);
  EXPECT_DOUBLE_EQ(weights.weights(0)[1], 1.0 / 16);
  EXPECT_EQ(weights.degree(3), 0U);
}

TEST(Weights, WithoutADistanceEachFeatureHasANeighbour) {
  WeightsOptions options;
  options.neighbours = NeighbourRule::distance_band;
  Diagnostics diagnostics;
  const SpatialWeights weights = made({0, 1, 2, 9}, options, diagnostics);
  EXPECT_EQ(row(weights, 3), (std::vector<std::uint32_t>{2}));
  EXPECT_EQ(row(weights, 0), (std::vector<std::uint32_t>{1, 2}));
  EXPECT_EQ(diagnostics.count("chosen-distance"), 1);
}

TEST(Weights, KernelsFallTowardsTheBandwidth) {
  WeightsOptions options;
  options.neighbours = NeighbourRule::kernel;
  options.bandwidth = WeightBandwidth::fixed;
  options.distance = Metres{10};
  const double u = 0.5;
  for (const auto& [kernel, expected] :
       {std::pair(WeightKernel::uniform, 0.5), std::pair(WeightKernel::triangular, 1 - u),
        std::pair(WeightKernel::epanechnikov, 0.75 * 0.75), std::pair(WeightKernel::quartic, 15.0 / 16 * 0.75 * 0.75),
        std::pair(WeightKernel::gaussian, std::exp(-0.125) / std::sqrt(2 * M_PI))}) {
    options.kernel = kernel;
    const SpatialWeights weights = made({0, 5, 100}, options);
    ASSERT_EQ(weights.degree(0), 1U);
    EXPECT_DOUBLE_EQ(weights.weights(0)[0], expected);
    EXPECT_EQ(weights.degree(2), 0U);
  }
  options.bandwidth = WeightBandwidth::adaptive;
  options.kernel = WeightKernel::triangular;
  options.nearest = 2;
  const SpatialWeights adaptive = made({0, 1, 4, 100}, options);
  EXPECT_EQ(row(adaptive, 0),
            (std::vector<std::uint32_t>{1}));  // the second is at the bandwidth, where the kernel is 0
  EXPECT_DOUBLE_EQ(adaptive.weights(0)[0], 0.75);
  EXPECT_DOUBLE_EQ(adaptive.weights(3)[0], 1 - 96.0 / 99);
}

TEST(Weights, MoreNeighboursThanThereAreIsSaid) {
  WeightsOptions options;
  options.neighbours = NeighbourRule::nearest;
  options.nearest = 8;
  Diagnostics diagnostics;
  const SpatialWeights weights = made({0, 1, 2}, options, diagnostics);
  EXPECT_EQ(weights.links(), 6U);
  EXPECT_EQ(diagnostics.count("fewer-neighbours"), 1);
  EXPECT_NE(diagnostics.entries()[0].message.find("8 nearest were asked for, but there are only 2"), std::string::npos);
}

TEST(Weights, OrdersCountSteps) {
  WeightsOptions options;
  options.neighbours = NeighbourRule::distance_band;
  options.distance = Metres{1};
  options.order = 2;
  EXPECT_EQ(row(made({0, 1, 2, 3, 4}, options), 1), (std::vector<std::uint32_t>{3}));
  options.lower_orders = true;
  EXPECT_EQ(row(made({0, 1, 2, 3, 4}, options), 1), (std::vector<std::uint32_t>{0, 2, 3}));
  options.neighbours = NeighbourRule::kernel;
  EXPECT_THROW(made({0, 1, 2, 3, 4}, options), UsageError);
}

TEST(Weights, Styles) {
  const SpatialWeights binary = weights_of(4, {{0, 1, 1}, {1, 0, 1}, {1, 2, 1}, {2, 1, 1}});
  SpatialWeights by_row = binary;
  apply_style(by_row, WeightStyle::row);
  EXPECT_EQ(by_row.weight, (std::vector<double>{1, 0.5, 0.5, 1}));
  SpatialWeights variance = binary;  // 1, 1/sqrt 2 twice, 1, scaled to add up to 3
  apply_style(variance, WeightStyle::variance);
  const double total = 2 + std::sqrt(2.0);
  EXPECT_NEAR(variance.weight[0], 3 / total, 1e-15);
  EXPECT_NEAR(variance.weight[1], 3 / total / std::sqrt(2.0), 1e-15);
}

TEST(Weights, Summary) {
  const WeightsSummary summary = summarise(weights_of(5, {{0, 2, 1}, {2, 0, 1}, {1, 4, 1}}));
  EXPECT_EQ(summary.links, 3);
  EXPECT_EQ(summary.components, 3);
  EXPECT_FALSE(summary.symmetric);
  EXPECT_EQ(summary.islands, (std::vector<std::uint32_t>{3, 4}));
  EXPECT_EQ(summary.component, (std::vector<std::uint32_t>{1, 2, 1, 3, 2}));
  EXPECT_EQ(summary.least, 0);
  EXPECT_EQ(summary.most, 1);
  EXPECT_TRUE(summarise(weights_of(2, {{0, 1, 2}, {1, 0, 2}})).symmetric);
  EXPECT_FALSE(summarise(weights_of(2, {{0, 1, 2}, {1, 0, 3}})).symmetric);
}

TEST(Weights, LinksAreCheckedAndSorted) {
  const SpatialWeights weights = weights_of(3, {{2, 0, 1}, {0, 1, 1}, {0, 1, 3}, {1, 1, 5}, {0, 2, 0}});
  EXPECT_EQ(weights.begin, (std::vector<std::uint64_t>{0, 1, 1, 2}));
  EXPECT_EQ(weights.neighbour, (std::vector<std::uint32_t>{1, 0}));
  EXPECT_EQ(weights.weight, (std::vector<double>{3, 1}));
  EXPECT_THROW(weights_of(2, {{0, 2, 1}}), std::invalid_argument);
  EXPECT_THROW(weights_of(2, {{0, 1, -1}}), std::invalid_argument);
  EXPECT_THROW(weights_of(2, {{0, 1, std::nan("")}}), std::invalid_argument);
}

TEST(Weights, CentroidAcrossTheAntimeridian) {
  Geometry two = Geometry::empty(GeometryKind::polygon);
  for (const Ring& ring : {rectangle(178, 0, 180, 1), rectangle(-180, 0, -176, 1)}) {
    two.add_ring(ring.x, ring.y);
    two.end_part();
  }
  two.end_feature();
  const Places places = places_of(two, Crs::wgs84());
  EXPECT_NEAR(places.x[0], -179, 1e-12);
  EXPECT_NEAR(places.y[0], 0.5, 1e-12);
}

}  // namespace
}  // namespace yaan
