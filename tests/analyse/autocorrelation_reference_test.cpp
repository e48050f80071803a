// Every number of spdep's and of published examples, on the reference maps.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "analyse/spatial_samples.hpp"
#include "yaan/analyse/geary.hpp"
#include "yaan/analyse/general_g.hpp"
#include "yaan/analyse/join_counts.hpp"
#include "yaan/analyse/local_g.hpp"
#include "yaan/analyse/local_geary.hpp"
#include "yaan/analyse/local_moran.hpp"
#include "yaan/analyse/moran.hpp"

namespace yaan {
namespace {

using nlohmann::json;

constexpr double kRelative = 1e-9;

struct Map {
  const char* name;
  const char* file;
};

class Spdep : public ::testing::TestWithParam<Map> {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(shared_file(std::string("golden/") + GetParam().name + "_spdep.json")))
      GTEST_SKIP() << "no reference data: " << GetParam().name;
    m_golden = golden(std::string(GetParam().name) + "_spdep.json");
    m_map = reference_map(GetParam().file);
  }
  json m_golden;
  Layer m_map;
};

void expect_same(double found, const json& expected, const std::string& what) {
  ASSERT_TRUE(expected.is_number()) << what;
  const auto wanted = expected.get<double>();
  EXPECT_NEAR(found, wanted, kRelative * std::abs(wanted)) << what;
}

void expect_all_same(const std::vector<double>& found, const json& expected, const std::string& what) {
  ASSERT_EQ(found.size(), expected.size()) << what;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (expected[i].is_null())  // an island
      EXPECT_TRUE(std::isnan(found[i])) << what << " " << i;
    else
      expect_same(found[i], expected[i], what + " " + std::to_string(i));
  }
}

std::vector<double> z_scores(const std::vector<double>& value, const std::vector<double>& expected,
                             const std::vector<double>& variance) {
  std::vector<double> z;
  for (std::size_t i = 0; i < value.size(); ++i) z.push_back(z_of(value[i], expected[i], variance[i]));
  return z;
}

double counted(const SpatialWeights& weights) {
  return static_cast<double>(weights.size() - summarise(weights).islands.size());
}

void check_moran(const SpatialWeights& weights, const std::vector<double>& values, const json& expected) {
  const GlobalStatistic found = moran(weights, values, counted(weights));
  expect_same(found.value, expected["I"], "I");
  expect_same(found.expected, expected["EI"], "EI");
  expect_same(found.variance_randomised, expected["VI_rand"], "VI_rand");
  expect_same(found.variance_normal, expected["VI_norm"], "VI_norm");
  const double z_rand = z_of(found.value, found.expected, found.variance_randomised);
  const double z_norm = z_of(found.value, found.expected, found.variance_normal);
  expect_same(z_rand, expected["z_rand"], "z_rand");
  expect_same(z_norm, expected["z_norm"], "z_norm");
  // The derivative of the logarithm of a far tail is about z, so that the last digits of z count z^2 times as much.
  for (const auto& [z, name] : {std::pair(z_rand, "p_rand_two"), std::pair(z_norm, "p_norm_two")})
    EXPECT_NEAR(p_of_z(z, PValue::two_sided) / expected[name].get<double>(), 1, 1e-9) << name;
}

void check_geary(const SpatialWeights& weights, const std::vector<double>& values, const json& expected) {
  const GlobalStatistic found = geary(weights, values, counted(weights));
  expect_same(found.value, expected["C"], "C");
  if (counted(weights) == static_cast<double>(weights.size())) {
    expect_same(found.variance_randomised, expected["VC_rand"], "VC_rand");
    expect_same(found.variance_normal, expected["VC_norm"], "VC_norm");
    expect_same(-z_of(found.value, 1, found.variance_randomised), expected["z_rand"], "z_rand");
    expect_same(-z_of(found.value, 1, found.variance_normal), expected["z_norm"], "z_norm");
    return;
  }
  // With islands spdep 1.2-7 takes n with them in some places of the variance and without them in others. Put together
  // in the same way our sums give its numbers; ours take n without them throughout.
  const WeightSums w = sums_of(weights);
  const auto n = static_cast<double>(weights.size());
  const double n1 = counted(weights) - 1, s02 = w.s0 * w.s0;
  expect_same(((2 * w.s1 + w.s2) * n1 - 4 * s02) / (2 * (n + 1) * s02), expected["VC_norm"], "VC_norm as spdep");
  EXPECT_NEAR(found.variance_normal, ((2 * w.s1 + w.s2) * n1 - 4 * s02) / (2 * (n1 + 2) * s02), 1e-15);
  EXPECT_NEAR(found.variance_randomised / expected["VC_rand"].get<double>(), 1, 0.02);
}

