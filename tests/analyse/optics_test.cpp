#include "yaan/analyse/optics.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "analyse/point_samples.hpp"
#include "yaan/analyse/dbscan.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {
namespace {

using samples::Points;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

OpticsOrdering ordering_of(const Points& points, double radius, std::int64_t min_points,
                           const Crs& crs = Crs::local()) {
  OpticsOptions options;
  options.radius = Metres{radius};
  options.min_points = min_points;
  Progress progress;
  return optics_ordering(points.first, points.second, crs, options, progress);
}

/// "" when the ordering is one of the definition, else the first thing that is wrong: every place has the least
/// reachability among those left, given the places before it. O(n^2).
std::string complaint(const Points& points, double radius, std::size_t min_points, const OpticsOrdering& ordering) {
  const std::size_t n = points.first.size();
  if (ordering.order.size() != n) return "length";
  const auto distance = [&](std::size_t i, std::size_t j) {
    const double dx = points.first[i] - points.first[j], dy = points.second[i] - points.second[j];
    return std::sqrt(dx * dx + dy * dy);
  };
  const auto same = [](double a, double b) {
    return a == b || std::abs(a - b) <= 1e-12 * std::max(std::abs(a), std::abs(b));
  };
  std::vector<double> core(n, kInfinity), reach(n, kInfinity);
  for (std::size_t i = 0; i < n; ++i) {
    std::vector<double> all;
    for (std::size_t j = 0; j < n; ++j) all.push_back(distance(i, j));
    std::sort(all.begin(), all.end());
    if (n >= min_points && all[min_points - 1] <= radius) core[i] = all[min_points - 1];
  }
  std::vector<bool> done(n, false);
  for (std::size_t place = 0; place < n; ++place) {
    const std::size_t i = ordering.order[place];
    const std::string where = " at place " + std::to_string(place);
    if (i >= n || done[i]) return "no permutation" + where;
    done[i] = true;
    if (!same(ordering.core_distance[place], core[i])) return "core distance" + where;
    if (!same(ordering.reachability[place], reach[i])) return "reachability" + where;
    for (std::size_t j = 0; j < n; ++j)
      if (!done[j] && reach[j] < reach[i] && !same(reach[j], reach[i])) return "a nearer point is left" + where;
    const std::uint32_t from = ordering.predecessor[place];
    if ((from == OpticsOrdering::kNone) != (reach[i] == kInfinity)) return "predecessor" + where;
    if (from != OpticsOrdering::kNone) {
      if (from >= place) return "predecessor comes later" + where;
      const std::size_t p = ordering.order[from];
      if (!same(std::max(core[p], distance(p, i)), reach[i])) return "predecessor" + where;
    }
    if (core[i] == kInfinity) continue;
    for (std::size_t j = 0; j < n; ++j)
      if (!done[j] && distance(i, j) <= radius) reach[j] = std::min(reach[j], std::max(core[i], distance(i, j)));
  }
  return "";
}

TEST(Optics, IsAnOrderingOfTheDefinition) {
  for (unsigned seed = 1; seed <= 3; ++seed)
    for (const auto& [name, points] : samples::planar(seed, 170))
      for (const std::int64_t min_points : {1, 2, 5, 30})
        for (const double radius : {5.0, 10.0, 40.0, 1e12}) {
          const OpticsOrdering ordering = ordering_of(points, radius, min_points);
          EXPECT_EQ(complaint(points, radius, static_cast<std::size_t>(min_points), ordering), "")
              << name << ", " << min_points << " points, radius " << radius;
        }
}

TEST(Optics, IsAnOrderingOfTheDefinitionOverManyBoxes) {
  std::vector<samples::Named> sets = samples::planar(4, 1500);
  sets.push_back({"circle", {}});
  for (int i = 0; i < 1500; ++i)
    samples::add(sets.back().points, 300 * std::cos(0.9 * i * i), 300 * std::sin(0.9 * i * i));
  for (const auto& [name, points] : sets)
    for (const double radius : {15.0, 200.0, 1e12}) {
      const OpticsOrdering ordering = ordering_of(points, radius, 6);
      EXPECT_EQ(complaint(points, radius, 6, ordering), "") << name << ", radius " << radius;
    }
}

TEST(Optics, VerifierRefusesWrongOrderings) {
  const Points points = samples::planar(4, 60)[1].points;
  const OpticsOrdering right = ordering_of(points, 40, 4);
  ASSERT_EQ(complaint(points, 40, 4, right), "");
  const auto refused = [&](auto change) {
    OpticsOrdering wrong = right;
    change(wrong);
    return complaint(points, 40, 4, wrong) != "";
  };
  EXPECT_TRUE(refused([](OpticsOrdering& o) { std::swap(o.order[5], o.order[40]); }));
  EXPECT_TRUE(refused([](OpticsOrdering& o) { o.reachability[7] *= 1.001; }));
  EXPECT_TRUE(refused([](OpticsOrdering& o) { o.core_distance[7] *= 1.001; }));
  EXPECT_TRUE(refused([](OpticsOrdering& o) { o.predecessor[9] = 9; }));
  EXPECT_TRUE(refused([](OpticsOrdering& o) { std::reverse(o.order.begin(), o.order.end()); }));
}

TEST(Optics, DependsOnNeitherOrderNorThreads) {
  for (const auto& [name, points] : samples::planar(7, 400)) {
    set_thread_count(1);
    const OpticsOrdering one = ordering_of(points, 50, 5);
    set_thread_count(8);
    EXPECT_EQ(ordering_of(points, 50, 5).order, one.order) << name;
    set_thread_count(0);
    Points turned = points;
    std::reverse(turned.first.begin(), turned.first.end());
    std::reverse(turned.second.begin(), turned.second.end());
    const OpticsOrdering other = ordering_of(turned, 50, 5);
    EXPECT_EQ(other.reachability, one.reachability) << name;
    for (std::size_t place = 0; place < one.order.size(); ++place) {
      EXPECT_EQ(turned.first[other.order[place]], points.first[one.order[place]]) << name << place;
      EXPECT_EQ(turned.second[other.order[place]], points.second[one.order[place]]) << name << place;
    }
  }
}

TEST(Optics, CutGroupsCorePointsAsDbscanDoes) {
  for (const auto& [name, points] : samples::planar(8, 300))
    for (const double radius : {4.0, 10.0, 25.0}) {
      const OpticsOrdering ordering = ordering_of(points, 60, 4);
      const std::vector<std::int32_t> of_place = cut_ordering(ordering, radius);
      DbscanOptions options;
      options.radius = Metres{radius};
      options.min_points = 4;
      Progress progress;
      const DbscanLabels labels = dbscan(points.first, points.second, Crs::local(), options, progress);
      std::map<std::int32_t, std::int32_t> there, back;
      for (std::size_t place = 0; place < of_place.size(); ++place) {
        const std::uint32_t row = ordering.order[place];
        if (labels.core[row] != 0) {
          ASSERT_EQ(there.emplace(labels.cluster[row], of_place[place]).first->second, of_place[place]) << name;
          ASSERT_EQ(back.emplace(of_place[place], labels.cluster[row]).first->second, labels.cluster[row]) << name;
        }
        if (labels.cluster[row] == 0) {
          EXPECT_EQ(of_place[place], 0) << name;
        }
      }
      EXPECT_EQ(std::ssize(there), labels.clusters) << name;
    }
}

TEST(Optics, MeasuresOnTheGround) {
  const Points points{{100, 100.001, 100.003, 100.1}, {13, 13, 13, 13}};
  const OpticsOrdering ordering = ordering_of(points, 1000, 2, Crs::wgs84());
  EXPECT_EQ(ordering.order, (std::vector<std::uint32_t>{0, 1, 2, 3}));
  EXPECT_NEAR(ordering.reachability[1], 108.47, 0.02);  // PROJ's geodesic for a thousandth of a degree at 13 N
  EXPECT_NEAR(ordering.reachability[2], 216.94, 0.04);
  EXPECT_EQ(ordering.reachability[3], kInfinity);
}

std::filesystem::path shared() {
  const char* folder = std::getenv("YAAN_SHARED");
  return folder == nullptr ? "" : folder;
}

Points read_points(const std::string& name, std::size_t most) {
  std::ifstream in(shared() / "data" / "clustering" / name);
  Points points;
  for (std::string line; std::getline(in, line) && points.first.size() < most;) {
    std::replace(line.begin(), line.end(), ',', ' ');
    std::istringstream words(line);
    double x = 0, y = 0;
    if (words >> x >> y) samples::add(points, x, y);
  }
  return points;
}

// R takes another of several points with the same reachability (from the first point on, all within its core distance
// are tied), so its ordering is checked against the definition, and its core distances against ours.
TEST(Optics, RDbscansAnswerIsAnOrderingToo) {
  if (!std::filesystem::exists(shared() / "golden" / "rdbscan_1.1.11.json"))
    GTEST_SKIP() << "no reference data: set YAAN_SHARED";
  std::ifstream in(shared() / "golden" / "rdbscan_1.1.11.json");
  const nlohmann::json golden = nlohmann::json::parse(in).at("optics");
  const Points points = read_points("moons.csv", 1000);
  const auto order = golden.at("order").get<std::vector<std::uint32_t>>();
  const auto reach = golden.at("reachdist").get<std::vector<double>>();
  const auto core = golden.at("coredist").get<std::vector<double>>();
  OpticsOrdering theirs;
  for (const std::uint32_t number : order) {
    theirs.order.push_back(number - 1);
    theirs.reachability.push_back(reach[number - 1] < 0 ? kInfinity : reach[number - 1]);
    theirs.core_distance.push_back(core[number - 1] < 0 ? kInfinity : core[number - 1]);
  }
  // R does not give places of predecessors here: take any that fits.
  for (std::size_t place = 0; place < order.size(); ++place) {
    theirs.predecessor.push_back(OpticsOrdering::kNone);
    for (std::uint32_t from = 0; from < place && theirs.reachability[place] != kInfinity; ++from) {
      const auto i = theirs.order[place], j = theirs.order[from];
      const double d = std::hypot(points.first[i] - points.first[j], points.second[i] - points.second[j]);
      if (std::abs(std::max(d, core[j]) - theirs.reachability[place]) < 1e-12) theirs.predecessor.back() = from;
    }
  }
  const auto points_needed = static_cast<std::size_t>(golden.at("minPts").get<int>());
  EXPECT_EQ(complaint(points, golden.at("eps").get<double>(), points_needed, theirs), "");
  const OpticsOrdering ours = ordering_of(points, golden.at("eps").get<double>(), golden.at("minPts").get<int>());
  for (std::size_t place = 0; place < order.size(); ++place)
    EXPECT_NEAR(ours.core_distance[place], core[ours.order[place]], 1e-12);
}

// scikit-learn 1.2.1, cluster_optics_xi(min_samples=5, min_cluster_size=5, xi=0.05) on this very ordering of moons.csv,
// with the correction of its function for predecessors that later versions have (1.2.1 looks the predecessor up twice
// in the ordering). Its own ordering rounds reachabilities, and so takes others of those that are tied.
TEST(Optics, ExtractsAsScikitLearn) {
  const Points points = read_points("moons.csv", 1000);
  if (points.first.empty()) GTEST_SKIP() << "no reference data: set YAAN_SHARED";
  const OpticsOrdering ordering = ordering_of(points, 1, 5);
  const std::vector<XiCluster> clusters = {{2, 6},   {8, 19},  {0, 24},  {25, 34}, {25, 49}, {50, 64},
                                           {68, 74}, {50, 74}, {25, 74}, {75, 99}, {25, 99}, {0, 99}};
  EXPECT_EQ(xi_clusters(ordering.reachability, ordering.predecessor, 0.05, 5, 5), clusters);
}

struct XiCase {
  double xi;
  std::uint32_t min_points;
  std::size_t clusters;
  std::int64_t begins, ends;  // sums
};

// The same on this very ordering of the first 2,000 points of t4.8k.dat.
TEST(Optics, ExtractsAsManyXiClustersAsScikitLearn) {
  const Points points = read_points("t4.8k.dat", 2000);
  if (points.first.empty()) GTEST_SKIP() << "no reference data: set YAAN_SHARED";
  for (const XiCase& expected : std::vector<XiCase>{{0.02, 5, 288, 269558, 291069},
                                                    {0.05, 5, 206, 197360, 209853},
                                                    {0.1, 5, 113, 109463, 114824},
                                                    {0.2, 5, 41, 36902, 39132},
                                                    {0.02, 20, 52, 42532, 52401},
                                                    {0.05, 20, 19, 17779, 22313},
                                                    {0.1, 20, 1, 0, 1999},
                                                    {0.2, 20, 1, 0, 1999}}) {
    const OpticsOrdering ordering = ordering_of(points, 1e6, expected.min_points);
    const auto clusters =
        xi_clusters(ordering.reachability, ordering.predecessor, expected.xi, expected.min_points, expected.min_points);
    std::int64_t begins = 0, ends = 0;
    for (const XiCluster& cluster : clusters) {
      begins += cluster.begin;
      ends += cluster.end;
    }
    EXPECT_EQ(clusters.size(), expected.clusters) << expected.xi << " " << expected.min_points;
    EXPECT_EQ(begins, expected.begins) << expected.xi << " " << expected.min_points;
    EXPECT_EQ(ends, expected.ends) << expected.xi << " " << expected.min_points;
  }
}

TEST(Optics, LabelsRowsByPosition) {
  Points points;
  for (int i = 0; i < 20; ++i) samples::add(points, 1000 + i % 5, i / 5);
  for (int i = 0; i < 20; ++i) samples::add(points, i % 5, i / 5);
  samples::add(points, std::nan(""), 0);
  OpticsOptions options;
  options.extraction = OpticsExtraction::dbscan;
  options.cut = Metres{2};
  Progress progress;
  const OpticsLabels labels = optics(points.first, points.second, Crs::local(), options, progress);
  EXPECT_EQ(labels.clusters, 2);
  EXPECT_EQ(labels.cluster[0], 2);
  EXPECT_EQ(labels.cluster[20], 1);
  EXPECT_EQ(labels.noise, 1);
  EXPECT_EQ(labels.unusable, 1);
  options.extraction = OpticsExtraction::xi;
  const OpticsLabels steep = optics(points.first, points.second, Crs::local(), options, progress);
  EXPECT_EQ(steep.clusters, 2);
  EXPECT_EQ(steep.cluster[0], 2);
}

TEST(Optics, TakesFewPointsAndRefusesWhatMakesNoSense) {
  EXPECT_TRUE(ordering_of({}, 5, 3).order.empty());
  EXPECT_EQ(ordering_of({{1}, {2}}, 5, 3).reachability[0], kInfinity);
  const auto refused = [](auto change) {
    OpticsOptions options;
    change(options);
    const std::vector<double> some = {1, 2};
    Progress progress;
    EXPECT_THROW(optics(some, some, Crs::local(), options, progress), UsageError);
  };
  refused([](OpticsOptions& o) { o.radius = Metres{0}; });
  refused([](OpticsOptions& o) { o.min_points = 0; });
  refused([](OpticsOptions& o) { o.min_points = 1; });
  refused([](OpticsOptions& o) { o.xi = 1; });
  refused([](OpticsOptions& o) { o.min_cluster_size = 1; });
  refused([](OpticsOptions& o) { o.extraction = OpticsExtraction::dbscan, o.cut = Metres{9000}; });
}

TEST(OpticsMethod, TellsNoDistanceFromWhatMayNotBeShown) {
  Layer points;
  points.crs = Crs::local();
  points.geometry = Geometry::points({0, 10, 30, 60}, {0, 0, 0, 0});
  Column level("publication", ColumnType::text);
  for (const char* text : {"open", "hidden", "open", "open"}) level.push(std::string_view(text));
  points.set(std::move(level));
  points.roles.publication = "publication";
  MethodInputs inputs;
  inputs.layers["points"] = &points;
  OpticsOptions options;
  options.min_points = 2;
  Progress progress;
  const MethodResult result = optics_method().run(inputs, std::any(options), progress);
  EXPECT_TRUE(std::isnan(result.columns[2].reals()[2]));  // reached from the hidden point
  EXPECT_EQ(result.columns[2].reals()[3], 30);
  EXPECT_EQ(result.diagnostics.count("reachability-withheld"), 1);
}

}  // namespace
}  // namespace yaan
