#include "yaan/analyse/local_moran.hpp"

#include <utility>

#include "analyse/autocorrelation_parameters.hpp"
#include "analyse/local_result.hpp"
#include "analyse/mark_words.hpp"

namespace yaan {

LocalMoran local_moran(const SpatialWeights& weights, std::span<const double> values) {
  const std::size_t size = values.size();
  const auto n = static_cast<double>(size);
  const std::vector<double> z = deviations(values);
  double second = 0, fourth = 0;
  for (const double v : z) {
    second += v * v;
    fourth += v * v * v * v;
  }
  const double m2 = second / n;
  const double kurtosis = n * fourth / (second * second);
  const double a = (n - kurtosis) / (n - 1), b = (2 * kurtosis - n) / ((n - 1) * (n - 2));
  LocalMoran local;
  local.lag = lag(weights, z);
  const LagMoments moments = conditional_moments(weights, z);
  for (std::size_t i = 0; i < size; ++i) {
    double sum = 0, squares = 0;
    for (const double w : weights.weights(i)) {
      sum += w;
      squares += w * w;
    }
    const double factor = z[i] / m2;
    local.value.push_back(factor * local.lag[i]);
    local.expected_conditional.push_back(factor * moments.expected[i]);
    local.variance_conditional.push_back(factor * factor * moments.variance[i]);
    const double expected = -sum / (n - 1);
    local.expected_total.push_back(expected);
    local.variance_total.push_back(a * squares + b * (sum * sum - squares) - expected * expected);
  }
  return local;
}

std::vector<std::uint8_t> quadrants(const SpatialWeights& weights, std::span<const double> values,
                                    QuadrantOrigin origin) {
  const std::vector<double> z = deviations(values);
  const bool by_mean = origin == QuadrantOrigin::mean_lag;
  const std::vector<double> lagged = by_mean ? lag(weights, values) : lag(weights, z);
  const double threshold = by_mean ? mean_of(lagged) : 0;
  std::vector<std::uint8_t> of(values.size());
  for (std::size_t i = 0; i < of.size(); ++i)
    of[i] = static_cast<std::uint8_t>((z[i] > 0 ? 2 : 0) + (lagged[i] > threshold ? 1 : 0));
  return of;
}

namespace {

MethodResult run_local_moran(const MethodInputs& inputs, const std::any& any_options, Progress& progress) {
  const auto& options = std::any_cast<const LocalMoranOptions&>(any_options);
  const Layer& features = inputs.layer("features");
  Diagnostics diagnostics;
  const Observations seen = observe(features, weights_table(inputs), options, "", diagnostics, progress);
  LocalColumns columns(local_moran_method(), features, seen);
  if (!can_compute(seen, features, options.variable, 4, diagnostics)) {
    columns.add_nothing();
    return columns.finish(options, std::move(diagnostics));
  }
  LocalMoran local = local_moran(seen.weights, seen.value);
  const std::vector<std::uint8_t> quadrant = quadrants(seen.weights, seen.value, options.quadrants);
  const bool total = options.moments == LocalMoments::total;
  LocalScores scores{local.value,
                     total ? local.expected_total : local.expected_conditional,
                     total ? local.variance_total : local.variance_conditional,
                     {}};
  if (options.permutations > 0)
    scores.tails = conditional_tails(seen.weights, deviations(seen.value), options.permutations, options.seed,
                                     options.draws, progress);
  columns.add_quadrants(std::move(scores), std::move(local.lag), quadrant, options);
  return columns.finish(options, std::move(diagnostics));
}

Method describe_local_moran() {
  Method method;
  method.name = "local-moran";
  method.stage = "analyse";
  method.title = {"Local Moran (LISA)", "โมแรนเฉพาะที่ (LISA)"};
  method.summary =
      "Marks features that lie among like values (clusters) or among unlike ones (outliers): local Moran's I.";
  method.description =
      "Iᵢ = zᵢ Σⱼ wᵢⱼ zⱼ / (Σₖ zₖ² / n), z the value less the mean. The quadrant says whether the feature and its "
      "neighbours "
      "are above the mean: High-High and Low-Low are clusters, High-Low and Low-High outliers. With quadrants mean_lag "
      "the "
      "lags are compared with their own mean, as spdep does.\n\n"
      "The p-value is by conditional permutation: the feature keeps its value, its neighbours get those of other "
      "features, "
      "drawn at random without replacement. Each feature has draws of its own; with draws shared all have the same "
      "ones, as "
      "in GeoDa and esda, which is much faster on large maps, but then the p-values hang together. The analytic "
      "moments "
      "stand beside it, conditional (the feature's value held) or total (all values in random order). p_value says "
      "whether "
      "p is two-sided or folded (the smaller tail, as GeoDa has it).\n\n"
      "One map is many tests: local_moran_cluster marks by the adjusted p-value, and its legend names the correction. "
      "Benjamini-Hochberg bounds the share of false marks, Benjamini-Yekutieli does so whatever the dependence, "
      "Bonferroni "
      "bounds the chance of any. For the crime of Columbus with queen weights 15 of 49 features have p < .05, 4 after "
      "Benjamini-Hochberg, 1 after Bonferroni.\n\n"
      "Pitfalls: the smallest p is 1 / (permutations + 1) folded and twice that two-sided, so with 999 permutations "
      "Bonferroni can mark nothing on a map of 100 features, and Benjamini-Hochberg at 5 % nothing unless 4 in 100 "
      "features are that extreme: 38 of Thailand's 928 districts. A doubt says where that hid something, and how many "
      "permutations it takes. libgeoda's values are these times (n - 1) / n. "
      "Islands, features without a value and those that are not open for publication are null, and the latter two are "
      "nobody's neighbour. Time: permutations times links; shared with equal weights in "
      "each row: "
      "little more than the features.";
  method.citation =
      "Anselin, L. (1995): Local indicators of spatial association - LISA. Geographical Analysis 27, 93-115. "
      "Conditional "
      "moments: Sokal, R. R., Oden, N. L. and Thomson, B. A. (1998): Local spatial autocorrelation in a biological "
      "model. "
      "Geographical Analysis 30, 331-354. Corrections: Benjamini, Y. and Hochberg, Y. (1995); Benjamini, Y. and "
      "Yekutieli, D. "
      "(2001).";
  method.example =
      "local-moran data/creative_assets.csv --x longitude --y latitude --crs EPSG:4326 --variable precision_m -o "
      "lisa.geojson";
  method.inputs = autocorrelation_inputs();
  method.parameters = {variable_parameter<LocalMoranOptions>()};
  append(method.parameters, local_parameters<LocalMoranOptions>());
  method.parameters.push_back(
      titled(parameter(&LocalMoranOptions::moments, "moments", ParameterKind::choice,
                       "Analytic moments: conditional holds the feature's own value, total does not.",
                       {"conditional", "total"}),
             {"Moments", "โมเมนต์"}));
  method.parameters.push_back(titled(
      parameter(&LocalMoranOptions::quadrants, "quadrants", ParameterKind::choice,
                "What a lag is high against: zero, that is the mean of the values, or mean_lag, the mean of the lags.",
                {"zero", "mean_lag"}),
      {"Quadrants", "จตุภาค"}));
  method.adds = {{"local_moran",
                  ColumnType::real,
                  "",
                  "Local Moran's I; null for islands and without a value.",
                  {"Local Moran's I", "I เฉพาะที่"},
                  ColourBy::divergence,
                  true},
                 {"local_moran_lag",
                  ColumnType::real,
                  "",
                  "Weighted sum of the neighbours' values less the mean.",
                  {"Lag", "ค่าของเพื่อนบ้าน"},
                  ColourBy::divergence,
                  true},
                 {"local_moran_quadrant",
                  ColumnType::text,
                  "",
                  "The feature and its neighbours: High-High, Low-Low, High-Low or Low-High.",
                  {"Quadrant", "จตุภาค"},
                  ColourBy::category,
                  true,
                  quadrant_classes()}};
  for (OutputField& field : test_fields("local_moran")) method.adds.push_back(std::move(field));
  method.adds.push_back(cluster_field("local_moran",
                                      "The quadrant where the adjusted p-value is at most the significance, else not "
                                      "significant.",
                                      {"LISA clusters", "กลุ่ม LISA"}, quadrant_classes()));
  method.map_field = "local_moran_cluster";
  method.default_options = [] { return std::any(LocalMoranOptions{}); };
  method.run = run_local_moran;
  return method;
}

}  // namespace

const Method& local_moran_method() {
  static const Method method = describe_local_moran();
  return method;
}

}  // namespace yaan
