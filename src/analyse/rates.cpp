#include "yaan/analyse/rates.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "analyse/autocorrelation_parameters.hpp"
#include "analyse/weighted_features.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/numbers.hpp"

namespace yaan {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// What one shrinkage stands on: the areas of a neighbourhood, or all.
struct Moments {
  double events = 0, population = 0, areas = 0;
  double squares = 0;  ///< sum of n (r - m)^2

  [[nodiscard]] double mean() const { return events / population; }
  [[nodiscard]] double variance() const { return std::max(0.0, squares / population - mean() / (population / areas)); }
};

double shrunk(double events, double population, double mean, double variance) {
  const double noise = mean / population;
  // No events anywhere: there is nothing to tell apart.
  return variance + noise > 0 ? mean + (events / population - mean) * variance / (variance + noise) : mean;
}

double square_of(double events, double population, double mean) {
  const double off = events / population - mean;
  return population * off * off;
}

}  // namespace

SmoothedRates global_rates(std::span<const double> events, std::span<const double> population) {
  Moments all;
  for (std::size_t i = 0; i < events.size(); ++i) {
    all.events += events[i];
    all.population += population[i];
    ++all.areas;
  }
  for (std::size_t i = 0; i < events.size(); ++i) all.squares += square_of(events[i], population[i], all.mean());
  SmoothedRates rates;
  for (std::size_t i = 0; i < events.size(); ++i) {
    rates.mean.push_back(all.mean());
    rates.variance.push_back(all.variance());
    rates.rate.push_back(shrunk(events[i], population[i], all.mean(), all.variance()));
  }
  return rates;
}

SmoothedRates local_rates(const SpatialWeights& weights, std::span<const double> events,
                          std::span<const double> population) {
  SmoothedRates rates;
  for (std::size_t i = 0; i < events.size(); ++i) {
    Moments near{events[i], population[i], 1, 0};
    for (const std::uint32_t j : weights.neighbours(i)) {
      near.events += events[j];
      near.population += population[j];
      ++near.areas;
    }
    near.squares = square_of(events[i], population[i], near.mean());
    for (const std::uint32_t j : weights.neighbours(i))
      near.squares += square_of(events[j], population[j], near.mean());
    rates.mean.push_back(near.mean());
    rates.variance.push_back(near.variance());
    rates.rate.push_back(shrunk(events[i], population[i], near.mean(), near.variance()));
  }
  return rates;
}

