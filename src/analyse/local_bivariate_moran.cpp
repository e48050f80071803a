#include <utility>

#include <fmt/format.h>

#include "analyse/autocorrelation_parameters.hpp"
#include "analyse/local_result.hpp"
#include "analyse/mark_words.hpp"
#include "yaan/analyse/bivariate_moran.hpp"

namespace yaan {

LocalBivariateMoran local_bivariate_moran(const SpatialWeights& weights, std::span<const double> x,
                                          std::span<const double> y) {
  const std::vector<double> zx = standardised(x), zy = standardised(y);
  LocalBivariateMoran local;
  local.lag = lag(weights, zy);
  const LagMoments moments = conditional_moments(weights, zy);
  for (std::size_t i = 0; i < zx.size(); ++i) {
    local.value.push_back(zx[i] * local.lag[i]);
    local.expected.push_back(zx[i] * moments.expected[i]);
    local.variance.push_back(zx[i] * zx[i] * moments.variance[i]);
  }
  return local;
}

namespace {

/// "rate beside neighbours' price"
Localized bivariate_words(const Layer& features, const LocalBivariateOptions& options) {
  const Localized own = features.column(options.variable).title,
                  other = features.column(options.neighbour_variable).title;
  const auto word = [](const Localized& title, const std::string& name, Language language) {
    return title.empty() ? name : title.in(language);
  };
  using enum Language;
  return {
      fmt::format("{}, and {} around", word(own, options.variable, english),
                  word(other, options.neighbour_variable, english)),
      fmt::format("{} กับ {} รอบข้าง", word(own, options.variable, thai), word(other, options.neighbour_variable, thai))};
}

MethodResult run_local_bivariate(const MethodInputs& inputs, const std::any& any_options, Progress& progress) {
  const auto& options = std::any_cast<const LocalBivariateOptions&>(any_options);
  const Layer& features = inputs.layer("features");
  Diagnostics diagnostics;
  const Observations seen =
      observe_two(features, weights_table(inputs), options, options.neighbour_variable, diagnostics, progress);
  LocalColumns columns(local_bivariate_moran_method(), features, seen);
  columns.about(bivariate_words(features, options));
  const bool possible = can_compute(seen, features, options.variable, 4, diagnostics) &&
                        may_vary(seen, features, options.neighbour_variable, diagnostics);
  if (!possible) {
    columns.add_nothing();
    return columns.finish(options, std::move(diagnostics));
  }
  LocalBivariateMoran local = local_bivariate_moran(seen.weights, seen.value, seen.second);
  LocalScores scores{local.value, local.expected, local.variance, {}};
  if (options.permutations > 0)
    scores.tails = conditional_tails(seen.weights, standardised(seen.second), options.permutations, options.seed,
                                     options.draws, progress);
  const std::vector<double> zx = deviations(seen.value);
  std::vector<std::uint8_t> quadrant(zx.size());
  for (std::size_t i = 0; i < zx.size(); ++i)
    quadrant[i] = static_cast<std::uint8_t>((zx[i] > 0 ? 2 : 0) + (local.lag[i] > 0 ? 1 : 0));
  columns.add_quadrants(std::move(scores), std::move(local.lag), quadrant, options);
  return columns.finish(options, std::move(diagnostics));
}

Method describe_local_bivariate() {
  Method method;
  method.name = "local-bivariate-moran";
  method.stage = "analyse";
  method.title = {"Bivariate local Moran", "โมแรนเฉพาะที่สองตัวแปร"};
  method.summary =
      "Marks features whose value goes together with another variable of their neighbours: bivariate LISA.";
  method.description =
      "Iᵢ = zxᵢ Σⱼ wᵢⱼ zyⱼ, both variables with mean 0 and variance 1 (dividing by n; GeoDa divides by n - 1). The "
      "quadrant "
      "says whether the feature is above its mean and its neighbours are above theirs. p by conditional permutation of "
      "the "
      "neighbours' variable; the feature's own one is not drawn. Corrections, draws and conventions as in "
      "local-moran.\n\n"
      "Pitfalls: as for bivariate-moran; a mark says nothing about the two variables at the same place. Islands and "
      "features "
      "without one of the two values are null.";
  method.citation =
      "Anselin, L., Syabri, I. and Smirnov, O. (2002): Visualizing multivariate spatial correlation with dynamically "
      "linked "
      "windows. In: New Tools for Spatial Data Analysis. Santa Barbara, Center for Spatially Integrated Social "
      "Science.";
  method.example =
      "local-bivariate-moran data/creative_assets.csv --x longitude --y latitude --crs EPSG:4326 --variable "
      "precision_m "
      "--neighbour-variable year_ce -o bivariate.geojson";
  method.inputs = autocorrelation_inputs();
  method.parameters = {variable_parameter<LocalBivariateOptions>("Column of numbers of the feature itself."),
                       titled(parameter(&LocalBivariateOptions::neighbour_variable, "neighbour_variable",
                                        ParameterKind::text, "Column of numbers of its neighbours."),
                              {"Variable of the neighbours", "ตัวแปรของเพื่อนบ้าน"})};
  append(method.parameters, local_parameters<LocalBivariateOptions>());
  method.adds = {
      {"local_bivariate",
       ColumnType::real,
       "",
       "Bivariate local Moran's I; null for islands.",
       {"Bivariate local I", "I เฉพาะที่สองตัวแปร"},
       ColourBy::divergence,
       true},
      {"local_bivariate_lag",
       ColumnType::real,
       "",
       "Weighted sum of the neighbours' standardised variable.",
       {"Lag", "ค่าของเพื่อนบ้าน"},
       ColourBy::divergence,
       true},
      {"local_bivariate_quadrant",
       ColumnType::text,
       "",
       "The feature by one variable and its neighbours by the other: High-High, Low-Low, High-Low or Low-High.",
       {"Quadrant", "จตุภาค"},
       ColourBy::category,
       true,
       quadrant_classes()}};
  for (OutputField& field : test_fields("local_bivariate")) method.adds.push_back(std::move(field));
  method.adds.push_back(cluster_field("local_bivariate",
                                      "The quadrant where the adjusted p-value is at most the significance, else not "
                                      "significant.",
                                      {"Bivariate LISA clusters", "กลุ่ม LISA สองตัวแปร"}, quadrant_classes()));
  method.map_field = "local_bivariate_cluster";
  method.default_options = [] { return std::any(LocalBivariateOptions{}); };
  method.run = run_local_bivariate;
  return method;
}

}  // namespace

const Method& local_bivariate_moran_method() {
  static const Method method = describe_local_bivariate();
  return method;
}

}  // namespace yaan
