#include "analyse/observed_pattern.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <set>

#include "analyse/kinds.hpp"
#include "analyse/point_set.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/geodesy.hpp"
#include "yaan/core/numbers.hpp"
#include "yaan/core/parallel.hpp"
#include "yaan/core/publication.hpp"

namespace yaan {

namespace {

constexpr std::size_t kMostKinds = 100;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// The open points of a layer in the plane; NaN for those that take no part.
PlanePoints open_places(const Layer& layer, const DensityPlane& plane, Diagnostics& diagnostics,
                        const Progress& progress) {
  std::int64_t left_out = 0;
  PlanePoints places = plane.points(shown_points(layer, NotOpen::leave_out, left_out), layer.crs, progress);
  if (left_out != 0)
    diagnostics.add(Severity::note, "not-open-left-out", layer.name,
                    "points that are not open are left out: distances between points would tell where they are",
                    left_out);
  report_unusable(layer, "points without a usable position are left out", diagnostics);
  return places;
}

/// Sets places outside the window to NaN; returns how many.
std::int64_t leave_out_outside(const Layer& layer, const PatternWindow& window, PlanePoints& places,
                               Diagnostics& diagnostics) {
  std::int64_t outside = 0;
  for (std::size_t i = 0; i < places.x.size(); ++i) {
    if (std::isnan(places.x[i]) || window.holds(places.x[i], places.y[i])) continue;
    places.x[i] = places.y[i] = kNan;
    ++outside;
    diagnostics.add(Severity::skipped, "outside-window", layer.name, "points outside the window are left out", 1,
                    layer.feature_id(i));
  }
  return outside;
}

std::vector<std::uint32_t> used_rows(const PlanePoints& places) {
  std::vector<std::uint32_t> rows;
  for (std::uint32_t i = 0; i < places.x.size(); ++i)
    if (!std::isnan(places.x[i])) rows.push_back(i);
  return rows;
}

void make_window(const Layer* layer, const PlanePoints& places, const PatternOptions& options, const Layer& points,
                 ObservedPattern& pattern, Diagnostics& diagnostics) {
  Geometry shape;
  if (layer != nullptr) {
    shape = pattern.plane.study_area(*layer);
    pattern.window_name = layer->name;
    if (shape.bounds().empty())
      throw InputError(fmt::format("layer {} has no ground, so no point can lie in it", layer->name));
  } else {
    std::vector<double> x, y;
    for (const std::uint32_t row : used_rows(places)) {
      x.push_back(places.x[row]);
      y.push_back(places.y[row]);
    }
    const bool hull = options.window_rule == WindowRule::ripley_rasson;
    shape = hull ? ripley_rasson_window(x, y) : rectangle_window(x, y);
    pattern.window_name = hull ? "ripley_rasson" : "rectangle";
    if (!shape.x.empty())
      diagnostics.add(
          Severity::note, "window-by-rule", points.name,
          hull ? "no window was given: the convex hull of the points, grown after Ripley and Rasson, is taken; "
                 "statistics depend on it"
               : "no window was given: the grown bounding rectangle of the points is taken; statistics depend "
                 "on it");
  }
  auto window = std::make_unique<const PatternWindow>(std::move(shape));
  if (window->area() > 0) {
    pattern.window = std::move(window);
  } else {
    diagnostics.add(Severity::doubt, "no-window", points.name,
                    "the points are too few or lie on one line or spot, so there is no ground to compare with: give a "
                    "window");
  }
}

/// Says in which plane distances and areas are measured, and how far off they may be.
void report_plane(const Layer& points, const ObservedPattern& pattern, Diagnostics& diagnostics) {
  if (points.crs.kind() == Crs::Kind::local || !pattern.has_window()) return;
  if (!points.crs.is_geographic()) {
    diagnostics.add(Severity::note, "plane", points.name,
                    fmt::format("distances and areas are those of the layer's own plane, {}", points.crs.name()));
    return;
  }
  const Box& box = pattern.window->bounds();
  const double far = std::hypot(std::max(std::abs(box.min_x), std::abs(box.max_x)),
                                std::max(std::abs(box.min_y), std::abs(box.max_y)));
  const double half = std::asin(std::min(1.0, far / (2 * kMeanEarthRadius)));
  diagnostics.add(Severity::note, "plane", points.name,
                  fmt::format("distances are measured in an equal-area plane (Lambert, centred on the data): areas are "
                              "true, lengths at its corners off by at most {} %",
                              fixed_trimmed(100 * (1 / std::cos(half) - 1), 3)));
}

/// Fills x, y and kind, sorted.
void take_points(const Layer& points, const PlanePoints& places, const Column* column, ObservedPattern& pattern,
                 Diagnostics& diagnostics) {
  std::vector<std::uint32_t> rows = used_rows(places);
  std::vector<std::string> kind_of(column != nullptr ? points.size() : 0);
  if (column != nullptr) {
    std::set<std::string> names;
    std::erase_if(rows, [&](std::uint32_t row) {
      kind_of[row] = column->display(row);
      if (!kind_of[row].empty()) {
        names.insert(kind_of[row]);
        return false;
      }
      diagnostics.add(Severity::skipped, "missing-value", points.name,
                      fmt::format("points without a {} are left out", column->name), 1, points.feature_id(row));
      return true;
    });
    if (names.size() > kMostKinds)
      throw UsageError(
          fmt::format("{} of layer {} has more than {} different values", column->name, points.name, kMostKinds),
          "choose a column of kinds");
    pattern.kinds.assign(names.begin(), names.end());
  }
  const auto before = [&](std::uint32_t a, std::uint32_t b) {
    if (places.x[a] != places.x[b]) return places.x[a] < places.x[b];
    if (places.y[a] != places.y[b]) return places.y[a] < places.y[b];
    return column != nullptr && kind_of[a] < kind_of[b];
  };
  std::sort(rows.begin(), rows.end(), before);
  std::int64_t shared = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    pattern.x.push_back(places.x[rows[i]]);
    pattern.y.push_back(places.y[rows[i]]);
    if (column != nullptr) {
      const auto at = std::lower_bound(pattern.kinds.begin(), pattern.kinds.end(), kind_of[rows[i]]);
      pattern.kind.push_back(static_cast<std::uint32_t>(at - pattern.kinds.begin()));
    }
    if (i > 0 && pattern.x[i] == pattern.x[i - 1] && pattern.y[i] == pattern.y[i - 1]) ++shared;
  }
  if (shared > 0)
    diagnostics.add(Severity::doubt, "shared-place", points.name,
                    "points stand at the very place of another one: they count as points at distance 0, which looks "
                    "like gathering",
                    shared);
}

void take_background(const Layer& background, ObservedPattern& pattern, Diagnostics& diagnostics,
                     const Progress& progress) {
  PlanePoints places = open_places(background, pattern.plane, diagnostics, progress);
  leave_out_outside(background, *pattern.window, places, diagnostics);
  std::vector<std::pair<double, double>> sorted;
  for (const std::uint32_t row : used_rows(places)) sorted.emplace_back(places.x[row], places.y[row]);
  std::sort(sorted.begin(), sorted.end());
  for (const auto& [x, y] : sorted) {
    pattern.background_x.push_back(x);
    pattern.background_y.push_back(y);
  }
}

}  // namespace

