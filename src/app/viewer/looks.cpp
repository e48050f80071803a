#include "app/viewer/looks.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace yaan::viewer::looks {

namespace {

constexpr std::size_t kAreaSlot = 0;
constexpr std::size_t kColouredSlot = 1;
constexpr std::size_t kBorderSlot = 2;  // of the areas, over what has colours
constexpr std::size_t kDistrictSlot = 3;
constexpr std::size_t kFirstOtherSlot = 4;

constexpr float kSiteRadius = 5.2F;
constexpr float kNoiseRadius = 3.9F;
constexpr float kNoValueRadius = 3.2F;
constexpr std::uint8_t kOverPictures = 185;  // alpha of colours that pictures are seen through

constexpr double kNamesFromUnitsPerPixel = 8;  // a district fills the window there
constexpr std::size_t kMostNamedSites = 5000;

std::string name_of(const Layer& layer, std::size_t row, Language language) {
  const Column* name = layer.find(language == Language::thai ? "name_th" : "name_en");
  return name == nullptr ? std::string() : name->display(row);
}

std::int64_t rank_of(const Layer& districts, std::size_t row) {
  const Column* rank = districts.find("rank");
  return rank == nullptr ? 0 : static_cast<std::int64_t>(rank->number(row).value_or(0));
}

bool in_plane(const render::PlanePoint& place) { return std::isfinite(place.x) && std::isfinite(place.y); }

render::PolygonPaint plain_areas(std::size_t count, bool over_pictures) {
  return {std::vector<style::Colour>(count, province()),
          {over_pictures ? province_label() : province_line()},
          1.0F,
          true,
          halo()};
}

void add_district_labels(const PolygonContent& districts, const ViewState& view,
                         std::vector<render::MapLabel>& labels) {
  for (std::size_t row = 0; row < districts.layer->size(); ++row) {
    if (!in_plane(districts.label_places[row])) continue;
    render::MapLabel label;
    label.place = districts.label_places[row];
    label.text = name_of(*districts.layer, row, view.language);
    label.size = 14.5F;
    label.bold = true;
    label.ink = district_label();
    label.halo = halo();
    label.clearance = 11;
    label.priority = 1e6 - static_cast<double>(rank_of(*districts.layer, row));
    labels.push_back(std::move(label));
  }
}

void add_area_labels(const PolygonContent& areas, const ViewState& view, bool over_colours,
                     std::vector<render::MapLabel>& labels) {
  for (std::size_t row = 0; row < areas.layer->size(); ++row) {
    if (!in_plane(areas.label_places[row])) continue;
    render::MapLabel label;
    label.place = areas.label_places[row];
    label.text = areas.layer->feature_name(row, view.language);
    label.size = 13;
    label.ink = over_colours ? district_label() : province_label();
    label.halo = halo();
    label.room = areas.label_rooms[row] * 1.3;
    label.priority = areas.label_rooms[row] / 1e6;
    labels.push_back(std::move(label));
  }
}

void add_site_labels(const SiteContent& sites, const ViewState& view, std::vector<render::MapLabel>& labels) {
  if (sites.x.size() > kMostNamedSites) return;
  for (std::uint32_t i = 0; i < sites.x.size(); ++i) {
    if (!std::isfinite(sites.x[i])) continue;
    render::MapLabel label;
    label.place = {sites.x[i], sites.y[i]};
    label.text = sites.layer->feature_name(i, view.language);
    label.size = 13.5F;
    label.ink = district_label();
    label.halo = halo();
    label.clearance = kSiteRadius + 5;
    label.priority = -1;
    label.farthest = kNamesFromUnitsPerPixel;
    labels.push_back(std::move(label));
  }
}

render::PolygonMesh empty_mesh() {
  render::PolygonMesh mesh;
  mesh.feature_corners = {0};
  mesh.feature_segments = {0};
  return mesh;
}

// In their own colours, or small and dark beside areas that have colours.
void give_sites_beside_colours(const SiteContent& sites, const ColouredContent& coloured, render::MapPainter& painter) {
  std::vector<render::PointMark> marks;
  const auto add = [&](std::uint32_t i, style::Colour fill, float radius) {
    if (std::isfinite(sites.x[i])) marks.push_back({{sites.x[i], sites.y[i]}, fill, radius});
  };
  if (coloured.of_sites) {
    for (const std::uint32_t i : style::drawing_order(coloured.look))
      add(i, coloured.look.colours[i], coloured.look.hatched(i) ? kNoValueRadius : kSiteRadius);
  } else {
    for (std::uint32_t i = 0; i < sites.x.size(); ++i) add(i, plain_site(), kNoValueRadius);
  }
  painter.set_points(
      marks, coloured.of_sites ? render::PointPaint{coloured_border(), 0.8F} : render::PointPaint{halo(), 1.2F});
}

}  // namespace

void give_areas(const MapState& map, bool over_pictures, render::MapPainter& painter) {
  painter.set_ground(ground());
  if (map.areas) painter.set_polygons(kAreaSlot, map.areas->mesh, plain_areas(map.areas->mesh.size(), over_pictures));
  for (std::size_t i = 0; i < map.others.size(); ++i) {
    const PolygonContent& other = map.others[i];
    const bool coloured = map.coloured && map.coloured->layer == other.layer->name;  // it has a slot of its own then
    painter.set_polygons(kFirstOtherSlot + i, coloured ? empty_mesh() : other.mesh,
                         plain_areas(coloured ? 0 : other.mesh.size(), over_pictures));
  }
}

