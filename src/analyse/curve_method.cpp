#include "analyse/curve_method.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

#include "analyse/global_result.hpp"
#include "analyse/kinds.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/numbers.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {

namespace {

constexpr double kMostNumbers = 1 << 27;  // of all simulated curves together: a gigabyte
constexpr double kMostExpected = 1000;    // other points within the largest distance by the rule

}  // namespace

EnvelopeRanks checked_ranks(const PatternOptions& options) {
  const EnvelopeRanks ranks = envelope_ranks(options.simulations, options.significance);
  if (options.simulations > 0 && (ranks.pointwise < 1 || ranks.pointwise > options.simulations / 2))
    throw UsageError(fmt::format("{} simulations are too few for envelopes at the level {}", options.simulations,
                                 shortest(options.significance)),
                     fmt::format("take at least {} simulations, or 0 for none",
                                 fixed_trimmed(std::max(2.0, std::ceil(2 / options.significance - 1 - 1e-9)), 0)));
  return ranks;
}

std::vector<double> curve_distances(const ObservedPattern& pattern, const CurveOptions& options, const Layer& points,
                                    std::size_t n, Diagnostics& diagnostics) {
  const Box& box = pattern.window->bounds();
  double most = options.max_distance.on(points.crs, "max_distance").value;
  if (!(most >= 0) || !std::isfinite(most) || most > 1e150) throw UsageError("max_distance must be a usable length");
  if (most == 0) {
    most = std::min(box.width(), box.height()) / 4;
    if (n > 0)
      most =
          std::min(most, std::sqrt(kMostExpected * pattern.window->area() / static_cast<double>(n) / std::numbers::pi));
  }
  if (most > std::hypot(box.width(), box.height()) / 2)
    diagnostics.add(Severity::doubt, "far-distances", points.name,
                    "distances go beyond half the diagonal of the window, where a few pairs decide");
  std::vector<double> distances;
  for (std::int64_t k = 0; k <= options.steps; ++k)
    distances.push_back(most * static_cast<double>(k) / static_cast<double>(options.steps));
  return distances;
}

std::vector<Curves> simulated_curves(
    const ObservedPattern& pattern, std::size_t places, const PatternOptions& options, std::size_t curves,
    const std::function<Curves(std::span<const double>, std::span<const double>)>& curves_of, Progress& progress) {
  std::vector<Curves> all(curves);
  const auto count = static_cast<std::size_t>(options.simulations);
  if (count == 0 || places == 0 || curves == 0) return all;
  const NullPatterns null_patterns(pattern, places, options.seed);
  for (Curves& curve : all) curve.resize(count);
  constexpr std::size_t kBatch = 32;  // between two reports of progress
  for (std::size_t first = 0; first < count; first += kBatch) {
    progress.report("simulating patterns", static_cast<double>(first) / static_cast<double>(count));
    parallel_blocks(std::min(kBatch, count - first), 1, progress, [&](std::size_t begin, std::size_t end, std::size_t) {
      std::vector<double> x, y;
      for (std::size_t s = first + begin; s < first + end; ++s) {
        null_patterns.draw(static_cast<std::uint32_t>(s), x, y);
        Curves made = curves_of(x, y);
        for (std::size_t c = 0; c < curves; ++c) all[c][s] = std::move(made[c]);
      }
    });
    const double held =
        static_cast<double>(curves) * static_cast<double>(count) * static_cast<double>(all.front().front().size());
    if (held > kMostNumbers)
      throw UsageError("the simulated curves would need more than a gigabyte",
                       "take fewer simulations, steps or pairs of kinds");
  }
  return all;
}

std::vector<std::uint32_t> rows_of_kind(const ObservedPattern& pattern, const std::string& kind,
                                        const std::string& parameter) {
  std::vector<std::uint32_t> rows;
  const auto at = std::find(pattern.kinds.begin(), pattern.kinds.end(), kind);
  if (!kind.empty() && at == pattern.kinds.end()) {
    if (pattern.size() == 0) return rows;
    throw UsageError(fmt::format("{}: no point in the window is of the kind \"{}\"", parameter, kind),
                     kind_advice(kind, pattern.kinds));
  }
  const auto number = static_cast<std::uint32_t>(at - pattern.kinds.begin());
  for (std::uint32_t i = 0; i < pattern.size(); ++i)
    if (kind.empty() || pattern.kind[i] == number) rows.push_back(i);
  return rows;
}

std::vector<double> select(std::span<const double> values, std::span<const std::uint32_t> rows) {
  std::vector<double> some;
  some.reserve(rows.size());
  for (const std::uint32_t row : rows) some.push_back(values[row]);
  return some;
}

CurveRun start_curve(const Method& method, const MethodInputs& inputs, const CurveOptions& options,
                     const std::string& kind, const Progress& progress) {
  const Layer& points = inputs.layer("points");
  MethodResult result;
  const auto category = kind.empty() ? std::nullopt : std::optional<std::string_view>(options.category);
  ObservedPattern pattern = observe_pattern(inputs, options, category, result.diagnostics, progress);
  std::vector<std::uint32_t> rows = rows_of_kind(pattern, kind, "kind");
  complete_background(pattern, rows, inputs, result.diagnostics);
  result.layers.push_back(empty_table(method, points));
  result.summary = pattern_summary(method, points, pattern, rows.size(), options);
  result.summary.emplace_back("correction",
                              choice_name(method, "correction", static_cast<std::size_t>(options.correction)));
  return {std::move(pattern), std::move(rows), std::move(result)};
}

Layer empty_table(const Method& method, const Layer& points) {
  Layer table;
  table.name = method.makes;
  table.geometry = Geometry::empty(GeometryKind::none);
  table.sources = points.sources;
  for (const OutputField& field : method.makes_fields) table.columns.push_back(make_column(field));
  return table;
}

