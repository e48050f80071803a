#pragma once
// The layers in the plane of the map, ready to be drawn and picked.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/viewer/session.hpp"
#include "yaan/render/pick.hpp"
#include "yaan/render/polygon_mesh.hpp"
#include "yaan/style/layer_style.hpp"

namespace yaan::viewer {

/// The plane in which a project is drawn: equal-area, centred on its layers; the layers' own plane where one of them is
/// local.
Crs map_plane(const Project& project);

/// Sites in the plane, as they may be published: a hidden one has no place (NaN), a coarsened one the middle of its
/// cell. The rows are those of the layer.
struct SiteContent {
  std::shared_ptr<const Layer> layer;
  std::vector<double> x;
  std::vector<double> y;
  std::vector<std::int64_t> rank;  ///< of the site's district; 0 for none
  render::PointIndex index;
};

/// Polygons in the plane.
struct PolygonContent {
  std::shared_ptr<const Layer> layer;
  Geometry geometry;
  render::PolygonMesh mesh;
  std::vector<render::PlanePoint> label_places;  ///< middle of each feature's largest part
  std::vector<double> label_rooms;               ///< width of that part there
};

/// What has colours that say something.
struct ColouredContent {
  std::string layer;
  std::string column;
  bool of_sites = false;                   ///< the sites; else polygons
  std::optional<PolygonContent> polygons;  ///< of a layer that is not the areas
  style::LayerStyle look;                  ///< of the sites, of `polygons`, or of the areas
};

/// What such wishes colour after the session's newest answer, or nothing where districts do. Sites count where they
/// have a place on the map. A column that no answer has yet is waited for; else throws UsageError as colour_choice
/// does.
std::optional<ColouredContent> coloured_content(const Session& session, const MapColours& wishes, const Crs& plane,
                                                const std::optional<SiteContent>& sites);

/// A column that can colour the map.
struct ColourOption {
  std::string layer;
  std::string column;
  Localized title;
  Localized layer_title;
};

/// Of the newest answer: of the areas, the sites and the districts, then of all other polygons, each column that says
/// how it colours, in the order of the columns.
std::vector<ColourOption> colour_options(const Session& session);

/// `before` may be the previous content of the same layer: what has not changed is taken from it.
SiteContent site_content(const std::shared_ptr<const Layer>& sites, const Crs& plane, SiteContent before);
PolygonContent polygon_content(const std::shared_ptr<const Layer>& polygons, const Crs& plane);

}  // namespace yaan::viewer
