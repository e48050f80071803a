#include "yaan/analyse/radius_choice.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "analyse/point_samples.hpp"
#include "yaan/core/error.hpp"

namespace yaan {
namespace {

TEST(Knee, IsThePointFarthestBelowTheChord) {
  const std::vector<double> bent = {1, 1, 1, 1, 1, 1, 1, 2, 6, 14};
  EXPECT_EQ(knee(bent), 7U);
  const std::vector<double> straight = {0, 1, 2, 3};
  EXPECT_EQ(knee(straight), 0U);
  const std::vector<double> square = {0, 1, 4, 9, 16, 25, 36, 49, 64};  // x^2 against 8 x: farthest at x = 4
  EXPECT_EQ(knee(square), 4U);
  EXPECT_EQ(knee(std::vector<double>{3, 9}), 0U);
}

TEST(RadiusSteps, GrowByTheSameFactor) {
  const auto steps = radius_steps(Metres{100}, Metres{1600}, 5);
  ASSERT_EQ(steps.size(), 5U);
  EXPECT_EQ(steps.front().value, 100);
  EXPECT_EQ(steps.back().value, 1600);
  for (std::size_t i = 1; i < steps.size(); ++i) EXPECT_NEAR(steps[i].value / steps[i - 1].value, 2, 1e-12);
  EXPECT_EQ(radius_steps(Metres{7}, Metres{9}, 1).size(), 1U);
}

Layer layer_of(const samples::Points& points) {
  Layer layer;
  layer.name = "sites";
  layer.crs = Crs::local();
  layer.geometry = Geometry::points(points.first, points.second);
  return layer;
}

MethodResult run(const Method& method, const Layer& layer,
                 const std::vector<std::pair<std::string, Value>>& parameters) {
  std::any options = method.default_options();
  for (const auto& [name, value] : parameters) method.find_parameter(name)->set(options, value);
  MethodInputs inputs;
  inputs.layers["points"] = &layer;
  Progress progress;
  return method.run(inputs, options, progress);
}

// The golden distances exclude the point itself: the fifth of them is our sixth.
TEST(KDistances, AreThoseOfRDbscan) {
  const char* folder = std::getenv("YAAN_SHARED");
  const std::filesystem::path shared = folder == nullptr ? "" : folder;
  if (!std::filesystem::exists(shared / "golden" / "rdbscan_1.1.11.json"))
    GTEST_SKIP() << "no reference data: set YAAN_SHARED";
  std::ifstream in(shared / "golden" / "rdbscan_1.1.11.json");
  const nlohmann::json golden = nlohmann::json::parse(in);
  std::ifstream file(shared / "data" / "clustering" / "moons.csv");
  samples::Points points;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    const std::size_t comma = line.find(',');
    samples::add(points, std::stod(line.substr(0, comma)), std::stod(line.substr(comma + 1)));
  }
  const auto distances = golden.at("knn").at("dist").get<std::vector<std::vector<double>>>();
  ASSERT_EQ(distances.size(), points.first.size());
  const Layer layer = layer_of(points);
  for (std::int64_t k = 1; k <= 5; ++k) {
    const MethodResult result = run(k_distances_method(), layer, {{"min_points", k + 1}});
    for (std::size_t i = 0; i < distances.size(); ++i)
      EXPECT_NEAR(result.columns[0].reals()[i], distances[i][static_cast<std::size_t>(k - 1)], 1e-12);
  }
}

TEST(KDistances, CurveAscendsAndNamesItsKnee) {
  for (const auto& [name, points] : samples::planar(3, 700)) {
    const MethodResult result = run(k_distances_method(), layer_of(points), {{"min_points", std::int64_t{4}}});
    const Layer& curve = result.layers.at(0);
    ASSERT_GE(curve.size(), 200U) << name;
    const auto& share = curve.columns[0].reals();
    const auto& distance = curve.columns[1].reals();
    std::int64_t knees = 0;
    for (std::size_t i = 0; i < curve.size(); ++i) {
      knees += curve.columns[2].integers()[i];
      if (i == 0) continue;
      EXPECT_LT(share[i - 1], share[i]);
      EXPECT_LE(distance[i - 1], distance[i]);
    }
    EXPECT_EQ(knees, 1) << name;
    EXPECT_EQ(share.back(), 1);
  }
}

TEST(RadiusCurves, CountWhatDbscanCounts) {
  for (const auto& [name, points] : samples::planar(5, 400)) {
    const MethodResult result =
        run(radius_curves_method(), layer_of(points),
            {{"min_points", std::int64_t{5}}, {"radius_from", Length(Metres{4})}, {"radius_to", Length(Metres{90})}});
    const Layer& curve = result.layers.at(0);
    ASSERT_EQ(curve.size(), 40U);
    for (std::size_t i = 0; i < curve.size(); i += 7) {
      DbscanOptions options;
      options.radius = Metres{curve.columns[0].reals()[i]};
      Progress progress;
      const DbscanLabels labels = dbscan(points.first, points.second, Crs::local(), options, progress);
      EXPECT_EQ(curve.columns[1].integers()[i], labels.clusters) << name << i;
      EXPECT_EQ(curve.columns[2].integers()[i], labels.noise) << name << i;
      EXPECT_EQ(curve.columns[4].integers()[i], labels.core_count) << name << i;
      std::vector<std::int64_t> count(static_cast<std::size_t>(labels.clusters) + 1, 0);
      for (const std::int32_t cluster : labels.cluster) ++count[static_cast<std::size_t>(cluster)];
      count[0] = 0;
      EXPECT_EQ(curve.columns[5].integers()[i], *std::max_element(count.begin(), count.end())) << name << i;
    }
  }
}

TEST(RadiusCurves, SuggestARangeAndRefuseAWrongOne) {
  const Layer layer = layer_of(samples::planar(6, 300)[0].points);
  const MethodResult result = run(radius_curves_method(), layer, {});
  EXPECT_EQ(result.layers.at(0).size(), 40U);
  EXPECT_GT(result.layers.at(0).columns[0].reals().front(), 1);
  EXPECT_LT(result.layers.at(0).columns[0].reals().back(), 300);
  EXPECT_THROW(run(radius_curves_method(), layer, {{"radius_from", Length(Metres{50})}}), UsageError);
  const Layer stack = layer_of({std::vector<double>(9, 1.0), std::vector<double>(9, 1.0)});
  EXPECT_EQ(run(radius_curves_method(), stack, {}).layers.at(0).size(), 0U);
}

}  // namespace
}  // namespace yaan
