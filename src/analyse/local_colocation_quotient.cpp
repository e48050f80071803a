#include "yaan/analyse/local_colocation_quotient.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string_view>

#include "analyse/colocated_points.hpp"
#include "analyse/local_result.hpp"
#include "analyse/mark_words.hpp"
#include "yaan/core/publication.hpp"

namespace yaan {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// The rows of the items named, all others empty.
SpatialWeights rows_of(const SpatialWeights& weights, const std::vector<std::uint32_t>& items) {
  SpatialWeights some;
  std::size_t next = 0;
  for (std::uint32_t i = 0; i < weights.size(); ++i) {
    if (next < items.size() && items[next] == i) {
      some.neighbour.insert(some.neighbour.end(), weights.neighbours(i).begin(), weights.neighbours(i).end());
      some.weight.insert(some.weight.end(), weights.weights(i).begin(), weights.weights(i).end());
      ++next;
    }
    some.begin.push_back(some.neighbour.size());
  }
  return some;
}

/// For each item the kind that is looked for around it, or -1.
std::vector<std::int64_t> targets_of(const ColocatedPoints& points, const Layer& layer,
                                     const LocalColocationOptions& options) {
  std::vector<std::int64_t> target(points.size(), -1);
  if (points.size() == 0) return target;
  std::optional<std::uint32_t> kind, other;
  if (!options.kind.empty()) kind = kind_named(points, options.kind, layer);
  if (!options.other_kind.empty()) other = kind_named(points, options.other_kind, layer);
  for (std::size_t i = 0; i < target.size(); ++i)
    if (!kind || points.kind[i] == *kind) target[i] = other.value_or(points.kind[i]);
  return target;
}

/// Fills the scores of the items that look for one kind.
void add_scores(const ColocatedPoints& points, std::uint32_t kind, const std::vector<std::uint32_t>& items,
                const LocalColocationOptions& options, LocalScores& scores, Progress& progress) {
  const SpatialWeights weights = rows_of(points.weights, items);
  std::vector<double> is_kind;
  for (const std::uint32_t k : points.kind) is_kind.push_back(k == kind ? 1 : 0);
  const std::vector<double> near = lag(weights, is_kind);
  const LagMoments moments = conditional_moments(weights, is_kind);
  std::vector<TailCounts> tails;
  if (options.permutations > 0)
    tails = conditional_tails(weights, is_kind, options.permutations, options.seed, options.draws, progress);
  for (const std::uint32_t i : items) {
    const auto others = static_cast<double>(points.members[kind]) - is_kind[i];
    if (weights.degree(i) == 0 || others == 0) continue;
    const double scale = static_cast<double>(points.size() - 1) / others;
    scores.value[i] = near[i] * scale;
    scores.expected[i] = moments.expected[i] * scale;
    scores.variance[i] = moments.variance[i] * scale * scale;
    if (!tails.empty()) scores.tails[i] = tails[i];
  }
}

MethodResult run_local_colocation_quotient(const MethodInputs& inputs, const std::any& any_options,
                                           Progress& progress) {
  const auto& options = std::any_cast<const LocalColocationOptions&>(any_options);
  const Layer& layer = inputs.layer("points");
  Diagnostics diagnostics;
  std::int64_t left_out = 0;
  const Geometry places = shown_points(layer, NotOpen::leave_out, left_out);
  if (left_out > 0)
    diagnostics.add(
        Severity::note, "not-open-left-out", layer.name,
        "points that are not open have no quotient and are nobody's neighbour: it would tell where they are", left_out);
  const ColocatedPoints points = colocated_points(layer, places, options, diagnostics, progress);
  Observations seen;
  seen.row = points.row;
  seen.value.assign(points.size(), 0);
  seen.weights = points.weights;
  seen.islands = points.islands;
  LocalColumns columns(local_colocation_quotient_method(), layer, seen);
  const std::int64_t present =
      static_cast<std::int64_t>(points.names.size()) - std::count(points.members.begin(), points.members.end(), 0);
  if (points.size() < 3 || present < 2) {
    if (points.size() < 3)
      diagnostics.add(Severity::doubt, "too-few-features", layer.name,
                      "fewer than 3 points have a kind and a place that may be shown: nothing was computed");
    else
      diagnostics.add(Severity::doubt, "one-kind", layer.name, "all points are of one kind: nothing was computed");
    columns.add_nothing();
    return columns.finish(options, std::move(diagnostics));
  }
  const std::vector<std::int64_t> target = targets_of(points, layer, options);
  LocalScores scores{std::vector<double>(points.size(), kNan),
                     std::vector<double>(points.size(), kNan),
                     std::vector<double>(points.size(), kNan),
                     {}};
  if (options.permutations > 0) scores.tails.resize(points.size());
  std::vector<std::vector<std::uint32_t>> looking(points.names.size());
  for (std::uint32_t i = 0; i < target.size(); ++i)
    if (target[i] >= 0) looking[static_cast<std::size_t>(target[i])].push_back(i);
  for (std::uint32_t kind = 0; kind < looking.size(); ++kind)
    if (!looking[kind].empty()) add_scores(points, kind, looking[kind], options, scores, progress);
  std::int64_t alone = 0;
  for (std::size_t i = 0; i < target.size(); ++i)
    alone += target[i] >= 0 && points.weights.degree(i) > 0 && std::isnan(scores.value[i]);
  if (alone > 0)
    diagnostics.add(Severity::doubt, "none-of-the-kind", layer.name,
                    "points have no other point of the kind that is looked for anywhere: they have no quotient", alone);
  const LocalTests tests = local_tests(scores, options);
  columns.add_words([&](std::size_t i) {
    return target[i] < 0 ? std::string_view() : std::string_view(points.names[static_cast<std::size_t>(target[i])]);
  });
  columns.add(scores.value);
  columns.add_tests(scores, tests);
  columns.add_clusters(tests, options, [&](std::size_t i) -> std::string_view {
    return scores.value[i] > scores.expected[i] ? "gather" : "apart";
  });
  return columns.finish(options, std::move(diagnostics));
}

Method describe_local_colocation_quotient() {
  Method method;
  method.name = "local-colocation-quotient";
  method.stage = "analyse";
  method.title = {"Local colocation quotient", "ดัชนีการอยู่ร่วมพื้นที่เฉพาะที่"};
  method.summary =
      "Marks points that have more of a kind around them than chance would give: local colocation quotients.";
  method.description =
      "LCLQᵢ = (Σⱼ wᵢⱼ [j is a b] / Σⱼ wᵢⱼ) / (N′_b / (N - 1)): the weighted share of kind b around the point, by its "
      "share "
      "among all other points. The weights are 1, or with `decay gaussian` exp(-d² / (2 bᵢ²)), over the `nearest` "
      "points with "
      "bᵢ the distance of the last of them, or over all within `distance`. The mean over the points of a kind is its "
      "global "
      "quotient with the same weights.\n\n"
      "`kind` says whose points get a quotient (empty: all), `other_kind` what is looked for around them (empty: each "
      "point's "
      "own kind). p is by conditional permutation: the point keeps its kind, the kinds of all others are shuffled over "
      "the "
      "other points. Expectation and variance are exact, so z stands beside it. local_clq_cluster marks by the "
      "adjusted "
      "p-value: gather or apart.\n\n"
      "Use it for where crafts gather with markets, or which temples lie among food. Pitfalls: a point that gathers "
      "with a "
      "kind says nothing of how many sites there are. With few neighbours the quotient has few values and p cannot be "
      "small: of 8 neighbours with 10 % of the kind, 3 have two-sided p of about .08, 4 of .01. Many points are many "
      "tests; the smallest "
      "p is 2 / (permutations + 1).\n\n"
      "Points that are not open for publication take no part, because quotients of their neighbours would tell where "
      "they "
      "are. Points without a kind, and those without another around them, are counted and have none. Below 3 points or "
      "2 "
      "kinds nothing is computed. Conventions and corrections as in local-moran. Time: permutations times links.";
  method.citation =
      "Cromley, R. G., Hanink, D. M. and Bentley, G. C. (2014): Geographically weighted colocation quotients: "
      "specification "
      "and application. The Professional Geographer 66, 138-148. Test: Wang, F., Hu, Y., Wang, S. and Li, X. (2017): "
      "Local "
      "indicator of colocation quotient with a statistical significance test: examining spatial association of crime "
      "and "
      "facilities. The Professional Geographer 69, 22-31.";
  method.example =
      "local-colocation-quotient data/creative_assets.csv --x longitude --y latitude --crs EPSG:4326 --variable "
      "category "
      "--kind craft --other-kind market -o crafts_by_markets.geojson";
  method.inputs = {{"points", GeometryKind::point, RoleNeed::required, "the points with their kinds"}};
  method.parameters = colocation_parameters<LocalColocationOptions>();
  method.parameters.insert(method.parameters.begin() + 1,
                           {titled(parameter(&LocalColocationOptions::kind, "kind", ParameterKind::text,
                                             "The kind whose points get a quotient; empty for all."),
                                   {"Kind", "ประเภท"}),
                            titled(parameter(&LocalColocationOptions::other_kind, "other_kind", ParameterKind::text,
                                             "The kind that is looked for around them; empty for each point's own."),
                                   {"Other kind", "อีกประเภท"})});
  for (Parameter& p : local_parameters<LocalColocationOptions>())
    if (p.name == "draws") method.parameters.push_back(std::move(p));
  method.adds = {{"local_clq_kind",
                  ColumnType::text,
                  "",
                  "The kind that is looked for; null for points that get no quotient.",
                  {"Kind looked for", "ประเภทที่มองหา"},
                  ColourBy::none,
                  true},
                 {"local_clq",
                  ColumnType::real,
                  "",
                  "Local colocation quotient: above 1 more of the kind is around the point than elsewhere.",
                  {"Local colocation quotient", "ดัชนีการอยู่ร่วมพื้นที่เฉพาะที่"},
                  ColourBy::ratio,
                  true}};
  append(method.adds, test_fields("local_clq"));
  method.adds.push_back(
      cluster_field("local_clq",
                    "gather or apart where the adjusted p-value is at most the significance, else not "
                    "significant.",
                    {"Gather or apart", "รวมกลุ่มหรือแยกกัน"}, gather_classes()));
  method.map_field = "local_clq_cluster";
  method.default_options = [] { return std::any(LocalColocationOptions{}); };
  method.run = run_local_colocation_quotient;
  return method;
}

}  // namespace

const Method& local_colocation_quotient_method() {
  static const Method method = describe_local_colocation_quotient();
  return method;
}

}  // namespace yaan
