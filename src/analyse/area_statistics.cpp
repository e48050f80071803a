#include "yaan/analyse/area_statistics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "analyse/common_parameters.hpp"
#include "analyse/kinds.hpp"
#include "analyse/points_in_areas.hpp"
#include "analyse/weighted_features.hpp"
#include "yaan/core/publication.hpp"

namespace yaan {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

}  // namespace

Diversity diversity(std::span<const std::int64_t> members) {
  double all = 0;
  for (const std::int64_t n : members) {
    if (n < 0) throw std::invalid_argument("diversity: a kind has a negative number of members");
    all += static_cast<double>(n);
  }
  if (all == 0) return {0, kNan, kNan, kNan};
  Diversity result;
  double squares = 0;
  for (const std::int64_t n : members) {
    if (n == 0) continue;
    ++result.kinds;
    const double share = static_cast<double>(n) / all;
    result.shannon -= share * std::log(share);
    squares += share * share;
  }
  if (result.kinds == 1) return {1, 0, 0, kNan};
  result.simpson = 1 - squares;
  result.pielou = result.shannon / std::log(static_cast<double>(result.kinds));
  return result;
}

namespace {

/// Of one area.
struct Tally {
  std::int64_t points = 0;
  std::int64_t values = 0;
  double sum = 0;
  Diversity mix = {0, kNan, kNan, kNan};
};

/// Adds up the variable. Values are added in ascending order within an area, so that the order of the rows leaves no
/// trace in the last digits.
void add_values(const Layer& points, const std::string& variable, const PointsInAreas& found,
                std::vector<Tally>& tallies, Diagnostics& diagnostics) {
  const Column& column = numbers_named(points, variable, "variable");
  const std::vector<Publication> levels = publication_levels(points);
  std::vector<std::pair<std::int32_t, double>> values;
  std::int64_t hidden = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (found.area[i] < 0) continue;
    if (levels[i] == Publication::hidden) {
      ++hidden;
      continue;
    }
    const auto value = column.number(i);
    if (value && std::isfinite(*value))
      values.emplace_back(found.area[i], *value);
    else
      diagnostics.add(Severity::skipped, "missing-value", points.name,
                      fmt::format("points without a finite {} count, but add nothing to sums and means", variable), 1,
                      points.feature_id(i));
  }
  if (hidden > 0)
    diagnostics.add(Severity::note, "hidden-left-out", points.name,
                    fmt::format("the {} of hidden points is in no sum and no mean, which would tell it", variable),
                    hidden);
  std::sort(values.begin(), values.end());
  for (const auto& [area, value] : values) {
    Tally& tally = tallies[static_cast<std::size_t>(area)];
    ++tally.values;
    tally.sum += value;
  }
}

void add_kinds(const Layer& points, const Column& column, const PointsInAreas& found, std::vector<Tally>& tallies,
               Diagnostics& diagnostics) {
  const RowKinds kinds = kinds_by_row(column);
  std::vector<std::pair<std::int32_t, std::int32_t>> seen;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (found.area[i] < 0) continue;
    if (kinds.of[i] >= 0)
      seen.emplace_back(found.area[i], kinds.of[i]);
    else
      diagnostics.add(Severity::skipped, "missing-kind", points.name,
                      fmt::format("points without a {} count, but in no diversity", column.name), 1,
                      points.feature_id(i));
  }
  std::sort(seen.begin(), seen.end());
  std::vector<std::int64_t> members;
  for (auto at = seen.begin(); at != seen.end();) {
    const std::int32_t area = at->first;
    members.clear();
    for (std::int32_t kind = -1; at != seen.end() && at->first == area; ++at) {
      if (at->second != kind) members.push_back(0);
      kind = at->second;
      ++members.back();
    }
    tallies[static_cast<std::size_t>(area)].mix = diversity(members);
  }
}

