#include "analyse/area_snapshots.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "analyse/points_in_areas.hpp"
#include "analyse/same_sites.hpp"
#include "analyse/weighted_features.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/numbers.hpp"

namespace yaan {

namespace {

constexpr double kMostCount = 1e9;

/// "a, b;c" as words.
std::vector<std::string> names_in(const std::string& text) {
  std::vector<std::string> names;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find_first_of(",;", begin), text.size());
    const std::size_t first = text.find_first_not_of(' ', begin);
    if (first < end) names.push_back(text.substr(first, text.find_last_not_of(' ', end - 1) + 1 - first));
    begin = end + 1;
  }
  return names;
}

double not_negative(const Layer& areas, const Column& column, std::uint32_t row) {
  const double value = column.number(row).value_or(std::numeric_limits<double>::quiet_NaN());
  if (value < 0)
    throw InputError(fmt::format("layer {}, feature {}: {} is {}, but numbers of sites and people are not negative",
                                 areas.name, areas.feature_id(row), column.name, shortest(value)),
                     "correct the value, or leave it empty to leave the area out");
  return value;
}

std::vector<std::int64_t> counts_in(const Layer& areas, const std::vector<std::uint32_t>& rows, const std::string& name,
                                    Diagnostics& diagnostics) {
  const Column& column = numbers_named(areas, name, "column of counts");
  std::vector<std::int64_t> counts;
  for (const std::uint32_t row : rows) {
    const double value = not_negative(areas, column, row);
    if (!std::isfinite(value)) {
      diagnostics.add(Severity::skipped, "missing-value", areas.name,
                      fmt::format("areas without a {} are not compared with it and not in its sum", name), 1,
                      areas.feature_id(row));
      counts.push_back(-1);
      continue;
    }
    if (value != std::floor(value) || value > kMostCount)
      throw InputError(fmt::format("layer {}, feature {}: {} is {}, but the tests are of counts", areas.name,
                                   areas.feature_id(row), name, shortest(value)),
                       "name a column of whole numbers, not of rates or densities");
    counts.push_back(static_cast<std::int64_t>(value));
  }
  return counts;
}

std::vector<double> population_in(const Layer& areas, const std::vector<std::uint32_t>& rows, const std::string& name,
                                  Diagnostics& diagnostics) {
  const Column& column = numbers_named(areas, name, "column of the population");
  std::vector<double> population;
  for (const std::uint32_t row : rows) {
    const double value = not_negative(areas, column, row);
    population.push_back(std::isfinite(value) ? value : std::numeric_limits<double>::quiet_NaN());
    if (value > 0 && std::isfinite(value)) continue;
    diagnostics.add(Severity::skipped, value == 0 ? "zero-population" : "missing-value", areas.name,
                    fmt::format("areas where {} is {} have no rate to compare", name, value == 0 ? "0" : "missing"), 1,
                    areas.feature_id(row));
  }
  return population;
}

/// Of each snapshot its title, else its name; the names where titles would not tell them apart.
std::vector<Localized> told_apart(std::vector<Localized> titles, const std::vector<std::string>& names) {
  std::vector<std::string> said;
  for (std::size_t i = 0; i < titles.size(); ++i) {
    Localized& title = titles[i];
    const std::string& other = title.en.empty() ? title.th : title.en;
    if (title.en.empty()) title.en = other.empty() ? names[i] : other;
    if (title.th.empty()) title.th = title.en;
    said.push_back(title.en);
  }
  std::sort(said.begin(), said.end());
  if (std::adjacent_find(said.begin(), said.end()) == said.end()) return titles;
  for (std::size_t i = 0; i < titles.size(); ++i) titles[i] = {names[i], names[i]};
  return titles;
}

