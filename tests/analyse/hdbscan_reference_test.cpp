// HDBSCAN* beside the answers of R dbscan.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>

#include "analyse/condensed_tree.hpp"
#include "analyse/point_samples.hpp"
#include "yaan/analyse/hdbscan.hpp"

namespace yaan {
namespace {

using samples::Points;

std::filesystem::path shared() {
  const char* folder = std::getenv("YAAN_SHARED");
  return folder == nullptr ? "" : folder;
}

Points read_points(const std::string& name, std::size_t most) {
  const auto file = shared() / "data" / "clustering" / name;
  std::stringstream in;
  if (file.extension() == ".gz") {
    FILE* pipe = ::popen(("gzip -dc '" + file.string() + "'").c_str(), "r");
    char buffer[4096];
    for (std::size_t got = 0; (got = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;)
      in.write(buffer, static_cast<std::streamsize>(got));
    ::pclose(pipe);
  } else {
    in << std::ifstream(file).rdbuf();
  }
  Points points;
  for (std::string line; std::getline(in, line) && points.first.size() < most;) {
    std::replace(line.begin(), line.end(), ',', ' ');
    std::istringstream words(line);
    double x = 0, y = 0;
    if (words >> x >> y) samples::add(points, x, y);
  }
  return points;
}

/// R dbscan's answers for one set, and ours.
struct Compared {
  nlohmann::json theirs;
  std::vector<std::int32_t> their_label;
  Points points;
  std::unique_ptr<ClusterHierarchy> hierarchy;
  HdbscanLabels ours;
};

Compared compare(const std::string& set) {
  Compared both;
  std::ifstream in(shared() / "golden" / "rdbscan_1.1.11.json");
  const nlohmann::json answers = nlohmann::json::parse(in);
  for (const auto& answer : answers.at("hdbscan"))
    if (answer.at("data") == set) both.theirs = answer;
  both.their_label = both.theirs.at("labels").get<std::vector<std::int32_t>>();
  both.points = read_points(set.substr(0, set.find('[')), both.their_label.size());
  HdbscanOptions options;
  options.min_points = options.min_cluster_size = both.theirs.at("minPts").get<std::int64_t>();
  Progress progress;
  both.hierarchy = std::make_unique<ClusterHierarchy>(both.points.first, both.points.second, Crs::local(),
                                                      options.min_points, progress);
  both.ours = select_clusters(*both.hierarchy, options, progress);
  return both;
}

std::vector<double> by_row(std::span<const std::uint32_t> order, const std::vector<double>& values) {
  std::vector<double> rows(order.size());
  for (std::size_t place = 0; place < order.size(); ++place) rows[order[place]] = values[place];
  return rows;
}

class RHdbscan : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(shared() / "golden" / "rdbscan_1.1.11.json"))
      GTEST_SKIP() << "no reference data: set YAAN_SHARED";
  }
};

// R takes groups that part at one distance one after the other, so a point that holds two clusters together falls to
// either; the definition (Campello et al. 2013: edges of equal weight are removed at once) leaves it outside both.
TEST_P(RHdbscan, SameClustersButForTies) {
  const Compared both = compare(GetParam());
  const auto& ours = both.ours;
  ASSERT_EQ(both.points.first.size(), both.their_label.size());
  EXPECT_NEAR(both.hierarchy->tree_weight(), both.theirs.at("mst_weight_sum").get<double>(),
              1e-9 * both.hierarchy->tree_weight());
  EXPECT_EQ(ours.clusters, both.theirs.at("nclust").get<std::int64_t>());
  const auto min_points = both.theirs.at("minPts").get<std::int64_t>();
  const CondensedTree tree =
      condense(both.hierarchy->join_distances(), both.hierarchy->order().size(), min_points, Progress());
  const auto left_at = by_row(both.hierarchy->order(), tree.lambda);
  std::map<std::int32_t, std::int32_t> to_theirs, to_ours;
  std::vector<std::size_t> tied;
  for (std::size_t i = 0; i < both.their_label.size(); ++i) {
    if (ours.cluster[i] == 0 && both.their_label[i] != 0) {
      tied.push_back(i);
      continue;
    }
    ASSERT_EQ(to_theirs.emplace(ours.cluster[i], both.their_label[i]).first->second, both.their_label[i]) << i;
    ASSERT_EQ(to_ours.emplace(both.their_label[i], ours.cluster[i]).first->second, ours.cluster[i]) << i;
  }
  EXPECT_LE(tied.size(), 4U);
  for (const std::size_t i : tied)
    EXPECT_TRUE(std::any_of(tree.clusters.begin(), tree.clusters.end(),
                            [&](const CondensedCluster& cluster) { return cluster.birth == left_at[i]; }))
        << "point " << i << " is not at the distance at which a cluster is born";
}

