#include "yaan/analyse/moran.hpp"

#include "analyse/autocorrelation_parameters.hpp"
#include "analyse/global_result.hpp"

namespace yaan {

namespace {

double cross_products(const SpatialWeights& weights, std::span<const double> z) {
  double sum = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    double lagged = 0;
    for (std::uint64_t l = weights.begin[i]; l < weights.begin[i + 1]; ++l)
      lagged += weights.weight[l] * z[weights.neighbour[l]];
    sum += z[i] * lagged;
  }
  return sum;
}

}  // namespace

GlobalStatistic moran(const SpatialWeights& weights, std::span<const double> values, double counted) {
  const std::vector<double> z = deviations(values);
  const WeightSums sums = sums_of(weights);
  double second = 0, fourth = 0;
  for (const double v : z) {
    second += v * v;
    fourth += v * v * v * v;
  }
  const double n = counted, nn = n * n;
  const double kurtosis = static_cast<double>(values.size()) * fourth / (second * second);
  const double s02 = sums.s0 * sums.s0;
  GlobalStatistic result;
  result.value = n / sums.s0 * cross_products(weights, z) / second;
  result.expected = -1 / (n - 1);
  const double squared = result.expected * result.expected;
  const double normal = (nn - 1) * s02, randomised = (n - 1) * (n - 2) * (n - 3) * s02;
  result.variance_normal = variance_of_terms((nn * sums.s1 - n * sums.s2 + 3 * s02) / normal - squared,
                                             (nn * sums.s1 + n * sums.s2 + 3 * s02) / normal + squared);
  result.variance_randomised = variance_of_terms(
      (n * (sums.s1 * (nn - 3 * n + 3) - n * sums.s2 + 3 * s02) -
       kurtosis * (sums.s1 * (nn - n) - 2 * n * sums.s2 + 6 * s02)) /
              randomised -
          squared,
      (n * (sums.s1 * nn + n * sums.s2 + 3 * s02) + kurtosis * (sums.s1 * nn + 2 * n * sums.s2 + 6 * s02)) /
              randomised +
          squared);
  return result;
}

namespace {

const GlobalWords kWords{"moran_i",
                         "Moran's I: positive where neighbours are alike.",
                         {"Moran's I", "I ของโมแรน"},
                         "neighbours are alike",
                         "neighbours differ"};

MethodResult run_moran(const MethodInputs& inputs, const std::any& any_options, Progress& progress) {
  const auto& options = std::any_cast<const AutocorrelationOptions&>(any_options);
  const Layer& features = inputs.layer("features");
  Diagnostics diagnostics;
  const Observations seen = observe(features, weights_table(inputs), options, "", diagnostics, progress);
  const bool possible = can_compute(seen, features, options.variable, 4, diagnostics);
  GlobalStatistic statistic;
  PermutationTest test;
  if (possible) {
    statistic = moran(seen.weights, seen.value, seen.counted);
    const std::vector<double> z = deviations(seen.value);
    double second = 0;
    for (const double v : z) second += v * v;
    const double scale = seen.counted / (sums_of(seen.weights).s0 * second);
    test = permute_values(
        z, options, statistic.value,
        [&](std::span<const double> moved) { return scale * cross_products(seen.weights, moved); }, progress);
    doubt_constant(statistic, test, features, diagnostics);
  }
  MethodResult result = global_result(moran_method(), kWords, features, seen, options, options.variable,
                                      possible ? &statistic : nullptr, test);
  diagnostics.merge(result.diagnostics);
  result.diagnostics = std::move(diagnostics);
  return result;
}

Method describe_moran() {
  Method method;
  method.name = "moran";
  method.stage = "analyse";
  method.title = {"Moran's I", "ดัชนีโมแรน"};
  method.summary = "Tests whether neighbouring features have like values: Moran's I of the whole map.";
  method.description =
      "I = (n / S0) Σᵢⱼ wᵢⱼ zᵢ zⱼ / Σᵢ zᵢ², where z is the value less the mean, w the weights and S0 their sum. "
      "Positive: "
      "neighbours are alike; negative: they differ; without autocorrelation it is -1 / (n - 1) on average.\n\n"
      "Three kinds of inference stand side by side: by the variance for normal values, by the variance over all orders "
      "of "
      "the values (randomised), and by random orders of them (permuted). The p-values are two-sided or folded, as "
      "p_value "
      "says; folded is the convention of GeoDa and esda, and half of the two-sided one.\n\n"
      "Use it for one number about a map of rates or densities. Pitfalls: a count follows the size of the area, so "
      "take "
      "rates. Islands change the number: for the sudden infant deaths of North Carolina I is .25229 with the two "
      "islands "
      "in n (keep) and .24724 without (uncounted). The p-value of a permutation test never agrees across programs "
      "digit by "
      "digit, because their random numbers differ. Features without a value are left out and counted, never read as "
      "0; so are features that are not open for publication, for a neighbour's result would tell where they are and "
      "what "
      "they hold.\n\n"
      "Nothing is computed for a constant variable (differences by rounding are none), for fewer than 4 features, "
      "without "
      "any link, or where each feature has all others as neighbours with one weight. A statistic that is the same in "
      "every order of the values is doubted: its variance is 0, it has no z, and p by permutation is 1. Time: links "
      "for "
      "each permutation.";
  method.citation =
      "Moran, P. A. P. (1950): Notes on continuous stochastic phenomena. Biometrika 37, 17-23. Moments: Cliff, A. D. "
      "and "
      "Ord, J. K. (1981): Spatial Processes: Models and Applications. London, Pion.";
  method.example =
      "moran data/creative_assets.csv --x longitude --y latitude --crs EPSG:4326 --variable precision_m -o moran.csv";
  method.inputs = autocorrelation_inputs();
  method.parameters = {variable_parameter<AutocorrelationOptions>()};
  append(method.parameters, autocorrelation_parameters<AutocorrelationOptions>());
  method.makes = "moran";
  method.makes_table = true;
  method.makes_fields = global_fields(kWords);
  method.default_options = [] { return std::any(AutocorrelationOptions{}); };
  method.run = run_moran;
  return method;
}

}  // namespace

const Method& moran_method() {
  static const Method method = describe_moran();
  return method;
}

}  // namespace yaan
