#include "analyse/scan_places.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>
#include <tuple>
#include <utility>

#include "analyse/kinds.hpp"
#include "analyse/point_set.hpp"
#include "analyse/weighted_features.hpp"
#include "yaan/analyse/nearest.hpp"
#include "yaan/analyse/spatial_weights.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/numbers.hpp"
#include "yaan/core/publication.hpp"

namespace yaan {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kFarthestBackground = 1e7;  // metres or units of a plane: as far as searches on the globe go

struct Item {
  double x = 0, y = 0;
  std::int64_t cases = 0;
  double population = 0;
  std::int64_t row = -1;  // of the features; none for the background's
};

void take(std::vector<Item>&& items, ScanItems& found) {
  std::sort(items.begin(), items.end(),
            [](const Item& a, const Item& b) { return std::tie(a.x, a.y, a.row) < std::tie(b.x, b.y, b.row); });
  ScanPlaces& places = found.places;
  for (const Item& item : items) {
    if (places.x.empty() || places.x.back() != item.x || places.y.back() != item.y) {
      places.x.push_back(item.x);
      places.y.push_back(item.y);
      places.cases.push_back(0);
      places.population.push_back(0);
    }
    places.cases.back() += item.cases;
    places.population.back() += item.population;
    if (item.row >= 0)
      found.place_of_row[static_cast<std::size_t>(item.row)] = static_cast<std::int64_t>(places.x.size()) - 1;
  }
}

/// Where each feature stands; NaN for those that take no part.
Places standing(const Layer& layer, Diagnostics& diagnostics) {
  Places places;
  if (layer.geometry.kind == GeometryKind::point) {
    std::int64_t left_out = 0;
    Geometry shown = shown_points(layer, NotOpen::leave_out, left_out);
    if (left_out > 0)
      diagnostics.add(Severity::note, "not-open-left-out", layer.name,
                      "points that are not open are left out: a circle about them would tell where they are", left_out);
    report_unusable(layer, "points without a usable position are left out", diagnostics);
    places = {std::move(shown.x), std::move(shown.y)};
  } else {
    places = places_of(layer.geometry, layer.crs);
  }
  for (std::size_t i = 0; i < places.x.size(); ++i)
    if (!usable_position(places.x[i], places.y[i], layer.crs.is_geographic())) places.x[i] = places.y[i] = kNan;
  return places;
}

double count_in(const Column& column, const Layer& layer, std::size_t row, bool whole) {
  const double value = column.number(row).value_or(kNan);
  const bool broken = whole && std::isfinite(value) && value != std::floor(value);
  if (value < 0 || broken)
    throw InputError(
        fmt::format("layer {}, feature {}: {} is {}, but {}", layer.name, layer.feature_id(row), column.name,
                    shortest(value), broken ? "cases are counted in whole numbers" : "counts are not negative"),
        "correct the value, or leave it empty to leave the feature out");
  return std::isfinite(value) ? value : kNan;
}

void take_columns(const Layer& features, const ScanOptions& options, ScanItems& found, Diagnostics& diagnostics) {
  const bool bernoulli = found.model == ScanModel::bernoulli;
  const Column& events = numbers_named(features, options.events, "column of events");
  const Column& population = numbers_named(features, options.population, "column of the population");
  const Places places = standing(features, diagnostics);
  std::vector<Item> items;
  for (std::size_t row = 0; row < features.size(); ++row) {
    if (std::isnan(places.x[row])) continue;
    const double cases = count_in(events, features, row, true);
    const double people = count_in(population, features, row, bernoulli);
    if (std::isnan(cases) || std::isnan(people)) {
      diagnostics.add(Severity::skipped, "missing-value", features.name,
                      fmt::format("features without a finite {} or {} are left out", events.name, population.name), 1,
                      features.feature_id(row));
      continue;
    }
    if (people == 0) {
      diagnostics.add(Severity::skipped, "zero-population", features.name,
                      fmt::format("features where {} is 0 are left out, with their events", population.name), 1,
                      features.feature_id(row));
      continue;
    }
    if (bernoulli && cases > people)
      throw InputError(fmt::format("layer {}, feature {}: {} of {} are {}, more than there are", features.name,
                                   features.feature_id(row), with_thousands(static_cast<std::int64_t>(cases)),
                                   shortest(people), events.name),
                       "by the model bernoulli the events are part of the population; or take the model poisson");
    items.push_back(
        {places.x[row], places.y[row], static_cast<std::int64_t>(cases), people, static_cast<std::int64_t>(row)});
  }
  found.what = fmt::format("{} by {}", events.name, population.name);
  take(std::move(items), found);
}

/// The background's points that count, each as much as its weight, or 1.
std::vector<Item> background_items(const Layer& background, const Crs& crs, bool weighted, Diagnostics& diagnostics) {
  const Layer there = background.crs.same_as(crs) ? background : reprojected(background, crs);
  const Places places = standing(there, diagnostics);
  const std::vector<double> weights =
      weighted ? point_weights(there, diagnostics) : std::vector<double>(there.size(), 1);
  std::vector<Item> items;
  for (std::size_t row = 0; row < there.size(); ++row)
    if (!std::isnan(places.x[row]) && weights[row] > 0)
      items.push_back({places.x[row], places.y[row], 0, weights[row], -1});
  return items;
}

/// Poisson's population stands at the places of the background, and so chance puts cases nowhere else. The observed
/// ones must stand there too: elsewhere they would be places without population, which no simulated map has, and
/// everything would stand out.
std::vector<Item> at_nearest(const std::vector<Item>& cases, const std::vector<Item>& background, const Layer& points,
                             const Layer& beside, Diagnostics& diagnostics, Progress& progress) {
  const auto along = [](const std::vector<Item>& items, double Item::*axis) {
    std::vector<double> values;
    values.reserve(items.size());
    for (const Item& item : items) values.push_back(item.*axis);
    return values;
  };
  const bool geographic = points.crs.is_geographic();
  const Length anywhere = geographic ? Length(Metres{kFarthestBackground}) : Length::bare(kFarthestBackground);
  const std::vector<JoinedPoint> nearest =
      nearest_join(along(cases, &Item::x), along(cases, &Item::y), along(background, &Item::x),
                   along(background, &Item::y), points.crs, anywhere, progress);
  std::vector<Item> moved;
  std::int64_t elsewhere = 0;
  double farthest = 0;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    if (nearest[i].row == kNoNeighbour) {
      diagnostics.add(Severity::skipped, "no-background", points.name,
                      fmt::format("cases without a place of {} anywhere near are left out", beside.name), 1,
                      points.feature_id(static_cast<std::size_t>(cases[i].row)));
      continue;
    }
    const Item& place = background[nearest[i].row];
    moved.push_back({place.x, place.y, cases[i].cases, 0, cases[i].row});
    elsewhere += nearest[i].distance > 0;
    farthest = std::max(farthest, nearest[i].distance * (geographic ? 1 : points.crs.metres_per_unit()));
  }
  if (elsewhere > 0)
    diagnostics.add(Severity::note, "moved-to-background", points.name,
                    fmt::format("cases count at the nearest place of {}, at most {} m away", beside.name,
                                static_cast<std::int64_t>(std::ceil(farthest))),
                    elsewhere);
  return moved;
}

