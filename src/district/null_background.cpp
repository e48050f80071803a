#include "district/null_background.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

#include "analyse/kinds.hpp"
#include "analyse/point_set.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/numbers.hpp"
#include "yaan/core/overlay.hpp"
#include "yaan/core/publication.hpp"

namespace yaan {

namespace {

constexpr std::uint64_t kPoolItem = ~std::uint64_t{0};  // items below it are points that are placed one by one
constexpr double kStripesInRadius = 3;
constexpr double kLeastPoint = 0.5;   // of a background of points: ground without any is no proof
constexpr double kLeastShare = 1e-9;  // of any other background

/// The places of a layer that can be used, in the coordinates of the points and in the plane. Others are NaN in the
/// plane.
PlacedPoints places_of(const Geometry& geometry, const Crs& from, const Crs& to, const DensityPlane& plane,
                       const Progress& progress) {
  PlacedPoints places{geometry.x, geometry.y, {}, {}};
  PlanePoints in_plane = plane.points(geometry, from, progress);
  places.plane_x = std::move(in_plane.x);
  places.plane_y = std::move(in_plane.y);
  if (from.same_as(to)) return places;
  const Transformer transformer(from, to);
  for (std::size_t i = 0; i < places.x.size(); ++i)
    if (std::isnan(places.plane_x[i])) places.x[i] = places.y[i] = 0;
  transformer.apply(places.x, places.y);
  for (std::size_t i = 0; i < places.x.size(); ++i)
    if (!std::isfinite(places.x[i]) || !std::isfinite(places.y[i]))
      places.plane_x[i] = places.plane_y[i] = std::numeric_limits<double>::quiet_NaN();
  return places;
}

PlacedPoints select(const PlacedPoints& places, std::span<const std::uint32_t> rows) {
  PlacedPoints some;
  for (const std::uint32_t row : rows) {
    some.x.push_back(places.x[row]);
    some.y.push_back(places.y[row]);
    some.plane_x.push_back(places.plane_x[row]);
    some.plane_y.push_back(places.plane_y[row]);
  }
  return some;
}

DistrictNull model_of(const SignificanceOptions& options, const Layer* window, const Layer* background) {
  DistrictNull model = options.null_model;
  if (model == DistrictNull::automatic) {
    if (!options.population.empty())
      model = DistrictNull::population;
    else if (background != nullptr)
      model = DistrictNull::background;
    else
      model = options.kind.empty() ? DistrictNull::complete_randomness : DistrictNull::random_labelling;
  }
  if (model == DistrictNull::background && background == nullptr)
    throw UsageError("the null model background needs a background layer", "give one in the role background");
  if (model == DistrictNull::random_labelling && options.kind.empty())
    throw UsageError("random_labelling compares one kind of points with the others, but no kind was named",
                     "name it in the parameter kind, or take another null model");
  if (model == DistrictNull::population && options.population.empty())
    throw UsageError("the null model population needs a column of people",
                     "name it in the parameter population; it is one of the window's areas or of the background");
  if (model == DistrictNull::population && background == nullptr && window == nullptr)
    throw UsageError("the null model population needs a layer that holds the column " + options.population,
                     "give areas in the role window, or points in the role background");
  return model;
}

/// Of each feature; at least 0. Missing ones are nobody.
std::vector<double> population_of(const Layer& layer, const std::string& name, Diagnostics& diagnostics) {
  const Column& column = layer.column(name);
  if (column.type() != ColumnType::integer && column.type() != ColumnType::real)
    throw UsageError(fmt::format("column {} of layer {} does not hold numbers", name, layer.name),
                     "name a column of people");
  std::vector<double> people(layer.size(), 0);
  for (std::size_t row = 0; row < people.size(); ++row) {
    const auto number = column.number(row);
    if (!number) {
      diagnostics.add(Severity::doubt, "missing-value", layer.name,
                      fmt::format("features without a {} count as having none", name), 1, layer.feature_id(row));
    } else if (!(*number >= 0) || std::isinf(*number)) {
      throw InputError(
          fmt::format("layer {}, feature {}: {} is {}", layer.name, layer.feature_id(row), name, shortest(*number)),
          "a population is a number from 0 on");
    } else {
      people[row] = *number;
    }
  }
  if (!(std::accumulate(people.begin(), people.end(), 0.0) > 0))
    throw InputError(fmt::format("nobody lives in layer {}: all of its {} are 0", layer.name, name),
                     "name a column of people");
  return people;
}

/// Rows with a place, of the kind if one is asked for; `all` gets those of every kind.
std::vector<std::uint32_t> rows_to_cluster(const Layer& points, const PlacedPoints& places,
                                           const SignificanceOptions& options, std::vector<std::uint32_t>& all,
                                           Diagnostics& diagnostics) {
  report_unusable(points, "points without a usable position are in no district", diagnostics);
  const auto usable = [&](std::size_t row) { return !std::isnan(places.plane_x[row]); };
  for (std::uint32_t row = 0; row < points.size(); ++row)
    if (usable(row)) all.push_back(row);
  if (options.kind.empty()) return all;
  const Column& column = kind_column(points, options.category, "category");
  const RowKinds kinds = kinds_by_row(column, kMostKinds);
  const auto found = std::find(kinds.names.begin(), kinds.names.end(), options.kind);
  if (found == kinds.names.end() && !kinds.names.empty()) {
    const std::string near = nearest_word(options.kind, kinds.names);
    throw UsageError(fmt::format("kind: no point is of the kind \"{}\"", options.kind),
                     near.empty() ? fmt::format("the kinds are {}", fmt::join(kinds.names, ", "))
                                  : fmt::format("did you mean {}?", near));
  }
  for (const std::uint32_t row : all)
    if (kinds.of[row] < 0)
      diagnostics.add(Severity::skipped, "missing-value", points.name,
                      fmt::format("points without a {} are left out", column.name), 1, points.feature_id(row));
  std::erase_if(all, [&](std::uint32_t row) { return kinds.of[row] < 0; });
  std::vector<std::uint32_t> rows = all;
  const auto number = static_cast<std::int32_t>(found - kinds.names.begin());
  std::erase_if(rows, [&](std::uint32_t row) { return kinds.of[row] != number; });
  return rows;
}

class Reader {
 public:
  Reader(const Layer& points, const Layer* window, const Layer* background, const SignificanceOptions& options,
         Diagnostics& diagnostics, const Progress& progress)
      : m_points(points),
        m_window_layer(window),
        m_background_layer(background),
        m_options(options),
        m_diagnostics(diagnostics),
        m_progress(progress) {}

