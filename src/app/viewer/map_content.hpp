#pragma once
// The layers in the plane of the map, ready to be drawn and picked.

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "app/viewer/session.hpp"
#include "yaan/render/pick.hpp"
#include "yaan/render/polygon_mesh.hpp"

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

/// `before` may be the previous content of the same layer: what has not changed is taken from it.
SiteContent site_content(const std::shared_ptr<const Layer>& sites, const Crs& plane, SiteContent before);
PolygonContent polygon_content(const std::shared_ptr<const Layer>& polygons, const Crs& plane);

}  // namespace yaan::viewer