ObservedPattern observe_pattern(const MethodInputs& inputs, const PatternOptions& options,
                                std::optional<std::string_view> category, Diagnostics& diagnostics,
                                const Progress& progress) {
  const Layer& points = inputs.layer("points");
  const Layer* window = inputs.find("window");
  const Layer* background = inputs.find("background");
  const Column* kinds = category ? &kind_column(points, std::string(*category), "category") : nullptr;
  progress.throw_if_cancelled();
  ObservedPattern pattern(DensityPlane(points, window));
  pattern.null_model = options.null_model;
  if (options.null_model == NullModel::automatic)
    pattern.null_model = background != nullptr ? NullModel::background : NullModel::complete_randomness;
  if (pattern.null_model == NullModel::background && background == nullptr)
    throw UsageError("the null model background needs a background layer", "give one in the role background");
  if (pattern.null_model == NullModel::random_labelling && kinds == nullptr)
    throw UsageError("random_labelling compares one kind of points with the others, but no kind was named",
                     "take another null model, or name a kind where the method has that parameter");
  if (background != nullptr && pattern.null_model != NullModel::background)
    diagnostics.add(Severity::doubt, "background-unused", background->name,
                    "the null model is another one, so the background has no part: take the null model background");
  PlanePoints places = open_places(points, pattern.plane, diagnostics, progress);
  make_window(window, places, options, points, pattern, diagnostics);
  if (!pattern.has_window()) return pattern;
  report_plane(points, pattern, diagnostics);
  progress.throw_if_cancelled();
  pattern.outside = leave_out_outside(points, *pattern.window, places, diagnostics);
  take_points(points, places, kinds, pattern, diagnostics);
  if (pattern.x.empty())
    diagnostics.add(Severity::doubt, "empty-window", points.name,
                    "no point lies in the window, so there is nothing to measure");
  if (pattern.null_model == NullModel::background) take_background(*background, pattern, diagnostics, progress);
  return pattern;
}

