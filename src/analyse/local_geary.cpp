#include "yaan/analyse/local_geary.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <string_view>

#include "analyse/autocorrelation_parameters.hpp"
#include "analyse/local_result.hpp"
#include "analyse/mark_words.hpp"

namespace yaan {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

}  // namespace

LocalGeary local_geary(const SpatialWeights& weights, std::span<const double> values) {
  const std::vector<double> z = standardised(values);
  std::array<double, 5> power{};  // sums of powers
  for (const double v : z) {
    double term = 1;
    for (double& sum : power) {
      sum += term;
      term *= v;
    }
  }
  const double others = power[0] - 1;
  LocalGeary local;
  for (std::size_t i = 0; i < z.size(); ++i) {
    double sum = 0, squares = 0, value = 0;
    for (std::uint64_t l = weights.begin[i]; l < weights.begin[i + 1]; ++l) {
      const double w = weights.weight[l], difference = z[i] - z[weights.neighbour[l]];
      sum += w;
      squares += w * w;
      value += w * difference * difference;
    }
    // Means over the other features of the second and the fourth power of the difference, by the powers of z.
    const double a = z[i], aa = a * a;
    const double second = (power[0] * aa - 2 * a * power[1] + power[2]) / others;
    const double fourth =
        (power[0] * aa * aa - 4 * aa * a * power[1] + 6 * aa * power[2] - 4 * a * power[3] + power[4]) / others;
    const double spread = others * squares - sum * sum;  // 0 where all others are neighbours, but for rounding
    local.value.push_back(value);
    local.expected.push_back(sum * second);
    local.variance.push_back(spread > 1e-12 * sum * sum ? (fourth - second * second) * spread / (others - 1) : 0);
  }
  return local;
}

namespace {

MethodResult run_local_geary(const MethodInputs& inputs, const std::any& any_options, Progress& progress) {
  const auto& options = std::any_cast<const LocalOptions&>(any_options);
  const Layer& features = inputs.layer("features");
  Diagnostics diagnostics;
  const Observations seen = observe(features, weights_table(inputs), options, "", diagnostics, progress);
  LocalColumns columns(local_geary_method(), features, seen);
  if (!can_compute(seen, features, options.variable, 4, diagnostics)) {
    columns.add_nothing();
    return columns.finish(options, std::move(diagnostics));
  }
  const LocalGeary local = local_geary(seen.weights, seen.value);
  const std::vector<double> z = standardised(seen.value);
  const std::vector<double> lagged = lag(seen.weights, z);
  LocalScores scores{local.value, local.expected, local.variance, {}};
  if (options.permutations > 0)
    scores.tails =
        conditional_geary_tails(seen.weights, z, options.permutations, options.seed, options.draws, progress);
  for (const std::uint32_t island : seen.islands)
    for (std::vector<double>* values : {&scores.value, &scores.expected, &scores.variance}) (*values)[island] = kNan;
  const LocalTests tests = local_tests(scores, options);
  columns.add(scores.value);
  columns.add_tests(scores, tests);
  columns.add_clusters(tests, options, [&](std::size_t item) -> std::string_view {
    if (scores.value[item] > scores.expected[item]) return "different";
    if (z[item] > 0 && lagged[item] > 0) return "alike, high";
    if (z[item] < 0 && lagged[item] < 0) return "alike, low";
    return "alike";
  });
  return columns.finish(options, std::move(diagnostics));
}

Method describe_local_geary() {
  Method method;
  method.name = "local-geary";
  method.stage = "analyse";
  method.title = {"Local Geary", "เกียรีเฉพาะที่"};
  method.summary =
      "Marks features whose neighbours hardly differ from them, and those whose neighbours differ much: local Geary's "
      "c.";
  method.description =
      "cᵢ = Σⱼ wᵢⱼ (zᵢ - zⱼ)², z with mean 0 and variance 1 (dividing by n). Small: alike; large: different. "
      "Expectation and "
      "variance are over the orders of the other features' values, and p is by conditional permutation; corrections, "
      "draws "
      "and conventions as in local-moran. `alike, high` and `alike, low` are alike features above and below the mean "
      "with "
      "their neighbours; `alike` are those about the mean.\n\n"
      "Use it beside local Moran: it also finds alike neighbours about the mean, and steps within high or low ground. "
      "Pitfalls: c is never negative and its distribution is skewed, so trust the permutations more than z. Islands "
      "and "
      "features without a value are null. Time: as local-moran; shared draws save no more than the drawing.";
  method.citation =
      "Anselin, L. (1995): Local indicators of spatial association - LISA. Geographical Analysis 27, 93-115. Anselin, "
      "L. "
      "(2019): A local indicator of multivariate spatial association: extending Geary's c. Geographical Analysis 51, "
      "133-150.";
  method.example =
      "local-geary data/creative_assets.csv --x longitude --y latitude --crs EPSG:4326 --variable precision_m -o "
      "geary.geojson";
  method.inputs = autocorrelation_inputs();
  method.parameters = {variable_parameter<LocalOptions>()};
  append(method.parameters, local_parameters<LocalOptions>());
  method.adds = {{"local_geary",
                  ColumnType::real,
                  "",
                  "Local Geary's c; null for islands and without a value.",
                  {"Local Geary's c", "c เฉพาะที่"},
                  ColourBy::sequence,
                  true}};
  for (OutputField& field : test_fields("local_geary")) method.adds.push_back(std::move(field));
  method.adds.push_back(
      cluster_field("local_geary",
                    "alike (high, low or neither) or different where the adjusted p-value is at most the "
                    "significance, else not significant.",
                    {"Local Geary clusters", "กลุ่มเกียรี"}, alike_classes()));
  method.map_field = "local_geary_cluster";
  method.default_options = [] { return std::any(LocalOptions{}); };
  method.run = run_local_geary;
  return method;
}

}  // namespace

const Method& local_geary_method() {
  static const Method method = describe_local_geary();
  return method;
}

}  // namespace yaan
