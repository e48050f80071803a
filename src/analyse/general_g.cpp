#include "yaan/analyse/general_g.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "analyse/autocorrelation_parameters.hpp"
#include "analyse/global_result.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/numbers.hpp"

namespace yaan {

namespace {

double products(const SpatialWeights& weights, std::span<const double> x) {
  double sum = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    double lagged = 0;
    for (std::uint64_t l = weights.begin[i]; l < weights.begin[i + 1]; ++l)
      lagged += weights.weight[l] * x[weights.neighbour[l]];
    sum += x[i] * lagged;
  }
  return sum;
}

std::array<double, 5> power_sums(std::span<const double> x) {
  std::array<double, 5> sums{};
  for (const double v : x) {
    double power = 1;
    for (double& sum : sums) {
      sum += power;
      power *= v;
    }
  }
  return sums;
}

}  // namespace

GlobalStatistic general_g(const SpatialWeights& weights, std::span<const double> values) {
  const WeightSums w = sums_of(weights);
  const std::array<double, 5> x = power_sums(values);
  const double n = x[0], nn = n * n, s02 = w.s0 * w.s0;
  const double pairs = x[1] * x[1] - x[2];
  GlobalStatistic result;
  result.value = products(weights, values) / pairs;
  result.expected = w.s0 / (n * (n - 1));
  result.variance_normal = std::numeric_limits<double>::quiet_NaN();
  const double b0 = (nn - 3 * n + 3) * w.s1 - n * w.s2 + 3 * s02;
  const double b1 = -((nn - n) * w.s1 - 2 * n * w.s2 + 6 * s02);
  const double b2 = -(2 * n * w.s1 - (n + 3) * w.s2 + 6 * s02);
  const double b3 = 4 * (n - 1) * w.s1 - 2 * (n + 1) * w.s2 + 8 * s02;
  const double b4 = w.s1 - w.s2 + s02;
  const double terms[] = {b0 * x[2] * x[2], b1 * x[4], b2 * x[1] * x[1] * x[2], b3 * x[1] * x[3],
                          b4 * x[1] * x[1] * x[1] * x[1]};
  double sum = 0, size = 0;
  for (const double term : terms) {
    sum += term;
    size += std::abs(term);
  }
  const double scale = pairs * pairs * n * (n - 1) * (n - 2) * (n - 3), squared = result.expected * result.expected;
  result.variance_randomised = variance_of_terms(sum / scale - squared, size / scale + squared);
  return result;
}

namespace {

void check_not_negative(const Observations& seen, const Layer& features, const std::string& variable) {
  for (std::size_t i = 0; i < seen.size(); ++i)
    if (seen.value[i] < 0)
      throw InputError(fmt::format("layer {}, feature {}: {} is {}, but general-g takes no negative values",
                                   features.name, features.feature_id(seen.row[i]), variable, shortest(seen.value[i])),
                       "use moran, or a variable that is never negative");
}

const GlobalWords kWords{"general_g",
                         "General G: above the expectation where high values lie together.",
                         {"General G", "G รวม"},
                         "high values lie together",
                         "high values lie apart",
                         false};

MethodResult run_general_g(const MethodInputs& inputs, const std::any& any_options, Progress& progress) {
  const auto& options = std::any_cast<const GeneralGOptions&>(any_options);
  const Layer& features = inputs.layer("features");
  Diagnostics diagnostics;
  const Observations seen = observe(features, weights_table(inputs), options, "", diagnostics, progress);
  check_not_negative(seen, features, options.variable);
  bool possible = can_compute(seen, features, options.variable, 4, diagnostics);
  const std::array<double, 5> sums = power_sums(seen.value);
  const double pairs = sums[1] * sums[1] - sums[2];
  if (possible && std::count_if(seen.value.begin(), seen.value.end(), [](double v) { return v > 0; }) < 2) {
    possible = false;
    diagnostics.add(Severity::doubt, "too-few-features", features.name,
                    "fewer than two features have a value above 0: nothing was computed");
  }
  GlobalStatistic statistic;
  PermutationTest test;
  if (possible) {
    statistic = general_g(seen.weights, seen.value);
    test = permute_values(
        seen.value, options, statistic.value,
        [&](std::span<const double> moved) { return products(seen.weights, moved) / pairs; }, progress);
    doubt_constant(statistic, test, features, diagnostics);
  }
  MethodResult result = global_result(general_g_method(), kWords, features, seen, options, options.variable,
                                      possible ? &statistic : nullptr, test);
  diagnostics.merge(result.diagnostics);
  result.diagnostics = std::move(diagnostics);
  return result;
}

Method describe_general_g() {
  Method method;
  method.name = "general-g";
  method.stage = "analyse";
  method.title = {"General G", "ดัชนี G รวม"};
  method.summary = "Tests whether high values lie together or apart: Getis and Ord's general G of the whole map.";
  method.description =
      "G = Σᵢⱼ wᵢⱼ xᵢ xⱼ / Σᵢ≠ⱼ xᵢ xⱼ, for values of at least 0. Above its expectation S0 / (n (n - 1)) high values "
      "lie "
      "together; below it they lie apart, be it that low ones gather or that high and low alternate, which Moran's I "
      "tells apart; it does not tell whether high or low ones gather.\n\n"
      "Use it with binary weights by distance, which are its default style. Pitfalls: it has no meaning for a variable "
      "that "
      "can be negative (refused) or was centred, and adding a constant changes it. Hot and cold places together can "
      "cancel: "
      "look at local-g. Islands are left out by default, as spdep does.\n\n"
      "Inference by the variance over all orders of the values and by random orders of them; p-values, missing values "
      "and "
      "degenerate maps as for moran.";
  method.citation =
      "Getis, A. and Ord, J. K. (1992): The analysis of spatial association by use of distance statistics. "
      "Geographical "
      "Analysis 24, 189-206, with the correction of 1993.";
  method.example =
      "general-g data/creative_assets.csv --x longitude --y latitude --crs EPSG:4326 --variable precision_m -o g.csv";
  method.inputs = autocorrelation_inputs();
  method.parameters = {variable_parameter<GeneralGOptions>("Column of numbers of at least 0.")};
  append(method.parameters, autocorrelation_parameters<GeneralGOptions>());
  method.makes = "general_g";
  method.makes_table = true;
  method.makes_fields = global_fields(kWords);
  method.default_options = [] { return std::any(GeneralGOptions{}); };
  method.run = run_general_g;
  return method;
}

}  // namespace

const Method& general_g_method() {
  static const Method method = describe_general_g();
  return method;
}

}  // namespace yaan
