#include "yaan/analyse/local_g.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string_view>

#include "analyse/autocorrelation_parameters.hpp"
#include "analyse/few_permutations.hpp"
#include "analyse/local_result.hpp"
#include "analyse/mark_words.hpp"

namespace yaan {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// The feature's own weight under Gi*.
double own_weight(const SpatialWeights& weights, std::size_t i) {
  const auto row = weights.weights(i);
  return row.empty() ? 1 : *std::max_element(row.begin(), row.end());
}

}  // namespace

LocalG local_g(const SpatialWeights& weights, std::span<const double> values, bool star) {
  const std::size_t size = values.size();
  const auto n = static_cast<double>(size);
  const double total = std::accumulate(values.begin(), values.end(), 0.0);
  const std::vector<double> z = deviations(values);
  double second = 0;
  for (const double v : z) second += v * v;
  const std::vector<double> lagged = lag(weights, z);
  LagMoments moments;
  if (!star) moments = conditional_moments(weights, z);
  LocalG local;
  for (std::size_t i = 0; i < size; ++i) {
    double sum = 0, squares = 0;
    for (const double w : weights.weights(i)) {
      sum += w;
      squares += w * w;
    }
    double observed = lagged[i], expected = 0, variance = 0;
    if (star) {
      const double own = own_weight(weights, i);
      sum += own;
      squares += own * own;
      observed += own * z[i];
      const double spread = n * squares - sum * sum;  // 0 where all features are neighbours, but for rounding
      if (spread > 1e-12 * sum * sum) variance = second / n * spread / (n - 1);
    } else {
      expected = moments.expected[i];
      variance = moments.variance[i];
    }
    const double rest = star ? total : total - values[i];
    const double whole = rest == 0 ? kNan : rest;
    const double mean = total / n;
    local.g.push_back((observed + sum * mean) / whole);
    local.expected.push_back((expected + sum * mean) / whole);
    local.variance.push_back(variance / (whole * whole));
    local.z.push_back(z_of(observed, expected, variance));
  }
  return local;
}

