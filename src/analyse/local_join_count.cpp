#include "yaan/analyse/local_join_count.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <string_view>

#include "analyse/autocorrelation_parameters.hpp"
#include "analyse/kinds.hpp"
#include "analyse/local_result.hpp"
#include "analyse/mark_words.hpp"
#include "analyse/weights_words.hpp"
#include "yaan/core/error.hpp"

namespace yaan {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

double log_choose(std::int64_t n, std::int64_t k) {
  const auto log_factorial = [](std::int64_t m) { return std::lgamma(static_cast<double>(m) + 1); };
  return log_factorial(n) - log_factorial(k) - log_factorial(n - k);
}

}  // namespace

double join_count_tail(std::int64_t joins, std::int64_t neighbours, std::int64_t members, std::int64_t others) {
  double tail = 0;
  for (std::int64_t j = std::max(joins, neighbours - (others - members)); j <= std::min(neighbours, members); ++j)
    tail += std::exp(log_choose(members, j) + log_choose(others - members, neighbours - j) -
                     log_choose(others, neighbours));
  return std::min(1.0, tail);
}

namespace {

/// 1 for the features of the kind, 0 for others.
std::vector<double> indicator(const KindObservations& seen, const Layer& features,
                              const LocalJoinCountOptions& options) {
  const std::string wanted = options.kind.empty() ? "1" : options.kind;
  const auto at = std::find(seen.names.begin(), seen.names.end(), wanted);
  const bool zero_one = std::all_of(seen.names.begin(), seen.names.end(),
                                    [](const std::string& name) { return name == "0" || name == "1"; });
  if (options.kind.empty() && !zero_one)
    throw UsageError(fmt::format("{} of layer {} holds other values than 1 and 0, and nobody says which kind counts",
                                 options.variable.empty() ? features.roles.category : options.variable, features.name),
                     fmt::format("name one with kind: {}", fmt::join(seen.names, ", ")));
  if (at == seen.names.end() && !options.kind.empty() && !seen.names.empty())
    refuse_unknown_kind(options.kind, seen.names, features.name);
  std::vector<double> of(seen.kind.size(), 0);
  for (std::size_t i = 0; i < of.size(); ++i) of[i] = seen.names[seen.kind[i]] == wanted ? 1 : 0;
  return of;
}

bool equal_weights(std::span<const double> row) {
  return std::all_of(row.begin(), row.end(), [&](double w) { return w == row.front(); });
}

/// The exact chance of as many joins for each feature of the kind with equal weights; NaN for others.
std::vector<double> exact_tails(const SpatialWeights& weights, std::span<const double> kind) {
  std::vector<double> tails(kind.size(), kNan);
  std::int64_t members = 0;
  for (const double k : kind) members += k > 0;
  for (std::size_t i = 0; i < kind.size(); ++i) {
    if (kind[i] == 0 || weights.degree(i) == 0 || !equal_weights(weights.weights(i))) continue;
    std::int64_t joins = 0;
    for (const std::uint32_t to : weights.neighbours(i)) joins += kind[to] > 0;
    tails[i] = join_count_tail(joins, static_cast<std::int64_t>(weights.degree(i)), members - 1,
                               static_cast<std::int64_t>(kind.size()) - 1);
  }
  return tails;
}

MethodResult run_local_join_count(const MethodInputs& inputs, const std::any& any_options, Progress& progress) {
  const auto& options = std::any_cast<const LocalJoinCountOptions&>(any_options);
  const Layer& features = inputs.layer("features");
  Diagnostics diagnostics;
  const KindObservations kinds = observe_kinds(features, weights_table(inputs), options, diagnostics, progress);
  Observations seen;
  seen.row = kinds.row;
  seen.value = indicator(kinds, features, options);
  seen.weights = kinds.weights;
  seen.islands = kinds.islands;
  seen.counted = static_cast<double>(seen.size());
  seen.weights_title = weights_words(options, features, weights_table(inputs));
  LocalColumns columns(local_join_count_method(), features, seen);
  columns.about({options.kind, options.kind});
  if (!can_compute(seen, features, "the kind", 4, diagnostics)) {
    columns.add_nothing();
    return columns.finish(options, std::move(diagnostics));
  }
  const std::vector<double> joins = lag(seen.weights, seen.value);
  const LagMoments moments = conditional_moments(seen.weights, seen.value);
  LocalScores scores{joins, moments.expected, moments.variance, {}};
  if (options.permutations > 0)
    scores.tails =
        conditional_tails(seen.weights, seen.value, options.permutations, options.seed, options.draws, progress);
  for (std::size_t i = 0; i < seen.size(); ++i)  // a join needs the feature itself to be of the kind
    if (seen.value[i] == 0 || seen.weights.degree(i) == 0)
      for (std::vector<double>* values : {&scores.value, &scores.expected, &scores.variance}) (*values)[i] = kNan;
  const LocalTests tests = local_tests(scores, options);
  columns.add(scores.value);
  columns.add(exact_tails(seen.weights, seen.value));
  columns.add_tests(scores, tests);
  columns.add_clusters(tests, options, [&](std::size_t item) -> std::string_view {
    return scores.value[item] > scores.expected[item] ? "together" : "apart";
  });
  return columns.finish(options, std::move(diagnostics));
}

Method describe_local_join_count() {
  Method method;
  method.name = "local-join-count";
  method.stage = "analyse";
  method.title = {"Local join count", "การนับคู่ประชิดเฉพาะที่"};
  method.summary =
      "Marks features of a kind with more neighbours of that kind than chance would give: local join counts.";
  method.description =
      "For a feature of the kind: Σⱼ wᵢⱼ xⱼ, where x is 1 for features of the kind and 0 for others; with binary "
      "weights its "
      "neighbours of the kind. Other features are null. p is by conditional permutation of the others, as in "
      "local-moran. "
      "With equal weights the permutations only estimate a hypergeometric chance, so that chance, of as many or more "
      "joins, "
      "stands beside it as local_join_count_p_exact: the upper tail alone, without correction.\n\n"
      "Use it for one kind of asset among all: `variable category`, `kind craft`. Pitfalls: where the kind is rare one "
      "neighbour can be significant, where it is common none is. Corrections and conventions as in local-moran.";
  method.citation =
      "Anselin, L. and Li, X. (2019): Operational local join count statistics for cluster detection. Journal of "
      "Geographical "
      "Systems 21, 189-210.";
  method.example =
      "local-join-count data/creative_assets.csv --x longitude --y latitude --crs EPSG:4326 --variable category --kind "
      "temple "
      "-o temples.geojson";
  method.inputs = autocorrelation_inputs();
  method.parameters = {
      variable_parameter<LocalJoinCountOptions>("Column of the kinds, or of 1 and 0; empty for the part category."),
      titled(parameter(&LocalJoinCountOptions::kind, "kind", ParameterKind::text,
                       "The value that counts; empty where the variable holds 1 and 0."),
             {"Kind", "ประเภท"})};
  append(method.parameters, local_parameters<LocalJoinCountOptions>());
  method.adds = {{"local_join_count",
                  ColumnType::real,
                  "",
                  "Weights of the neighbours of the kind; null for other features.",
                  {"Local join count", "จำนวนคู่เฉพาะที่"},
                  ColourBy::sequence,
                  true},
                 {"local_join_count_p_exact",
                  ColumnType::real,
                  "",
                  "Exact chance of as many or more joins; null where the weights of the row differ.",
                  {"Exact p", "p แท้"},
                  ColourBy::none,
                  true}};
  for (OutputField& field : test_fields("local_join_count")) method.adds.push_back(std::move(field));
  method.adds.push_back(
      cluster_field("local_join_count",
                    "together or apart where the adjusted p-value is at most the significance, else not "
                    "significant.",
                    {"Local join counts", "กลุ่มคู่ประชิด"}, join_classes()));
  method.map_field = "local_join_count_cluster";
  method.default_options = [] { return std::any(LocalJoinCountOptions{}); };
  method.run = run_local_join_count;
  return method;
}

}  // namespace

const Method& local_join_count_method() {
  static const Method method = describe_local_join_count();
  return method;
}

}  // namespace yaan