/// What the background may be mistaken for.
void report_background(const std::vector<Item>& cases, const std::vector<Item>& background, ScanModel model,
                       const Layer& points, const Layer& beside, Diagnostics& diagnostics) {
  if (model == ScanModel::poisson) {
    if (beside.roles.weight.empty())
      diagnostics.add(Severity::doubt, "sample-as-population", beside.name,
                      "poisson takes the background as the whole population and as known, but its points have no "
                      "weights: if they are a sample of places, such as other businesses, chance gaps among them look "
                      "like clusters, and bernoulli is the model; or name their column of weights");
    return;
  }
  std::set<std::pair<double, double>> there;
  for (const Item& item : background) there.emplace(item.x, item.y);
  const auto shared = std::count_if(cases.begin(), cases.end(), [&](const Item& item) {
    return there.contains({item.x, item.y});
  });
  if (shared > 0)
    diagnostics.add(Severity::note, "cases-on-background", points.name,
                    fmt::format("cases stand exactly on a point of {}: if it lists them too, they count twice, as a "
                                "case and as none; leave them out of it",
                                beside.name),
                    shared);
  if (background.size() < cases.size())
    diagnostics.add(Severity::note, "small-background", beside.name,
                    fmt::format("the background has {} points for {} cases: the test holds, but with so few to compare "
                                "with it finds large differences alone",
                                background.size(), cases.size()));
}

