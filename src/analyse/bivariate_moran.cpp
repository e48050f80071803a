#include "yaan/analyse/bivariate_moran.hpp"

#include <cmath>
#include <limits>

#include "analyse/autocorrelation_parameters.hpp"
#include "analyse/global_result.hpp"

namespace yaan {

namespace {

double squares_of(std::span<const double> values) {
  double sum = 0;
  for (const double v : values) sum += v * v;
  return sum;
}

/// For each feature the sum over those whose neighbour it is of weight times value.
std::vector<double> backward_lag(const SpatialWeights& weights, std::span<const double> values) {
  std::vector<double> sums(weights.size(), 0);
  for (std::size_t i = 0; i < weights.size(); ++i)
    for (std::uint64_t l = weights.begin[i]; l < weights.begin[i + 1]; ++l)
      sums[weights.neighbour[l]] += weights.weight[l] * values[i];
  return sums;
}

double product(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

}  // namespace

GlobalStatistic bivariate_moran(const SpatialWeights& weights, std::span<const double> x, std::span<const double> y,
                                double counted) {
  const std::vector<double> zx = deviations(x), zy = deviations(y);
  const std::vector<double> passed = backward_lag(weights, zx);
  const double scale = counted / sums_of(weights).s0 / std::sqrt(squares_of(zx) * squares_of(zy));
  GlobalStatistic result;
  result.value = scale * product(passed, zy);
  result.expected = 0;
  result.variance_normal = std::numeric_limits<double>::quiet_NaN();
  result.variance_randomised =
      scale * scale * squares_of(deviations(passed)) * squares_of(zy) / (static_cast<double>(x.size()) - 1);
  return result;
}

namespace {

const GlobalWords kWords{"bivariate_moran_i",
                         "Bivariate Moran's I: positive where high values lie beside high ones of the other.",
                         {"Bivariate Moran's I", "I สองตัวแปร"},
                         "high values lie beside high ones of the other",
                         "high values lie beside low ones of the other",
                         false};

MethodResult run_bivariate(const MethodInputs& inputs, const std::any& any_options, Progress& progress) {
  const auto& options = std::any_cast<const BivariateOptions&>(any_options);
  const Layer& features = inputs.layer("features");
  Diagnostics diagnostics;
  const Observations seen =
      observe_two(features, weights_table(inputs), options, options.neighbour_variable, diagnostics, progress);
  const bool possible = can_compute(seen, features, options.variable, 4, diagnostics) &&
                        may_vary(seen, features, options.neighbour_variable, diagnostics);
  GlobalStatistic statistic;
  PermutationTest test;
  if (possible) {
    statistic = bivariate_moran(seen.weights, seen.value, seen.second, seen.counted);
    const std::vector<double> zx = deviations(seen.value), zy = deviations(seen.second);
    const std::vector<double> passed = backward_lag(seen.weights, zx);
    const double scale = seen.counted / sums_of(seen.weights).s0 / std::sqrt(squares_of(zx) * squares_of(zy));
    test = permute(
        seen.size(), options.permutations, options.seed, statistic.value,
        [&](std::span<const std::uint32_t> order) {
          double sum = 0;
          for (std::size_t i = 0; i < order.size(); ++i) sum += passed[i] * zy[order[i]];
          return scale * sum;
        },
        progress);
  }
  MethodResult result =
      global_result(bivariate_moran_method(), kWords, features, seen, options,
                    options.variable + ", " + options.neighbour_variable, possible ? &statistic : nullptr, test);
  diagnostics.merge(result.diagnostics);
  result.diagnostics = std::move(diagnostics);
  return result;
}

Method describe_bivariate() {
  Method method;
  method.name = "bivariate-moran";
  method.stage = "analyse";
  method.title = {"Bivariate Moran's I", "ดัชนีโมแรนสองตัวแปร"};
  method.summary =
      "Tests whether one variable goes together with another one among the neighbours: bivariate Moran's I.";
  method.description =
      "I = (n / S0) Σᵢⱼ wᵢⱼ zxᵢ zyⱼ / √(Σ zx² Σ zy²). Inference is over the orders of the neighbours' variable while "
      "the "
      "other one stays, so the expectation is 0.\n\n"
      "Use it to ask whether, say, workshops lie beside many visitors. Pitfalls: it says nothing about the two at the "
      "same "
      "place, yet is high when they go together there and each is autocorrelated; do not read it as one causing the "
      "other. "
      "It is not the same with the variables exchanged, unless the weights are symmetric.\n\n"
      "p-values, islands, missing values and degenerate maps as for moran.";
  method.citation =
      "Wartenberg, D. (1985): Multivariate spatial correlation: a method for exploratory geographical analysis. "
      "Geographical "
      "Analysis 17, 263-283. Lee, S.-I. (2001): Developing a bivariate spatial association measure. Journal of "
      "Geographical "
      "Systems 3, 369-385.";
  method.example =
      "bivariate-moran data/creative_assets.csv --x longitude --y latitude --crs EPSG:4326 --variable precision_m "
      "--neighbour-variable year_ce -o bivariate.csv";
  method.inputs = autocorrelation_inputs();
  method.parameters = {variable_parameter<BivariateOptions>("Column of numbers of the feature itself."),
                       titled(parameter(&BivariateOptions::neighbour_variable, "neighbour_variable",
                                        ParameterKind::text, "Column of numbers of its neighbours."),
                              {"Variable of the neighbours", "ตัวแปรของเพื่อนบ้าน"})};
  append(method.parameters, autocorrelation_parameters<BivariateOptions>());
  method.makes = "bivariate_moran";
  method.makes_table = true;
  method.makes_fields = global_fields(kWords);
  method.default_options = [] { return std::any(BivariateOptions{}); };
  method.run = run_bivariate;
  return method;
}

}  // namespace

const Method& bivariate_moran_method() {
  static const Method method = describe_bivariate();
  return method;
}

}  // namespace yaan