std::vector<std::pair<std::string, Value>> pattern_summary(const Method& method, const Layer& points,
                                                           const ObservedPattern& pattern, std::size_t n,
                                                           const PatternOptions& options) {
  std::vector<std::pair<std::string, Value>> summary = {{"points", static_cast<std::int64_t>(points.size())},
                                                        {"used", static_cast<std::int64_t>(n)},
                                                        {"outside_window", pattern.outside},
                                                        {"window", pattern.window_name}};
  if (pattern.has_window()) {
    const double km2 = pattern.window->area() / 1e6;
    summary.emplace_back("window_km2", km2);
    summary.emplace_back("density_per_km2", static_cast<double>(n) / km2);
  }
  summary.emplace_back("null_model", choice_name(method, "null_model", static_cast<std::size_t>(pattern.null_model)));
  summary.emplace_back("simulations", options.simulations);
  return summary;
}

void add_envelope_summary(const Envelope& envelope, std::span<const double> distances, std::int64_t simulations,
                          const std::string& unit, std::vector<std::pair<std::string, Value>>& summary) {
  const auto level = [&](std::int64_t rank, double sides) {
    return sides * static_cast<double>(rank) / static_cast<double>(simulations + 1);
  };
  summary.emplace_back("pointwise_rank", envelope.pointwise_rank);
  summary.emplace_back("pointwise_level", level(envelope.pointwise_rank, 2));
  summary.emplace_back("global_level", level(envelope.global_rank, 1));
  if (std::isnan(envelope.p)) return;
  // What a p alone hides: a lattice is as far from chance as a cluster.
  summary.emplace_back("largest_deviation_is",
                       std::string(envelope.above ? "above chance (gathered)" : "below chance (apart)"));
  summary.emplace_back("largest_deviation" + unit, envelope.deviation);
  summary.emplace_back("largest_deviation_at_m", distances[envelope.at]);
  summary.emplace_back("p_global", envelope.p);
}

OutputField curve_field(std::string name, std::string unit, std::string help, Localized title, ColourBy colour) {
  return {std::move(name), ColumnType::real, std::move(unit), std::move(help), std::move(title), colour, true};
}

OutputField distance_field() {
  OutputField distance = curve_field("distance_m", "m", "The distance r.", {"Distance", "ระยะ"});
  distance.nullable = false;
  return distance;
}

std::vector<OutputField> k_fields() {
  return {
      distance_field(),
      curve_field("k_m2", "m2", "K: points within the distance of a point, over their density.", {"K", "ค่า K"}),
      curve_field("l_m", "m", "L: the root of K over pi; the distance itself by chance.", {"L", "ค่า L"}),
      curve_field("l_excess_m", "m", "L less the distance: above 0 gathered, below 0 apart.", {"L - r", "L ลบระยะ"},
                  ColourBy::divergence),
      curve_field("k_theoretical_m2", "m2", "K of complete randomness: pi r squared.", {"K by chance", "K ตามทฤษฎี"}),
      curve_field("k_low_m2", "m2", "Lower end of the pointwise envelope of K.", {"K low", "ขอบล่างของ K"}),
      curve_field("k_high_m2", "m2", "Upper end of the pointwise envelope of K.", {"K high", "ขอบบนของ K"}),
      curve_field("l_low_m", "m", "Lower end of the pointwise envelope of L.", {"L low", "ขอบล่างของ L"}),
      curve_field("l_high_m", "m", "Upper end of the pointwise envelope of L.", {"L high", "ขอบบนของ L"}),
      curve_field("l_expected_m", "m", "Mean of L over the simulated patterns.", {"L expected", "L ที่คาดหมาย"}),
      curve_field("l_global_low_m", "m", "Lower end of the global envelope of L.",
                  {"L global low", "ขอบล่างของ L (ทั้งเส้น)"}),
      curve_field("l_global_high_m", "m", "Upper end of the global envelope of L.",
                  {"L global high", "ขอบบนของ L (ทั้งเส้น)"}),
      curve_field("p_global", "", "p-value of the largest deviation of L over all distances; one for the whole curve.",
                  {"p (global)", "ค่า p (ทั้งเส้น)"})};
}

void push_k_rows(std::span<const double> distances, std::span<const double> k, const std::optional<Envelope>& envelope,
                 std::size_t first, Layer& table) {
  const std::vector<double> l = l_of_k(k);
  const auto k_of = [](double of_l) { return of_l < 0 ? 0 : std::numbers::pi * of_l * of_l; };
  for (std::size_t r = 0; r < distances.size(); ++r) {
    std::vector<double> values = {distances[r], k[r], l[r], l[r] - distances[r],
                                  std::numbers::pi * distances[r] * distances[r]};
    if (envelope)
      for (const double value : {k_of(envelope->low[r]), k_of(envelope->high[r]), envelope->low[r], envelope->high[r],
                                 envelope->expected[r], envelope->global_low[r], envelope->global_high[r], envelope->p})
        values.push_back(value);
    push_row(values, first, table);
  }
}

void push_row(std::span<const double> values, std::size_t first, Layer& table) {
  for (std::size_t c = first; c < table.columns.size(); ++c) {
    if (c - first < values.size())
      table.columns[c].push(values[c - first]);
    else
      table.columns[c].push_null();
  }
  ++table.geometry.rows;
}

void check_curve_arguments(std::span<const double> x, std::span<const double> y, std::span<const double> distances) {
  if (x.size() != y.size()) throw std::invalid_argument("x and y differ in length");
  if (!std::is_sorted(distances.begin(), distances.end()) || (!distances.empty() && !(distances.front() >= 0)))
    throw std::invalid_argument("distances must rise from 0 or above");
}

}  // namespace yaan