void give_coloured_areas(const MapState& map, bool over_pictures, render::MapPainter& painter) {
  const render::PolygonMesh none = empty_mesh();
  const bool of_areas = map.coloured && !map.coloured->of_sites && !map.coloured->polygons && map.areas;
  const bool of_others = map.coloured && map.coloured->polygons.has_value();
  render::PolygonPaint paint;
  paint.line_width = 0;
  if (of_areas || of_others) paint.fills = map.coloured->look.colours;
  if (over_pictures)
    for (style::Colour& fill : paint.fills) fill.a = kOverPictures;
  painter.set_polygons(kColouredSlot,
                       of_areas    ? map.areas->mesh
                       : of_others ? map.coloured->polygons->mesh
                                   : none,
                       paint);
  // Lines that are seen on the palest colour and on the darkest.
  const bool borders = map.areas && (of_areas || of_others);
  painter.set_polygons(kBorderSlot, borders ? map.areas->mesh : none, {{}, {coloured_border()}, 1.0F, false, halo()});
}

void give_districts(const MapState& map, render::MapPainter& painter) {
  if (!map.districts || !map.districts_drawn) {
    painter.set_polygons(kDistrictSlot, empty_mesh(), {});
    return;
  }
  render::PolygonPaint paint;
  paint.line_width = 1.6F;
  for (std::size_t row = 0; row < map.districts->mesh.size(); ++row) {
    const std::int64_t rank = rank_of(*map.districts->layer, row);
    paint.fills.push_back(district_fill(rank));
    paint.lines.push_back(district(rank));
  }
  painter.set_polygons(kDistrictSlot, map.districts->mesh, paint);
}

void give_sites(const MapState& map, render::MapPainter& painter) {
  if (!map.sites) {
    painter.set_points({}, {halo(), 1.2F});
    return;
  }
  const SiteContent& sites = *map.sites;
  if (map.coloured) {
    give_sites_beside_colours(sites, *map.coloured, painter);
    return;
  }
  std::vector<std::uint32_t> order(sites.x.size());
  std::iota(order.begin(), order.end(), 0U);
  // Sites outside every district lie below the others.
  std::stable_partition(order.begin(), order.end(), [&](std::uint32_t i) { return sites.rank[i] <= 0; });
  std::vector<render::PointMark> marks;
  marks.reserve(order.size());
  for (const std::uint32_t i : order) {
    if (!std::isfinite(sites.x[i])) continue;
    const bool inside = sites.rank[i] > 0;
    const style::Colour fill = !map.districts ? plain_site() : district(sites.rank[i]);
    marks.push_back({{sites.x[i], sites.y[i]}, fill, inside || !map.districts ? kSiteRadius : kNoiseRadius, inside});
  }
  painter.set_points(marks, {halo(), 1.2F});
}

void give_selection(const MapState& map, const ViewState& view, render::MapPainter& painter) {
  render::PolygonMesh outline;
  outline.feature_corners = {0};
  outline.feature_segments = {0};
  std::vector<render::PointMark> marks;
  const auto add_outline = [&](std::size_t row) {
    const render::PolygonMesh& mesh = map.districts->mesh;
    outline.segments.insert(outline.segments.end(), mesh.segments.begin() + 4 * mesh.feature_segments[row],
                            mesh.segments.begin() + 4 * mesh.feature_segments[row + 1]);
  };
  if (map.districts) {
    const Column* ids = map.districts->layer->find("district_id");
    for (std::size_t row = 0; row < map.districts->layer->size(); ++row) {
      const bool selected = ids != nullptr && !view.selected.empty() && ids->display(row) == view.selected;
      if (selected || view.hovered_district == row) add_outline(row);
      if (!selected || !map.sites) continue;
      const std::int64_t rank = rank_of(*map.districts->layer, row);
      for (std::size_t i = 0; i < map.sites->x.size(); ++i)
        if (map.sites->rank[i] == rank && std::isfinite(map.sites->x[i]))
          marks.push_back({{map.sites->x[i], map.sites->y[i]}, district(rank), kSiteRadius + 1.4F});
    }
  }
  outline.feature_corners.push_back(0);
  outline.feature_segments.push_back(static_cast<std::uint32_t>(outline.segments.size() / 4));
  if (map.sites && view.hovered_site && *view.hovered_site < map.sites->x.size()) {
    const std::uint32_t i = *view.hovered_site;
    const style::Colour fill = map.coloured && map.coloured->of_sites ? map.coloured->look.colours[i]
                               : map.coloured || !map.districts       ? plain_site()
                                                                      : district(map.sites->rank[i]);
    marks.push_back({{map.sites->x[i], map.sites->y[i]}, fill, kSiteRadius + 2.4F});
  }
  painter.set_selection(outline, selection(), 2.4F, marks, {selection(), 2.0F});
}

void give_labels(const MapState& map, const ViewState& view, render::MapPainter& painter) {
  std::vector<render::MapLabel> labels;
  if (map.districts_seen()) add_district_labels(*map.districts, view, labels);
  if (map.areas) add_area_labels(*map.areas, view, map.coloured && !map.coloured->of_sites, labels);
  if (map.sites) add_site_labels(*map.sites, view, labels);
  painter.set_labels(std::move(labels));
}

}  // namespace yaan::viewer::looks
