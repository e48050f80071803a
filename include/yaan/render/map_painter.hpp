#pragma once
// The map as a texture: base (ground, polygons), selection, points, labels, furniture. Needs a current OpenGL 3.3
// context from its making to its end, always the same.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "yaan/core/geometry.hpp"
#include "yaan/core/localized.hpp"
#include "yaan/core/picture.hpp"
#include "yaan/render/camera.hpp"
#include "yaan/render/polygon_mesh.hpp"
#include "yaan/style/colour.hpp"
#include "yaan/text/engine.hpp"

namespace yaan::render {

using style::Colour;

/// How a polygon layer looks. Widths are in design pixels: they grow with the pixel ratio of the screen.
struct PolygonPaint {
  std::vector<Colour> fills;  ///< one for each feature; alpha 0 leaves it open
  std::vector<Colour> lines;  ///< one for each feature, or a single one for all
  float line_width = 1;       ///< 0 draws no border
  bool ground = false;        ///< backdrops lie over the fills and under the borders
  Colour casing{0, 0, 0, 0};  ///< of a wider line under the borders where backdrops are seen
};

/// A site. Radius in design pixels, outline included.
struct PointMark {
  PlanePoint place;
  Colour fill;
  float radius = 4;
  bool keep_clear = false;  ///< labels that stand beside a place keep off it
};

struct PointPaint {
  Colour outline;
  float outline_width = 1;
};

/// A text that belongs to a place. Lengths in design pixels.
struct MapLabel {
  PlanePoint place;
  std::string text;  ///< UTF-8, one line
  float size = 14;   ///< of the letters (em)
  bool bold = false;
  Colour ink;
  Colour halo;
  float clearance = 0;  ///< between the place and the text, which stands beside it; 0 centres the text on the place
  double priority = 0;  ///< the higher one stays where two would overlap; then the earlier
  double room = 0;      ///< width in plane units that the text must fit into; 0: any
  double farthest = 0;  ///< shown only where a pixel is at most so many plane units; 0: always
};

class MapPainter {
 public:
  /// Everything that is drawn lies within about 5,000 km of `origin`, in the same plane. The engine must outlive it.
  MapPainter(const text::Engine& engine, PlanePoint origin);
  ~MapPainter();
  MapPainter(const MapPainter&) = delete;
  MapPainter& operator=(const MapPainter&) = delete;

  void set_ground(Colour ground);
  /// Layers lie on one another by slot, from 0. Fills of `paint` must match the mesh (std::invalid_argument).
  void set_polygons(std::size_t slot, const PolygonMesh& mesh, const PolygonPaint& paint);
  /// A picture over a box of the plane, its light multiplied by alpha, by slot from 0; drawn smoothly at any scale.
  void set_backdrop(std::size_t slot, const Picture& picture, const Box& box);
  /// From 0 (not seen) to 1; nothing for a slot without a picture.
  void set_backdrop_opacity(std::size_t slot, double opacity);
  /// In the order in which they are drawn.
  void set_points(const std::vector<PointMark>& marks, const PointPaint& paint);
  /// Lines over the base and discs over the points that show what is selected or under the pointer.
  void set_selection(const PolygonMesh& outline, Colour line, float line_width, const std::vector<PointMark>& marks,
                     const PointPaint& paint);
  void set_labels(std::vector<MapLabel> labels);
  /// A scale bar in the bottom left corner, its unit in the language; metres in one unit of the plane, 0 for none.
  void set_scale_bar(double metres_per_unit, Language language, Colour ink, Colour halo);

  /// Draws what has changed since the last call into the texture. `pixel_ratio`: framebuffer pixels for a design pixel.
  /// The base is drawn anew only when the camera, the ratio or a polygon layer has changed.
  void paint(const Camera& camera, double pixel_ratio);
  /// OpenGL name of the picture, its first row at the bottom; valid until the next paint().
  [[nodiscard]] std::uint32_t texture() const;

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

}  // namespace yaan::render
