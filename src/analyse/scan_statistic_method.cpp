#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include "analyse/common_parameters.hpp"
#include "analyse/curve_method.hpp"
#include "analyse/few_permutations.hpp"
#include "analyse/mark_words.hpp"
#include "analyse/scan_clusters.hpp"
#include "analyse/scan_draws.hpp"
#include "analyse/scan_places.hpp"
#include "yaan/analyse/scan_statistic.hpp"
#include "yaan/core/numbers.hpp"

namespace yaan {

namespace {

constexpr std::size_t kManyPlaces = 30'000;

void add_columns(const Method& method, const ScanItems& items, const ScanResult& found, double significance,
                 MethodResult& result) {
  std::vector<std::int64_t> cluster_of(items.places.x.size(), -1);
  for (std::size_t c = 0; c < found.clusters.size(); ++c)
    for (const std::uint32_t place : found.clusters[c].places) cluster_of[place] = static_cast<std::int64_t>(c);
  for (const OutputField& field : method.adds) result.columns.push_back(make_column(field));
  for (const std::int64_t place : items.place_of_row) {
    const std::int64_t at = place < 0 ? -1 : cluster_of[static_cast<std::size_t>(place)];
    if (at < 0) {
      for (Column& column : result.columns) column.push_null();
      continue;
    }
    const ScanCluster& cluster = found.clusters[static_cast<std::size_t>(at)];
    result.columns[3].push_or_null(scan_mark(cluster, found, significance));
    result.columns[0].push(at + 1);
    result.columns[1].push(std::isfinite(cluster.relative_risk) ? cluster.relative_risk
                                                                : std::numeric_limits<double>::quiet_NaN());
    result.columns[2].push(found.maxima.empty() ? std::numeric_limits<double>::quiet_NaN() : cluster.p);
  }
}

/// For the legends of both layers: which clusters there are, and how p was found.
void add_remarks(const ScanOptions& options, const ScanResult& found, MethodResult& result) {
  Localized which = {"the most likely cluster alone, not tested", "เฉพาะคลัสเตอร์ที่น่าจะเป็นที่สุด ไม่ได้ทดสอบ"};
  if (options.simulations > 0) {
    const std::string count = with_thousands(options.simulations);
    which = joined(
        level_words(options.significance, {fmt::format("{} simulations", count), fmt::format("จำลอง {} ครั้ง", count)}),
        {"the most likely cluster in any case", "แสดงคลัสเตอร์ที่น่าจะเป็นที่สุดเสมอ"});
    if (!found.clusters.empty() && found.clusters.front().p > options.significance)
      which = joined(which, {fmt::format("here p is {}: not significant", fixed_trimmed(found.clusters.front().p, 4)),
                             fmt::format("ในที่นี้ p เท่ากับ {} ไม่มีนัยสำคัญ", fixed_trimmed(found.clusters.front().p, 4))});
  }
  for (std::size_t c = 1; c < result.columns.size(); ++c) result.columns[c].remark = which;
  for (const char* name : {"relative_risk", "mark"}) result.layers.front().find(name)->remark = which;
}

double least_population(const ScanPlaces& places) {
  double least = std::numeric_limits<double>::infinity();
  for (const double people : places.population)
    if (people > 0) least = std::min(least, people);
  return least;
}

/// Whether a place with population is a window by itself.
bool any_window_fits(const ScanPlaces& places, double most) {
  constexpr double kRoundingRoom = 1 + 1e-12;
  return least_population(places) <= most * kRoundingRoom;
}

void report(const ScanItems& items, const Layer& features, const ScanOptions& options, double cases, double population,
            Diagnostics& diagnostics) {
  if (items.places.x.empty())
    diagnostics.add(Severity::doubt, "no-places", features.name, "nothing is left to scan");
  else if (cases == 0)
    diagnostics.add(Severity::doubt, "no-cases", features.name, "there are no cases, so nothing can gather");
  else if (items.model == ScanModel::bernoulli && cases >= population)
    diagnostics.add(Severity::doubt, "all-cases", features.name,
                    "all that there is are cases, so nothing can gather: give what they are compared with");
  else if (items.places.x.size() == 1)
    diagnostics.add(Severity::doubt, "one-place", features.name,
                    "all stand at one place, so no window can be told from the rest");
  else if (!any_window_fits(items.places, options.max_share * population))
    diagnostics.add(Severity::doubt, "no-window", features.name,
                    fmt::format("no window fits: every place has more than the largest share, {} % of the population; "
                                "the least is {:.3g} %",
                                shortest(100 * options.max_share), 100 * least_population(items.places) / population));
  if (items.places.x.size() > kManyPlaces && options.max_radius.value == 0)
    diagnostics.add(Severity::note, "many-places", features.name,
                    fmt::format("with {} places a window about each of up to {} % of the population takes minutes; "
                                "max_radius makes it short",
                                items.places.x.size(), 100 * options.max_share));
}

MethodResult run_scan(const MethodInputs& inputs, const std::any& any_options, Progress& progress) {
  const auto& options = std::any_cast<const ScanOptions&>(any_options);
  const Layer& features = inputs.layer("features");
  const Method& method = scan_statistic_method();
  MethodResult result;
  const ScanItems items = scan_items(inputs, options, result.diagnostics, progress);
  ScanSearch search = options;
  search.model = items.model;
  const auto cases = static_cast<double>(total_cases(items.places));
  const double population = std::accumulate(items.places.population.begin(), items.places.population.end(), 0.0);
  report(items, features, options, cases, population, result.diagnostics);
  const ScanResult found = scan(items.places, features.crs, search, progress);
  add_columns(method, items, found, options.significance, result);
  result.layers.push_back(scan_cluster_layer(method, features, items, found, options.significance));
  if (const Layer* background = inputs.find("background"))
    result.layers.front().sources.insert(result.layers.front().sources.end(), background->sources.begin(),
                                         background->sources.end());
  add_remarks(options, found, result);
  if (!found.clusters.empty() && !found.maxima.empty()) {
    const std::array<double, 1> p = {found.clusters.front().p};
    doubt_few_permutations(
        {p, p, options.simulations, PValue::folded, Correction::none, options.significance, "simulations"},
        features.name, result.diagnostics);
  }
  const auto significant = std::count_if(found.clusters.begin(), found.clusters.end(), [&](const ScanCluster& c) {
    return !found.maxima.empty() && c.p <= options.significance;
  });
  result.summary = {{"compared", items.what},
                    {"model", std::string(items.model == ScanModel::poisson ? "poisson" : "bernoulli")},
                    {"places", static_cast<std::int64_t>(items.places.x.size())},
                    {"cases", static_cast<std::int64_t>(cases)},
                    {"population", population},
                    {"simulations", options.simulations},
                    {"clusters", static_cast<std::int64_t>(found.clusters.size())},
                    {"significant", static_cast<std::int64_t>(significant)}};
  if (!found.clusters.empty()) {
    const ScanCluster& first = found.clusters.front();
    result.summary.emplace_back("observed", first.observed);
    result.summary.emplace_back("expected", first.expected);
    result.summary.emplace_back("log_likelihood_ratio", first.log_likelihood_ratio);
    if (!found.maxima.empty()) result.summary.emplace_back("p", first.p);
  }
  return result;
}

std::vector<OutputField> added_fields() {
  return {{"scan_cluster",
           ColumnType::integer,
           "",
           "Number of the cluster that holds the feature, the most likely first; null outside.",
           {"Scan cluster", "คลัสเตอร์จากการสแกน"},
           ColourBy::category,
           true},
          {"scan_relative_risk",
           ColumnType::real,
           "",
           "Rate within the cluster over the rate outside of it.",
           {"Relative risk", "ความเสี่ยงสัมพัทธ์"},
           ColourBy::ratio,
           true},
          {"scan_p", ColumnType::real, "", "p-value of the cluster.", {"p-value", "ค่า p"}, ColourBy::probability, true},
          scan_mark_field("scan_mark")};
}

std::vector<Parameter> parameters() {
  using K = ParameterKind;
  using O = ScanOptions;
  std::vector<Parameter> all = {
      titled(parameter(&O::events, "events", K::text, "Column of cases; empty where points are the cases."),
             {"Events", "เหตุการณ์"}),
      titled(parameter(&O::population, "population", K::text, "Column of the population."), {"Population", "ประชากร"}),
      titled(
          parameter(&O::category, "category", K::text, "Column of the kinds; empty for the one in the part category."),
          {"Column of kinds", "คอลัมน์ประเภท"}),
      titled(parameter(&O::kind, "kind", K::text, "The kind of points that is a case; empty for all points."),
             {"Kind", "ประเภท"}),
      titled(parameter(&O::model_choice, "model", K::choice,
                       "poisson: cases fall on a population; bernoulli: each of the population is a case or none. "
                       "automatic: poisson for columns, bernoulli for points.",
                       {"automatic", "poisson", "bernoulli"}),
             {"Model", "แบบจำลอง"}),
      titled(inherited<O>(&ScanSearch::look_for, "look_for", K::choice, "More cases than expected, fewer, or both.",
                          {"high", "low", "both"}),
             {"Look for", "มองหา"})};
  Parameter share = titled(
      ranged(inherited<O>(&ScanSearch::max_share, "max_share", K::real, "Largest share of the population in a window."),
             0, 0.5, true),
      {"Largest share", "สัดส่วนสูงสุด"});
  share.slider_minimum = 0.01;
  share.slider_maximum = 0.5;
  all.push_back(std::move(share));
  Parameter radius = titled(ranged(inherited<O>(&ScanSearch::max_radius, "max_radius", K::length,
                                                "Largest radius of a window; 0m for as far as max_share allows."),
                                   0),
                            {"Largest radius", "รัศมีสูงสุด"});
  radius.slider_minimum = 500;
  radius.slider_maximum = 100000;
  all.push_back(std::move(radius));
  all.push_back(simulations_parameter(static_cast<std::int64_t O::*>(&ScanSearch::simulations),
                                      "Maps simulated by chance; 0 for none."));
  all.push_back(significance_parameter(static_cast<double O::*>(&ScanSearch::significance),
                                       "p-value up to which clusters are listed; the most likely one always is."));
  all.push_back(seed_parameter(static_cast<std::int64_t O::*>(&ScanSearch::seed)));
  return all;
}

Method describe_scan() {
  Method method;
  method.name = "scan-statistic";
  method.stage = "analyse";
  method.title = {"Scan statistic", "สถิติสแกนเชิงพื้นที่"};
  method.summary = "Finds circles with more cases than chance explains, of any size and anywhere: Kulldorff's scan.";
  method.description =
      "About each place there is a window for each distance at which another place is met, up to `max_share` of the "
      "population and `max_radius`. With c of C cases in a window where e = C n / N are expected (n of the population "
      "N "
      "are within), the log likelihood ratio is, by **poisson**, c ln(c / e) + (C - c) ln((C - c) / (C - e)); by "
      "**bernoulli**, with n - c that are no cases, c ln(c / e) + (C - c) ln((C - c) / (C - e)) + (n - c) ln((n - c) / "
      "(n - e)) + (N - C - n + c) ln((N - C - n + c) / (N - C - n + e)). Only windows with more cases than expected "
      "count "
      "(`look_for low`: fewer; both: either).\n\n"
      "Each place has one most likely window. By falling ratio these become clusters, those left out that share a "
      "place "
      "with one before. p is the rank of a cluster's ratio among the largest ratios of simulated maps, on which the "
      "same "
      "number of cases falls by chance: (1 + maps with one at least as large) / (simulations + 1). So the search over "
      "all "
      "places and sizes is allowed for. For secondary clusters, compared with the largest of each map as well, p is "
      "too "
      "large if anything.\n\n"
      "What is compared: `events` and `population` are columns of areas (which stand at their centroids) or of points; "
      "or "
      "the points of `kind` with those of the layer `background`, such as all businesses; or, without a background, "
      "with "
      "the other kinds. By **bernoulli** cases and background are one population, of which so many are cases: right "
      "for a background "
      "that is a sample of what might have been a case, such as other businesses, few or many (few find large "
      "differences alone). It should not list the cases again: a note counts those that stand exactly on its points. "
      "By **poisson** the background is the whole population, known without error, by its weights, such as the "
      "centroids of census blocks. Each case counts at the nearest place with a weight, as people count at their "
      "centroid, because chance puts cases there alone; a note says how many moved, and how far at most. It holds its "
      "level where the weights stand for the ground about their places: of 400 maps of 100 cases without clusters on "
      "576 weighted places 6.2 % had p up to .05. A background without weights is most likely a sample, of which a "
      "doubt warns. In columns nothing "
      "moves: features with a population of 0 are left out, with their events, since nobody knows where else these "
      "would belong.\n\n"
      "Use it to say whether workshops gather anywhere more than shops do, and where most. Pitfalls: a circle about a "
      "cluster along a river holds much else; with `max_share` at one half a large weak cluster may hide a small "
      "strong "
      "one, so look at .1 as well, but choose beforehand. The smallest p is 1 / (simulations + 1). Places within a "
      "significant circle are not each significant. Points that are not open for publication take no part, because a "
      "circle would tell where they are; numbers in columns are taken as they are.\n\n"
      "Maps show `scan_mark`. The most likely cluster is kept whatever its p, and is marked as not significant where p "
      "is "
      "above the level; without simulations nothing is marked. The layer `scan_clusters` has a circle for each "
      "cluster; "
      "one of a single place is drawn with a kilometre, or "
      "half way to the next. "
      "Nothing is found without cases, or where everything is a case. Time: places² log places, and windows times "
      "simulations / 32; 10,000 points with 999 simulations take seconds, 100,000 minutes unless `max_radius` is "
      "small.";
  method.citation =
      "Kulldorff, M. (1997): A spatial scan statistic. Communications in Statistics: Theory and Methods 26, 1481-1496. "
      "Kulldorff, M. and Nagarwalla, N. (1995): Spatial disease clusters: detection and inference. Statistics in "
      "Medicine "
      "14, 799-810.";
  method.example =
      "scan-statistic data/creative_assets.csv --x longitude --y latitude --crs EPSG:4326 --kind museum -o "
      "museums_gather.geojson";
  method.inputs = {
      {"features", GeometryKind::none, RoleNeed::required, "the points, or areas with events and population"},
      {"background", GeometryKind::point, RoleNeed::optional,
       "points that the cases are compared with, such as all businesses"}};
  method.parameters = parameters();
  method.adds = added_fields();
  name_nulls(method.adds, {"outside every cluster", "อยู่นอกทุกคลัสเตอร์"});
  method.makes = "scan_clusters";
  method.makes_fields = scan_cluster_fields();
  method.map_field = "scan_mark";
  method.default_options = [] { return std::any(ScanOptions{}); };
  method.run = run_scan;
  return method;
}

}  // namespace

const Method& scan_statistic_method() {
  static const Method method = describe_scan();
  return method;
}

}  // namespace yaan