  NullBackground read(ClusteredPoints& clustered) {
    NullBackground made(DensityPlane(m_points, m_window_layer));
    made.model = model_of(m_options, m_window_layer, m_background_layer);
    const PlacedPoints places = places_of(m_points.geometry, m_points.crs, m_points.crs, made.plane, m_progress);
    std::vector<std::uint32_t> all;
    std::vector<std::uint32_t> rows = rows_to_cluster(m_points, places, m_options, all, m_diagnostics);
    const bool ground = lay_window(made, select(places, rows));
    order_points(rows, places, ground, clustered);
    const double stripe = checked_ground_length(m_points.crs, m_options.radius, "radius") *
                          (m_points.crs.is_geographic() ? 1 : made.plane.unit()) / kStripesInRadius;
    if (clustered.moved == 0) return made;
    switch (made.model) {
      case DistrictNull::random_labelling: take_pool(made, places, std::move(all), {}, stripe); break;
      case DistrictNull::background: take_layer(made, {}, stripe); break;
      case DistrictNull::population:
        if (m_background_layer != nullptr) {
          take_layer(made, population_of(*m_background_layer, m_options.population, m_diagnostics), stripe);
        } else {
          take_ground(made, made.plane.areas(*m_window_layer),
                      population_of(*m_window_layer, m_options.population, m_diagnostics), stripe);
        }
        break;
      default: take_ground(made, m_window->shape(), {m_window->area()}, stripe);
    }
    if (made.pool_mass.empty() && !made.ground && made.pool.x.size() < clustered.moved)
      throw UsageError(fmt::format("the background has {} usable points, but {} places are to be drawn from it, none "
                                   "twice",
                                   made.pool.x.size(), clustered.moved),
                       "a background holds all places where points could be; or take another null model");
    return made;
  }

