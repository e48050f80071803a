#include "yaan/export/print_map.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "export/canvas.hpp"
#include "export/map_content.hpp"
#include "export/map_frame.hpp"
#include "yaan/style/label_layout.hpp"
#include "yaan/style/scale_bar.hpp"

namespace yaan {

namespace {

using style::Colour;
using text::Weight;

// Everything that the parts of the page share.
struct Page {
  const PrintMap& map;
  const MapContent& content;
  Canvas& canvas;
  double unit;  // pixels of a pixel at 1920 x 1200
  Box panel;    // the map
  Box side;     // the panel beside it

  [[nodiscard]] const std::string& say(const Localized& words) const { return words.in(map.language); }
};

Box extent_of(const PrintMap& map) {
  Box extent = map.extent;
  for (const PublishedLayer* layer : {map.areas, map.regions, map.sites})
    if (extent.empty() && layer != nullptr) extent = layer->layer().geometry.bounds();
  if (extent.empty()) extent = {-1, -1, 1, 1};
  return extent;
}

// ---- the map ----

void paint_badge(const Page& page, double x, double y, double radius, std::int64_t rank) {
  const Colour colour = style::rank_colour(rank);
  page.canvas.disc(x, y, radius + 1.5 * page.unit, style::halo());
  page.canvas.disc(x, y, radius, colour);
  const double size = radius * (rank < 100 ? 1.15 : 0.9);
  page.canvas.text(std::to_string(rank), x, y + size * 0.36, size, style::ink_on(colour), Weight::bold, Align::middle);
}

void paint_areas(const Page& page, const Geometry& areas) {
  for (std::size_t f = 0; f < areas.size(); ++f)
    page.canvas.polygon(areas, f, style::land(), style::coast(), 2.6 * page.unit);
  for (std::size_t f = 0; f < areas.size(); ++f)
    page.canvas.polygon(areas, f, style::land(), style::border(), 1.1 * page.unit);
}

void paint_area_labels(const Page& page, const Geometry& areas, const std::vector<Box>& obstacles) {
  if (page.map.areas == nullptr) return;
  const double size = (page.map.town ? 18 : 14) * page.unit;
  std::vector<style::LabelWish> wishes;
  std::vector<std::string> names;
  for (std::size_t f = 0; f < areas.size(); ++f) {
    const auto place = style::label_point(areas, f);
    if (!place) continue;
    const std::string name = page.map.areas->layer().feature_name(f, page.map.language);
    const double width = page.canvas.engine().measure(name, size);
    if (width / 2 > 1.7 * place->radius) continue;
    wishes.push_back({place->x, place->y, width, 1.2 * size, 0, place->radius});
    names.push_back(name);
  }
  const auto boxes = style::lay_out_labels(wishes, page.panel, obstacles, 2 * page.unit);
  for (std::size_t i = 0; i < boxes.size(); ++i)
    if (boxes[i])
      page.canvas.text(names[i], boxes[i]->min_x, boxes[i]->min_y + 0.9 * size, size, style::faint_ink(), Weight::regular,
                       Align::left, style::land().with_alpha(210), 2 * page.unit);
}

void paint_region_outlines(const Page& page, const Geometry& regions) {
  for (const MapRegion& region : page.content.regions)
    page.canvas.polygon(regions, region.feature, style::rank_colour(region.rank).with_alpha(46),
                        style::rank_colour(region.rank), (page.map.town ? 2.6 : 1.2) * page.unit);
}

void paint_sites(const Page& page, const Geometry& sites) {
  const double radius = (page.map.town ? 8.5 : 3.4) * page.unit;
  for (const MapSite& site : page.content.sites) {
    const Colour colour = style::rank_colour(site.rank);
    const double x = sites.x[site.feature];
    const double y = sites.y[site.feature];
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
std::vector<Box> paint_badges(const Page& page, const Geometry& regions) {
  const double radius = (page.map.town ? 17 : 13) * page.unit;
  std::vector<std::pair<double, double>> anchors;
  std::vector<std::pair<double, double>> wished;
  std::vector<const MapRegion*> shown;
  for (const MapRegion& region : page.content.regions) {
    const Box box = regions.bounds(region.feature);
    if (box.empty()) continue;
    // In a town the number sits on the northernmost corner of the outline, in the country on the place itself.
    const auto [x, y] = page.map.town ? northernmost(regions, region.feature)
                                      : std::pair((box.min_x + box.max_x) / 2, (box.min_y + box.max_y) / 2);
    if (x < page.panel.min_x || x > page.panel.max_x || y < page.panel.min_y || y > page.panel.max_y) continue;
    anchors.emplace_back(x, y);
    wished.emplace_back(x, page.map.town ? y - radius : y);
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

void paint_site_labels(const Page& page, const Geometry& sites, std::vector<Box> obstacles) {
  const Layer& layer = page.map.sites->layer();
  const double size = 16 * page.unit;
  const double radius = 8.5 * page.unit;
  std::vector<style::LabelWish> wishes;
  std::vector<std::string> names;
  for (const MapSite& site : page.content.sites) {
    const double x = sites.x[site.feature];
    const double y = sites.y[site.feature];
    if (x < page.panel.min_x || x > page.panel.max_x || y < page.panel.min_y || y > page.panel.max_y) continue;
    obstacles.push_back({x - radius, y - radius, x + radius, y + radius});
    names.push_back(page.canvas.engine().fitted(layer.feature_name(site.feature, page.map.language), size, Weight::regular, 300 * page.unit));
    wishes.push_back({x, y, page.canvas.engine().measure(names.back(), size), 1.25 * size, radius + 4 * page.unit,
                      site.rank > 0 ? 2.0 : 1.0});
  }
  const auto boxes = style::lay_out_labels(wishes, page.panel, obstacles, 1 * page.unit);
  for (std::size_t i = 0; i < boxes.size(); ++i)
    if (boxes[i])
      page.canvas.text(names[i], boxes[i]->min_x, boxes[i]->min_y + 0.92 * size, size, style::ink(), Weight::regular, Align::left,
                       style::halo().with_alpha(235), 2.6 * page.unit);
}

void paint_scale_bar(const Page& page, double metres_per_pixel) {
  const style::ScaleBar bar = style::scale_bar(metres_per_pixel, 220 * page.unit);
  const double x = page.panel.min_x + 36 * page.unit;
  const double y = page.panel.max_y - 40 * page.unit;
  const double height = 7 * page.unit;
  page.canvas.fill_box({x - 14 * page.unit, y - 36 * page.unit, x + bar.pixels + 14 * page.unit, y + 20 * page.unit},
                       style::paper().with_alpha(215), 6 * page.unit);
  page.canvas.fill_box({x, y, x + bar.pixels, y + height}, style::halo());
  for (int part = 0; part < 2; ++part)
    page.canvas.fill_box({x + part * bar.pixels / 2, y, x + (part + 0.5 * (part + 1)) * bar.pixels / 2, y + height},
                         part == 0 ? style::ink() : style::halo());
  page.canvas.fill_box({x, y, x + bar.pixels / 2, y + height}, style::ink());
  page.canvas.stroke_box({x, y, x + bar.pixels, y + height}, style::ink(), 1.2 * page.unit);
  page.canvas.text("0", x, y - 8 * page.unit, 15 * page.unit, style::ink(), Weight::regular, Align::left);
  page.canvas.text(bar.label, x + bar.pixels, y - 8 * page.unit, 15 * page.unit, style::ink(), Weight::regular, Align::right);
}

void paint_north_arrow(const Page& page) {
  const double x = page.panel.min_x + 46 * page.unit;
  const double y = page.panel.min_y + 40 * page.unit;
  const double h = 44 * page.unit;
  const double w = 15 * page.unit;
  page.canvas.path({{x, y}, {x - w, y + h}, {x, y + h * 0.76}}, style::ink());
  page.canvas.path({{x, y}, {x + w, y + h}, {x, y + h * 0.76}}, style::faint_ink());
  page.canvas.text(page.map.language == Language::thai ? "น" : "N", x, y + h + 20 * page.unit, 18 * page.unit, style::ink(), Weight::bold, Align::middle);
}

// Where the town lies in the country: top right corner of the map.
void paint_locator(const Page& page, const Box& extent) {
  if (page.map.areas == nullptr) return;
  const Box country = page.map.areas->layer().geometry.bounds();
  const double height = 250 * page.unit;
  const double width = height * 0.62;
  const double gap = 18 * page.unit;
  const Box room{page.panel.max_x - gap - width, page.panel.min_y + gap, page.panel.max_x - gap, page.panel.min_y + gap + height};
  page.canvas.fill_box(room, style::sea(), 6 * page.unit);
  const MapFrame frame(country, room, 8 * page.unit);
  const Geometry areas = frame.to_pixels(page.map.areas->layer().geometry);
  page.canvas.clip(room);
  for (std::size_t f = 0; f < areas.size(); ++f) page.canvas.polygon(areas, f, style::land(), style::coast(), 0.5 * page.unit);
  const Geometry corners = frame.to_pixels(Geometry::points({extent.min_x, extent.max_x}, {extent.min_y, extent.max_y}));
  const double x = (corners.x[0] + corners.x[1]) / 2;
  const double y = (corners.y[0] + corners.y[1]) / 2;
  const double half = std::max(5 * page.unit, std::abs(corners.x[1] - corners.x[0]) / 2);
  page.canvas.fill_box({x - half, y - half, x + half, y + half}, style::rank_colour(1).with_alpha(90));
  page.canvas.stroke_box({x - half, y - half, x + half, y + half}, style::rank_colour(1), 2 * page.unit);
  page.canvas.unclip();
  page.canvas.stroke_box(room, style::rule(), 1.5 * page.unit, 6 * page.unit);
}

void paint_map(const Page& page) {
  const Box extent = extent_of(page.map);
  const MapFrame frame(extent, page.panel, (page.map.town ? 70 : 34) * page.unit);
  page.canvas.fill_box(page.panel, style::sea());
  page.canvas.clip(page.panel);
  Geometry areas = Geometry::empty(GeometryKind::polygon);
  if (page.map.areas != nullptr) areas = frame.to_pixels(page.map.areas->layer().geometry);
  paint_areas(page, areas);
  Geometry regions = Geometry::empty(GeometryKind::polygon);
  if (page.map.regions != nullptr) regions = frame.to_pixels(page.map.regions->layer().geometry);
  std::vector<Box> taken = {{page.panel.min_x, page.panel.max_y - 90 * page.unit, page.panel.min_x + 300 * page.unit, page.panel.max_y}};
  if (page.map.town) {
    const double locator = 275 * page.unit;
    taken.push_back({page.panel.max_x - locator, page.panel.min_y, page.panel.max_x, page.panel.min_y + locator});
  }
  paint_region_outlines(page, regions);
  Geometry sites = Geometry::points({}, {});
  if (page.map.sites != nullptr) sites = frame.to_pixels(page.map.sites->layer().geometry);
  paint_sites(page, sites);
  const auto badges = paint_badges(page, regions);
  taken.insert(taken.end(), badges.begin(), badges.end());
  if (page.map.town) {
    paint_site_labels(page, sites, taken);
  } else {
    for (const MapSite& site : page.content.sites) {
      const double reach = 4.5 * page.unit;
      const double x = sites.x[site.feature];
      const double y = sites.y[site.feature];
      taken.push_back({x - reach, y - reach, x + reach, y + reach});
    }
    paint_area_labels(page, areas, taken);
  }
  if (page.map.town) paint_locator(page, extent);
  paint_scale_bar(page, frame.metres_per_pixel());
  paint_north_arrow(page);
  page.canvas.unclip();
}

// ---- the side panel ----

double paint_heading(const Page& page, double y) {
  const double x = page.side.min_x + 36 * page.unit;
  const double room = page.side.width() - 72 * page.unit;
  const double size = 36 * page.unit;
  for (const std::string& line : page.canvas.engine().wrap(page.say(page.map.title), size, Weight::bold, room)) {
    page.canvas.text(line, x, y + size, size, style::ink(), Weight::bold);
    y += 1.3 * size;
  }
  const double small = 19 * page.unit;
  y += 6 * page.unit;
  if (!page.map.subtitle.empty())
    for (const std::string& line : page.canvas.engine().wrap(page.say(page.map.subtitle), small, Weight::regular, room)) {
      page.canvas.text(line, x, y + small, small, style::faint_ink());
      y += 1.45 * small;
    }
  return y + 10 * page.unit;
}

double paint_section(const Page& page, const std::string& title, double y) {
  const double x = page.side.min_x + 36 * page.unit;
  page.canvas.line(x, y, page.side.max_x - 36 * page.unit, y, style::rule(), 1.5 * page.unit);
  page.canvas.text(title, x, y + 28 * page.unit, 17 * page.unit, style::faint_ink(), Weight::bold);
  return y + 40 * page.unit;
}

// Foot: the sources, from the bottom up. Returns where it begins.
double paint_sources(const Page& page) {
  const double size = 14 * page.unit;
  const double x = page.side.min_x + 36 * page.unit;
  std::vector<std::string> lines;
  for (const std::string& source : page.map.sources)
    for (std::string& line : page.canvas.engine().wrap(source, size, Weight::regular, page.side.width() - 72 * page.unit))
      lines.push_back(std::move(line));
  double y = page.side.max_y - 26 * page.unit - static_cast<double>(lines.size()) * 1.4 * size;
  const double top = y;
  if (!lines.empty()) page.canvas.line(x, y, page.side.max_x - 36 * page.unit, y, style::rule(), 1.5 * page.unit);
  y += 8 * page.unit;
  for (const std::string& line : lines) {
    page.canvas.text(line, x, y + size, size, style::faint_ink());
    y += 1.4 * size;
  }
  return top - 14 * page.unit;
}

// Marks of the categories in two columns, above `bottom`. Returns where it begins.
double paint_legend(const Page& page, double bottom) {
  struct Entry {
    std::string title;
    style::Mark mark;
    Colour colour;
  };
  std::vector<Entry> entries;
  if (page.map.town)
    for (std::size_t c = 0; c < page.content.categories.size(); ++c)
      entries.push_back({page.content.categories[c].title, style::mark_of(c), style::ink()});
  const bool outside = std::any_of(page.content.sites.begin(), page.content.sites.end(), [](const MapSite& s) { return s.rank == 0; });
  if (outside && !page.map.outside_title.empty())
    entries.push_back({page.say(page.map.outside_title), style::Mark::circle, style::rank_colour(0)});
  if (entries.empty()) return bottom;
  const double row = 31 * page.unit;
  const std::size_t rows = (entries.size() + 1) / 2;
  const bool headed = page.map.town && !page.map.marks_title.empty();
  const double top = bottom - static_cast<double>(rows) * row - (headed ? 48 : 16) * page.unit;
  double y = top;
  if (headed) {
    y = paint_section(page, page.say(page.map.marks_title), y);
  } else {
    y += 8 * page.unit;
  }
  const double size = 17 * page.unit;
  const double column = (page.side.width() - 72 * page.unit) / 2;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const bool wide = entries.size() == 1;
    const double x = page.side.min_x + 36 * page.unit + (i / rows > 0 ? column : 0);
    const double middle = y + (static_cast<double>(i % rows) + 0.5) * row;
    page.canvas.mark(entries[i].mark, x + 11 * page.unit, middle, 9 * page.unit, entries[i].colour, style::paper(), 0.5 * page.unit);
    page.canvas.text(page.canvas.engine().fitted(entries[i].title, size, Weight::regular, (wide ? 2 * column : column) - 36 * page.unit),
                     x + 32 * page.unit, middle + 0.35 * size, size, style::ink());
  }
  return top - 10 * page.unit;
}

void paint_region_row(const Page& page, const MapRegion& region, double y, double row, bool two_lines) {
  const double x = page.side.min_x + 36 * page.unit;
  const double right = page.side.max_x - 36 * page.unit;
  const double size = 19 * page.unit;
  const double middle = y + row / 2;
  paint_badge(page, x + 14 * page.unit, middle, 13 * page.unit, region.rank);
  const double count_width = page.canvas.text(region.count, right, middle + 0.35 * size, 17 * page.unit, style::ink(), Weight::regular, Align::right);
  const double left = x + 42 * page.unit;
  const double room = right - left - count_width - 16 * page.unit;
  const auto& engine = page.canvas.engine();
  if (two_lines && !region.detail.empty()) {
    page.canvas.text(engine.fitted(region.name, size, Weight::bold, room), left, middle - 1 * page.unit, size, style::ink(), Weight::bold);
    const double small = 15.5 * page.unit;
    page.canvas.text(engine.fitted(region.detail, small, Weight::regular, room), left, middle + 19 * page.unit, small, style::faint_ink());
    return;
  }
  const std::string name = engine.fitted(region.name, size, Weight::bold, region.detail.empty() ? room : 0.68 * room);
  const double width = page.canvas.text(name, left, middle + 0.35 * size, size, style::ink(), Weight::bold);
  if (region.detail.empty()) return;
  const double small = 15.5 * page.unit;
  page.canvas.text(engine.fitted(region.detail, small, Weight::regular, room - width - 12 * page.unit), left + width + 12 * page.unit,
                   middle + 0.35 * size, small, style::faint_ink());
}

void paint_regions(const Page& page, double top, double bottom) {
  if (page.content.regions.empty()) return;
  double y = paint_section(page, page.say(page.map.regions_title), top);
  const double room = bottom - y;
  const auto fit = [&](double row) { return static_cast<std::size_t>(std::max(0.0, std::floor(room / row))); };
  const bool two_lines = page.content.regions.size() <= fit(54 * page.unit);
  const double row = (two_lines ? 54 : 34) * page.unit;
  std::size_t shown = std::min(page.content.regions.size(), fit(row));
  if (shown < page.content.regions.size() && shown > 0) --shown;  // room for the last line
  for (std::size_t i = 0; i < shown; ++i) {
    paint_region_row(page, page.content.regions[i], y, row, two_lines);
    y += row;
  }
  if (shown == page.content.regions.size()) return;
  const std::size_t more = page.content.regions.size() - shown;
  page.canvas.text(page.map.language == Language::thai ? fmt::format("และอีก {}", more) : fmt::format("and {} more", more),
                   page.side.min_x + 78 * page.unit, y + 22 * page.unit, 17 * page.unit, style::faint_ink());
}

// Regions and sites that a map of a town does not reach have no place in its list.
MapContent seen_in(const PrintMap& map, MapContent content) {
  if (!map.town || map.regions == nullptr) return content;
  const Geometry& regions = map.regions->layer().geometry;
  std::erase_if(content.regions, [&](const MapRegion& region) {
    const Box box = regions.bounds(region.feature);
    return box.empty() || box.max_x < map.extent.min_x || box.min_x > map.extent.max_x || box.max_y < map.extent.min_y ||
           box.min_y > map.extent.max_y;
  });
  return content;
}

}  // namespace

void write_map_png(const PrintMap& map, WholeFile& file, Progress& progress) {
  progress.throw_if_cancelled();
  const MapContent content = seen_in(map, content_of(map));
  Canvas canvas(map.width, map.height);
  const double unit = std::min(map.width / 1920.0, map.height / 1200.0);
  const double side = std::max(600 * unit, 0.3 * map.width);
  const Page page{map,
                  content,
                  canvas,
                  unit,
                  {0, 0, map.width - side, static_cast<double>(map.height)},
                  {map.width - side, 0, static_cast<double>(map.width), static_cast<double>(map.height)}};
  paint_map(page);
  progress.throw_if_cancelled();
  canvas.fill_box(page.side, style::paper());
  canvas.line(page.side.min_x, 0, page.side.min_x, page.side.max_y, style::rule(), 2 * unit);
  const double top = paint_heading(page, page.side.min_y + 28 * unit);
  const double bottom = paint_legend(page, paint_sources(page));
  paint_regions(page, top, bottom);
  canvas.write_png(file);
}

}  // namespace yaan
