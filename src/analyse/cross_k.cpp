#include "yaan/analyse/cross_k.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "analyse/curve_method.hpp"
#include "analyse/few_permutations.hpp"
#include "analyse/global_result.hpp"
#include "analyse/pattern_parameters.hpp"
#include "yaan/core/error.hpp"

namespace yaan {

std::vector<double> cross_k(const PlaneXY& from, const PlaneXY& to, const Geometry& window,
                            std::span<const double> distances, EdgeCorrection correction, Progress& progress) {
  check_curve_arguments(from.x, from.y, distances);
  check_curve_arguments(to.x, to.y, distances);
  progress.throw_if_cancelled();
  if (distances.empty()) return {};
  const PatternWindow ground(window);
  const PairWeights weights(ground, correction, distances.back(), progress);
  const CellPoints first(from.x, from.y, ground.bounds(), distances.back());
  const CellPoints second(to.x, to.y, ground.bounds(), distances.back());
  return k_curve({first, second, false}, weights, distances, true, progress);
}

namespace {

constexpr std::size_t kMostPaired = 20;  // kinds that are all paired with each other

struct KindPair {
  std::uint32_t from;
  std::uint32_t to;
};

std::vector<KindPair> pairs_of(const ObservedPattern& pattern, const CrossKOptions& options, const Layer& points) {
  // Names that are not there are errors, whatever else is asked for.
  (void)rows_of_kind(pattern, options.from_kind, "from_kind");
  (void)rows_of_kind(pattern, options.to_kind, "to_kind");
  if (!options.from_kind.empty() && options.from_kind == options.to_kind)
    throw UsageError("from_kind and to_kind are the same", "for one kind take ripley-k with that kind");
  if (options.from_kind.empty() && options.to_kind.empty() && pattern.kinds.size() > kMostPaired)
    throw UsageError(
        fmt::format("layer {} has {} kinds: too many to pair each with each", points.name, pattern.kinds.size()),
        "name from_kind or to_kind");
  std::vector<KindPair> pairs;
  for (std::uint32_t a = 0; a < pattern.kinds.size(); ++a)
    for (std::uint32_t b = 0; b < pattern.kinds.size(); ++b)
      if (a != b && (options.from_kind.empty() || options.from_kind == pattern.kinds[a]) &&
          (options.to_kind.empty() || options.to_kind == pattern.kinds[b]))
        pairs.push_back({a, b});
  return pairs;
}

MethodResult run_cross_k(const MethodInputs& inputs, const std::any& any_options, Progress& progress) {
  const auto& options = std::any_cast<const CrossKOptions&>(any_options);
  const Layer& points = inputs.layer("points");
  const Method& method = cross_k_method();
  const EnvelopeRanks ranks = checked_ranks(options);
  MethodResult result;
  ObservedPattern pattern = observe_pattern(inputs, options, options.category, result.diagnostics, progress);
  complete_background(pattern, all_rows(pattern), inputs, result.diagnostics);
  const std::vector<KindPair> pairs = pairs_of(pattern, options, points);
  result.layers.push_back(empty_table(method, points));
  result.summary = pattern_summary(method, points, pattern, pattern.size(), options);
  result.summary.emplace_back("correction",
                              choice_name(method, "correction", static_cast<std::size_t>(options.correction)));
  result.summary.emplace_back("kinds", static_cast<std::int64_t>(pattern.kinds.size()));
  if (!pattern.has_window()) return result;
  if (pairs.empty())
    result.diagnostics.add(Severity::doubt, "one-kind", points.name,
                           "fewer than two kinds lie in the window, so there is nothing to pair");

  const std::vector<double> distances = curve_distances(pattern, options, points, pattern.size(), result.diagnostics);
  const PairWeights weights(*pattern.window, options.correction, distances.back(), progress);
  // The places of each kind, one kind after the other: a drawn pattern is split in the same way.
  std::vector<double> x, y;
  std::vector<std::size_t> begin = {0};
  for (const std::string& kind : pattern.kinds) {
    for (const std::uint32_t row : rows_of_kind(pattern, kind, "kind")) {
      x.push_back(pattern.x[row]);
      y.push_back(pattern.y[row]);
    }
    begin.push_back(x.size());
  }
  const auto curves_of = [&](std::span<const double> px, std::span<const double> py, bool threads) {
    std::vector<CellPoints> cells;
    for (std::size_t kind = 0; kind + 1 < begin.size(); ++kind) {
      const std::size_t count = begin[kind + 1] - begin[kind];
      cells.emplace_back(px.subspan(begin[kind], count), py.subspan(begin[kind], count), pattern.window->bounds(),
                         distances.back());
    }
    Curves curves;
    for (const auto& [from, to] : pairs)
      curves.push_back(k_curve({cells[from], cells[to], false}, weights, distances, threads, progress));
    return curves;
  };
  progress.report("counting pairs", 0);
  const Curves observed = curves_of(x, y, true);
  const auto simulated = simulated_curves(
      pattern, x.size(), options, pairs.size(),
      [&](std::span<const double> px, std::span<const double> py) {
        Curves curves = curves_of(px, py, false);
        for (auto& curve : curves) curve = l_of_k(curve);
        return curves;
      },
      progress);
  std::vector<std::optional<Envelope>> bounds(pairs.size());
  std::vector<double> p_values(pairs.size(), std::numeric_limits<double>::quiet_NaN());
  for (std::size_t p = 0; p < pairs.size() && options.simulations > 0; ++p) {
    bounds[p] = envelope(l_of_k(observed[p]), simulated[p], ranks, 1);
    p_values[p] = bounds[p]->p;
  }
  const std::vector<double> adjusted = adjusted_p(p_values, options.p_correction);
  doubt_few_permutations({p_values, adjusted, options.simulations, PValue::folded, options.p_correction,
                          options.significance, "simulations"},
                         points.name, result.diagnostics);
  Layer& table = result.layers.front();
  for (std::size_t p = 0; p < pairs.size(); ++p) {
    for (std::size_t r = 0; r < distances.size(); ++r) {
      table.columns[0].push(std::string_view(pattern.kinds[pairs[p].from]));
      table.columns[1].push(std::string_view(pattern.kinds[pairs[p].to]));
      table.columns[2].push(adjusted[p]);
    }
    push_k_rows(distances, observed[p], bounds[p], 3, table);
  }
  if (pairs.size() == 1 && bounds.front())
    add_envelope_summary(*bounds.front(), distances, options.simulations, "_m", result.summary);
  if (pairs.size() > 1 && options.simulations > 0) {
    result.summary.emplace_back("pairs", static_cast<std::int64_t>(pairs.size()));
    result.summary.emplace_back("significant", std::count_if(adjusted.begin(), adjusted.end(),
                                                             [&](double p) { return p <= options.significance; }));
  }
  return result;
}

Method describe_cross_k() {
  Method method;
  method.name = "cross-k";
  method.stage = "analyse";
  method.title = {"Cross-K", "ฟังก์ชัน K ข้ามประเภท"};
  method.summary = "Tells at which distances points of one kind gather about those of another: cross-K and cross-L.";
  method.description =
      "K(r) = A / (a b) Σ w over pairs of a point of `from_kind` and one of `to_kind` at most r apart, with a and b "
      "points of the kinds on a window of area A; π r² where the kinds have nothing to do with each other. L(r) = "
      "√(K(r) / "
      "π). Edge corrections, the window, the plane and the envelopes are those of `ripley-k`; the border correction "
      "looks "
      "from the points of `from_kind`. Without `from_kind` or `to_kind` each kind takes that part in turn (20 kinds at "
      "most).\n\n"
      "Null models: **random_labelling**, the default: the places stay, the kinds of all points change places; so it "
      "asks "
      "whether two kinds keep company more than any two kinds here do, whatever makes sites gather as a whole. "
      "**complete_randomness**: both kinds anywhere in the window. **background**: places of all kinds drawn from a "
      "layer, "
      "none twice, as in `ripley-k`; a background that is given and not used is doubted.\n\n"
      "Use it to ask whether craft workshops gather about temples. Pitfalls: `l_low_m` and `l_high_m` are pointwise, "
      "no test over all distances; `p_global` is one, for one pair, and `p_adjusted` the same allowing for the number "
      "of "
      "pairs (`p_correction`), of which a doubt says where it cannot reach the significance by so few simulations. By "
      "complete_randomness any two kinds that are both in town seem to gather. A pair of "
      "kinds the other way round is "
      "nearly but not quite the same. Points without a kind are left out and counted.\n\n"
      "Time: pairs within the largest distance, for each simulation.";
  method.citation =
      "Lotwick, H. W. and Silverman, B. W. (1982): Methods for analysing spatial processes of several types of points. "
      "Journal of the Royal Statistical Society B 44, 406-413. Diggle, P. J. (2003): Statistical Analysis of Spatial "
      "Point "
      "Patterns, second edition. London, Arnold.";
  method.example =
      "cross-k data/creative_assets.csv --x longitude --y latitude --crs EPSG:4326 --window data/provinces.geojson "
      "--from-kind museum --to-kind heritage_site --max-distance 50km -o cross_k.csv";
  method.inputs = pattern_inputs();
  method.parameters = {category_parameter<CrossKOptions>(),
                       titled(parameter(&CrossKOptions::from_kind, "from_kind", ParameterKind::text,
                                        "Kind of the points that look around; empty for each kind."),
                              {"From kind", "จากประเภท"}),
                       titled(parameter(&CrossKOptions::to_kind, "to_kind", ParameterKind::text,
                                        "Kind of the points that are counted; empty for each other kind."),
                              {"To kind", "ถึงประเภท"})};
  append(method.parameters, curve_parameters<CrossKOptions>(true));
  method.parameters.push_back(titled(parameter(&CrossKOptions::p_correction, "p_correction", ParameterKind::choice,
                                               "How p-values allow for many pairs of kinds.", correction_names()),
                                     {"Correction of p", "การปรับค่า p"}));
  method.makes = "cross_k";
  method.makes_table = true;
  method.makes_fields = {{"from_kind",
                          ColumnType::text,
                          "",
                          "Kind of the points that look around.",
                          {"From kind", "จากประเภท"},
                          ColourBy::none,
                          false},
                         {"to_kind",
                          ColumnType::text,
                          "",
                          "Kind of the points that are counted.",
                          {"To kind", "ถึงประเภท"},
                          ColourBy::none,
                          false},
                         curve_field("p_adjusted", "", "p_global, allowing for the number of pairs by p_correction.",
                                     {"p (adjusted)", "ค่า p (ปรับแล้ว)"})};
  for (OutputField& field : k_fields()) method.makes_fields.push_back(std::move(field));
  method.default_options = [] { return std::any(CrossKOptions{}); };
  method.run = run_cross_k;
  return method;
}

}  // namespace

const Method& cross_k_method() {
  static const Method method = describe_cross_k();
  return method;
}

}  // namespace yaan