 private:
  /// Whether there is ground on which points can be moved.
  bool lay_window(const NullBackground& made, const PlacedPoints& used) {
    Geometry shape;
    if (m_window_layer != nullptr) {
      shape = made.plane.study_area(*m_window_layer);
      if (shape.bounds().empty())
        throw InputError(fmt::format("layer {} has no ground, so no point can lie in it", m_window_layer->name));
    } else if (made.model != DistrictNull::complete_randomness) {
      return true;
    } else {
      const bool hull = m_options.window_rule == WindowRule::ripley_rasson;
      shape = hull ? ripley_rasson_window(used.plane_x, used.plane_y) : rectangle_window(used.plane_x, used.plane_y);
      if (!shape.x.empty())
        m_diagnostics.add(Severity::note, "window-by-rule", m_points.name,
                          "no window was given: ground about the points by a rule is taken; what is chance depends on "
                          "it");
    }
    m_window = std::make_unique<const PatternWindow>(std::move(shape));
    if (m_window->area() > 0) return true;
    m_diagnostics.add(Severity::doubt, "no-window", m_points.name,
                      "the points are too few or lie on one line or spot, so there is no ground to compare with: give "
                      "a window");
    return false;
  }

  [[nodiscard]] bool inside(const PlacedPoints& places, std::size_t i) const {
    return !std::isnan(places.plane_x[i]) &&
           (m_window == nullptr || m_window->holds(places.plane_x[i], places.plane_y[i]));
  }

  void order_points(std::vector<std::uint32_t>& rows, const PlacedPoints& places, bool ground,
                    ClusteredPoints& clustered) {
    std::vector<double> weight;
    if (m_options.weighted) {
      if (m_points.roles.weight.empty())
        throw UsageError(fmt::format("layer {} has no weight, so its points cannot count by it", m_points.name),
                         "name the column with the role weight, or leave weighted out");
      weight = point_weights(m_points, m_diagnostics);
    }
    std::vector<std::uint8_t> moves(m_points.size(), 0);
    for (const std::uint32_t row : rows) {
      moves[row] = ground && inside(places, row) ? 1 : 0;
      if (moves[row] == 0 && ground)
        m_diagnostics.add(Severity::note, "outside-window", m_points.name,
                          "points outside the window stay where they are: they help to make districts, and are not "
                          "counted",
                          1, m_points.feature_id(row));
    }
    const auto key = [&](std::uint32_t row) {
      return std::tuple(moves[row] == 0, places.x[row], places.y[row], weight.empty() ? 0 : weight[row]);
    };
    std::sort(rows.begin(), rows.end(), [&](std::uint32_t a, std::uint32_t b) { return key(a) < key(b); });
    clustered.places = select(places, rows);
    for (const std::uint32_t row : rows) {
      clustered.moved += moves[row];
      if (!weight.empty()) clustered.weight.push_back(weight[row]);
    }
    clustered.row = std::move(rows);
  }

  void take_layer(NullBackground& made, const std::vector<double>& people, double stripe) {
    const Layer& layer = *m_background_layer;
    std::int64_t left_out = 0;
    const Geometry shown = shown_points(layer, NotOpen::leave_out, left_out);
    if (left_out != 0)
      m_diagnostics.add(Severity::note, "not-open-left-out", layer.name,
                        "points of the background that are not open are left out: what is expected would tell where "
                        "they are",
                        left_out);
    report_unusable(layer, "points without a usable position are left out", m_diagnostics);
    std::vector<std::uint32_t> rows(layer.size());
    std::iota(rows.begin(), rows.end(), 0U);
    take_pool(made, places_of(shown, layer.crs, m_points.crs, made.plane, m_progress), std::move(rows), people, stripe);
  }

  /// `people` empty: each place counts as one and is drawn once.
  void take_pool(NullBackground& made, const PlacedPoints& places, std::vector<std::uint32_t> rows,
                 const std::vector<double>& people, double stripe) const {
    std::erase_if(rows, [&](std::uint32_t row) { return !inside(places, row); });
    const auto key = [&](std::uint32_t row) {
      return std::tuple(places.x[row], places.y[row], people.empty() ? 1 : people[row]);
    };
    std::sort(rows.begin(), rows.end(), [&](std::uint32_t a, std::uint32_t b) { return key(a) < key(b); });
    made.pool = select(places, rows);
    std::vector<double> mass(rows.size(), 1);
    double sum = 0;
    for (std::size_t i = 0; i < rows.size() && !people.empty(); ++i) {
      mass[i] = people[rows[i]];
      made.pool_mass.push_back(sum += mass[i]);
    }
    if (!people.empty() && !(sum > 0))
      throw InputError(fmt::format("nobody lives at the usable points of layer {}", m_background_layer->name),
                       "give a background with people in the window");
    made.mass = BackgroundMass(made.pool.plane_x, made.pool.plane_y, mass, stripe);
    made.least_mass = people.empty() ? kLeastPoint : kLeastShare * made.mass.total();
  }

