#include "yaan/analyse/dbscan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>

#include "analyse/dbscan_oracle.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {
namespace {

using oracle::Points;
using testing::ElementsAre;

DbscanLabels run(const Points& points, double radius, std::int64_t min_points, const Crs& crs = Crs::local()) {
  Progress progress;
  DbscanOptions options;
  options.radius = Metres{radius};
  options.min_points = min_points;
  return dbscan(points.first, points.second, crs, options, progress);
}

void expect_same(const DbscanLabels& a, const DbscanLabels& b) {
  EXPECT_EQ(a.cluster, b.cluster);
  EXPECT_EQ(a.core, b.core);
  EXPECT_EQ(a.clusters, b.clusters);
  EXPECT_EQ(a.noise, b.noise);
  EXPECT_EQ(a.core_count, b.core_count);
}

/// A small set of one of several kinds: free points, lattices whose steps meet the radius exactly, stacks, far
/// outliers.
Points random_points(std::mt19937_64& random, double radius) {
  const auto draw = [&](double low, double high) { return std::uniform_real_distribution<double>(low, high)(random); };
  const auto pick = [&](int most) { return static_cast<int>(random() % static_cast<std::uint64_t>(most)); };
  Points points;
  const int kind = pick(5);
  const int n = pick(61);
  const double box = radius * draw(1, 12);
  for (int i = 0; i < n; ++i) {
    double x = draw(-box, box), y = draw(-box, box);
    if (kind == 1) x = radius * pick(8) - 3 * radius, y = radius * pick(8);
    if (kind == 2) x = radius / 5 * 3 * pick(9), y = radius / 5 * 4 * pick(9);
    if (kind == 3 && i > 0 && pick(2) == 0) {
      const auto other = static_cast<std::size_t>(pick(i));
      x = points.first[other], y = points.second[other];
    }
    if (kind == 4 && pick(6) == 0) x *= 1e14, y *= pick(2) == 0 ? 1e12 : 1;
    points.first.push_back(x);
    points.second.push_back(y);
  }
  return points;
}

TEST(Dbscan, EqualsTheDefinitionOnRandomCases) {
  std::mt19937_64 random(20261123);
  std::int64_t clusters = 0, noise = 0, border = 0;
  for (int round = 0; round < 1500; ++round) {
    const double radius = round % 3 == 0 ? 5 : std::pow(10, std::uniform_real_distribution<double>(-3, 4)(random));
    const auto min_points = static_cast<std::int64_t>(1 + random() % 8);
    const Points points = random_points(random, radius);
    const oracle::Near near = oracle::plane_near(points, radius);
    const DbscanLabels labels = run(points, radius, min_points);
    SCOPED_TRACE(testing::Message() << "round " << round << " radius " << radius << " min_points " << min_points);
    ASSERT_EQ(oracle::complaint(points, near, min_points, labels), "");
    expect_same(labels, oracle::brute_force(points, near, min_points));
    if (HasFailure()) return;
    clusters += labels.clusters;
    noise += labels.noise;
    border += static_cast<std::int64_t>(points.first.size()) - labels.noise - labels.core_count;
  }
  // The cases are worth something only if they hold all three kinds of points.
  EXPECT_GT(clusters, 1000);
  EXPECT_GT(noise, 1000);
  EXPECT_GT(border, 1000);
}

TEST(Dbscan, VerifierRefusesWrongLabels) {
  // Two clusters of three and a border point between them, and one point of noise.
  const Points points{{0, 1, 2, 4, 6, 7, 8, 50}, {0, 0, 0, 0, 0, 0, 0, 0}};
  const oracle::Near near = oracle::plane_near(points, 2);
  const DbscanLabels right = run(points, 2, 4);
  ASSERT_THAT(right.cluster, ElementsAre(1, 1, 1, 1, 2, 2, 2, 0));
  ASSERT_THAT(right.core, ElementsAre(0, 0, 1, 0, 1, 0, 0, 0));
  ASSERT_EQ(oracle::complaint(points, near, 4, right), "");
  const auto refused = [&](const auto& spoil) {
    DbscanLabels wrong = right;
    spoil(wrong);
    return !oracle::complaint(points, near, 4, wrong).empty();
  };
  EXPECT_TRUE(refused([](DbscanLabels& l) { l.cluster[3] = 2; })) << "border point in the higher cluster";
  EXPECT_TRUE(refused([](DbscanLabels& l) { l.cluster[3] = 0; })) << "border point as noise";
  EXPECT_TRUE(refused([](DbscanLabels& l) { l.cluster[7] = 1; })) << "noise in a cluster";
  EXPECT_TRUE(refused([](DbscanLabels& l) { l.core[3] = 1; })) << "core flag";
  EXPECT_TRUE(refused([](DbscanLabels& l) { std::swap(l.cluster[2], l.cluster[4]); })) << "two labels exchanged";
  EXPECT_TRUE(refused([](DbscanLabels& l) {
    for (auto& c : l.cluster) c = c == 0 ? 0 : 3 - c;
  })) << "numbers out of order";
  EXPECT_TRUE(refused([](DbscanLabels& l) {
    for (auto& c : l.cluster) c = c == 0 ? 0 : 1;
    l.clusters = 1;
  })) << "clusters merged";
  EXPECT_TRUE(refused([](DbscanLabels& l) { l.noise = 2; })) << "count";
  EXPECT_TRUE(refused([](DbscanLabels& l) { l.cluster.pop_back(); })) << "length";
}

TEST(Dbscan, ThreadsDoNotChangeTheAnswerNorDoesTheOrder) {
  std::mt19937_64 random(7);
  Points points;
  for (int i = 0; i < 60000; ++i) {
    const double spread = i % 5 == 0 ? 100000 : 1500;
    const double at = i % 5 == 0 ? 0 : static_cast<double>(i % 40) * 4000;
    points.first.push_back(std::floor(at + std::normal_distribution<double>(0, spread)(random)));
    points.second.push_back(std::floor(at / 2 + std::normal_distribution<double>(0, spread)(random)));
  }
  set_thread_count(1);
  const DbscanLabels one = run(points, 200, 8);
  EXPECT_GT(one.clusters, 40);
  for (const unsigned threads : {2U, 8U}) {
    set_thread_count(threads);
    expect_same(run(points, 200, 8), one);
  }
  std::vector<std::size_t> order(points.first.size());
  std::iota(order.begin(), order.end(), 0);
  std::shuffle(order.begin(), order.end(), random);
  Points shuffled;
  for (const std::size_t i : order) {
    shuffled.first.push_back(points.first[i]);
    shuffled.second.push_back(points.second[i]);
  }
  const DbscanLabels again = run(shuffled, 200, 8);
  set_thread_count(0);
  std::size_t different = 0;
  for (std::size_t k = 0; k < order.size(); ++k)
    different += again.cluster[k] != one.cluster[order[k]] || again.core[k] != one.core[order[k]];
  EXPECT_EQ(different, 0U);
}

TEST(Dbscan, DegenerateSets) {
  EXPECT_EQ(run({}, 5, 3).clusters, 0);
  EXPECT_THAT(run({{7}, {7}}, 5, 1).cluster, ElementsAre(1));
  EXPECT_THAT(run({{7}, {7}}, 5, 2).cluster, ElementsAre(0));
  const Points stack{std::vector<double>(1000, 3.5), std::vector<double>(1000, -2)};
  const DbscanLabels stacked = run(stack, 1e-6, 1000);
  EXPECT_EQ(stacked.clusters, 1);
  EXPECT_EQ(stacked.core_count, 1000);
  EXPECT_EQ(run(stack, 1e-6, 1001).noise, 1000);
  EXPECT_EQ(run(stack, 1.0, std::numeric_limits<std::int64_t>::max()).noise, 1000);
}

TEST(Dbscan, ExactlyTheRadiusIsNear) {
  EXPECT_EQ(run({{0, 3}, {0, 4}}, 5, 2).clusters, 1);
  EXPECT_EQ(run({{0, 3}, {0, 4}}, std::nextafter(5.0, 0.0), 2).clusters, 0);
  EXPECT_EQ(run({{0.1, 0.1}, {0, std::nextafter(0.3, 1.0)}}, 0.3, 2).clusters, 0);
}

TEST(Dbscan, BorderPointTakesTheLowestNumber) {
  // Mirrored, the same point touches the same two clusters and the numbers change sides.
  EXPECT_THAT(run({{0, 1, 2, 4, 6, 7, 8}, {0, 0, 0, 0, 0, 0, 0}}, 2, 4).cluster, ElementsAre(1, 1, 1, 1, 2, 2, 2));
  EXPECT_THAT(run({{0, -1, -2, -4, -6, -7, -8}, {0, 0, 0, 0, 0, 0, 0}}, 2, 4).cluster,
              ElementsAre(2, 2, 2, 1, 1, 1, 1));
}

TEST(Dbscan, UnusablePointsAreNoise) {
  const double nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();
  const DbscanLabels labels = run({{0, nan, 1, infinity, 2}, {0, 0, 0, 0, -infinity}}, 1, 2);
  EXPECT_THAT(labels.cluster, ElementsAre(1, 0, 1, 0, 0));
  EXPECT_EQ(labels.unusable, 3);
  EXPECT_EQ(labels.noise, 3);
  const DbscanLabels degrees = run({{100, 100, 100, 1000}, {13, 13, 91, 13}}, 100, 2, Crs::wgs84());
  EXPECT_THAT(degrees.cluster, ElementsAre(1, 1, 0, 0));
  EXPECT_EQ(degrees.unusable, 2);
}

TEST(Dbscan, FarOutliersCostNothing) {
  const Points points{{0, 1, 1e300, -1e300, 1e300, 5e15}, {0, 0, 1e300, 1e300, 1e300, 0}};
  EXPECT_THAT(run(points, 1.5, 2).cluster, ElementsAre(1, 1, 2, 0, 2, 0));
}

TEST(Dbscan, RefusesWhatItCannotMeasure) {
  Progress progress;
  const std::vector<double> one{1};
  const auto with = [&](const Crs& crs, Length radius, std::int64_t min_points) {
    DbscanOptions options;
    options.radius = radius;
    options.min_points = min_points;
    return dbscan(one, one, crs, options, progress);
  };
  EXPECT_THROW(with(Crs(), Metres{5}, 1), UsageError);
  for (const double radius : {0.0, -1.0, std::nan(""), std::numeric_limits<double>::infinity(), 1e-200, 1e200})
    EXPECT_THROW(with(Crs::local(), Metres{radius}, 1), UsageError) << radius;
  for (const double radius : {0.0, -5.0, std::nan(""), 0.01, 2e7})
    EXPECT_THROW(with(Crs::wgs84(), Metres{radius}, 1), UsageError) << radius;
  EXPECT_THROW(with(Crs::wgs84(), Length::bare(500), 1), UsageError);
  EXPECT_THROW(with(Crs::local(), Metres{5}, 0), UsageError);
  EXPECT_NO_THROW(with(Crs::local(), Length::bare(5), 1));
  const std::vector<double> two{1, 2};
  EXPECT_THROW(dbscan(one, two, Crs::local(), {}, progress), std::invalid_argument);
}

TEST(Dbscan, RadiusIsInMetresWhateverThePlanesUnit) {
  const Crs feet = Crs::from_text("EPSG:2263");  // New York Long Island, in US survey feet
  const Points points{{0, 30}, {0, 0}};          // 30 ft are 9.14 m
  EXPECT_EQ(run(points, 9.2, 2, feet).clusters, 1);
  EXPECT_EQ(run(points, 9.1, 2, feet).clusters, 0);
  Progress progress;
  DbscanOptions bare{Length::bare(30), 2};
  EXPECT_EQ(dbscan(points.first, points.second, feet, bare, progress).clusters, 1);
  bare.radius = Length::bare(29.9);
  EXPECT_EQ(dbscan(points.first, points.second, feet, bare, progress).clusters, 0);
}

TEST(Dbscan, HearsThatItShouldStop) {
  Progress progress;
  progress.cancel();
  const std::vector<double> some(100, 1.0);
  EXPECT_THROW(dbscan(some, some, Crs::local(), {}, progress), Cancelled);

  struct StopLater : Progress {
    void report(std::string_view stage, double) override {
      if (stage == "joining cells") cancel();
    }
  } later;
  EXPECT_THROW(dbscan(some, some, Crs::local(), {}, later), Cancelled);
}

TEST(Dbscan, DenseCellsThatJustMissEachOther) {
  // Two dense arcs about one centre whose radii differ by a hair more than the radius: pair by pair it would take 4e10
  // tests, and the boxes of the cells overlap.
  Points points;
  for (int i = 0; i < 200000; ++i) {
    const double angle = (i % 100000) * 2e-6;
    const double distance = i < 100000 ? 1000 : 1100.5;
    points.first.push_back(distance * std::cos(angle));
    points.second.push_back(distance * std::sin(angle));
  }
  EXPECT_EQ(run(points, 100, 50).clusters, 2);
  EXPECT_EQ(run(points, 101, 50).clusters, 1);
}

DbscanLabels run_weighted(const Points& points, const std::vector<double>& weights, double radius,
                          std::int64_t min_points) {
  Progress progress;
  DbscanOptions options;
  options.radius = Metres{radius};
  options.min_points = min_points;
  options.weighted = true;
  return dbscan(points.first, points.second, Crs::local(), options, progress, weights);
}

TEST(Dbscan, AWeightCountsAsSoManyPoints) {
  std::mt19937_64 random(23);
  std::int64_t clusters = 0;
  for (int round = 0; round < 300; ++round) {
    const double radius = 1.0 + static_cast<double>(random() % 50);
    const Points points = random_points(random, radius);
    std::vector<double> weights;
    Points repeated;
    for (std::size_t i = 0; i < points.first.size(); ++i) {
      weights.push_back(static_cast<double>(1 + random() % 4));
      for (int k = 0; k < static_cast<int>(weights.back()); ++k) {
        repeated.first.push_back(points.first[i]);
        repeated.second.push_back(points.second[i]);
      }
    }
    const auto min_points = static_cast<std::int64_t>(1 + random() % 9);
    const DbscanLabels weighted = run_weighted(points, weights, radius, min_points);
    const DbscanLabels each = run(repeated, radius, min_points);
    std::size_t at = 0;
    for (std::size_t i = 0; i < points.first.size(); ++i) {
      ASSERT_EQ(weighted.cluster[i], each.cluster[at]) << "round " << round << ", point " << i;
      ASSERT_EQ(weighted.core[i], each.core[at]) << "round " << round << ", point " << i;
      at += static_cast<std::size_t>(weights[i]);
    }
    clusters += weighted.clusters;
  }
  EXPECT_GT(clusters, 300);
}

TEST(Dbscan, WeightsAddUpWhateverTheOrder) {
  const Points points{std::vector<double>(10, 0.0), std::vector<double>(10, 0.0)};
  EXPECT_EQ(run_weighted(points, std::vector<double>(10, 0.1), 1, 1).core_count, 10)
      << "ten tenths make one, to the step of 2^-20";
  EXPECT_EQ(run_weighted(points, std::vector<double>(10, 0.0), 1, 1).core_count, 0);
  EXPECT_EQ(run_weighted({{0, 1, 5}, {0, 0, 0}}, {0.0, 3.0, 2.5}, 1, 3).core_count, 2) << "a point that weighs nothing";
  for (const double weight : {-1.0, std::nan(""), 2e6})
    EXPECT_THROW(run_weighted({{0}, {0}}, {weight}, 1, 1), InputError) << weight;
  EXPECT_THROW(run_weighted({{0, 1}, {0, 1}}, {1}, 1, 1), std::invalid_argument);
}

TEST(DbscanMethod, CountsByTheRoleWeight) {
  const Method& method = dbscan_method();
  Layer layer;
  layer.name = "sites";
  layer.crs = Crs::local();
  layer.geometry = Geometry::points({0, 1, 5000}, {0, 0, 0});
  layer.set(Column::of("beds", std::vector<double>{2, 3, 5}));
  MethodInputs inputs;
  inputs.layers["points"] = &layer;
  std::any options = method.default_options();
  method.find_parameter("weighted")->set(options, true);
  Progress progress;
  EXPECT_THROW(method.run(inputs, options, progress), UsageError) << "no column is named";
  layer.roles.weight = "beds";
  const MethodResult result = method.run(inputs, options, progress);
  EXPECT_THAT(result.columns[0].integers(), ElementsAre(1, 1, 2));
}

TEST(DbscanMethod, RunsOnALayer) {
  const Method& method = dbscan_method();
  Layer layer;
  layer.name = "sites";
  layer.crs = Crs::wgs84();
  layer.geometry = Geometry::points({100, 100.001, 100.002, 101, std::nan("")}, {13, 13, 13, 13, 13});
  MethodInputs inputs;
  inputs.layers["points"] = &layer;
  std::any options = method.default_options();
  method.find_parameter("min_points")->set(options, std::int64_t{3});
  Progress progress;
  const MethodResult result = method.run(inputs, options, progress);
  ASSERT_EQ(result.columns.size(), method.adds.size());
  EXPECT_EQ(result.columns[0].name, "cluster");
  EXPECT_EQ(result.columns[0].integers()[2], 1);
  EXPECT_TRUE(result.columns[0].is_null(3));
  EXPECT_EQ(result.columns[1].integers()[0], 1);
  EXPECT_EQ(result.diagnostics.count("unusable-position"), 1);
  const std::vector<std::pair<std::string, Value>> summary{{"points", std::int64_t{5}},
                                                           {"clusters", std::int64_t{1}},
                                                           {"noise", std::int64_t{2}},
                                                           {"core", std::int64_t{3}}};
  EXPECT_EQ(result.summary, summary);
  EXPECT_THROW(check(*method.find_parameter("radius"), Value(Length(Metres{0}))), UsageError);
  EXPECT_THROW(check(*method.find_parameter("radius"), Value(Length(Metres{-1}))), UsageError);
  EXPECT_THROW(check(*method.find_parameter("min_points"), Value(std::int64_t{0})), UsageError);
}

}  // namespace
}  // namespace yaan