/// Adds the background to the cases: by Bernoulli as others among them, by Poisson as what they stand on.
void add_background(const Layer& background, const Layer& points, ScanModel model, std::vector<Item>& items,
                    Diagnostics& diagnostics, Progress& progress) {
  const bool poisson = model == ScanModel::poisson;
  const std::vector<Item> beside = background_items(background, points.crs, poisson, diagnostics);
  report_background(items, beside, model, points, background, diagnostics);
  if (poisson) items = at_nearest(items, beside, points, background, diagnostics, progress);
  items.insert(items.end(), beside.begin(), beside.end());
}

void take_points(const Layer& points, const Layer* background, const ScanOptions& options, ScanItems& found,
                 Diagnostics& diagnostics, Progress& progress) {
  if (background == nullptr && options.kind.empty())
    throw UsageError("nothing says what the points are compared with",
                     "give a background layer, such as all businesses; or --kind, to compare one kind with the others; "
                     "or --events and --population");
  RowKinds kinds;
  std::int32_t wanted = -1;
  if (!options.kind.empty()) {
    kinds = kinds_by_row(kind_column(points, options.category, "category"), kMostKinds);
    const auto at = std::lower_bound(kinds.names.begin(), kinds.names.end(), options.kind);
    if (at == kinds.names.end() || *at != options.kind) refuse_unknown_kind(options.kind, kinds.names, points.name);
    wanted = static_cast<std::int32_t>(at - kinds.names.begin());
  }
  const Places places = standing(points, diagnostics);
  std::vector<Item> items;
  for (std::size_t row = 0; row < points.size(); ++row) {
    if (std::isnan(places.x[row])) continue;
    if (wanted >= 0 && kinds.of[row] < 0) {
      diagnostics.add(Severity::skipped, "missing-value", points.name, "points without a kind are left out", 1,
                      points.feature_id(row));
      continue;
    }
    const bool is_case = wanted < 0 || kinds.of[row] == wanted;
    if (!is_case && background != nullptr) continue;  // the background is what the kind is compared with
    items.push_back({places.x[row], places.y[row], is_case ? 1 : 0, 1, static_cast<std::int64_t>(row)});
  }
  if (background != nullptr) add_background(*background, points, found.model, items, diagnostics, progress);
  found.what = fmt::format("{} against {}", options.kind.empty() ? points.name : options.kind,
                           background != nullptr ? background->name : "the other kinds");
  take(std::move(items), found);
}

/// Bernoulli's cases are drawn among the population one by one.
void check_population(const ScanItems& found, const Layer& features) {
  constexpr double kMost = 4e9;
  const std::vector<double>& people = found.places.population;
  const double all = std::accumulate(people.begin(), people.end(), 0.0);
  if (found.model == ScanModel::bernoulli && all >= kMost)
    throw InputError(fmt::format("layer {}: a population of {} is more than the model bernoulli takes", features.name,
                                 shortest(all)),
                     "take the model poisson, which differs little where cases are few among so many");
}

}  // namespace

ScanItems scan_items(const MethodInputs& inputs, const ScanOptions& options, Diagnostics& diagnostics,
                     Progress& progress) {
  const Layer& features = inputs.layer("features");
  const Layer* background = inputs.find("background");
  ScanItems found;
  found.place_of_row.assign(features.size(), -1);
  const bool columns = !options.events.empty() || !options.population.empty();
  const bool poisson = options.model_choice == ScanModelChoice::poisson ||
                       (options.model_choice == ScanModelChoice::automatic && columns);
  found.model = poisson ? ScanModel::poisson : ScanModel::bernoulli;
  if (columns) {
    if (background != nullptr || !options.kind.empty())
      throw UsageError(
          "events and population are columns of the features, so kind and background have no use beside them",
          "leave one of the two ways out");
    take_columns(features, options, found, diagnostics);
    check_population(found, features);
    return found;
  }
  if (features.geometry.kind != GeometryKind::point)
    throw UsageError(
        fmt::format("layer {} holds no points, so it needs the columns of events and population", features.name),
        "name them with --events and --population");
  take_points(features, background, options, found, diagnostics, progress);
  return found;
}

}  // namespace yaan
