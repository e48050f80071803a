#include "district/null_background.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

#include "analyse/point_set.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/overlay.hpp"
#include "yaan/core/publication.hpp"

namespace yaan {

namespace {

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

/// A layer of the places alone from which nobody can tell those of points that are not open; of all where none is.
Layer extent_of(const Layer& points) {
  Layer extent;
  extent.name = points.name;
  extent.crs = points.crs;
  std::int64_t left_out = 0;
  extent.geometry = shown_points(points, NotOpen::leave_out, left_out);
  if (left_out == static_cast<std::int64_t>(points.size())) extent.geometry = points.geometry;
  return extent;
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
        m_progress(progress),
        m_levels(publication_levels(points)) {}

  NullBackground read(ClusteredPoints& clustered) {
    NullBackground made(DensityPlane(extent_of(m_points), m_window_layer));
    made.model = chosen_model(m_options, m_window_layer, m_background_layer);
    const bool by_areas = made.model == DistrictNull::population && m_background_layer == nullptr;
    if (by_areas) take_areas_with_people();
    const PlacedPoints places = places_of(m_points.geometry, m_points.crs, m_points.crs, made.plane, m_progress);
    std::vector<std::uint32_t> all;
    std::vector<std::uint32_t> rows = rows_to_cluster(m_points, places, m_options, all, m_diagnostics);
    const bool ground = lay_window(made, places, rows);
    PlacedPoints pool;
    std::vector<double> people;
    const bool by_layer = made.model == DistrictNull::background ||
                          (made.model == DistrictNull::population && m_background_layer != nullptr);
    if (by_layer) pool = places_of_layer(made, people);
    if (made.model == DistrictNull::random_labelling) pool = open_places(places, all);
    order_points(rows, places, moving(made, places, rows, ground, pool), ground, clustered);
    const double stripe = checked_ground_length(m_points.crs, m_options.radius, "radius") *
                          (m_points.crs.is_geographic() ? 1 : made.plane.unit()) / kStripesInRadius;
    if (clustered.moved == 0) {
      if (ground)
        m_diagnostics.add(Severity::doubt, "empty-window", m_points.name,
                          "no point that chance could move lies in the window, so nothing is tested");
      return made;
    }
    if (by_layer || made.model == DistrictNull::random_labelling)
      take_pool(made, pool, people, clustered);
    else if (by_areas)
      take_ground(made, made.plane.areas(*m_window_layer), m_people, stripe);
    else
      take_ground(made, m_window->shape(), {m_window->area()}, stripe);
    return made;
  }

 private:
  /// Areas whose people nobody counted are no ground with nobody on it.
  void take_areas_with_people() {
    const Layer& layer = *m_window_layer;
    m_people = people_of(layer, m_options.population);
    if (layer.size() > 0 && std::none_of(m_people.begin(), m_people.end(), [](double people) { return people > 0; }))
      throw InputError(
          fmt::format("nobody lives in layer {}: all of its {} are 0 or missing", layer.name, m_options.population),
          "name a column of people");
    std::vector<std::uint32_t> known;
    for (std::uint32_t row = 0; row < layer.size(); ++row) {
      if (!std::isnan(m_people[row])) {
        known.push_back(row);
        continue;
      }
      m_diagnostics.add(Severity::skipped, "missing-value", layer.name,
                        fmt::format("areas without a {} are taken out of the window: points in them stay where they "
                                    "are, and are not counted",
                                    m_options.population),
                        1, layer.feature_id(row));
    }
    if (known.size() == layer.size()) return;
    std::erase_if(m_people, [](double people) { return std::isnan(people); });
    m_known_areas = layer.select(known);
    m_window_layer = &m_known_areas;
  }

  /// Whether there is ground on which points can be moved.
  bool lay_window(const NullBackground& made, const PlacedPoints& places, const std::vector<std::uint32_t>& rows) {
    Geometry shape;
    if (m_window_layer != nullptr) {
      shape = made.plane.study_area(*m_window_layer);
      if (shape.bounds().empty())
        throw InputError(fmt::format("layer {} has no ground, so no point can lie in it", m_window_layer->name));
    } else if (made.model != DistrictNull::complete_randomness) {
      return true;
    } else {
      // Its size is what is expected: it must not tell where points are that are not open.
      const PlacedPoints used = places.select(open_rows(rows));
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

  [[nodiscard]] bool is_open(std::uint32_t row) const { return m_levels[row] == Publication::open; }
  [[nodiscard]] std::vector<std::uint32_t> open_rows(std::vector<std::uint32_t> rows) const {
    std::erase_if(rows, [&](std::uint32_t row) { return !is_open(row); });
    return rows;
  }

  /// The open points in the window, of every kind.
  PlacedPoints open_places(const PlacedPoints& places, const std::vector<std::uint32_t>& all) {
    std::vector<std::uint32_t> rows = open_rows(all);
    if (rows.size() < all.size())
      m_diagnostics.add(Severity::note, "not-open-left-out", m_points.name,
                        "points that are not open are no places that chance draws from: what is expected would tell "
                        "where they are",
                        static_cast<std::int64_t>(all.size() - rows.size()));
    std::erase_if(rows, [&](std::uint32_t row) { return !inside(places, row); });
    return places.select(rows);
  }

  /// Of each point of the layer, whether chance moves it. Where places are drawn out of a pool, each point that moves
  /// is one of them, so that any of the choices is as likely as the observed one: to a background the open points that
  /// stand on none of its places are added, and points that are not open stay where they are.
  std::vector<std::uint8_t> moving(const NullBackground& made, const PlacedPoints& places,
                                   std::vector<std::uint32_t> rows, bool ground, PlacedPoints& pool) {
    std::vector<std::uint8_t> moves(m_points.size(), 0);
    std::erase_if(rows, [&](std::uint32_t row) { return !ground || !inside(places, row); });
    for (const std::uint32_t row : rows) moves[row] = 1;
    std::int64_t stay = 0;
    const auto leave = [&](std::uint32_t row) {
      moves[row] = 0;
      ++stay;
    };
    if (made.model == DistrictNull::random_labelling)
      for (const std::uint32_t row : rows)
        if (!is_open(row)) leave(row);
    if (made.model == DistrictNull::background && !rows.empty()) {
      const std::size_t given = pool.size();
      if (given == 0)
        throw UsageError("the background has no usable point in the window",
                         "a background holds all places where points could be; or take another null model");
      // Open ones choose first: so the pool tells nothing of the others.
      std::stable_partition(rows.begin(), rows.end(), [&](std::uint32_t row) { return is_open(row); });
      const std::vector<std::uint8_t> on = stand_on(pool, places, rows);
      for (std::size_t i = 0; i < rows.size(); ++i) {
        if (on[i] != 0) continue;
        if (is_open(rows[i]))
          pool.append(places, rows[i]);
        else
          leave(rows[i]);
      }
      report_pool(given, pool.size() - given, rows.size() - static_cast<std::size_t>(stay));
    }
    if (stay > 0)
      m_diagnostics.add(Severity::note, "not-open-stay", m_points.name,
                        "points that are not open stay where they are: they help to make districts, and are not "
                        "counted, because what is expected would tell where they are",
                        stay);
    return moves;
  }

  void report_pool(std::size_t given, std::size_t added, std::size_t moved) {
    if (added > 0)
      m_diagnostics.add(Severity::note, "not-in-background", m_points.name,
                        "points stand on no place of the background: their places are added to it, so that they are "
                        "among what chance draws from here as in the simulated maps",
                        static_cast<std::int64_t>(added));
    if (given < moved)
      m_diagnostics.add(Severity::doubt, "small-background", m_background_layer->name,
                        fmt::format("the background has {} usable points, fewer than the {} places to be drawn: with "
                                    "the points themselves added to it, hardly any district can stand out",
                                    given, moved));
  }

  void order_points(std::vector<std::uint32_t>& rows, const PlacedPoints& places,
                    const std::vector<std::uint8_t>& moves, bool ground, ClusteredPoints& clustered) {
    std::vector<double> weight;
    if (m_options.weighted) {
      if (m_points.roles.weight.empty())
        throw UsageError(fmt::format("layer {} has no weight, so its points cannot count by it", m_points.name),
                         "name the column with the role weight, or leave weighted out");
      weight = point_weights(m_points, m_diagnostics);
    }
    for (const std::uint32_t row : rows)
      if (ground && !inside(places, row))
        m_diagnostics.add(Severity::note, "outside-window", m_points.name,
                          "points outside the window stay where they are: they help to make districts, and are not "
                          "counted",
                          1, m_points.feature_id(row));
    const auto key = [&](std::uint32_t row) {
      return std::tuple(moves[row] == 0, places.x[row], places.y[row], weight.empty() ? 0 : weight[row]);
    };
    std::sort(rows.begin(), rows.end(), [&](std::uint32_t a, std::uint32_t b) { return key(a) < key(b); });
    clustered.places = places.select(rows);
    for (const std::uint32_t row : rows) {
      clustered.moved += moves[row];
      if (!weight.empty()) clustered.weight.push_back(weight[row]);
    }
    clustered.row = std::move(rows);
  }

  /// The usable points of the background in the window; with a population those whose people are known.
  PlacedPoints places_of_layer(const NullBackground& made, std::vector<double>& people) {
    const Layer& layer = *m_background_layer;
    std::vector<double> each;
    if (made.model == DistrictNull::population) each = people_of(layer, m_options.population);
    std::int64_t left_out = 0;
    const Geometry shown = shown_points(layer, NotOpen::leave_out, left_out);
    if (left_out != 0)
      m_diagnostics.add(Severity::note, "not-open-left-out", layer.name,
                        "points of the background that are not open are left out: what is expected would tell where "
                        "they are",
                        left_out);
    report_unusable(layer, "points without a usable position are left out", m_diagnostics);
    const PlacedPoints places = places_of(shown, layer.crs, m_points.crs, made.plane, m_progress);
    PlacedPoints pool;
    for (std::size_t row = 0; row < layer.size(); ++row) {
      if (!inside(places, row)) continue;
      if (!each.empty() && std::isnan(each[row])) {
        m_diagnostics.add(Severity::skipped, "missing-value", layer.name,
                          fmt::format("points of the background without a {} are left out", m_options.population), 1,
                          layer.feature_id(row));
        continue;
      }
      pool.append(places, row);
      if (!each.empty()) people.push_back(each[row]);
    }
    return pool;
  }

  /// `people` empty: each place counts as one and is drawn once.
  void take_pool(NullBackground& made, const PlacedPoints& places, const std::vector<double>& people,
                 ClusteredPoints& clustered) const {
    std::vector<std::uint32_t> rows(places.size());
    std::iota(rows.begin(), rows.end(), 0U);
    const auto key = [&](std::uint32_t row) {
      return std::tuple(places.x[row], places.y[row], people.empty() ? 1 : people[row]);
    };
    std::sort(rows.begin(), rows.end(), [&](std::uint32_t a, std::uint32_t b) { return key(a) < key(b); });
    made.pool = places.select(rows);
    std::vector<double> mass(rows.size(), 1);
    double sum = 0;
    for (std::size_t i = 0; i < people.size(); ++i) {
      mass[i] = people[rows[i]];
      made.pool_mass.push_back(sum += mass[i]);
    }
    const bool by_people = made.model == DistrictNull::population;
    if (by_people && !(sum > 0))
      throw InputError(fmt::format("nobody lives at the usable points of layer {}", m_background_layer->name),
                       "give a background with people in the window");
    if (!by_people && made.pool.size() == clustered.moved) report_all_cases(made);
    lay_places(made, mass, clustered);
    made.least_mass = by_people ? kLeastShare * made.total() : kLeastPoint;
  }

  /// Where points stand beside the pool there are centres without a mass.
  void lay_places(NullBackground& made, std::vector<double> mass, ClusteredPoints& clustered) const {
    PlacedPoints all = made.pool;
    clustered.standing = numbers_among(clustered.places, all);
    mass.resize(all.size(), 0);
    made.place_mass.emplace(all.x, all.y, mass, m_points.crs,
                            checked_ground_length(m_points.crs, m_options.radius, "radius"), m_progress);
  }

  /// Every simulated map is the observed one.
  void report_all_cases(const NullBackground& made) const {
    if (made.model == DistrictNull::random_labelling)
      m_diagnostics.add(Severity::doubt, "all-cases", m_points.name,
                        "all points that could change kinds are of the one kind, so nothing can gather: give the "
                        "points that they are compared with");
    else
      m_diagnostics.add(Severity::doubt, "all-cases", m_background_layer->name,
                        "points stand on all places that chance draws from, so nothing can gather: give all places "
                        "where points could be");
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
  std::vector<Publication> m_levels;
  std::vector<double> m_people;                   // of the window's areas
  Layer m_known_areas;                            // of a window that has others as well
  std::unique_ptr<const PatternWindow> m_window;  // null: all ground
};

}  // namespace

NullBackground read_background(const Layer& points, const Layer* window, const Layer* background,
                               const SignificanceOptions& options, ClusteredPoints& clustered, Diagnostics& diagnostics,
                               const Progress& progress) {
  return Reader(points, window, background, options, diagnostics, progress).read(clustered);
}

}  // namespace yaan