namespace {

/// Areas with a rate, in the order of their places.
struct Rated {
  std::vector<std::uint32_t> row;
  std::vector<double> events, population;
  SpatialWeights weights;
  std::int64_t zero = 0, missing = 0, islands = 0;
  std::int64_t unpeopled = 0;  // areas with events and without population
  double events_unpeopled = 0;
};

double not_negative(const Column& column, const Layer& areas, std::uint32_t row, double value) {
  if (value < 0)
    throw InputError(fmt::format("layer {}, feature {}: {} is {}, but numbers of events and people are not negative",
                                 areas.name, areas.feature_id(row), column.name, shortest(value)),
                     "correct the value, or leave it empty to leave the area out");
  return value;
}

Rated rated(const Layer& areas, const Layer* table, const RatesOptions& options, Diagnostics& diagnostics,
            Progress& progress) {
  const Column& events = numbers_named(areas, options.events, "column of events");
  const Column& population = numbers_named(areas, options.population, "column of the population");
  WeightedFeatures made = weighted_features(areas, table, options, diagnostics, progress);
  Rated rated;
  std::vector<std::uint32_t> kept;
  for (std::uint32_t i = 0; i < made.row.size(); ++i) {
    const std::uint32_t row = made.row[i];
    const double n = not_negative(population, areas, row, population.number(row).value_or(kNan));
    const double e = not_negative(events, areas, row, events.number(row).value_or(kNan));
    if (!std::isfinite(n) || !std::isfinite(e)) {
      ++rated.missing;
      diagnostics.add(Severity::skipped, "missing-value", areas.name,
                      fmt::format("areas without a finite {} or {} have no rate and are nobody's neighbour",
                                  events.name, population.name),
                      1, areas.feature_id(row));
      continue;
    }
    if (n == 0) {
      ++rated.zero;
      if (e > 0) {
        ++rated.unpeopled;
        rated.events_unpeopled += e;
      }
      diagnostics.add(Severity::skipped, "zero-population", areas.name,
                      fmt::format("areas where {} is 0 have no rate and are nobody's neighbour", population.name), 1,
                      areas.feature_id(row));
      continue;
    }
    kept.push_back(i);
    rated.row.push_back(row);
    rated.events.push_back(e);
    rated.population.push_back(n);
  }
  if (rated.unpeopled > 0)
    diagnostics.add(
        Severity::doubt, "events-without-population", areas.name,
        fmt::format("areas where {} is 0 have events: {} events count nowhere, not in the rate of the whole "
                    "either; is {} right there?",
                    population.name, shortest(rated.events_unpeopled), population.name),
        rated.unpeopled);
  rated.weights = select(made.weights, kept);
  for (std::uint32_t i = 0; i < rated.row.size(); ++i)
    if (rated.weights.degree(i) == 0) {
      ++rated.islands;
      diagnostics.add(Severity::doubt, "islands", areas.name,
                      "areas have no neighbours: their local rate is their raw one", 1, areas.feature_id(rated.row[i]));
    }
  return rated;
}

MethodResult run_rates(const MethodInputs& inputs, const std::any& any_options, Progress& progress) {
  const auto& options = std::any_cast<const RatesOptions&>(any_options);
  const Layer& areas = inputs.layer("features");
  MethodResult result;
  const Rated seen = rated(areas, weights_table(inputs), options, result.diagnostics, progress);
  const SmoothedRates global = global_rates(seen.events, seen.population);
  const SmoothedRates local = local_rates(seen.weights, seen.events, seen.population);
  const double events = std::accumulate(seen.events.begin(), seen.events.end(), 0.0);
  const double people = std::accumulate(seen.population.begin(), seen.population.end(), 0.0);

  std::vector<std::int64_t> item(areas.size(), -1);
  for (std::size_t i = 0; i < seen.row.size(); ++i) item[seen.row[i]] = static_cast<std::int64_t>(i);
  for (const OutputField& field : rates_method().adds) result.columns.push_back(make_column(field));
  for (const std::int64_t at : item) {
    if (at < 0) {
      for (Column& column : result.columns) column.push_null();
      continue;
    }
    const auto i = static_cast<std::size_t>(at);
    const double expected = seen.population[i] * events / people;
    result.columns[0].push(options.per * seen.events[i] / seen.population[i]);
    result.columns[1].push(options.per * global.rate[i]);
    result.columns[2].push(options.per * local.rate[i]);
    result.columns[3].push(expected);
    result.columns[4].push(expected > 0 ? seen.events[i] / expected : kNan);
  }
  const bool whole = options.per < 1e15 && options.per == std::trunc(options.per);
  const std::string per =
      whole ? with_thousands(static_cast<std::int64_t>(options.per)) : fixed_trimmed(options.per, 6);
  for (std::size_t c = 0; c < 3 && options.per != 1; ++c) {  // for the legend
    result.columns[c].title.en += fmt::format(" per {}", per);
    result.columns[c].title.th += fmt::format(" ต่อ {}", per);
  }
  result.summary = {{"areas", static_cast<std::int64_t>(areas.size())},
                    {"n", static_cast<std::int64_t>(seen.row.size())},
                    {"zero_population", seen.zero},
                    {"missing", seen.missing},
                    {"islands", seen.islands},
                    {"events", events},
                    {"population", people}};
  if (!seen.row.empty()) {
    result.summary.emplace_back("rate", options.per * events / people);
    result.summary.emplace_back("between_variance", options.per * options.per * global.variance.front());
  }
  if (seen.row.size() == 1)
    result.diagnostics.add(Severity::doubt, "one-area", areas.name,
                           "one area alone has a rate: there is nothing to smooth it by");
  return result;
}

Method describe_rates() {
  Method method;
  method.name = "rates";
  method.stage = "analyse";
  method.title = {"Smoothed rates", "อัตราที่ปรับเรียบแล้ว"};
  method.summary = "Gives each area its rate of events per inhabitant, raw and smoothed by empirical Bayes.";
  method.description =
      "The raw rate is r = e / n, events by population. Where n is small it is tossed about by chance, so the largest "
      "and "
      "the smallest raw rates are those of the smallest areas. Empirical Bayes takes r towards a mean m by how "
      "uncertain "
      "it is: m + (r - m) a / (a + m / n).\n\n"
      "rate_eb is global: m = Σe / Σn over all areas, a = Σ n (r - m)² / Σn - m / n̄ the variance of the true rates, at "
      "least 0; with a = 0 chance explains all differences and every rate is m. rate_eb_local has m and a of the area "
      "and "
      "its neighbours, each counted once whatever its weight, so it keeps differences between regions. excess_risk is "
      "e by "
      "rate_expected = n Σe / Σn: 1 is the rate of the whole.\n\n"
      "Use it for sites or visitors per inhabitant, or events per site; multiply by `per` for numbers people can read. "
      "Map "
      "rate_eb, and rate_eb_local where regions differ. Pitfalls: smoothed rates of neighbours share data, so a test "
      "of "
      "autocorrelation on rate_eb_local finds what the smoothing made. An area that is different and small disappears. "
      "The "
      "mean of the rates is not the rate of the whole.\n\n"
      "An area with a population of 0 has no rate: its columns are null, and it is counted and nobody's neighbour; "
      "its events, if there are any, are doubted and count nowhere. So "
      "is "
      "one without a finite number, never read as 0. Negative numbers stop the run. An area without neighbours keeps "
      "its "
      "raw rate as local one. spdep's EBlocal gives the same with geoda = TRUE; its default measures each neighbour "
      "against that neighbour's own mean.\n\n"
      "Time: the weights, and links.";
  method.citation =
      "Marshall, R. J. (1991): Mapping disease and mortality rates using empirical Bayes estimators. Applied "
      "Statistics "
      "40, 283-294. Bailey, T. C. and Gatrell, A. C. (1995): Interactive Spatial Data Analysis. Harlow, Longman.";
  method.example =
      "rates provinces_with_assets.geojson --events point_count --population area_km2 --per 1000 -o rates.geojson";
  method.inputs = autocorrelation_inputs();
  method.inputs.front().help = "the areas with events and population";
  method.parameters = {
      titled(parameter(&RatesOptions::events, "events", ParameterKind::text, "Column of the numbers of events."),
             {"Events", "จำนวนเหตุการณ์"}),
      titled(parameter(&RatesOptions::population, "population", ParameterKind::text,
                       "Column of the numbers that events are counted against, such as inhabitants."),
             {"Population", "ประชากร"}),
      titled(ranged(parameter(&RatesOptions::per, "per", ParameterKind::real, "Rates are per so many."), 0,
                    std::numeric_limits<double>::infinity(), true),
             {"Per", "ต่อจำนวน"})};
  append(method.parameters, weights_parameters<RatesOptions>());
  std::erase_if(method.parameters, [](const Parameter& p) { return p.name == "style" || p.name == "power"; });
  const auto field = [](const char* name, const char* help, Localized title, ColourBy colour = ColourBy::sequence) {
    return OutputField{name, ColumnType::real, "", help, std::move(title), colour, true};
  };
  method.adds = {
      field("rate", "Events by population, times per; null without a population.", {"Raw rate", "อัตราดิบ"}),
      field("rate_eb", "The rate shrunk towards that of all areas, times per.", {"Smoothed rate", "อัตราปรับเรียบ"}),
      field("rate_eb_local", "The rate shrunk towards that of the area with its neighbours, times per.",
            {"Locally smoothed rate", "อัตราปรับเรียบตามเพื่อนบ้าน"}),
      field("rate_expected", "Events if the area had the rate of all areas together.",
            {"Expected events", "จำนวนเหตุการณ์คาดหมาย"}),
      field("excess_risk", "Events by the expected ones: 1 is the rate of all areas.", {"Excess risk", "ความเสี่ยงสัมพัทธ์"},
            ColourBy::ratio)};
  name_nulls(method.adds, {"no rate: no population or no number", "ไม่มีอัตรา: ไม่มีประชากรหรือไม่มีตัวเลข"});
  method.map_field = "rate_eb";
  method.default_options = [] { return std::any(RatesOptions{}); };
  method.run = run_rates;
  return method;
}

}  // namespace

const Method& rates_method() {
  static const Method method = describe_rates();
  return method;
}

}  // namespace yaan
