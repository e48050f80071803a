#pragma once
// A map for slides and paper: areas, ranked regions and sites in an equal-area plane, with a side panel that holds the
// title, the list of regions, the legend and the sources.

#include <string>
#include <utility>
#include <vector>

#include "yaan/core/crs.hpp"
#include "yaan/core/geometry.hpp"
#include "yaan/core/localized.hpp"
#include "yaan/core/picture.hpp"
#include "yaan/core/progress.hpp"
#include "yaan/export/map_format.hpp"
#include "yaan/export/publish.hpp"
#include "yaan/export/whole_file.hpp"
#include "yaan/style/layer_style.hpp"

namespace yaan {

/// A picture under the borders and the regions, in the map's own pixels (map_view). Its light is multiplied by alpha.
struct MapBackdrop {
  Picture picture;
  int left = 0;
  int top = 0;
  double opacity = 1;
};

/// A layer that says something by its colours. `look` is the style of that very layer.
struct ColouredLayer {
  const PublishedLayer* layer = nullptr;  ///< polygons or points; null: none
  style::LayerStyle look;
  Localized count_word;  ///< what the legend counts: "areas", "sites"
};

struct PrintMap {
  Localized title;
  Localized subtitle;  ///< one line under the title; may be empty
  Language language = Language::english;
  int width = 1920;  ///< pixels
  int height = 1200;

  // What is shown. The layers must outlive the call; a null pointer leaves the layer out.
  const PublishedLayer* areas = nullptr;    ///< polygons, the ground; named by their roles
  const PublishedLayer* regions = nullptr;  ///< polygons with a rank, named by their roles
  const PublishedLayer* sites = nullptr;    ///< points, named by their roles, marked by their category
  ColouredLayer coloured;  ///< over the ground and under the borders; points on top. It may be `areas`, which it fills
  std::string rank_column = "rank";    ///< of the regions: 1, 2, 3 ...
  std::string site_rank_column;        ///< of the sites: rank of their region, null for none; "" colours none
  std::string count_column = "count";  ///< of the regions, listed beside their name
  Localized count_word;                ///< what is counted: "sites"
  Localized detail_columns;            ///< of the regions: a second line under their name, one column a language
  Localized regions_title;             ///< heading of the list: "Districts"
  Localized marks_title;               ///< heading of the legend: "Kinds of asset"
  Localized sites_title;               ///< what a plain dot is beside colours: "Creative assets"
  Localized outside_title;             ///< of the grey mark: "outside every district"

  /// Box of WGS 84 degrees that must be seen; empty: all areas. The map is drawn in a LAEA plane about its middle.
  Box extent;
  /// A map of a town: sites carry their names, regions their outlines, and a small map of all areas shows where it is.
  bool town = false;
  std::vector<std::pair<std::string, Localized>> category_titles;  ///< words for the category column's values
  std::vector<std::string> sources;                                ///< lines for the foot
  std::vector<MapBackdrop> backdrops;  ///< over the ground, the first one lowest; areas then show their borders only
};

/// Which part of which plane the map panel shows, from its upper left pixel on.
struct MapView {
  Crs plane;
  Box box;
  int width = 0;
  int height = 0;
};

/// Of a map with its layers and its extent. Throws as write_map.
MapView map_view(const PrintMap& map);

/// Paints the map, in PNG opaque. Lengths grow with the picture: texts are 15 pixels and more at 1920 x 1200. Same
/// map, same bytes. No label lies on another. Names of areas that find no room are left out; in a town a site whose
/// name finds none carries a letter that the side panel explains, and those that find no room at all are counted there.
/// Numbers of regions are never left out. Beside coloured points and areas the sites are plain dots.
/// Throws InputError when the fonts are missing or a layer is not in WGS 84, OutputError when the file cannot be
/// written.
void write_map(const PrintMap& map, MapFormat format, WholeFile& file, Progress& progress);

}  // namespace yaan