void check_local_moran(const SpatialWeights& weights, const std::vector<double>& values, const json& expected) {
  const LocalMoran found = local_moran(weights, values);
  expect_all_same(found.value, expected["Ii"], "Ii");
  expect_all_same(found.expected_conditional, expected["E_cond"], "E_cond");
  expect_all_same(found.variance_conditional, expected["Var_cond"], "Var_cond");
  expect_all_same(z_scores(found.value, found.expected_conditional, found.variance_conditional), expected["Z_cond"],
                  "Z_cond");
  expect_all_same(found.expected_total, expected["E_total"], "E_total");
  expect_all_same(found.variance_total, expected["Var_total"], "Var_total");
  expect_all_same(z_scores(found.value, found.expected_total, found.variance_total), expected["Z_total"], "Z_total");
  const auto quadrant = quadrants(weights, values, QuadrantOrigin::mean_lag);
  const char* names[] = {"Low-Low", "Low-High", "High-Low", "High-High"};
  for (std::size_t i = 0; i < quadrant.size(); ++i)
    EXPECT_EQ(names[quadrant[i]], expected["quadrant_mean"][i].get<std::string>()) << i;
}

void check_general_g(const SpatialWeights& weights, const std::vector<double>& values, const json& expected) {
  std::vector<std::uint32_t> linked;  // spdep leaves islands out of this one
  std::vector<double> kept;
  for (std::uint32_t i = 0; i < weights.size(); ++i)
    if (weights.degree(i) > 0) {
      linked.push_back(i);
      kept.push_back(values[i]);
    }
  const GlobalStatistic found = general_g(select(weights, linked), kept);
  expect_same(found.value, expected["G"], "G");
  expect_same(found.expected, expected["EG"], "EG");
  expect_same(found.variance_randomised, expected["VG"], "VG");
  expect_same(z_of(found.value, found.expected, found.variance_randomised), expected["z"][0][0], "z of G");
}

TEST_P(Spdep, GivesTheSameNumbers) {
  int checked = 0;
  for (const auto& [name, expected] : m_golden.items()) {
    if (!expected.is_object()) continue;
    SCOPED_TRACE(name);
    const std::string rule = name.substr(0, name.find('_'));
    const std::string variable = name.substr(rule.size() + 1, name.rfind('_') - rule.size() - 1);
    SpatialWeights weights = weights_from(m_golden["nb_" + rule]);
    apply_style(weights, expected["style"] == "W" ? WeightStyle::row : WeightStyle::binary);
    const WeightSums sums = sums_of(weights);
    expect_same(sums.s0, expected["S0"], "S0");
    expect_same(sums.s1, expected["S1"], "S1");
    expect_same(sums.s2, expected["S2"], "S2");
    const std::vector<double> values = numbers(m_map, variable);
    check_moran(weights, values, expected["moran"]);
    check_geary(weights, values, expected["geary"]);
    check_local_moran(weights, values, expected["local_moran"]);
    expect_all_same(local_g(weights, values, false).z, expected["local_G_z"], "Gi");
    expect_all_same(local_g(weights, values, true).z, expected["local_Gstar_z"], "Gi*");
    if (expected.contains("globalG")) check_general_g(weights, values, expected["globalG"]);
    ++checked;
  }
  EXPECT_GE(checked, 2);
}

// Squared distances between points in their plane, the nearest first.
std::vector<double> distances_from(const Layer& map, std::size_t from, std::span<const std::uint32_t> to) {
  std::vector<double> distances;
  for (const std::uint32_t other : to)
    distances.push_back(std::pow(map.geometry.x[other] - map.geometry.x[from], 2) +
                        std::pow(map.geometry.y[other] - map.geometry.y[from], 2));
  std::sort(distances.begin(), distances.end());
  return distances;
}