// R's strength of membership is another: 1 - core distance / greatest core distance of the cluster.
TEST_P(RHdbscan, SameCoreDistancesByTheirMembership) {
  const Compared both = compare(GetParam());
  const auto core = by_row(both.hierarchy->order(), both.hierarchy->core_distances());
  const auto membership = both.theirs.at("membership").get<std::vector<double>>();
  std::map<std::int32_t, double> greatest;
  for (std::size_t i = 0; i < core.size(); ++i)
    greatest[both.their_label[i]] = std::max(greatest[both.their_label[i]], core[i]);
  for (std::size_t i = 0; i < core.size(); ++i)
    if (both.their_label[i] != 0) {
      EXPECT_NEAR(1 - core[i] / greatest[both.their_label[i]], membership[i], 1e-9) << "point " << i;
    }
}

// R lets the points of the last group below the smallest size leave one by one, where the definition has the cluster
// end. With the distance at which each point is alone in place of that at which it leaves its cluster, stability and
// score are R's. (On sets where larger groups leave together R mixes both.)
TEST(RHdbscanMoons, SameStabilityAndScoreByTheirConvention) {
  if (!std::filesystem::exists(shared() / "golden" / "rdbscan_1.1.11.json"))
    GTEST_SKIP() << "no reference data: set YAAN_SHARED";
  const Compared both = compare("moons.csv");
  const auto order = both.hierarchy->order();
  const auto join = both.hierarchy->join_distances();
  const CondensedTree tree = condense(join, order.size(), 5, Progress());
  std::vector<double> alone(order.size());
  for (std::size_t place = 0; place < order.size(); ++place)
    alone[place] = std::min(place == 0 ? 1e300 : join[place - 1], place + 1 == order.size() ? 1e300 : join[place]);
  std::vector<double> stability, least(tree.clusters.size(), 1e300);
  const auto glosh = both.theirs.at("glosh").get<std::vector<double>>();
  for (std::size_t c = 0; c < tree.clusters.size(); ++c) {
    const CondensedCluster& cluster = tree.clusters[c];
    double sum = -cluster.birth * cluster.size();
    for (std::uint32_t place = cluster.begin; place < cluster.end; ++place) {
      least[c] = std::min(least[c], alone[place]);
      if (tree.cluster[place] == c) sum += 1 / alone[place];
    }
    for (const CondensedCluster& child : tree.clusters)
      if (child.parent == c) sum += child.birth * child.size();
    const std::int32_t label = both.ours.cluster[order[cluster.begin]];
    if (label != 0 && both.ours.count[static_cast<std::size_t>(label - 1)] == cluster.size()) stability.push_back(sum);
  }
  for (std::size_t place = 0; place < order.size(); ++place)
    EXPECT_NEAR(1 - least[tree.cluster[place]] / alone[place], glosh[order[place]], 1e-9) << "point " << order[place];
  auto expected = both.theirs.at("stability").get<std::vector<double>>();
  std::sort(expected.begin(), expected.end());
  std::sort(stability.begin(), stability.end());
  ASSERT_EQ(stability.size(), expected.size());
  for (std::size_t k = 0; k < expected.size(); ++k) EXPECT_NEAR(stability[k], expected[k], 1e-9 * expected[k]);
}

// The fourth set of the reference, iris, has four dimensions.
INSTANTIATE_TEST_SUITE_P(PlanarSets, RHdbscan,
                         testing::Values("moons.csv", "hdbscan_clusterable.data.gz", "t4.8k.dat[1:4000]"),
                         [](const auto& set) { return set.param.substr(0, set.param.find('.')); });

}  // namespace
}  // namespace yaan