namespace {

MethodResult run_local_g(const MethodInputs& inputs, const std::any& any_options, Progress& progress) {
  const auto& options = std::any_cast<const LocalGOptions&>(any_options);
  const Layer& features = inputs.layer("features");
  Diagnostics diagnostics;
  const Observations seen = observe(features, weights_table(inputs), options, "", diagnostics, progress);
  LocalColumns columns(local_g_method(), features, seen);
  if (!can_compute(seen, features, options.variable, 4, diagnostics)) {
    columns.add_nothing();
    return columns.finish(options, std::move(diagnostics));
  }
  LocalG local = local_g(seen.weights, seen.value, options.star);
  LocalScores scores{local.g, local.expected, local.variance, {}};
  if (options.permutations > 0)  // the feature's own value is held, so it moves Gi* and its permuted values alike
    scores.tails = conditional_tails(seen.weights, deviations(seen.value), options.permutations, options.seed,
                                     options.draws, progress);
  for (const std::uint32_t island : seen.islands)
    for (std::vector<double>* column : {&scores.value, &scores.expected, &scores.variance, &local.z})
      (*column)[island] = kNan;
  // Tested by z: the shares have none where the values add up to 0, and another sign where they are negative.
  LocalScores by_z{local.z, std::vector<double>(local.z.size(), 0), std::vector<double>(local.z.size(), 1), {}};
  by_z.tails = std::move(scores.tails);
  const LocalTests tests = local_tests(by_z, options);
  columns.add(scores.value);
  columns.add_tests(scores, tests);
  columns.add_clusters(tests, options, [&](std::size_t item) -> std::string_view {
    return local.z[item] > 0 ? "hot spot" : "cold spot";
  });
  if (options.permutations > 0 && options.star) {
    // Of those with the least p the permutations are too few to tell (few-permutations).
    const std::vector<double> adjusted_z = adjusted_p(tests.p_z, options.correction);
    std::int64_t unmarked = 0;
    for (std::size_t i = 0; i < local.z.size(); ++i)
      unmarked += adjusted_z[i] <= options.significance && tests.adjusted[i] > options.significance &&
                  !is_least_p(tests.p[i], options.permutations, options.p_value);
    if (unmarked > 0)
      diagnostics.add(Severity::doubt, "z-not-marked", features.name,
                      "features would be marked by their z, and are not by permutation, which holds the feature's own "
                      "value: permutations 0 marks by z, as ArcGIS does",
                      unmarked);
  }
  return columns.finish(options, std::move(diagnostics));
}

Method describe_local_g() {
  Method method;
  method.name = "local-g";
  method.stage = "analyse";
  method.title = {"Hot and cold spots (Gi*)", "จุดร้อนและจุดเย็น (Gi*)"};
  method.summary =
      "Marks features among high values (hot spots) and among low ones (cold spots): Getis and Ord's Gi and Gi*.";
  method.description =
      "Gi = Σⱼ wᵢⱼ xⱼ / Σⱼ xⱼ over the other features; Gi* (star, the default) counts the feature itself too, with the "
      "largest weight of its row. z is the weighted sum less its expectation, by the root of its variance (Ord and "
      "Getis "
      "1995), for any variable and any weights; the shares mean something for positive values only.\n\n"
      "p is by conditional permutation as in local-moran: Gi and Gi* have the same one, because the feature's own "
      "value is "
      "held, while z of Gi* lets it vary. Corrections, draws and conventions as there. A hot spot is a feature whose "
      "adjusted p-value is at most the significance and whose z is positive.\n\n"
      "ArcGIS marks by z. One very high value among low ones has a high z of Gi* because of itself; by permutation it "
      "is "
      "marked only where its neighbours are high too. A doubt counts the features that Gi* would mark by z "
      "and "
      "does not by permutation; `permutations 0` marks by z, with the same corrections.\n\n"
      "Use it to tell high from low, which local Moran's clusters do as well, but not outliers. Pitfalls: for weights "
      "that "
      "are not binary esda 2.4 prints a z by the formula of 1992, which holds for binary weights only; this z agrees "
      "with "
      "spdep. A feature with one neighbour is hot where that one is high. Islands and features without a value are "
      "null.\n\n"
      "Time: as local-moran.";
  method.citation =
      "Getis, A. and Ord, J. K. (1992): The analysis of spatial association by use of distance statistics. "
      "Geographical "
      "Analysis 24, 189-206. Ord, J. K. and Getis, A. (1995): Local spatial autocorrelation statistics: distributional "
      "issues "
      "and an application. Geographical Analysis 27, 286-306.";
  method.example =
      "local-g data/creative_assets.csv --x longitude --y latitude --crs EPSG:4326 --variable precision_m -o "
      "hot.geojson";
  method.inputs = autocorrelation_inputs();
  method.parameters = {variable_parameter<LocalGOptions>()};
  append(method.parameters, local_parameters<LocalGOptions>());
  method.parameters.push_back(titled(parameter(&LocalGOptions::star, "star", ParameterKind::flag,
                                               "Gi*: the feature counts as its own neighbour; false for Gi."),
                                     {"Gi*", "Gi*"}));
  method.adds = {{"local_g",
                  ColumnType::real,
                  "",
                  "Gi or Gi*: share of the neighbours in the sum of the values; null for islands.",
                  {"Gi", "Gi"},
                  ColourBy::sequence,
                  true}};
  for (OutputField& field : test_fields("local_g")) method.adds.push_back(std::move(field));
  method.adds.push_back(
      cluster_field("local_g",
                    "hot spot or cold spot where the adjusted p-value is at most the significance, else "
                    "not significant.",
                    {"Hot and cold spots", "จุดร้อนและจุดเย็น"}, spot_classes()));
  method.map_field = "local_g_cluster";
  method.default_options = [] { return std::any(LocalGOptions{}); };
  method.run = run_local_g;
  return method;
}

}  // namespace

const Method& local_g_method() {
  static const Method method = describe_local_g();
  return method;
}

}  // namespace yaan