void push_tally(std::vector<Column>& columns, const Tally& tally, double km2, double all, bool has_values,
                bool has_kinds) {
  const auto points = static_cast<double>(tally.points);
  columns[0].push(km2);
  columns[1].push(tally.points);
  columns[2].push(all > 0 ? points / all : kNan);
  columns[3].push(km2 > 0 ? points / km2 : kNan);
  if (has_values)
    columns[4].push(tally.values);
  else
    columns[4].push_null();
  // Nothing there adds up to 0; values that nobody knows do not.
  columns[5].push(has_values && (tally.values > 0 || tally.points == 0) ? tally.sum : kNan);
  columns[6].push(has_values && tally.values > 0 ? tally.sum / static_cast<double>(tally.values) : kNan);
  if (has_kinds)
    columns[7].push(tally.mix.kinds);
  else
    columns[7].push_null();
  columns[8].push(tally.mix.shannon);
  columns[9].push(tally.mix.simpson);
  columns[10].push(tally.mix.pielou);
}

MethodResult run_area_statistics(const MethodInputs& inputs, const std::any& any_options, Progress& progress) {
  const auto& options = std::any_cast<const AreaStatisticsOptions&>(any_options);
  const Layer& areas = inputs.layer("areas");
  const Layer& points = inputs.layer("points");
  MethodResult result;
  const PointsInAreas found = points_in_areas(points, areas, options.within, result.diagnostics, progress);
  std::vector<Tally> tallies(areas.size());
  std::int64_t counted = 0;
  for (const std::int32_t area : found.area)
    if (area >= 0) {
      ++tallies[static_cast<std::size_t>(area)].points;
      ++counted;
    }
  const std::string& category = options.category.empty() ? points.roles.category : options.category;
  if (!options.variable.empty()) add_values(points, options.variable, found, tallies, result.diagnostics);
  if (!category.empty()) add_kinds(points, points.column(category), found, tallies, result.diagnostics);
  progress.throw_if_cancelled();

  for (const OutputField& field : area_statistics_method().adds) result.columns.push_back(make_column(field));
  std::int64_t empty = 0, without_ground = 0;
  for (std::size_t area = 0; area < areas.size(); ++area) {
    push_tally(result.columns, tallies[area], found.km2[area], static_cast<double>(counted), !options.variable.empty(),
               !category.empty());
    empty += tallies[area].points == 0;
    if (found.km2[area] > 0) continue;
    ++without_ground;
    result.diagnostics.add(Severity::doubt, "no-ground", areas.name, "areas without a shape have no density", 1,
                           areas.feature_id(area));
  }
  result.summary = {{"areas", static_cast<std::int64_t>(areas.size())},
                    {"empty_areas", empty},
                    {"points", static_cast<std::int64_t>(points.size())},
                    {"counted", counted},
                    {"inside", found.inside},
                    {"nearest", found.nearest},
                    {"outside", found.outside},
                    {"withheld", found.withheld}};
  return result;
}

void describe_fields(Method& method) {
  const auto field = [](const char* name, ColumnType type, const char* unit, const char* help, Localized title,
                        bool nullable) {
    return OutputField{name, type, unit, help, std::move(title), ColourBy::sequence, nullable};
  };
  constexpr ColumnType kReal = ColumnType::real, kInteger = ColumnType::integer;
  method.adds = {
      field("area_km2", kReal, "km2", "Area on the ellipsoid.", {"Area (km²)", "พื้นที่ (ตร.กม.)"}, false),
      field("point_count", kInteger, "", "Points that count in the area.", {"Points", "จำนวนแหล่ง"}, false),
      field("point_share", kReal, "share", "Share of all points that count in an area; null without any.",
            {"Share of points", "สัดส่วนแหล่ง"}, true),
      field("point_density_km2", kReal, "1/km2", "Points by area_km2; null without a shape.",
            {"Points per km²", "แหล่งต่อ ตร.กม."}, true),
      field("value_count", kInteger, "", "Points with a value of the variable; null without a variable.",
            {"Values", "จำนวนค่า"}, true),
      field("value_sum", kReal, "", "Sum of the variable; 0 in an empty area, null where no point has a value.",
            {"Sum", "ผลรวม"}, true),
      field("value_mean", kReal, "", "Mean of the variable over points that have a value.", {"Mean", "ค่าเฉลี่ย"}, true),
      field("kind_count", kInteger, "", "Different kinds in the area; null without a category.",
            {"Kinds", "จำนวนประเภท"}, true),
      field("shannon", kReal, "nats", "Shannon diversity: 0 for one kind, ln S for S kinds of equal shares.",
            {"Shannon diversity", "ความหลากหลายแชนนอน"}, true),
      field("simpson", kReal, "", "Simpson diversity 1 - D: the chance that two draws are of different kinds.",
            {"Simpson diversity", "ความหลากหลายซิมป์สัน"}, true),
      field("pielou", kReal, "", "Pielou evenness: Shannon by its largest value; null below two kinds.",
            {"Pielou evenness", "ความสม่ำเสมอพีลู"}, true)};
}

