// The answers of R dbscan 1.1.11, as kept beside the reference data.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "analyse/dbscan_oracle.hpp"

namespace yaan {
namespace {

std::filesystem::path shared() {
  const char* folder = std::getenv("YAAN_SHARED");
  return folder == nullptr ? "" : folder;
}

/// Two columns of numbers, by comma or space, under a heading or none.
oracle::Points read_points(const std::filesystem::path& file) {
  std::ifstream in(file);
  oracle::Points points;
  for (std::string line; std::getline(in, line);) {
    for (char& c : line) c = c == ',' ? ' ' : c;
    std::istringstream words(line);
    double x = 0, y = 0;
    if (!(words >> x >> y)) continue;
    points.first.push_back(x);
    points.second.push_back(y);
  }
  return points;
}

class RDbscan : public testing::TestWithParam<std::string> {};

TEST_P(RDbscan, SameCorePointsAndNoise) {
  const auto golden = shared() / "golden" / "rdbscan_1.1.11.json";
  if (!std::filesystem::exists(golden)) GTEST_SKIP() << "no reference data: set YAAN_SHARED";
  std::ifstream in(golden);
  const nlohmann::json answers = nlohmann::json::parse(in);
  int found = 0;
  for (const auto& answer : answers.at("dbscan")) {
    if (answer.at("data") != GetParam()) continue;
    ++found;
    const oracle::Points points = read_points(shared() / "data" / "clustering" / GetParam());
    const auto theirs = answer.at("labels").get<std::vector<std::int32_t>>();
    ASSERT_EQ(points.first.size(), theirs.size());
    const auto radius = answer.at("eps").get<double>();
    DbscanOptions options;
    options.radius = Metres{radius};
    options.min_points = answer.at("minPts").get<std::int64_t>();
    Progress progress;
    const DbscanLabels ours = dbscan(points.first, points.second, Crs::local(), options, progress);
    const oracle::Near near = oracle::plane_near(points, radius);
    EXPECT_EQ(oracle::complaint(points, near, options.min_points, ours), "");

    std::map<std::int32_t, std::int32_t> to_theirs, to_ours;  // over core points: one to one
    for (std::size_t i = 0; i < theirs.size(); ++i) {
      ASSERT_EQ(ours.cluster[i] == 0, theirs[i] == 0) << "noise at " << i;
      if (ours.core[i] == 0) continue;
      ASSERT_EQ(to_theirs.emplace(ours.cluster[i], theirs[i]).first->second, theirs[i]) << "core point " << i;
      ASSERT_EQ(to_ours.emplace(theirs[i], ours.cluster[i]).first->second, ours.cluster[i]) << "core point " << i;
    }
    EXPECT_EQ(std::ssize(to_theirs), ours.clusters);
    EXPECT_EQ(ours.clusters, *std::max_element(theirs.begin(), theirs.end()));
    // R gives a border point that touches two clusters to the first visited: any that it touches will do.
    for (std::size_t i = 0; i < theirs.size(); ++i) {
      if (ours.core[i] != 0 || theirs[i] == 0) continue;
      std::set<std::int32_t> touched;
      for (std::size_t j = 0; j < theirs.size(); ++j)
        if (ours.core[j] != 0 && near(i, j)) touched.insert(ours.cluster[j]);
      EXPECT_TRUE(touched.contains(to_ours.at(theirs[i]))) << "border point " << i;
      EXPECT_EQ(ours.cluster[i], *touched.begin()) << "border point " << i;
    }
  }
  EXPECT_EQ(found, 1) << "the reference holds no answer for " << GetParam();
}

// The fourth set of the reference, iris, has four dimensions.
INSTANTIATE_TEST_SUITE_P(PlanarSets, RDbscan, testing::Values("moons.csv", "t4.8k.dat", "t7.10k.dat"),
                         [](const auto& set) { return set.param.substr(0, set.param.find('.')); });

}  // namespace
}  // namespace yaan
