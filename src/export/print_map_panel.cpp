// The map panel: ground, regions, sites, and the furniture on top.

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "export/print_map_page.hpp"
#include "yaan/style/label_layout.hpp"
#include "yaan/style/scale_bar.hpp"

namespace yaan {

namespace {

using style::Colour;
using text::Weight;

constexpr double kTownBadge = 17;
constexpr double kCountryBadge = 13;
constexpr double kLocatorHeight = 250;
constexpr double kLocatorShape = 0.62;  // width to height
constexpr double kLocatorGap = 18;

// Where backdrops lie on the ground, borders must be seen on any colour: dark within light.
void paint_areas_over_backdrops(const Page& page) {
  constexpr Colour kNone{0, 0, 0, 0};
  for (std::size_t f = 0; f < page.areas.size(); ++f)
    page.canvas.polygon(page.areas, f, style::land(), style::coast(), 2.6 * page.unit);
  for (std::size_t f = 0; f < page.areas.size(); ++f) page.canvas.polygon(page.areas, f, style::land(), kNone, 0);
  for (const MapBackdrop& backdrop : page.map.backdrops)
    page.canvas.picture(backdrop.picture, backdrop.left, backdrop.top, backdrop.opacity);
  paint_coloured_areas(page);
  for (std::size_t f = 0; f < page.areas.size(); ++f)
    page.canvas.polygon(page.areas, f, kNone, style::halo().with_alpha(170), 3 * page.unit);
  for (std::size_t f = 0; f < page.areas.size(); ++f)
    page.canvas.polygon(page.areas, f, kNone, style::faint_ink(), 1.2 * page.unit);
}

void paint_areas(const Page& page) {
  // The coast first, then the ground over the inner half of it: one thick line around the whole, thin ones inside.
  for (std::size_t f = 0; f < page.areas.size(); ++f)
    page.canvas.polygon(page.areas, f, style::land(), style::coast(), 2.6 * page.unit);
  if (page.map.coloured.layer == nullptr || page.points_coloured()) {
    for (std::size_t f = 0; f < page.areas.size(); ++f)
      page.canvas.polygon(page.areas, f, style::land(), style::border(), 1.1 * page.unit);
    return;
  }
  constexpr Colour kNone{0, 0, 0, 0};
  for (std::size_t f = 0; f < page.areas.size(); ++f) page.canvas.polygon(page.areas, f, style::land(), kNone, 0);
  paint_coloured_areas(page);
  // Lines that are seen on the palest colour and on the darkest.
  const Colour line = style::ink().with_alpha(150);
  for (std::size_t f = 0; f < page.areas.size(); ++f) page.canvas.polygon(page.areas, f, kNone, line, 0.9 * page.unit);
}

void paint_region_outlines(const Page& page) {
  for (const MapRegion& region : page.content.regions)
    page.canvas.polygon(page.regions, region.feature, style::rank_colour(region.rank).with_alpha(46),
                        style::rank_colour(region.rank), (page.map.town ? 2.6 : 1.2) * page.unit);
}

void paint_sites(const Page& page) {
  const double radius = page.site_radius();
  for (const MapSite& site : page.content.sites) {
    const double x = page.sites.x[site.feature];
    const double y = page.sites.y[site.feature];
    if (page.map.coloured.layer != nullptr) {  // colours say something else
      page.canvas.disc(x, y, 0.8 * radius, style::halo());
      page.canvas.disc(x, y, 0.6 * radius, style::ink());
      continue;
    }
    const Colour colour = style::rank_colour(site.rank);
    if (page.map.town) {
      page.canvas.mark(style::mark_of(site.category), x, y, radius, colour, style::halo(), 1.6 * page.unit);
    } else {
      page.canvas.disc(x, y, radius + 0.8 * page.unit, style::halo());
      page.canvas.disc(x, y, radius, site.rank > 0 ? colour : colour.with_alpha(200));
    }
  }
}

std::pair<double, double> northernmost(const Geometry& polygons, std::size_t feature) {
  std::pair<double, double> top{0, std::numeric_limits<double>::infinity()};
  const std::size_t first = polygons.part_rings[polygons.feature_parts[feature]];
  const std::size_t last = polygons.part_rings[polygons.feature_parts[feature + 1]];
  for (std::size_t i = polygons.ring_vertices[first]; i < polygons.ring_vertices[last]; ++i)
    if (polygons.y[i] < top.second) top = {polygons.x[i], polygons.y[i]};
  return top;
}

// Numbers of the regions, pulled apart where they would overlap, with a line to the place. Returns their boxes.
std::vector<Box> paint_badges(const Page& page) {
  const double radius = (page.map.town ? kTownBadge : kCountryBadge) * page.unit;
  const double reach = radius + 2 * page.unit;
  const auto held = [&](double x, double y) {
    return std::pair(std::clamp(x, page.panel.min_x + reach, page.panel.max_x - reach),
                     std::clamp(y, page.panel.min_y + reach, page.panel.max_y - reach));
  };
  std::vector<std::pair<double, double>> anchors;
  std::vector<std::pair<double, double>> wished;
  std::vector<const MapRegion*> shown;
  for (const MapRegion& region : page.content.regions) {
    const Box box = page.regions.bounds(region.feature);
    if (!box.touches(page.panel)) continue;
    // In a town the number sits on the northernmost corner of the outline, in the country on the place itself.
    const auto [x, y] = page.map.town ? northernmost(page.regions, region.feature)
                                      : std::pair((box.min_x + box.max_x) / 2, (box.min_y + box.max_y) / 2);
    anchors.push_back(held(x, y));
    wished.push_back(held(x, page.map.town ? y - radius : y));
    shown.push_back(&region);
  }
  const auto middles = style::spread_badges(wished, 2 * radius + 3 * page.unit, page.panel);
  for (std::size_t i = 0; i < shown.size(); ++i)
    if (std::hypot(middles[i].first - anchors[i].first, middles[i].second - anchors[i].second) > radius)
      page.canvas.line(anchors[i].first, anchors[i].second, middles[i].first, middles[i].second,
                       style::rank_colour(shown[i]->rank), 1.6 * page.unit);
  std::vector<Box> boxes;
  for (std::size_t i = shown.size(); i-- > 0;) {
    const auto [x, y] = middles[i];
    paint_badge(page, x, y, radius, shown[i]->rank);
    boxes.push_back({x - radius, y - radius, x + radius, y + radius});
  }
  return boxes;
}

Box scale_bar_room(const Page& page, const style::ScaleBar& bar) {
  const double left = page.panel.min_x + 22 * page.unit;
  const double bottom = page.panel.max_y - 20 * page.unit;
  return {left, bottom - 56 * page.unit, left + bar.pixels + 28 * page.unit, bottom};
}

void paint_scale_bar(const Page& page, const style::ScaleBar& bar) {
  const Box room = scale_bar_room(page, bar);
  const double x = room.min_x + 14 * page.unit;
  const double y = room.max_y - 20 * page.unit;
  const double height = 7 * page.unit;
  page.canvas.fill_box(room, style::paper().with_alpha(225), 6 * page.unit);
  page.canvas.fill_box({x, y, x + bar.pixels, y + height}, style::paper());
  page.canvas.fill_box({x, y, x + bar.pixels / 2, y + height}, style::ink());
  page.canvas.stroke_box({x, y, x + bar.pixels, y + height}, style::ink(), 1.2 * page.unit);
  page.canvas.text("0", x, y - 8 * page.unit, 15 * page.unit, style::ink(), Weight::regular, Align::left);
  page.canvas.text(bar.label, x + bar.pixels, y - 8 * page.unit, 15 * page.unit, style::ink(), Weight::regular,
                   Align::right);
}

Box north_arrow_room(const Page& page) {
  return {page.panel.min_x + 24 * page.unit, page.panel.min_y + 32 * page.unit, page.panel.min_x + 68 * page.unit,
          page.panel.min_y + 112 * page.unit};
}

void paint_north_arrow(const Page& page) {
  // On a dark colour or picture the arrow would not be seen.
  if (page.areas_coloured() || page.coloured.size() > 0 || !page.map.backdrops.empty())
    page.canvas.fill_box(north_arrow_room(page), style::paper().with_alpha(225), 6 * page.unit);
  const double x = page.panel.min_x + 46 * page.unit;
  const double y = page.panel.min_y + 40 * page.unit;
  const double h = 44 * page.unit;
  const double w = 15 * page.unit;
  page.canvas.path({{x, y}, {x - w, y + h}, {x, y + h * 0.76}}, style::ink());
  page.canvas.path({{x, y}, {x + w, y + h}, {x, y + h * 0.76}}, style::faint_ink());
  page.canvas.text(page.map.language == Language::thai ? "น" : "N", x, y + h + 20 * page.unit, 18 * page.unit,
                   style::ink(), Weight::bold, Align::middle, style::halo(), 2 * page.unit);
}

// Where the part that is seen lies in the country.
void paint_locator(const Page& page) {
  const Box& room = page.locator;
  const Box country = page.map.areas->layer().geometry.bounds();
  page.canvas.fill_box(room, style::sea(), 6 * page.unit);
  const MapFrame frame(country, room, 8 * page.unit);
  const Geometry areas = frame.to_pixels(page.map.areas->layer().geometry);
  page.canvas.clip(room);
  for (std::size_t f = 0; f < areas.size(); ++f)
    page.canvas.polygon(areas, f, style::land(), style::coast(), 0.5 * page.unit);
  const Box& extent = page.map.extent;
  const Geometry corners =
      frame.to_pixels(Geometry::points({extent.min_x, extent.max_x}, {extent.min_y, extent.max_y}));
  const double x = (corners.x[0] + corners.x[1]) / 2;
  const double y = (corners.y[0] + corners.y[1]) / 2;
  const double half = std::max(5 * page.unit, std::abs(corners.x[1] - corners.x[0]) / 2);
  page.canvas.fill_box({x - half, y - half, x + half, y + half}, style::rank_colour(1).with_alpha(90));
  page.canvas.stroke_box({x - half, y - half, x + half, y + half}, style::rank_colour(1), 2 * page.unit);
  page.canvas.unclip();
  page.canvas.stroke_box(room, style::border(), 1.5 * page.unit, 6 * page.unit);
}

}  // namespace

void paint_badge(const Page& page, double x, double y, double radius, std::int64_t rank) {
  const Colour colour = style::rank_colour(rank);
  page.canvas.disc(x, y, radius + 1.5 * page.unit, style::halo());
  page.canvas.disc(x, y, radius, colour);
  const double size = radius * (rank < 100 ? 1.15 : 0.9);
  page.canvas.text(std::to_string(rank), x, y + size * 0.36, size, style::ink_on(colour), Weight::bold, Align::middle);
}

Box locator_room(const Page& page) {
  if (page.map.areas == nullptr || page.map.extent.empty()) return {};
  if (page.map.extent.holds(page.map.areas->layer().geometry.bounds())) return {};  // all of it is seen
  const double height = kLocatorHeight * page.unit;
  const double width = kLocatorShape * height;
  const double gap = kLocatorGap * page.unit;
  const double right = page.panel.max_x - gap - width;
  const double left = page.panel.min_x + gap;
  const double top = page.panel.min_y + gap;
  const double bottom = page.panel.max_y - gap - height;
  // The scale bar and the north arrow stand in the corners on the left.
  const double bar = 76 * page.unit;
  const double arrow = 70 * page.unit;
  Box best;
  std::size_t least = std::numeric_limits<std::size_t>::max();
  for (const auto& [x, y] : {std::pair(right, top), {right, bottom}, {left, bottom - bar}, {left + arrow, top}}) {
    const Box box{x, y, x + width, y + height};
    const auto within = [&](double px, double py) {
      return px > box.min_x - gap && px < box.max_x + gap && py > box.min_y - gap && py < box.max_y + gap;
    };
    std::size_t hidden = 0;
    for (const MapSite& site : page.content.sites)
      if (within(page.sites.x[site.feature], page.sites.y[site.feature])) ++hidden;
    for (std::size_t i = 0; i < page.regions.x.size(); ++i)
      if (within(page.regions.x[i], page.regions.y[i])) ++hidden;
    if (hidden < least) {
      least = hidden;
      best = box;
    }
  }
  return best;
}

SiteLabels paint_map(const Page& page, std::size_t most_keys) {
  const style::ScaleBar bar = style::scale_bar(page.frame.metres_per_pixel(), 220 * page.unit, page.map.language);
  page.canvas.clip(page.panel);
  page.canvas.fill_box(page.panel, style::sea());
  if (page.map.backdrops.empty()) {
    paint_areas(page);
  } else {
    paint_areas_over_backdrops(page);
  }
  paint_region_outlines(page);
  paint_sites(page);
  if (page.points_coloured()) paint_coloured_points(page);
  std::vector<Box> taken = {scale_bar_room(page, bar), north_arrow_room(page)};
  if (!page.locator.empty()) taken.push_back(page.locator);
  const auto badges = paint_badges(page);
  taken.insert(taken.end(), badges.begin(), badges.end());
  const double reach = page.site_radius() + 1 * page.unit;
  for (const MapSite& site : page.content.sites) {
    const double x = page.sites.x[site.feature];
    const double y = page.sites.y[site.feature];
    taken.push_back({x - reach, y - reach, x + reach, y + reach});
  }
  if (page.points_coloured())
    for (std::size_t f = 0; f < page.coloured.size(); ++f)
      taken.push_back({page.coloured.x[f] - reach, page.coloured.y[f] - reach, page.coloured.x[f] + reach,
                       page.coloured.y[f] + reach});
  SiteLabels labels;
  if (page.map.town) {
    labels = paint_site_labels(page, std::move(taken), most_keys);
  } else {
    paint_area_labels(page, taken);
  }
  if (!page.locator.empty()) paint_locator(page);
  paint_scale_bar(page, bar);
  paint_north_arrow(page);
  page.canvas.unclip();
  return labels;
}

}  // namespace yaan