  static void take_ground(NullBackground& made, const Geometry& areas, std::vector<double> mass, double stripe) {
    for (std::size_t feature = 0; feature < mass.size(); ++feature) {
      double area = 0;
      for (std::size_t part = areas.feature_parts[feature]; part < areas.feature_parts[feature + 1]; ++part)
        for (std::size_t ring = areas.part_rings[part]; ring < areas.part_rings[part + 1]; ++ring)
          area += ring_area(areas.ring_x(ring), areas.ring_y(ring));
      mass[feature] = area > 0 ? mass[feature] / area : 0;
    }
    made.ground.emplace(areas, mass);
    if (made.ground->empty())
      throw InputError("the areas with a population have no ground", "give polygons with an area");
    made.mass = BackgroundMass(areas, mass, stripe);
    made.least_mass = kLeastShare * made.mass.total();
  }

  const Layer& m_points;
  const Layer* m_window_layer;
  const Layer* m_background_layer;
  const SignificanceOptions& m_options;
  Diagnostics& m_diagnostics;
  const Progress& m_progress;
  std::unique_ptr<const PatternWindow> m_window;  // null: all ground
};

}  // namespace

NullBackground read_background(const Layer& points, const Layer* window, const Layer* background,
                               const SignificanceOptions& options, ClusteredPoints& clustered, Diagnostics& diagnostics,
                               const Progress& progress) {
  return Reader(points, window, background, options, diagnostics, progress).read(clustered);
}

BackgroundDraws::BackgroundDraws(const NullBackground& background, const Crs& crs, std::int64_t seed)
    : m_background(background),
      m_seed(static_cast<std::uint64_t>(seed)),
      m_pool(static_cast<std::uint32_t>(background.pool.x.size())) {
  if (background.ground && crs.is_geographic()) m_from_plane.emplace(background.plane.crs(), crs);
}

void BackgroundDraws::draw(std::uint32_t simulation, std::size_t moved, PlacedPoints& places) {
  if (m_background.ground) return from_ground(simulation, moved, places);
  const PlacedPoints& pool = m_background.pool;
  const auto put = [&](std::size_t i, std::size_t from) {
    places.x[i] = pool.x[from];
    places.y[i] = pool.y[from];
    places.plane_x[i] = pool.plane_x[from];
    places.plane_y[i] = pool.plane_y[from];
  };
  const auto& mass = m_background.pool_mass;
  if (mass.empty()) {
    const auto drawn = m_pool.draw(RandomStream(m_seed, kPoolItem, simulation), moved);
    for (std::size_t i = 0; i < moved; ++i) put(i, drawn[i]);
    return;
  }
  for (std::size_t i = 0; i < moved; ++i) {
    RandomStream random(m_seed, i, simulation);
    const double person = random.fraction() * mass.back();
    const auto found = std::upper_bound(mass.begin(), mass.end(), person) - mass.begin();
    put(i, std::min(static_cast<std::size_t>(found), mass.size() - 1));
  }
}

void BackgroundDraws::from_ground(std::uint32_t simulation, std::size_t moved, PlacedPoints& places) {
  for (std::size_t i = 0; i < moved; ++i)
    m_background.ground->draw(RandomStream(m_seed, i, simulation), places.plane_x[i], places.plane_y[i]);
  const double unit = m_background.plane.unit();
  for (std::size_t i = 0; i < moved; ++i) {
    places.x[i] = places.plane_x[i] / unit;
    places.y[i] = places.plane_y[i] / unit;
  }
  if (m_from_plane) m_from_plane->apply(std::span(places.x).first(moved), std::span(places.y).first(moved));
}

}  // namespace yaan
