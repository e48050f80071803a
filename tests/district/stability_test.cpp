#include "yaan/district/stability.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <set>

#include "analyse/point_samples.hpp"
#include "yaan/analyse/dbscan.hpp"
#include "yaan/analyse/radius_choice.hpp"
#include "yaan/core/error.hpp"

namespace yaan {
namespace {

using samples::Points;

StabilityMap map_of(const Points& points, const StabilityOptions& options) {
  Progress progress;
  return stability_map(points.first, points.second, Crs::local(), options, progress);
}

TEST(AdjustedRandIndex, HasThePublishedValues) {
  // By scikit-learn 1.2.1, adjusted_rand_score.
  const auto index = [](std::vector<std::int32_t> a, std::vector<std::int32_t> b) { return adjusted_rand_index(a, b); };
  EXPECT_DOUBLE_EQ(index({0, 0, 1, 1}, {1, 1, 0, 0}), 1);
  EXPECT_NEAR(index({0, 0, 1, 2}, {0, 0, 1, 1}), 0.5714285714285714, 1e-15);
  EXPECT_DOUBLE_EQ(index({0, 0, 0, 0}, {0, 1, 2, 3}), 0);
  EXPECT_DOUBLE_EQ(index({0, 1, 0, 1}, {0, 0, 1, 1}), -0.5);
  EXPECT_DOUBLE_EQ(index({5, 5, 5}, {2, 2, 2}), 1);
  EXPECT_DOUBLE_EQ(index({1}, {9}), 1);
}

/// Two tight knots 1 km apart with a loose fringe about the first.
Points two_knots() {
  std::mt19937 random(3);
  std::normal_distribution<double> tight(0, 30), loose(0, 160);
  Points points;
  for (int i = 0; i < 60; ++i) samples::add(points, tight(random), tight(random));
  for (int i = 0; i < 60; ++i) samples::add(points, 1500 + tight(random), tight(random));
  for (int i = 0; i < 25; ++i) samples::add(points, loose(random), loose(random));
  samples::add(points, 9000, 9000);
  return points;
}

StabilityOptions grid() {
  StabilityOptions options;
  options.radius_from = Metres{40};
  options.radius_to = Metres{160};
  return options;
}

TEST(Stability, IsTheShareOfSettingsThatHoldThePoint) {
  const Points points = two_knots();
  const StabilityOptions options = grid();
  const StabilityMap map = map_of(points, options);
  ASSERT_EQ(map.settings.size(), 32U);
  // The definition, by dbscan itself and by trying every pair of sets.
  const auto labels_of = [&](const Length& radius, std::int64_t min_points) {
    DbscanOptions at;
    at.radius = radius;
    at.min_points = min_points;
    Progress progress;
    return dbscan(points.first, points.second, Crs::local(), at, progress);
  };
  const auto reference = labels_of(map.reference_radius, map.reference_min_points);
  EXPECT_EQ(reference.clusters, map.districts);
  const std::size_t n = points.first.size();
  std::vector<std::map<std::int32_t, int>> held(n);
  for (const StabilitySetting& setting : map.settings) {
    const auto labels = labels_of(setting.radius, setting.min_points);
    EXPECT_EQ(labels.clusters, setting.clusters);
    EXPECT_EQ(labels.noise, setting.noise);
    std::set<std::int32_t> districts, clusters;
    for (std::int32_t d = 1; d <= reference.clusters; ++d) districts.insert(d);
    for (std::int32_t c = 1; c <= labels.clusters; ++c) clusters.insert(c);
    while (true) {
      double best = 0;
      std::int32_t district = 0, cluster = 0;
      for (const std::int32_t d : districts)
        for (const std::int32_t c : clusters) {
          double both = 0, either = 0;
          for (std::size_t i = 0; i < n; ++i) {
            both += reference.cluster[i] == d && labels.cluster[i] == c;
            either += reference.cluster[i] == d || labels.cluster[i] == c;
          }
          if (both / either > best) best = both / either, district = d, cluster = c;
        }
      if (district == 0) break;
      districts.erase(district);
      clusters.erase(cluster);
      for (std::size_t i = 0; i < n; ++i) held[i][district] += labels.cluster[i] == cluster;
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    EXPECT_EQ(map.in_reference[i] != 0, reference.cluster[i] != 0);
    if (reference.cluster[i] != 0) {
      EXPECT_EQ(map.district[i], reference.cluster[i]);
      EXPECT_DOUBLE_EQ(map.share[i], held[i][reference.cluster[i]] / 32.0) << i;
    } else {
      int most = 0;
      for (const auto& [district, count] : held[i]) most = std::max(most, count);
      EXPECT_DOUBLE_EQ(map.share[i], most / 32.0) << i;
      EXPECT_EQ(map.district[i] == 0, most == 0) << i;
    }
  }
  double tight = 0, fringe = 0;
  for (std::size_t i = 0; i < 120; ++i) tight += map.share[i] / 120;
  for (std::size_t i = 120; i < 145; ++i) fringe += map.share[i] / 25;
  EXPECT_GT(tight, 0.95);
  EXPECT_LT(fringe, tight - 0.1);
  EXPECT_EQ(map.share.back(), 0);
}

TEST(Stability, RecommendsTheSettingThatAgreesBestWithItsNeighbours) {
  const StabilityMap map = map_of(two_knots(), grid());
  const StabilitySetting& best = map.settings[map.recommended];
  EXPECT_EQ(best.clusters, 2);
  for (const StabilitySetting& setting : map.settings) EXPECT_LE(setting.agreement, best.agreement);
  EXPECT_EQ(map.reference_radius.value, best.radius.value);
}

TEST(Stability, FollowsTheReferenceThatIsNamed) {
  StabilityOptions options = grid();
  options.reference_radius = Metres{3000};
  options.reference_min_points = 5;
  const StabilityMap map = map_of(two_knots(), options);
  EXPECT_EQ(map.districts, 1);
  EXPECT_EQ(map.reference_min_points, 5);
  // Both knots are one district in the reference and two in every setting: only one of them can match it.
  EXPECT_LT(std::min(map.share[0], map.share[60]), 0.6);
}

TEST(Stability, SuggestsRadiiAndTakesLayersWithoutAny) {
  EXPECT_EQ(map_of(two_knots(), {}).settings.size(), 32U);
  const StabilityMap stacked = map_of({std::vector<double>(20, 1.0), std::vector<double>(20, 1.0)}, {});
  EXPECT_TRUE(stacked.settings.empty());
  EXPECT_EQ(stacked.share, std::vector<double>(20, 0.0));
  EXPECT_TRUE(map_of({}, {}).settings.empty());
}

TEST(Stability, RefusesWhatMakesNoSense) {
  const auto refused = [](auto change) {
    StabilityOptions options;
    change(options);
    EXPECT_THROW(map_of({{1, 2}, {1, 2}}, options), UsageError);
  };
  refused([](StabilityOptions& o) { o.radius_from = Metres{5}; });
  refused([](StabilityOptions& o) { o.radius_from = Metres{5}, o.radius_to = Metres{2}; });
  refused([](StabilityOptions& o) { o.min_points_from = 0; });
  refused([](StabilityOptions& o) { o.min_points_to = 2; });
  refused([](StabilityOptions& o) { o.reference_radius = Metres{5}; });
  refused([](StabilityOptions& o) { o.edge_share = 0.9; });
  refused([](StabilityOptions& o) { o.radius_steps = 0; });
}

TEST(StabilityMethod, DrawsCoreAndEdge) {
  const Points points = two_knots();
  Layer layer;
  layer.name = "assets";
  layer.crs = Crs::local();
  layer.geometry = Geometry::points(points.first, points.second);
  std::any options = stability_method().default_options();
  stability_method().find_parameter("radius_from")->set(options, Length(Metres{40}));
  stability_method().find_parameter("radius_to")->set(options, Length(Metres{160}));
  stability_method().find_parameter("disc_radius")->set(options, Length(Metres{50}));
  MethodInputs inputs;
  inputs.layers["points"] = &layer;
  Progress progress;
  const MethodResult result = stability_method().run(inputs, options, progress);
  const Layer& parts = result.layers.at(0);
  ASSERT_GE(parts.size(), 3U);
  std::int64_t core = 0;
  for (std::size_t row = 0; row < parts.size(); ++row) {
    const bool is_core = parts.columns[1].texts()[row] == "core";
    core += is_core;
    std::int64_t inside = 0;
    for (std::size_t i = 0; i < points.first.size(); ++i) {
      const bool of_part = !result.columns[0].is_null(i) &&
                           result.columns[0].integers()[i] == parts.columns[0].integers()[row] &&
                           result.columns[2].texts()[i] == parts.columns[1].texts()[row];
      inside += of_part;
      if (of_part && is_core) {
        EXPECT_EQ(locate(parts.geometry, row, points.first[i], points.second[i]), Inside::inside) << i;
      }
    }
    EXPECT_EQ(parts.columns[2].integers()[row], inside);
    EXPECT_GE(parts.columns[3].reals()[row], is_core ? 0.8 : 0.2);
    EXPECT_LT(parts.columns[3].reals()[row], is_core ? 1.01 : 0.8);
  }
  EXPECT_EQ(core, 2);
}

}  // namespace
}  // namespace yaan