TEST_P(Spdep, GivesTheSameNeighbours) {
  struct Rule {
    const char* name;
    NeighbourRule rule;
  };
  for (const auto& [name, rule] :
       {Rule{"nb_queen", NeighbourRule::queen}, Rule{"nb_rook", NeighbourRule::rook},
        Rule{"nb_knn4", NeighbourRule::nearest}, Rule{"nb_d20", NeighbourRule::distance_band}}) {
    if (!m_golden.contains(name)) continue;
    SCOPED_TRACE(name);
    WeightsOptions options;
    options.neighbours = rule;
    options.nearest = 4;
    options.distance = Metres{20};
    const SpatialWeights found = weights_by(m_map, options);
    const SpatialWeights expected = weights_from(m_golden[name]);
    ASSERT_EQ(found.size(), expected.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
      const auto ours = found.neighbours(i), theirs = expected.neighbours(i);
      // Of points at the distance of the last place either may be listed.
      if (rule == NeighbourRule::nearest && m_map.geometry.kind == GeometryKind::point &&
          distances_from(m_map, i, ours) == distances_from(m_map, i, theirs))
        continue;
      EXPECT_TRUE(std::equal(ours.begin(), ours.end(), theirs.begin(), theirs.end()))
          << i << ": " << ::testing::PrintToString(std::vector(ours.begin(), ours.end())) << " and "
          << ::testing::PrintToString(std::vector(theirs.begin(), theirs.end()));
    }
  }
}

TEST_P(Spdep, GivesTheSameCentroids) {
  if (!m_golden.contains("centroids")) GTEST_SKIP() << "points";
  const Places places = places_of(m_map.geometry, m_map.crs);
  for (std::size_t i = 0; i < m_map.size(); ++i) {
    EXPECT_NEAR(places.x[i], m_golden["centroids"][i][0].get<double>(), 1e-9);
    EXPECT_NEAR(places.y[i], m_golden["centroids"][i][1].get<double>(), 1e-9);
  }
}

INSTANTIATE_TEST_SUITE_P(Maps, Spdep,
                         ::testing::Values(Map{"columbus", "columbus/columbus.shp"}, Map{"sids2", "sids2/sids2.shp"},
                                           Map{"mexico", "mexico/mexicojoin.shp"}, Map{"stl", "stl/stl_hom.shp"},
                                           Map{"baltim", "baltim/baltim.shp"}),
                         [](const auto& map) { return std::string(map.param.name); });

TEST(Contiguity, OfThailandsProvinces) {
  const auto file = shared_file("data/boundaries/mapthai_tha1.gpkg");
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "no reference data: " << file;
  Progress progress;
  const Layer provinces = read_layer(file, {}, progress).layer;
  const json expected = golden("thailand_adm1_contiguity.json");
  for (const auto& [name, rule] : {std::pair("queen", NeighbourRule::queen), std::pair("rook", NeighbourRule::rook)}) {
    WeightsOptions options;
    options.neighbours = rule;
    const SpatialWeights found = weights_by(provinces, options);
    const SpatialWeights wanted = weights_from(expected[name]);
    EXPECT_EQ(found.begin, wanted.begin) << name;
    EXPECT_EQ(found.neighbour, wanted.neighbour) << name;
  }
}

/// A .gal file whose ids are the numbers of the features from 1.
SpatialWeights gal(const std::string& name) {
  Progress progress;
  const Layer table = read_layer(shared_file("data/spatialstats/" + name), {}, progress).layer;
  std::vector<Link> links;
  std::uint32_t features = 0;
  for (std::size_t row = 0; row < table.size(); ++row) {
    const auto from = static_cast<std::uint32_t>(std::stoul(table.column("from").display(row)));
    features = std::max(features, from);
    if (!table.column("to").is_null(row))
      links.push_back({from - 1, static_cast<std::uint32_t>(std::stoul(table.column("to").display(row)) - 1), 1});
  }
  return weights_of(features, links);
}

TEST(Published, MoranOfTheHomicidesAroundSaintLouis) {
  if (!std::filesystem::exists(shared_file("data/spatialstats"))) GTEST_SKIP() << "no reference data";
  SpatialWeights weights = gal("stl/stl.gal");
  apply_style(weights, WeightStyle::row);
  const GlobalStatistic found = moran(weights, numbers(reference_map("stl/stl_hom.shp"), "HR8893"), 78);
  EXPECT_NEAR(found.value, 0.2436558262177166, 1e-12);
  EXPECT_NEAR(p_of_z(z_of(found.value, found.expected, found.variance_normal), PValue::folded), 0.00013573931385468807,
              1e-13);
}

TEST(Published, MoranOfASmallLattice) {
  const SpatialWeights weights = rook_lattice(3, 3);
  const GlobalStatistic found = moran(weights, std::vector<double>{1, 2, 3, 4, 5, 6, 7, 8, 9}, 9);
  EXPECT_NEAR(found.variance_randomised, 0.0596875, 1e-12);
  EXPECT_NEAR(found.variance_normal, 0.053125, 1e-12);
}

