#include "yaan/analyse/join_counts.hpp"

#include <cmath>
#include <limits>

#include "analyse/autocorrelation_parameters.hpp"
#include "analyse/few_permutations.hpp"
#include "analyse/global_result.hpp"
#include "analyse/kinds.hpp"
#include "yaan/core/parallel.hpp"
#include "yaan/core/random.hpp"

namespace yaan {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

std::size_t pair_number(std::uint32_t a, std::uint32_t b, std::uint32_t kinds) {
  const std::size_t low = std::min(a, b), high = std::max(a, b);
  return low * kinds - low * (low + 1) / 2 + high;
}

std::vector<double> counts_of(const SpatialWeights& weights, std::span<const std::uint32_t> kind, std::uint32_t kinds) {
  std::vector<double> counts(std::size_t{kinds} * (kinds + 1) / 2, 0);
  for (std::size_t i = 0; i < weights.size(); ++i)
    for (std::uint64_t l = weights.begin[i]; l < weights.begin[i + 1]; ++l)
      counts[pair_number(kind[i], kind[weights.neighbour[l]], kinds)] += weights.weight[l] / 2;
  return counts;
}

double falling(double n, int terms) {
  double product = 1;
  for (int t = 0; t < terms; ++t) product *= n - t;
  return product;
}

void add_moments(JoinCount& join, double na, double nb, double n, const WeightSums& w) {
  const double n2 = falling(n, 2), n3 = falling(n, 3), n4 = falling(n, 4);
  const double rest = w.s0 * w.s0 + w.s1 - w.s2;
  if (join.a == join.b) {
    join.expected = w.s0 * falling(na, 2) / (2 * n2);
    const double squared = join.expected * join.expected;
    join.variance = variance_of_terms(
        0.25 * (w.s1 * falling(na, 2) / n2 + (w.s2 - 2 * w.s1) * falling(na, 3) / n3 + rest * falling(na, 4) / n4) -
            squared,
        squared);
  } else {
    join.expected = w.s0 * na * nb / n2;
    const double squared = join.expected * join.expected;
    join.variance =
        variance_of_terms(0.25 * (2 * w.s1 * na * nb / n2 + (w.s2 - 2 * w.s1) * na * nb * (na + nb - 2) / n3 +
                                  4 * rest * falling(na, 2) * falling(nb, 2) / n4) -
                              squared,
                          squared);
  }
  if (n < 4) join.variance = kNan;
}

}  // namespace

std::vector<JoinCount> join_counts(const SpatialWeights& weights, std::span<const std::uint32_t> kind,
                                   std::uint32_t kinds) {
  const std::vector<double> counts = counts_of(weights, kind, kinds);
  std::vector<double> members(kinds, 0);
  for (const std::uint32_t k : kind) members[k] += 1;
  const WeightSums sums = sums_of(weights);
  std::vector<JoinCount> joins;
  for (std::uint32_t a = 0; a < kinds; ++a)
    for (std::uint32_t b = a; b < kinds; ++b) {
      JoinCount join;
      join.a = a;
      join.b = b;
      join.count = counts[pair_number(a, b, kinds)];
      add_moments(join, members[a], members[b], static_cast<double>(kind.size()), sums);
      joins.push_back(join);
    }
  return joins;
}

double chi_square(const std::vector<JoinCount>& joins) {
  const double same = joins[0].count, between = joins[1].count / 2, other = joins[2].count;
  const double all = same + 2 * between + other;
  const double rows = (same + between) * (between + other);
  const double off = std::max(0.0, std::abs(same * other - between * between) - all / 2);
  return all * off * off / (rows * rows);
}