void complete_background(ObservedPattern& pattern, std::span<const std::uint32_t> rows, const MethodInputs& inputs,
                         Diagnostics& diagnostics) {
  if (pattern.null_model != NullModel::background || !pattern.has_window() || rows.empty()) return;
  const std::size_t given = pattern.background_x.size();
  if (given == 0)
    throw UsageError(
        fmt::format("the background {} has no usable point in the window", inputs.layer("background").name),
        "a background holds all places where points could be; or take another null model");
  std::vector<double> x, y;
  for (const std::uint32_t row : rows) {
    x.push_back(pattern.x[row]);
    y.push_back(pattern.y[row]);
  }
  // A millimetre, and less where a plane of no place has a ground of a few units.
  const Box& ground = pattern.window->bounds();
  const double step = std::min(1e-3, 1e-6 * std::max(ground.width(), ground.height()));
  const std::vector<std::uint8_t> on = stand_on(pattern.background_x, pattern.background_y, x, y, step);
  std::vector<std::pair<double, double>> all;
  for (std::size_t i = 0; i < given; ++i) all.emplace_back(pattern.background_x[i], pattern.background_y[i]);
  for (std::size_t i = 0; i < x.size(); ++i)
    if (on[i] == 0) all.emplace_back(x[i], y[i]);
  const std::size_t added = all.size() - given;
  if (added > 0)
    diagnostics.add(Severity::note, "not-in-background", inputs.layer("points").name,
                    "points stand on no place of the background: their places are added to it, so that the pattern is "
                    "one of those that chance draws",
                    static_cast<std::int64_t>(added));
  if (given < rows.size())
    diagnostics.add(Severity::doubt, "small-background", inputs.layer("background").name,
                    fmt::format("the background has {} usable points in the window, fewer than the {} places to be "
                                "drawn: with the points themselves added to it, hardly anything can stand out",
                                given, rows.size()));
  std::sort(all.begin(), all.end());
  pattern.background_x.clear();
  pattern.background_y.clear();
  for (const auto& [px, py] : all) {
    pattern.background_x.push_back(px);
    pattern.background_y.push_back(py);
  }
}

std::vector<std::uint32_t> all_rows(const ObservedPattern& pattern) {
  std::vector<std::uint32_t> rows(pattern.size());
  std::iota(rows.begin(), rows.end(), 0U);
  return rows;
}

std::vector<InputRole> pattern_inputs() {
  return {{"points", GeometryKind::point, RoleNeed::required, "the points whose pattern is looked at"},
          {"window", GeometryKind::polygon, RoleNeed::optional,
           "the ground on which points could be, as one; without, window_rule says"},
          {"background", GeometryKind::point, RoleNeed::optional,
           "places where points could have been, such as all businesses, for the null model background"}};
}

}  // namespace yaan