Method describe_area_statistics() {
  Method method;
  method.name = "area-statistics";
  method.stage = "analyse";
  method.title = {"Statistics by area", "สถิติรายพื้นที่"};
  method.summary = "Counts points by area: density per km², sum and mean of a column, diversity of kinds.";
  method.description =
      "Every point counts in one area at most: the one whose polygon holds it, borders included; on a common border or "
      "in areas that overlap, the first of them in the order of their codes (their ids where they have no codes), so "
      "that the order of the rows does not matter. A point outside every area counts in the nearest within `within`, "
      "as "
      "in assign-areas. All that count nowhere are counted in the diagnostics.\n\n"
      "point_density_km2 is n / A with A the area on the WGS 84 ellipsoid. value_sum and value_mean are over the "
      "points "
      "with a finite value; the others are counted, never read as 0. With shares p of the S kinds in the area: Shannon "
      "H = -Σ p ln p, Simpson 1 - D = 1 - Σ p², Pielou J = H / ln S. One kind has H = 0, 1 - D = 0 and no J; an area "
      "without kinds has none of the three.\n\n"
      "Use it for provinces, districts, subdistricts and the cells of grid. Pitfalls: a count follows the size of the "
      "area, so compare densities, or rates per inhabitant (see rates). Diversity rises with the number of points: "
      "between areas of 5 and of 100 points compare Pielou or Simpson rather than Shannon, and trust none below ten "
      "points. Sources differ about areas: for provinces by 0.4 to 3 % in the median and up to 21 %. Of 200 real "
      "points 4 "
      "to 16 lie outside of simplified provinces. A second run on the same areas replaces the columns.\n\n"
      "Points that are not open for publication count as all others in areas of at least 31 km2, the size of the cell "
      "to "
      "which coarsened ones are moved; in smaller ones they count nowhere, because the count would tell where they "
      "are. "
      "The values of hidden points are in no sum and no mean.\n\n"
      "Time: as assign-areas, and O(n log n) for n points.";
  method.citation =
      "Shannon, C. E. (1948): A mathematical theory of communication. Bell System Technical Journal 27, 379-423. "
      "Simpson, "
      "E. H. (1949): Measurement of diversity. Nature 163, 688. Pielou, E. C. (1966): The measurement of diversity in "
      "different types of biological collections. Journal of Theoretical Biology 13, 131-144. Area on the ellipsoid: "
      "Snyder, J. P. (1987): Map projections, a working manual. USGS Professional Paper 1395.";
  method.example =
      "area-statistics data/provinces.geojson --points data/creative_assets.csv --points-x longitude --points-y "
      "latitude "
      "--points-crs EPSG:4326 --category category -o provinces_with_assets.geojson";
  method.inputs = counting_inputs("the points to count");
  method.parameters = {titled(parameter(&AreaStatisticsOptions::variable, "variable", ParameterKind::text,
                                        "Column of numbers of the points to add up; empty for none."),
                              {"Variable", "ตัวแปร"}),
                       titled(parameter(&AreaStatisticsOptions::category, "category", ParameterKind::text,
                                        "Column of the kinds of points; empty for the one in the part category."),
                              {"Category", "ประเภท"}),
                       within_parameter<AreaStatisticsOptions>()};
  describe_fields(method);
  method.map_field = "point_density_km2";
  method.default_options = [] { return std::any(AreaStatisticsOptions{}); };
  method.run = run_area_statistics;
  return method;
}

}  // namespace

const Method& area_statistics_method() {
  static const Method method = describe_area_statistics();
  return method;
}

}  // namespace yaan