namespace {

/// For each pair of kinds, how many random orders give at least and at most the observed count.
std::vector<TailCounts> permuted_tails(const KindObservations& seen, const std::vector<JoinCount>& joins,
                                       const JoinCountsOptions& options, Progress& progress) {
  std::vector<std::vector<double>> all(static_cast<std::size_t>(options.permutations));
  const auto kinds = static_cast<std::uint32_t>(seen.names.size());
  parallel_blocks(all.size(), 8, progress, [&](std::size_t begin, std::size_t end, std::size_t) {
    std::vector<std::uint32_t> kind;
    for (std::size_t d = begin; d < end; ++d) {
      progress.throw_if_cancelled();
      kind = seen.kind;
      RandomStream random(static_cast<std::uint64_t>(options.seed), ~std::uint64_t{0}, static_cast<std::uint32_t>(d));
      for (std::size_t i = kind.size(); i > 1; --i)
        std::swap(kind[i - 1], kind[random.below(static_cast<std::uint32_t>(i))]);
      all[d] = counts_of(seen.weights, kind, kinds);
    }
  });
  std::vector<TailCounts> tails(joins.size());
  double total = 0;
  for (const double w : seen.weights.weight) total += w;
  const double room = 1e-9 * total / 2;  // of all joins
  for (const std::vector<double>& counts : all)
    for (std::size_t j = 0; j < joins.size(); ++j) {
      tails[j].at_least += counts[j] >= joins[j].count - room;
      tails[j].at_most += counts[j] <= joins[j].count + room;
    }
  return tails;
}

MethodResult run_join_counts(const MethodInputs& inputs, const std::any& any_options, Progress& progress) {
  const auto& options = std::any_cast<const JoinCountsOptions&>(any_options);
  const Layer& features = inputs.layer("features");
  MethodResult result;
  const KindObservations seen = observe_kinds(features, weights_table(inputs), options, result.diagnostics, progress);
  const auto joins = join_counts(seen.weights, seen.kind, static_cast<std::uint32_t>(seen.names.size()));
  const bool alike = links_all_alike(seen.weights);
  if (alike)
    result.diagnostics.add(Severity::doubt, "all-neighbours", features.name,
                           "each feature has all others as its neighbours, with one weight, so nothing tells who lies "
                           "beside whom: nothing was tested; take fewer neighbours");
  std::vector<TailCounts> tails;
  if (options.permutations > 0 && !alike) tails = permuted_tails(seen, joins, options, progress);
  Layer table;
  table.name = join_counts_method().makes;
  table.geometry = Geometry::empty(GeometryKind::none);
  table.geometry.rows = joins.size();
  table.sources = features.sources;
  for (const OutputField& field : join_counts_method().makes_fields) table.columns.push_back(make_column(field));
  std::vector<double> raw;  // permuted where there were permutations
  for (std::size_t j = 0; j < joins.size(); ++j)
    raw.push_back(tails.empty() ? p_of_z(z_of(joins[j].count, joins[j].expected, joins[j].variance), options.p_value)
                                : p_of_counts(tails[j], options.permutations, options.p_value));
  const std::vector<double> adjusted = adjusted_p(raw, options.correction);
  if (!tails.empty())
    doubt_few_permutations(
        {raw, adjusted, options.permutations, options.p_value, options.correction, options.significance}, features.name,
        result.diagnostics);
  std::int64_t significant = 0;
  for (std::size_t j = 0; j < joins.size(); ++j) {
    const JoinCount& join = joins[j];
    const double z = z_of(join.count, join.expected, join.variance);
    table.columns[0].push(std::string_view(seen.names[join.a]));
    table.columns[1].push(std::string_view(seen.names[join.b]));
    const double values[] = {
        join.count, join.expected, join.variance, z, p_of_z(z, options.p_value), tails.empty() ? kNan : raw[j],
        adjusted[j]};
    std::size_t at = 2;
    for (const double value : values) table.columns[at++].push(value);
    const bool marked = adjusted[j] <= options.significance;
    significant += marked ? 1 : 0;
    table.columns[at].push_or_null(std::isnan(adjusted[j])      ? ""
                                   : !marked                    ? "not significant"
                                   : join.count > join.expected ? "more"
                                                                : "fewer");
  }
  double total = 0;
  for (const JoinCount& join : joins) total += join.count;
  result.summary = {
      {"n", static_cast<std::int64_t>(seen.kind.size())},
      {"kinds", static_cast<std::int64_t>(seen.names.size())},
      {"islands", static_cast<std::int64_t>(seen.islands.size())},
      {"joins", total},
      {"permutations", options.permutations},
      {"p_value", choice_name(join_counts_method(), "p_value", static_cast<std::size_t>(options.p_value))},
      {"correction", choice_name(join_counts_method(), "correction", static_cast<std::size_t>(options.correction))},
      {"significant", significant}};
  if (joins.size() == 3 && total > 0 && !alike)
    if (const double chi = chi_square(joins); std::isfinite(chi)) {
      result.summary.emplace_back("chi_square", chi);
      result.summary.emplace_back("p_chi_square", std::erfc(std::sqrt(chi / 2)));
    }
  if (seen.kind.size() < 4 || seen.weights.links() == 0 || seen.names.size() < 2)
    result.diagnostics.add(Severity::doubt, "too-few-features", features.name,
                           "fewer than 4 features, no links or one kind alone: there is nothing to compare");
  result.layers.push_back(std::move(table));
  return result;
}

Method describe_join_counts() {
  Method method;
  method.name = "join-counts";
  method.stage = "analyse";
  method.title = {"Join counts", "การนับคู่ประชิด"};
  method.summary = "Counts how often neighbours are of one kind, and of each pair of kinds, against chance.";
  method.description =
      "For two kinds a and b the joins are half the sum of the weights of links between them, both ways: with binary "
      "symmetric weights the number of neighbouring pairs. Expectation and variance are over all orders of the kinds "
      "among "
      "the features (non-free sampling); p by random orders stands beside p of z. Of two kinds the summary has the "
      "chi-square of the table of joins with Yates' correction, as esda prints it.\n\n"
      "Use it for kinds: which kinds of assets are neighbours more often than chance? For points take `neighbours "
      "nearest`. "
      "Pitfalls: many kinds are many tests, which the adjusted p allows for; the chi-square takes joins as "
      "independent, which they are not, so trust "
      "the "
      "permutations. Features without a kind are left out and counted.\n\n"
      "Time: links for each permutation.";
  method.citation =
      "Cliff, A. D. and Ord, J. K. (1981): Spatial Processes: Models and Applications. London, Pion. Moran, P. A. P. "
      "(1948): "
      "The interpretation of statistical maps. Journal of the Royal Statistical Society B 10, 243-251.";
  method.example =
      "join-counts data/creative_assets.csv --x longitude --y latitude --crs EPSG:4326 --variable category -o "
      "joins.csv";
  method.inputs = autocorrelation_inputs();
  method.parameters = {
      variable_parameter<JoinCountsOptions>("Column of the kinds; empty for the one in the part category.")};
  append(method.parameters, autocorrelation_parameters<JoinCountsOptions>());
  method.parameters.push_back(titled(parameter(&JoinCountsOptions::correction, "correction", ParameterKind::choice,
                                               "How p-values allow for many pairs of kinds.", correction_names()),
                                     {"Correction", "การปรับหลายการทดสอบ"}));
  method.parameters.push_back(
      significance_parameter(&JoinCountsOptions::significance, "Adjusted p-value up to which a pair is marked."));
  method.makes = "join_counts";
  method.makes_table = true;
  const auto real = [](const char* name, const char* help, Localized title, ColourBy colour, bool nullable) {
    return OutputField{name, ColumnType::real, "", help, std::move(title), colour, nullable};
  };
  method.makes_fields = {
      {"kind", ColumnType::text, "", "A kind.", {"Kind", "ประเภท"}, ColourBy::none, false},
      {"other_kind",
       ColumnType::text,
       "",
       "The same kind or another.",
       {"Other kind", "อีกประเภท"},
       ColourBy::none,
       false},
      real("joins", "Half the weights between features of the two.", {"Joins", "จำนวนคู่"}, ColourBy::sequence, false),
      real("expected", "Joins on average over all orders.", {"Expected", "ค่าคาดหมาย"}, ColourBy::none, true),
      real("variance", "Their variance over all orders.", {"Variance", "ความแปรปรวน"}, ColourBy::none, true),
      real("z", "Joins less expectation, by the root of the variance.", {"z-score", "คะแนน z"}, ColourBy::score, true),
      real("p_z", "p-value of that z.", {"p of z", "p ของ z"}, ColourBy::none, true),
      real("p_permuted", "p-value by random orders.", {"p (permuted)", "p (สับ)"}, ColourBy::none, true),
      real("p_adjusted", "That p-value (of z without permutations), adjusted for the number of pairs of kinds.",
           {"Adjusted p", "p ที่ปรับแล้ว"}, ColourBy::none, true),
      {"mark",
       ColumnType::text,
       "",
       "more or fewer joins than by chance where the adjusted p-value is at most the level, else not significant.",
       {"Mark", "ผล"},
       ColourBy::none,
       true}};
  method.default_options = [] { return std::any(JoinCountsOptions{}); };
  method.run = run_join_counts;
  return method;
}

}  // namespace

const Method& join_counts_method() {
  static const Method method = describe_join_counts();
  return method;
}

}  // namespace yaan
