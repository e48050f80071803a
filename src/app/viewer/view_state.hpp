#pragma once
// What the user sees and has chosen, and what the panels ask for. Panels draw the state and emit requests; nothing else
// changes it.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/viewer/map_content.hpp"
#include "app/viewer/session.hpp"
#include "yaan/render/camera.hpp"

struct ImFont;

namespace yaan::viewer {

/// A widget's place on the screen, in window pixels: tests find it here.
struct WidgetPlace {
  float left = 0, top = 0, right = 0, bottom = 0;
  bool operator==(const WidgetPlace&) const = default;
};

/// How a picture under the map is seen.
struct BackdropChoice {
  bool shown = true;
  double opacity = 1;
};

struct ViewState {
  Language language = Language::english;
  render::Camera camera;   ///< of the map pane, in framebuffer pixels
  double pixel_ratio = 1;  ///< framebuffer pixels for a window pixel
  double scale = 1;        ///< design pixels are this many window pixels (HiDPI on X11)
  bool show_time = true;   ///< whether the analysis panel says how long the answer took
  float sidebar = 0;       ///< width in window pixels; 0: not yet chosen
  std::string selected;    ///< district_id; "" for none
  std::optional<std::uint32_t> hovered_site;
  std::optional<std::uint32_t> hovered_district;
  std::optional<std::uint32_t> hovered_area;  ///< of those that have colours
  std::vector<BackdropChoice> backdrops;      ///< one for each of the project's
  MapColours colours;                         ///< the project's, until another column is chosen
  std::string message;                        ///< last thing done: "Picture saved: ..."
  std::map<std::string, WidgetPlace> widgets;

  void forget_pointer() {
    hovered_site.reset();
    hovered_area.reset();
  }
};

struct SiteCounts {
  std::size_t in_districts = 0;
  std::size_t outside = 0;
};

/// What is drawn on the map.
struct MapState {
  Crs plane;
  std::optional<PolygonContent> areas;
  std::optional<PolygonContent> districts;
  std::optional<SiteContent> sites;
  SiteCounts site_counts;                   ///< of all sites, also where colours leave no place for them
  bool districts_drawn = true;              ///< else the table lists them, and what has colours stands in their place
  std::optional<ColouredContent> coloured;  ///< then districts and sites are drawn where the study's map names them
  std::vector<PolygonContent> others;       ///< further polygon layers of plain files
  std::vector<ColourOption> colour_options;

  /// Whether districts are to be seen, be it in the colours of a column.
  [[nodiscard]] bool districts_seen() const {
    return districts && (districts_drawn || (coloured && coloured->layer == districts->layer->name));
  }
  /// The polygons that have colours, or null.
  [[nodiscard]] const PolygonContent* coloured_polygons() const {
    if (!coloured || coloured->of_sites) return nullptr;
    if (coloured->polygons) return &*coloured->polygons;
    return areas ? &*areas : nullptr;
  }
};

struct ParameterChange {
  std::size_t step = 0;
  const Parameter* parameter = nullptr;
  Value value;
};

struct Requests {
  std::optional<Language> language;
  std::optional<std::string> select;  ///< district_id, "" for none
  std::optional<Box> go_to;           ///< in the plane of the map
  std::optional<render::Camera> camera;
  std::vector<ParameterChange> changes;
  std::vector<std::pair<std::size_t, BackdropChoice>> backdrops;
  std::optional<MapColours> colours;
  bool fit = false;
  bool save_picture = false;
};

}  // namespace yaan::viewer
