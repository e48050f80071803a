#include "yaan/analyse/pair_correlation.hpp"

#include <cmath>
#include <stdexcept>
#include <utility>

#include "analyse/curve_method.hpp"
#include "analyse/pattern_parameters.hpp"
#include "yaan/core/error.hpp"

namespace yaan {

double stoyan_bandwidth(std::size_t n, double area) { return 0.15 / std::sqrt(static_cast<double>(n) / area); }

std::vector<double> pair_correlation(std::span<const double> x, std::span<const double> y, const Geometry& window,
                                     std::span<const double> distances, Metres bandwidth, EdgeCorrection correction,
                                     Progress& progress) {
  check_curve_arguments(x, y, distances);
  if (!(bandwidth.value > 0) || !std::isfinite(bandwidth.value) || correction == EdgeCorrection::border)
    throw std::invalid_argument("the pair correlation takes a positive bandwidth and no border correction");
  progress.throw_if_cancelled();
  if (distances.empty()) return {};
  const PatternWindow ground(window);
  const double reach = distances.back() + bandwidth.value;
  const PairWeights weights(ground, correction, reach, progress);
  const CellPoints points(x, y, ground.bounds(), reach);
  return pair_correlation_curve({points, points, true}, weights, distances, bandwidth.value, true, progress);
}

namespace {

void push_rows(std::span<const double> distances, std::span<const double> g, const std::optional<Envelope>& bounds,
               Layer& table) {
  for (std::size_t r = 0; r < distances.size(); ++r) {
    std::vector<double> values = {distances[r], g[r]};
    if (bounds)
      for (const double value : {bounds->low[r], bounds->high[r], bounds->expected[r], bounds->global_low[r],
                                 bounds->global_high[r], bounds->p})
        values.push_back(value);
    push_row(values, 0, table);
  }
}

MethodResult run_pair_correlation(const MethodInputs& inputs, const std::any& any_options, Progress& progress) {
  const auto& options = std::any_cast<const PairCorrelationOptions&>(any_options);
  const Layer& points = inputs.layer("points");
  const EnvelopeRanks ranks = checked_ranks(options);
  double bandwidth = options.bandwidth.on(points.crs, "bandwidth").value;
  if (!(bandwidth >= 0) || bandwidth > 1e150) throw UsageError("bandwidth must be a usable length");
  CurveRun run = start_curve(pair_correlation_method(), inputs, options, options.kind, progress);
  const ObservedPattern& pattern = run.pattern;
  const std::vector<std::uint32_t>& rows = run.rows;
  MethodResult& result = run.result;
  if (!pattern.has_window()) return std::move(result);

  const std::vector<double> distances = curve_distances(pattern, options, points, rows.size(), result.diagnostics);
  if (bandwidth == 0) bandwidth = stoyan_bandwidth(std::max<std::size_t>(rows.size(), 1), pattern.window->area());
  result.summary.emplace_back("bandwidth_m", bandwidth);
  const double reach = distances.back() + bandwidth;
  const PairWeights weights(*pattern.window, options.correction, reach, progress);
  const auto g_of = [&](std::span<const double> x, std::span<const double> y, bool threads) {
    const CellPoints cells(x, y, pattern.window->bounds(), reach);
    return pair_correlation_curve({cells, cells, true}, weights, distances, bandwidth, threads, progress);
  };
  progress.report("counting pairs", 0);
  const std::vector<double> g = g_of(select(pattern.x, rows), select(pattern.y, rows), true);
  std::optional<Envelope> bounds;
  if (options.simulations > 0 && rows.size() > 1) {
    const auto simulated = simulated_curves(
        pattern, rows.size(), options, 1,
        [&](std::span<const double> x, std::span<const double> y) { return Curves{g_of(x, y, false)}; }, progress);
    // Below the bandwidth the estimate is biased and varies most: it would decide alone.
    std::size_t first = 1;
    while (first < distances.size() && distances[first] < bandwidth) ++first;
    bounds = envelope(g, simulated.front(), ranks, first);
    add_envelope_summary(*bounds, distances, options.simulations, "", result.summary);
  }
  push_rows(distances, g, bounds, result.layers.front());
  return std::move(result);
}

std::vector<OutputField> fields() {
  return {distance_field(),
          curve_field("g", "", "Pairs at that distance over those of chance; null at 0.",
                      {"Pair correlation", "สหสัมพันธ์ของคู่จุด"}, ColourBy::ratio),
          curve_field("g_low", "", "Lower end of the pointwise envelope.", {"Low", "ขอบล่าง"}),
          curve_field("g_high", "", "Upper end of the pointwise envelope.", {"High", "ขอบบน"}),
          curve_field("g_expected", "", "Mean over the simulated patterns.", {"Expected", "ค่าคาดหมาย"}),
          curve_field("g_global_low", "", "Lower end of the global envelope.", {"Global low", "ขอบล่าง (ทั้งเส้น)"}),
          curve_field("g_global_high", "", "Upper end of the global envelope.", {"Global high", "ขอบบน (ทั้งเส้น)"}),
          curve_field("p_global", "",
                      "p-value of the largest deviation over distances from the bandwidth on; one for the whole curve.",
                      {"p (global)", "ค่า p (ทั้งเส้น)"})};
}

Method describe_pair_correlation() {
  Method method;
  method.name = "pair-correlation";
  method.stage = "analyse";
  method.title = {"Pair correlation", "สหสัมพันธ์ของคู่จุด"};
  method.summary = "Tells how much more common pairs of points are at just each distance than by chance.";
  method.description =
      "g(r) = A / (n (n - 1) 2 π r) Σ w k(r - d) over ordered pairs of points d apart, with n points on a window of "
      "area "
      "A, edge weights w as for `ripley-k`, and Epanechnikov's kernel k(u) = 3 / (4 h) (1 - u² / h²) for |u| < h. "
      "1 by chance; 2 where pairs at that distance are twice as common. The half-width h is `bandwidth`, or by "
      "Stoyan's "
      "rule 0.15 / √(n / A). spatstat states the standard deviation of the kernel instead, h / √5, and adds up the "
      "kernel on a grid of distances, so its digits differ from the third on.\n\n"
      "The window, the plane and the envelopes are those of `ripley-k`, but the largest deviation is looked for from r "
      "= "
      "h on: below, the estimate is biased upwards and varies most. `g_low` and `g_high` are pointwise, no test over "
      "all "
      "distances; `p_global` is one.\n\n"
      "Use it after ripley-k to see at which distance points gather, because K adds up all smaller distances. "
      "Pitfalls: a "
      "small bandwidth gives a ragged curve, a large one hides short distances; points that share a place raise g "
      "below "
      "h. Nothing is computed for fewer than 2 points. Time: n + pairs within the largest distance times the distances "
      "in a bandwidth, for each simulation.";
  method.citation =
      "Stoyan, D. and Stoyan, H. (1994): Fractals, Random Shapes and Point Fields. Chichester, Wiley, chapter 15.";
  method.example =
      "pair-correlation data/creative_assets.csv --x longitude --y latitude --crs EPSG:4326 --window "
      "data/provinces.geojson --max-distance 50km -o pair_correlation.csv";
  method.inputs = pattern_inputs();
  Parameter bandwidth = titled(ranged(parameter(&PairCorrelationOptions::bandwidth, "bandwidth", ParameterKind::length,
                                                "Half-width of the kernel; 0m for Stoyan's rule."),
                                      0),
                               {"Bandwidth", "แบนด์วิดท์"});
  bandwidth.slider_minimum = 10;
  bandwidth.slider_maximum = 10000;
  method.parameters = {category_parameter<PairCorrelationOptions>(), kind_parameter<PairCorrelationOptions>(),
                       std::move(bandwidth)};
  append(method.parameters, curve_parameters<PairCorrelationOptions>(false));
  method.makes = "pair_correlation";
  method.makes_table = true;
  method.makes_fields = fields();
  method.default_options = [] { return std::any(PairCorrelationOptions{}); };
  method.run = run_pair_correlation;
  return method;
}

}  // namespace

const Method& pair_correlation_method() {
  static const Method method = describe_pair_correlation();
  return method;
}

}  // namespace yaan
