#include "app/viewer/map_content.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "yaan/core/error.hpp"
#include "yaan/core/publication.hpp"

namespace yaan::viewer {

namespace {

// Horizontal stretches of the line y inside the part, left to right.
std::vector<double> crossings(const Geometry& polygons, std::size_t part, double y) {
  std::vector<double> found;
  for (std::size_t ring = polygons.part_rings[part]; ring < polygons.part_rings[part + 1]; ++ring) {
    const auto xs = polygons.ring_x(ring);
    const auto ys = polygons.ring_y(ring);
    for (std::size_t i = 0; i + 1 < xs.size(); ++i)
      if ((ys[i] > y) != (ys[i + 1] > y))
        found.push_back(xs[i] + (y - ys[i]) / (ys[i + 1] - ys[i]) * (xs[i + 1] - xs[i]));
  }
  std::sort(found.begin(), found.end());
  return found;
}

struct LabelSpot {
  render::PlanePoint place;
  double room = 0;
};

// The middle of the widest horizontal stretch near the middle of the feature's largest part.
LabelSpot label_spot(const Geometry& polygons, std::size_t feature) {
  LabelSpot spot{{std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::quiet_NaN()}, 0};
  double largest = 0;
  std::size_t chosen = 0;
  for (std::size_t part = polygons.feature_parts[feature]; part < polygons.feature_parts[feature + 1]; ++part) {
    const std::size_t outer = polygons.part_rings[part];
    const double area = std::abs(ring_area(polygons.ring_x(outer), polygons.ring_y(outer)));
    if (area > largest) {
      largest = area;
      chosen = part;
    }
  }
  if (largest == 0) return spot;
  Box box;
  const std::size_t outer = polygons.part_rings[chosen];
  for (std::size_t i = 0; i < polygons.ring_x(outer).size(); ++i)
    box.include(polygons.ring_x(outer)[i], polygons.ring_y(outer)[i]);
  double best = 0;
  for (int line = 3; line <= 9; ++line) {
    const double y = box.min_y + box.height() * line / 12;
    const std::vector<double> stretch = crossings(polygons, chosen, y);
    for (std::size_t i = 0; i + 1 < stretch.size(); i += 2) {
      const double width = stretch[i + 1] - stretch[i];
      // The middle line is preferred unless another one is clearly wider.
      const double worth = width * (1 - 0.06 * std::abs(line - 6));
      if (worth <= best) continue;
      best = worth;
      spot = {{(stretch[i] + stretch[i + 1]) / 2, y}, width};
    }
  }
  return spot;
}

// A picture of the window is an output like any other: hidden sites have no place in it (NaN), coarsened ones stand in
// the middle of their cell.
Geometry shown_places(const Layer& sites, const Crs& plane) {
  std::int64_t left_out = 0;
  Geometry places = shown_points(sites, NotOpen::coarsen, left_out);
  if (sites.crs.kind() != Crs::Kind::local) Transformer(sites.crs, plane).apply(places.x, places.y);
  return places;
}

}  // namespace

Crs map_plane(const Project& project) {
  Box box;
  for (const auto& [name, layer] : project.layers) {
    if (layer.geometry.kind == GeometryKind::none) continue;
    if (layer.crs.kind() == Crs::Kind::local) return layer.crs;
    box.include(reprojected(layer, Crs::wgs84()).geometry.bounds());
  }
  if (box.empty()) box = project.ground;
  if (box.empty()) throw InputError("there is nothing to show: no layer has a geometry");
  return Crs::laea(Degrees{(box.min_x + box.max_x) / 2}, Degrees{(box.min_y + box.max_y) / 2});
}

SiteContent site_content(const std::shared_ptr<const Layer>& sites, const Crs& plane, SiteContent before) {
  SiteContent content = std::move(before);
  if (content.x.size() != sites->size()) {  // the steps add columns and move no site
    const Geometry moved = shown_places(*sites, plane);
    content.x = moved.x;
    content.y = moved.y;
    content.index = render::PointIndex(content.x, content.y);
  }
  content.layer = sites;
  content.rank.assign(sites->size(), 0);
  if (const Column* rank = sites->find("district_rank"); rank != nullptr && rank->type() == ColumnType::integer)
    content.rank = rank->integers();
  return content;
}

PolygonContent polygon_content(const std::shared_ptr<const Layer>& polygons, const Crs& plane) {
  PolygonContent content;
  content.layer = polygons;
  content.geometry = reprojected(*polygons, plane).geometry;
  content.mesh = render::polygon_mesh(content.geometry, {0, 0});
  for (std::size_t f = 0; f < content.geometry.size(); ++f) {
    const LabelSpot spot = label_spot(content.geometry, f);
    content.label_places.push_back(spot.place);
    content.label_rooms.push_back(spot.room);
  }
  return content;
}

namespace {

/// What the column is called, and its name too where others of the layer are called the same.
Localized title_of(const Column& column, const Layer& layer) {
  if (column.title.empty()) return {column.name, column.name};
  const auto alike = std::count_if(layer.columns.begin(), layer.columns.end(),
                                   [&](const Column& other) { return other.title == column.title; });
  if (alike == 1) return column.title;
  return {fmt::format("{} ({})", column.title.en, column.name), fmt::format("{} ({})", column.title.th, column.name)};
}

}  // namespace

std::vector<ColourOption> colour_options(const Session& session) {
  const Project& project = session.project();
  std::vector<std::string> names = {project.areas, project.points, project.districts};
  for (const auto& [name, layer] : session.outcome().layers)
    if (layer->geometry.kind == GeometryKind::polygon && std::find(names.begin(), names.end(), name) == names.end())
      names.push_back(name);
  std::vector<ColourOption> options;
  for (const std::string& name : names) {
    const std::shared_ptr<const Layer> layer = name.empty() ? nullptr : session.layer(name);
    if (layer == nullptr) continue;
    for (const Column& column : layer->columns) {
      if (column.colour_by == ColourBy::none || column.null_count() == column.size()) continue;
      options.push_back(
          {name, column.name, title_of(column, *layer), layer->title.empty() ? Localized{name, name} : layer->title});
    }
  }
  return options;
}

std::optional<ColouredContent> coloured_content(const Session& session, const MapColours& wishes, const Crs& plane,
                                                const std::optional<SiteContent>& sites) {
  const Project& project = session.project();
  std::vector<std::string> all;
  for (const auto& [name, layer] : session.outcome().layers) all.push_back(name);
  std::optional<ColourChoice> choice;
  try {
    choice = colour_choice(wishes, project.steps, {project.areas, project.points, project.districts}, all,
                           [&](const std::string& name) { return session.layer(name).get(); });
  } catch (const UsageError&) {
    // A column of a step that is still to run, or that failed for the reason that the window shows.
    if (!session.busy() && session.outcome().error.empty()) throw;
  }
  if (!choice) return std::nullopt;
  choice->wish.titles.insert(choice->wish.titles.end(), project.titles.begin(), project.titles.end());
  std::shared_ptr<const Layer> layer = session.layer(choice->layer);
  ColouredContent content;
  content.layer = choice->layer;
  content.column = choice->wish.column;
  content.of_sites = layer->geometry.kind == GeometryKind::point;
  if (content.of_sites) {
    if (!sites || content.layer != project.points) return std::nullopt;  // the window shows one layer of points
    std::vector<std::uint8_t> shown;
    for (const double x : sites->x) shown.push_back(std::isfinite(x) ? 1 : 0);
    content.look = style::style_of(*layer, choice->wish, shown);
    return content;
  }
  content.look = style::style_of(*layer, choice->wish);
  if (content.layer == project.areas) return content;
  // Shapes that lie on one another are drawn in the order of the style.
  layer = std::make_shared<const Layer>(layer->select(style::drawing_order(content.look)));
  content.look = style::style_of(*layer, choice->wish);
  content.polygons = polygon_content(layer, plane);
  return content;
}

}  // namespace yaan::viewer
