#include "app/viewer/backdrops.hpp"

#include <algorithm>
#include <cmath>

#include "app/viewer/map_content.hpp"
#include "yaan/core/error.hpp"

namespace yaan::viewer {

namespace {

constexpr double kAround = 1;  // of the layers' size, on each side of them

Box in_plane(const Geometry& geometry, const Crs& from, const Crs& plane) {
  std::vector<double> x = geometry.x;
  std::vector<double> y = geometry.y;
  Transformer(from, plane).apply(x, y);
  Box box;
  for (std::size_t i = 0; i < x.size(); ++i)
    if (std::isfinite(x[i]) && std::isfinite(y[i])) box.include(x[i], y[i]);
  return box;
}

// What the layers cover and as much again around them; empty without any.
Box around_layers(const Project& project, const Crs& plane) {
  Box box;
  for (const auto& [name, layer] : project.layers)
    if (layer.geometry.kind != GeometryKind::none) box.include(in_plane(layer.geometry, layer.crs, plane));
  if (box.empty()) return box;
  const double wide = kAround * std::max(box.width(), box.height()) + 1000;
  return {box.min_x - wide, box.min_y - wide, box.max_x + wide, box.max_y + wide};
}

}  // namespace

void add_backdrops(Project& project, const std::vector<Backdrop>& backdrops, Progress& progress) {
  if (backdrops.empty()) return;
  for (const Backdrop& backdrop : backdrops) project.ground.include(degrees_of(backdrop.raster));
  const Crs plane = map_plane(project);
  if (plane.kind() == Crs::Kind::local)
    throw InputError("a picture cannot lie under layers in a plane tied to no place",
                     "give the CRS of the layers, or leave the picture out");
  const Box room = around_layers(project, plane);
  for (const Backdrop& backdrop : backdrops) {
    const Raster& raster = backdrop.raster;
    Box box = extent_in(raster, plane);
    const double pixel =
        std::min(box.width() / static_cast<double>(raster.width), box.height() / static_cast<double>(raster.height));
    if (!room.empty())
      box = {std::max(box.min_x, room.min_x), std::max(box.min_y, room.min_y), std::min(box.max_x, room.max_x),
             std::min(box.max_y, room.max_y)};
    RasterPicture seen;
    const double unit = std::max({pixel, box.width() / kMostTexturePixels, box.height() / kMostTexturePixels});
    if (box.width() > 0 && box.height() > 0) {
      RasterView view{plane, box, std::clamp(static_cast<int>(std::ceil(box.width() / unit)), 1, kMostTexturePixels),
                      std::clamp(static_cast<int>(std::ceil(box.height() / unit)), 1, kMostTexturePixels)};
      view.box.max_x = box.min_x + view.width * unit;  // whole pixels, square ones
      view.box.min_y = box.max_y - view.height * unit;
      seen = picture_of_raster(backdrop.file, backdrop.read, raster, view, progress);
    }
    if (seen.picture.pixels.empty()) {
      project.diagnostics.add(Severity::note, "backdrop-outside", backdrop.name,
                              "pictures that lie far from the layers");
      continue;
    }
    const double left = box.min_x + seen.left * unit;
    const double top = box.max_y - seen.top * unit;
    project.backdrops.push_back({backdrop.title(),
                                 backdrop.opacity,
                                 std::make_shared<const Picture>(std::move(seen.picture)),
                                 {left, 0, 0, top}});
    ProjectBackdrop& added = project.backdrops.back();
    added.box.max_x = left + added.picture->width * unit;
    added.box.min_y = top - added.picture->height * unit;
  }
}

}  // namespace yaan::viewer
