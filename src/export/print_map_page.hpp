#pragma once
// What the parts of a print map share: the page, its content, and the pixels of its layers.

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "export/canvas.hpp"
#include "export/map_content.hpp"
#include "export/map_frame.hpp"
#include "yaan/export/print_map.hpp"

namespace yaan {

struct Page {
  const PrintMap& map;
  const MapContent& content;
  Canvas& canvas;
  const MapFrame& frame;
  double unit;  ///< pixels of a pixel at 1920 x 1200
  Box panel;    ///< the map
  Box side;     ///< the panel beside it
  Box locator;  ///< where the small map of the country goes; empty: there is none

  // The layers in pixels; empty for those that are not there.
  Geometry areas = Geometry::empty(GeometryKind::polygon);
  Geometry coloured = Geometry::points({}, {});  // empty where the areas are coloured themselves
  Geometry regions = Geometry::empty(GeometryKind::polygon);
  Geometry sites = Geometry::points({}, {});

  [[nodiscard]] const std::string& say(const Localized& words) const { return words.in(map.language); }
  [[nodiscard]] double site_radius() const { return (map.town ? 8.5 : 3.4) * unit; }
  [[nodiscard]] bool areas_coloured() const { return map.coloured.layer != nullptr && map.coloured.layer == map.areas; }
  [[nodiscard]] bool points_coloured() const {
    return map.coloured.layer != nullptr && map.coloured.layer->layer().geometry.kind == GeometryKind::point;
  }
};

/// A site that carries a letter on the map, because its name found no room there.
struct KeyedSite {
  std::string key;
  std::string name;
  std::int64_t rank = 0;
  std::size_t category = 0;
};

struct SiteLabels {
  std::vector<KeyedSite> keyed;  ///< from north to south
  std::size_t unnamed = 0;       ///< sites in the picture with neither name nor letter
};

/// A region's number on its colour.
void paint_badge(const Page& page, double x, double y, double radius, std::int64_t rank);

/// The coloured polygons, or the areas in their colours; nothing where points are coloured.
void paint_coloured_areas(const Page& page);
/// The coloured points, those that say least lowest.
void paint_coloured_points(const Page& page);
/// What the colours mean, from `top` on and not past `bottom`. Returns where it ends.
double paint_colour_legend(const Page& page, double top, double bottom);
/// A line and a heading in the side panel. Returns where what follows begins.
double paint_section(const Page& page, const std::string& title, double y);
/// "and 5 more"
std::string and_more(const Page& page, std::size_t more);
/// Left and right end of what stands in the side panel.
std::pair<double, double> side_columns(const Page& page);

/// Names of the areas where they find room off the obstacles: on one line or two, near their widest place.
void paint_area_labels(const Page& page, const std::vector<Box>& obstacles);
/// Names beside the sites; where one finds no room, a letter, for at most `most_keys` sites.
SiteLabels paint_site_labels(const Page& page, std::vector<Box> obstacles, std::size_t most_keys);

/// The corner for the small map that hides the fewest sites and outlines; empty where the map has none.
Box locator_room(const Page& page);

/// The map panel. A map of a town names its sites.
SiteLabels paint_map(const Page& page, std::size_t most_keys);

/// Title, list of regions, legend and sources. Returns what is left between the list and the legend.
Box paint_side(const Page& page);
/// Letters that fit into a box that paint_side left.
std::size_t most_keys_in(const Page& page, const Box& room);
/// The names behind the letters.
void paint_keys(const Page& page, const Box& room, const SiteLabels& labels);

}  // namespace yaan