/// The points of each area that have no match.
std::vector<std::int64_t> unmatched(const std::vector<std::uint8_t>& matched, const Layer& areas,
                                    const PointsInAreas& found) {
  std::vector<std::int64_t> of_row(areas.size(), 0), counts;
  for (std::size_t i = 0; i < matched.size(); ++i)
    if (found.area[i] >= 0 && matched[i] == 0) ++of_row[static_cast<std::size_t>(found.area[i])];
  for (const std::uint32_t row : found.order) counts.push_back(of_row[row]);
  return counts;
}

void count_points(const MethodInputs& inputs, const AreaChangeOptions& options, AreaSnapshots& seen,
                  Diagnostics& diagnostics, Progress& progress) {
  const Layer& areas = inputs.layer("areas");
  const Layer& before = inputs.layer("before");
  const Layer& after = inputs.layer("after");
  const PointsInAreas earlier = points_in_areas(before, areas, options.within, diagnostics, progress);
  const PointsInAreas later = points_in_areas(after, areas, options.within, diagnostics, progress);
  seen.row = later.order;
  seen.name = {before.name, after.name};
  seen.title = {before.title, after.title};
  const auto none = [](const Layer& points) { return std::vector<std::uint8_t>(points.size(), 0); };
  seen.count = {unmatched(none(before), areas, earlier), unmatched(none(after), areas, later)};
  // By where they stand, not where they count: a site whose level of publication changed neither opened nor closed.
  const auto same_area = [&](std::size_t first, std::size_t second) {
    return earlier.stands[first] == later.stands[second];
  };
  if (!options.match_ids) return suggest_matching(area_change_method().name, before, after, same_area, diagnostics);
  const SameSites same = same_sites(before, after, same_area, diagnostics);
  seen.closed = unmatched(same.before, areas, earlier);
  seen.opened = unmatched(same.after, areas, later);
}

}  // namespace

AreaSnapshots area_snapshots(const MethodInputs& inputs, const AreaChangeOptions& options, Diagnostics& diagnostics,
                             Progress& progress) {
  progress.throw_if_cancelled();
  const Layer& areas = inputs.layer("areas");
  const std::vector<std::string> columns = names_in(options.counts);
  const bool layers = inputs.find("before") != nullptr || inputs.find("after") != nullptr;
  if (layers && !columns.empty())
    throw UsageError("layers of points and columns of counts are given, but either says how many sites there are",
                     "leave one of them out");
  if (!layers && columns.size() < 2)
    throw UsageError(columns.empty() ? "nobody says what to compare" : "one snapshot alone shows no change",
                     "name two or more columns with counts, or give the layers before and after");
  if (options.match_ids && !layers)
    throw UsageError("sites are to be matched by their ids, but columns of counts tell of no site",
                     "give the layers before and after, or leave match_ids out");
  AreaSnapshots seen;
  if (layers) {
    count_points(inputs, options, seen, diagnostics, progress);
  } else {
    seen.row = order_by_code(area_codes(areas), areas.geometry);
    seen.name = columns;
    for (const std::string& name : columns) {
      seen.count.push_back(counts_in(areas, seen.row, name, diagnostics));
      seen.title.push_back(areas.column(name).title);
    }
  }
  seen.title = told_apart(std::move(seen.title), seen.name);
  const std::vector<std::string> codes = area_codes(areas);
  for (const std::uint32_t row : seen.row) seen.code.push_back(codes[row]);
  const std::vector<std::string> populations = names_in(options.populations);
  if (!populations.empty() && populations.size() != seen.count.size())
    throw UsageError(fmt::format("the population has {} for {} snapshots",
                                 populations.size() == 1 ? "one column" : fmt::format("{} columns", populations.size()),
                                 seen.count.size()),
                     "name one for each snapshot, in the same order");
  for (const std::string& name : populations)
    seen.population.push_back(population_in(areas, seen.row, name, diagnostics));
  if (populations.empty()) seen.population.assign(seen.count.size(), std::vector<double>(seen.row.size(), 1.0));
  return seen;
}

}  // namespace yaan