TEST(Published, GearyOfTheCrimesOfColumbus) {
  if (!std::filesystem::exists(shared_file("data/spatialstats"))) GTEST_SKIP() << "no reference data";
  const Layer map = reference_map("columbus/columbus.shp");
  WeightsOptions options;
  options.neighbours = NeighbourRule::rook;
  SpatialWeights weights = weights_by(map, options);
  apply_style(weights, WeightStyle::row);
  const GlobalStatistic found = geary(weights, numbers(map, "CRIME"), 49);
  EXPECT_NEAR(found.value, 0.5154408058652411, 1e-12);
  EXPECT_NEAR(found.variance_normal, 0.011403109626468939, 1e-12);
  EXPECT_NEAR(found.variance_randomised, 0.010848882767131886, 1e-12);
  const double z_norm = z_of(found.value, 1, found.variance_normal),
               z_rand = z_of(found.value, 1, found.variance_randomised);
  EXPECT_NEAR(z_norm, -4.5376938201608, 1e-10);
  EXPECT_NEAR(z_rand, -4.652156651668989, 1e-10);
  EXPECT_NEAR(p_of_z(z_norm, PValue::folded), 2.8436375936967054e-06, 1e-14);
  EXPECT_NEAR(p_of_z(z_rand, PValue::folded), 1.6424069196305004e-06, 1e-14);
}

// The six points of Getis and Ord as PySAL has them, within 15 of each other.
const std::vector<double> kSixX = {10, 20, 40, 15, 30, 30}, kSixY = {10, 10, 10, 20, 20, 30};
const std::vector<double> kSixValues = {2, 3, 3.2, 5, 8, 7};

SpatialWeights six_points() {
  Layer points;
  points.name = "six";
  points.crs = Crs::local();
  points.geometry = Geometry::points(kSixX, kSixY);
  WeightsOptions options;
  options.neighbours = NeighbourRule::distance_band;
  options.distance = Metres{15};
  return weights_by(points, options);
}

TEST(Published, GeneralGOfSixPoints) {
  const GlobalStatistic found = general_g(six_points(), kSixValues);
  EXPECT_NEAR(found.value, 0.55709779, 5e-9);
  EXPECT_NEAR(p_of_z(z_of(found.value, found.expected, found.variance_randomised), PValue::folded), 0.172936, 5e-7);
}

TEST(Published, LocalGOfSixPoints) {
  SpatialWeights weights = six_points();
  EXPECT_NEAR(local_g(weights, kSixValues, false).z[0], -1.0136729, 5e-8);
  EXPECT_NEAR(local_g(weights, kSixValues, true).z[0], -1.39727626, 5e-9);
  // For weights that are not binary the published -0.62074534 and -0.62488094 come from the variance of 1992, W (n -
  // W), which holds for binary weights only. The z of 1995 does not depend on the scale of a row; spdep's does not
  // either.
  apply_style(weights, WeightStyle::row);
  EXPECT_NEAR(local_g(weights, kSixValues, false).z[0], -1.0136729, 5e-8);
  EXPECT_NEAR(local_g(weights, kSixValues, true).z[0], -1.39727626, 5e-9);
  const double mean = (3 + 3.2 + 5 + 8 + 7) / 5, squares = (9 + 10.24 + 25 + 64 + 49) / 5 - mean * mean;
  EXPECT_NEAR((4 - mean) / std::sqrt(squares * 1 * (5 - 1) / (5 - 1)), -0.62074534, 5e-9);
}

TEST(Published, LocalGearyOfTheHomicidesAroundSaintLouis) {
  if (!std::filesystem::exists(shared_file("data/spatialstats"))) GTEST_SKIP() << "no reference data";
  SpatialWeights weights = gal("stl/stl.gal");
  apply_style(weights, WeightStyle::row);
  // Published to nine decimals, cut and not rounded.
  const double found = local_geary(weights, numbers(reference_map("stl/stl_hom.shp"), "HR8893")).value[0];
  EXPECT_EQ(std::floor(found * 1e9), 696'703'432);
}

