// Clustering at the scale of real layers: counts and tree weights of the seeded benchmark points as other programs find
// them (needs a Python with numpy), and a layer of real places in which thousands share one spot.

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <utility>

#include "yaan/analyse/cluster_hierarchy.hpp"
#include "yaan/analyse/hdbscan.hpp"
#include "yaan/analyse/nearest.hpp"
#include "yaan/analyse/optics.hpp"

namespace yaan {
namespace {

namespace fs = std::filesystem;
using Points = std::pair<std::vector<double>, std::vector<double>>;

fs::path temporary(const std::string& name) {
  return fs::temp_directory_path() / ("yaan_" + name + "_" + std::to_string(::getpid()));
}

std::optional<Points> seeded(std::size_t n) {
  const char* source = std::getenv("YAAN_SOURCE");
  if (source == nullptr) return std::nullopt;
  const fs::path file = temporary("seeded");
  const std::string arguments =
      std::string(source) + "/tools/bench/make_points.py " + std::to_string(n) + " " + file.string() + " 2>/dev/null";
  if (std::system(("python3 " + arguments).c_str()) != 0 && std::system(("/usr/bin/python3 " + arguments).c_str()) != 0)
    return std::nullopt;
  std::vector<double> both(2 * n);
  std::ifstream in(file, std::ios::binary);
  in.read(reinterpret_cast<char*>(both.data()), static_cast<std::streamsize>(both.size() * sizeof(double)));
  fs::remove(file);
  if (!in) return std::nullopt;
  Points points;
  for (std::size_t i = 0; i < both.size(); i += 2) {
    points.first.push_back(both[i]);
    points.second.push_back(both[i + 1]);
  }
  return points;
}

DbscanLabels dbscan_of(const Points& points, const Crs& crs, double radius, std::int64_t min_points) {
  DbscanOptions options;
  options.radius = Metres{radius};
  options.min_points = min_points;
  Progress progress;
  return dbscan(points.first, points.second, crs, options, progress);
}

struct Expected {
  std::size_t points;
  std::int64_t clusters, noise;
};

class SeededPoints : public testing::TestWithParam<Expected> {};

TEST_P(SeededPoints, GiveTheKnownCounts) {
  const std::optional<Points> points = seeded(GetParam().points);
  if (!points) GTEST_SKIP() << "no YAAN_SOURCE, or no Python with numpy";
  const DbscanLabels labels = dbscan_of(*points, Crs::local(), 500, 10);
  EXPECT_EQ(labels.clusters, GetParam().clusters);
  EXPECT_EQ(labels.noise, GetParam().noise);
}

INSTANTIATE_TEST_SUITE_P(Published, SeededPoints,
                         testing::Values(Expected{100000, 220, 77135}, Expected{1000000, 2243, 455553}),
                         [](const auto& set) { return "N" + std::to_string(set.param.points); });

TEST(SeededMillion, GivesTheKnownTreesAndTheLabelsOfDbscan) {
  const std::optional<Points> points = seeded(1000000);
  if (!points) GTEST_SKIP() << "no YAAN_SOURCE, or no Python with numpy";
  for (const auto& [min_points, weight] : {std::pair{1, 435312727.057}, {10, 1130044466.288}}) {
    Progress progress;
    const ClusterHierarchy hierarchy(points->first, points->second, Crs::local(), min_points, progress);
    EXPECT_NEAR(hierarchy.tree_weight() / weight, 1, 1e-9);
    for (const double radius : {150.0, 500.0}) {
      const ClusterCut cut = hierarchy.cut(Metres{radius});
      const DbscanLabels labels = dbscan_of(*points, Crs::local(), radius, min_points);
      EXPECT_EQ(cut.labels.cluster, labels.cluster) << min_points << " points, " << radius << " m";
      EXPECT_EQ(cut.labels.core, labels.core);
    }
  }
}

std::optional<Points> postal_codes() {
  const char* shared = std::getenv("YAAN_SHARED");
  const fs::path packed =
      fs::path(shared != nullptr ? shared : "../shared") / "data" / "scale" / "geonames_postal_points.tsv.gz";
  if (!fs::exists(packed)) return std::nullopt;
  const fs::path file = temporary("postal");
  if (std::system(("gzip -dc '" + packed.string() + "' > '" + file.string() + "'").c_str()) != 0) return std::nullopt;
  Points points;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    const std::size_t last = line.rfind('\t');
    const std::size_t before = line.rfind('\t', last - 1);
    std::istringstream lat(line.substr(before + 1, last - before - 1)), lon(line.substr(last + 1));
    double x = 0, y = 0;
    if (!(lat >> y) || !(lon >> x)) continue;
    points.first.push_back(x);
    points.second.push_back(y);
  }
  fs::remove(file);
  return points;
}

// 4,524 of these stand on one spot: no method may look at each pair of them.
TEST(StackedPlaces, AreClusteredLikeOthers) {
  const std::optional<Points> points = postal_codes();
  if (!points) GTEST_SKIP() << "YAAN_SHARED is not there";
  ASSERT_GT(points->first.size(), 100000U);
  const Crs crs = Crs::wgs84();
  Progress progress;
  const ClusterHierarchy hierarchy(points->first, points->second, crs, 10, progress);
  for (const double radius : {0.5, 1000.0, 20000.0, 500000.0}) {
    const DbscanLabels labels = dbscan_of(*points, crs, radius, 10);
    EXPECT_EQ(hierarchy.cut(Metres{radius}).labels.cluster, labels.cluster) << radius;
    EXPECT_GT(labels.clusters, 0);
  }
  OpticsOptions options;
  options.radius = Metres{20000};
  options.min_points = 10;
  const OpticsOrdering ordering = optics_ordering(points->first, points->second, crs, options, progress);
  const std::vector<std::int32_t> of_place = cut_ordering(ordering, 1000);
  const DbscanLabels labels = dbscan_of(*points, crs, 1000, 10);
  for (std::size_t place = 0; place < of_place.size(); ++place) {
    if (labels.core[ordering.order[place]] != 0) {
      ASSERT_GT(of_place[place], 0) << place;
    }
  }
  const NearestPoints nearest = nearest_points(points->first, points->second, crs, 1, progress);
  const auto joined =
      nearest_join(points->first, points->second, points->first, points->second, crs, Metres{1000}, progress);
  std::size_t stacked = 0;
  for (std::size_t i = 0; i < nearest.distance.size(); ++i) {
    stacked += nearest.distance[i] == 0;
    ASSERT_EQ(joined[i].distance, 0);
    ASSERT_LE(joined[i].row, i);  // the first on the spot
  }
  EXPECT_GT(stacked, 4523U);
}

}  // namespace
}  // namespace yaan
