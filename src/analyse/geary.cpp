#include "yaan/analyse/geary.hpp"

#include "analyse/autocorrelation_parameters.hpp"
#include "analyse/global_result.hpp"

namespace yaan {

namespace {

double squared_differences(const SpatialWeights& weights, std::span<const double> x) {
  double sum = 0;
  for (std::size_t i = 0; i < weights.size(); ++i)
    for (std::uint64_t l = weights.begin[i]; l < weights.begin[i + 1]; ++l) {
      const double difference = x[i] - x[weights.neighbour[l]];
      sum += weights.weight[l] * difference * difference;
    }
  return sum;
}

}  // namespace

GlobalStatistic geary(const SpatialWeights& weights, std::span<const double> values, double counted) {
  const WeightSums sums = sums_of(weights);
  double second = 0, fourth = 0;
  for (const double v : deviations(values)) {
    second += v * v;
    fourth += v * v * v * v;
  }
  const double n = counted, n1 = n - 1, nn = n * n;
  const double kurtosis = static_cast<double>(values.size()) * fourth / (second * second);
  const double s02 = sums.s0 * sums.s0;
  GlobalStatistic result;
  result.value = n1 * squared_differences(weights, values) / (2 * sums.s0 * second);
  result.expected = 1;
  const double normal = 2 * (n + 1) * s02, randomised = n * (n - 2) * (n - 3) * s02;
  result.variance_normal = variance_of_terms(((2 * sums.s1 + sums.s2) * n1 - 4 * s02) / normal,
                                             ((2 * sums.s1 + sums.s2) * n1 + 4 * s02) / normal);
  result.variance_randomised = variance_of_terms(
      (n1 * sums.s1 * (nn - 3 * n + 3 - kurtosis * n1) -
       0.25 * n1 * sums.s2 * (nn + 3 * n - 6 - kurtosis * (nn - n + 2)) + s02 * (nn - 3 - kurtosis * n1 * n1)) /
          randomised,
      (n1 * sums.s1 * (nn + kurtosis * n1) + 0.25 * n1 * sums.s2 * (nn + kurtosis * nn) + s02 * (1 + kurtosis) * nn) /
          randomised);
  return result;
}

namespace {

const GlobalWords kWords{"geary_c",
                         "Geary's C: below 1 where neighbours are alike.",
                         {"Geary's C", "C ของเกียรี"},
                         "neighbours differ",
                         "neighbours are alike"};

MethodResult run_geary(const MethodInputs& inputs, const std::any& any_options, Progress& progress) {
  const auto& options = std::any_cast<const AutocorrelationOptions&>(any_options);
  const Layer& features = inputs.layer("features");
  Diagnostics diagnostics;
  const Observations seen = observe(features, weights_table(inputs), options, "", diagnostics, progress);
  const bool possible = can_compute(seen, features, options.variable, 4, diagnostics);
  GlobalStatistic statistic;
  PermutationTest test;
  if (possible) {
    statistic = geary(seen.weights, seen.value, seen.counted);
    double second = 0;
    for (const double v : deviations(seen.value)) second += v * v;
    const double scale = (seen.counted - 1) / (2 * sums_of(seen.weights).s0 * second);
    test = permute_values(
        seen.value, options, statistic.value,
        [&](std::span<const double> moved) { return scale * squared_differences(seen.weights, moved); }, progress);
    doubt_constant(statistic, test, features, diagnostics);
  }
  MethodResult result = global_result(geary_method(), kWords, features, seen, options, options.variable,
                                      possible ? &statistic : nullptr, test);
  diagnostics.merge(result.diagnostics);
  result.diagnostics = std::move(diagnostics);
  return result;
}

Method describe_geary() {
  Method method;
  method.name = "geary";
  method.stage = "analyse";
  method.title = {"Geary's C", "ดัชนีเกียรี"};
  method.summary = "Tests whether neighbouring features differ less than others: Geary's C of the whole map.";
  method.description =
      "C = (n - 1) Σᵢⱼ wᵢⱼ (xᵢ - xⱼ)² / (2 S0 Σᵢ zᵢ²). It is 1 on average without autocorrelation, below 1 where "
      "neighbours "
      "are alike, above 1 where they differ. z is (C - 1) by the root of its variance, so it is negative where "
      "neighbours "
      "are alike; spdep prints the opposite sign.\n\n"
      "Use it beside Moran's I: it looks at differences between neighbours, not at distances from the mean, and so "
      "minds "
      "sharp edges. Pitfalls: one extreme value weighs more than in Moran's I. spdep 1.2 counts islands in one part of "
      "the "
      "variance and not in another; with islands its variances differ from these by up to some per cent.\n\n"
      "Inference, islands, missing values and degenerate maps as for moran.";
  method.citation =
      "Geary, R. C. (1954): The contiguity ratio and statistical mapping. The Incorporated Statistician 5, 115-145. "
      "Moments: Cliff, A. D. and Ord, J. K. (1981): Spatial Processes: Models and Applications. London, Pion.";
  method.example =
      "geary data/creative_assets.csv --x longitude --y latitude --crs EPSG:4326 --variable precision_m -o geary.csv";
  method.inputs = autocorrelation_inputs();
  method.parameters = {variable_parameter<AutocorrelationOptions>()};
  append(method.parameters, autocorrelation_parameters<AutocorrelationOptions>());
  method.makes = "geary";
  method.makes_table = true;
  method.makes_fields = global_fields(kWords);
  method.default_options = [] { return std::any(AutocorrelationOptions{}); };
  method.run = run_geary;
  return method;
}

}  // namespace

const Method& geary_method() {
  static const Method method = describe_geary();
  return method;
}

}  // namespace yaan