// What follows was computed with spdep 1.2-7 on columbus.gal.
TEST(Columbus, LocalGeary) {
  if (!std::filesystem::exists(shared_file("data/spatialstats"))) GTEST_SKIP() << "no reference data";
  SpatialWeights weights = gal("columbus/columbus.gal");
  apply_style(weights, WeightStyle::row);
  const LocalGeary found = local_geary(weights, numbers(reference_map("columbus/columbus.shp"), "CRIME"));
  const double by_n = 49.0 / 48;  // spdep divides the variance by n - 1
  EXPECT_NEAR(found.value[0], 0.413437372213694 * by_n, 1e-12);
  EXPECT_NEAR(found.value[1], 0.397518387168889 * by_n, 1e-12);
  EXPECT_NEAR(found.value[2], 0.686846626283707 * by_n, 1e-12);
  EXPECT_NEAR(found.expected[0], 2.37139361488484 * by_n, 0.1);  // of 9,999 permutations
  EXPECT_NEAR(found.variance[0], 3.305108507635284 * by_n * by_n, 0.2);
}

TEST(Columbus, JoinCounts) {
  if (!std::filesystem::exists(shared_file("data/spatialstats"))) GTEST_SKIP() << "no reference data";
  std::vector<std::uint32_t> kind;  // thirds of HOVAL
  for (const double value : numbers(reference_map("columbus/columbus.shp"), "HOVAL"))
    kind.push_back(value <= 27.733 ? 0 : value <= 41.75 ? 1 : 2);
  const auto found = join_counts(gal("columbus/columbus.gal"), kind, 3);
  const double expected[][3] = {{27, 13.6462585034014, 10.49466343832052}, {23, 27.2925170068027, 18.52995734594947},
                                {22, 27.2925170068027, 18.52995734594947}, {9, 12.0408163265306, 9.41980696448945},
                                {25, 25.6870748299320, 17.74443846396446}, {12, 12.0408163265306, 9.41980696448945}};
  ASSERT_EQ(found.size(), 6U);
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_DOUBLE_EQ(found[i].count, expected[i][0]);
    EXPECT_NEAR(found[i].expected, expected[i][1], 1e-12);
    EXPECT_NEAR(found[i].variance, expected[i][2], 1e-12);
  }
}

TEST(Columbus, SecondNeighboursAndVarianceStabilisingWeights) {
  if (!std::filesystem::exists(shared_file("data/spatialstats"))) GTEST_SKIP() << "no reference data";
  SpatialWeights weights = gal("columbus/columbus.gal");
  Progress progress;
  const SpatialWeights second = higher_order(weights, 2, false, progress);
  EXPECT_EQ(second.links(), 416U);
  EXPECT_EQ(std::vector(second.neighbours(0).begin(), second.neighbours(0).end()), (std::vector<std::uint32_t>{3, 4}));
  apply_style(weights, WeightStyle::variance);
  EXPECT_NEAR(weights.weights(0)[0], 0.329047689040846, 1e-14);
  EXPECT_NEAR(weights.weights(3)[0], 0.232671852254545, 1e-14);
}

// The pitfall that the documentation tells.
TEST(Columbus, CorrectionsLeaveFewOfFifteen) {
  if (!std::filesystem::exists(shared_file("data/spatialstats"))) GTEST_SKIP() << "no reference data";
  SpatialWeights weights = gal("columbus/columbus.gal");
  apply_style(weights, WeightStyle::row);
  const LocalMoran local = local_moran(weights, numbers(reference_map("columbus/columbus.shp"), "CRIME"));
  std::vector<double> p;
  for (const double z : z_scores(local.value, local.expected_conditional, local.variance_conditional))
    p.push_back(p_of_z(z, PValue::two_sided));
  const auto below = [&](Correction correction) {
    const auto adjusted = adjusted_p(p, correction);
    return std::count_if(adjusted.begin(), adjusted.end(), [](double v) { return v < 0.05; });
  };
  EXPECT_EQ(below(Correction::none), 15);
  EXPECT_EQ(below(Correction::benjamini_hochberg), 4);
  EXPECT_EQ(below(Correction::benjamini_yekutieli), 0);
  EXPECT_EQ(below(Correction::bonferroni), 1);
}

TEST(Published, JoinCountsOfALattice) {
  const std::vector<std::uint32_t> kind = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1};
  const auto found = join_counts(rook_lattice(4, 4), kind, 2);
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].count, 10);
  EXPECT_EQ(found[1].count, 4);
  EXPECT_EQ(found[2].count, 10);
  EXPECT_NEAR(chi_square(found), 8.166666666666666, 1e-12);
  EXPECT_NEAR(std::erfc(std::sqrt(chi_square(found) / 2)), 0.004266724822176128, 1e-14);
}

}  // namespace
}  // namespace yaan
