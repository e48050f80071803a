#include "yaan/export/print_map.hpp"

#include <algorithm>
#include <cmath>

#include "export/print_map_page.hpp"

namespace yaan {

namespace {

Box extent_of(const PrintMap& map) {
  Box extent = map.extent;
  for (const PublishedLayer* layer : {map.areas, map.coloured.layer, map.regions, map.sites})
    if (extent.empty() && layer != nullptr) extent = layer->layer().geometry.bounds();
  if (extent.empty()) extent = {-1, -1, 1, 1};
  return extent;
}

// What the picture of a part does not show has no place in its lists either. A mark that the edge of the panel or of
// the small map would cut is left out.
void keep_what_is_seen(const Page& page, MapContent& content) {
  if (!page.map.extent.empty())
    std::erase_if(content.regions,
                  [&](const MapRegion& region) { return !page.regions.bounds(region.feature).touches(page.panel); });
  const double reach = 1.2 * page.site_radius();
  std::erase_if(content.sites, [&](const MapSite& site) {
    const double x = page.sites.x[site.feature];
    const double y = page.sites.y[site.feature];
    const bool in_panel = x >= page.panel.min_x + reach && x <= page.panel.max_x - reach &&
                          y >= page.panel.min_y + reach && y <= page.panel.max_y - reach;
    const bool covered = !page.locator.empty() && x > page.locator.min_x - reach && x < page.locator.max_x + reach &&
                         y > page.locator.min_y - reach && y < page.locator.max_y + reach;
    return !in_panel || covered;
  });
}

}  // namespace

namespace {

/// How the page is divided.
struct Division {
  explicit Division(const PrintMap& map)
      : unit(std::min(map.width / 1920.0, map.height / 1200.0)),
        side(std::max(600 * unit, 0.3 * map.width)),
        panel{0, 0, map.width - side, static_cast<double>(map.height)},
        frame(extent_of(map), panel, (map.town ? 70 : 34) * unit) {}
  double unit;
  double side;
  Box panel;
  MapFrame frame;
};

}  // namespace

MapFormat map_format_of(std::string_view file_name) {
  return file_name.ends_with(".svg") ? MapFormat::svg : file_name.ends_with(".pdf") ? MapFormat::pdf : MapFormat::png;
}

MapView map_view(const PrintMap& map) {
  (void)content_of(map);  // refuses layers that lie on no place
  const Division page(map);
  MapView view;
  view.width = static_cast<int>(std::ceil(page.panel.width()));
  view.height = static_cast<int>(std::ceil(page.panel.height()));
  view.plane = page.frame.plane();
  view.box = page.frame.in_plane({0, 0, static_cast<double>(view.width), static_cast<double>(view.height)});
  return view;
}

void write_map(const PrintMap& map, MapFormat format, WholeFile& file, Progress& progress) {
  progress.throw_if_cancelled();
  MapContent content = content_of(map);
  Canvas canvas(map.width, map.height, format);
  const Division division(map);
  const MapFrame& frame = division.frame;
  const Box beside{division.panel.max_x, 0, static_cast<double>(map.width), static_cast<double>(map.height)};
  Page page{map, content, canvas, frame, division.unit, division.panel, beside, {}};
  if (map.areas != nullptr) page.areas = frame.to_pixels(map.areas->layer().geometry);
  if (map.regions != nullptr) page.regions = frame.to_pixels(map.regions->layer().geometry);
  if (map.coloured.layer != nullptr && map.coloured.layer != map.areas)
    page.coloured = frame.to_pixels(map.coloured.layer->layer().geometry);
  if (map.sites != nullptr) page.sites = frame.to_pixels(map.sites->layer().geometry);
  keep_what_is_seen(page, content);
  page.locator = locator_room(page);
  keep_what_is_seen(page, content);  // now without what lies under the small map

  // The side goes first: the room that it leaves says how many sites may carry a letter on the map.
  const Box room = paint_side(page);
  progress.throw_if_cancelled();
  const SiteLabels labels = paint_map(page, most_keys_in(page, room));
  paint_keys(page, room, labels);
  progress.throw_if_cancelled();
  canvas.write(file, page.say(map.title));
}

}  // namespace yaan
