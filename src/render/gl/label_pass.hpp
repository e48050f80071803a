#pragma once
// Texts on the map: each is rasterised once into an atlas and drawn as a quad.

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "render/gl/view.hpp"
#include "render/label_positions.hpp"
#include "yaan/render/map_painter.hpp"

namespace yaan::render::gl {

class LabelPass {
 public:
  explicit LabelPass(const text::Engine& engine);

  /// Sizes in framebuffer pixels; rasterises what is new. When the atlas is full it starts again with these labels;
  /// labels that do not fit even then have width 0.
  std::vector<LabelSize> measure(const std::vector<MapLabel>& labels, double pixel_ratio);
  /// Draws labels that were measured before with the same ratio.
  void draw(const std::vector<MapLabel>& labels, const std::vector<PlacedLabel>& placed, const Camera& camera,
            double pixel_ratio);

 private:
  struct Slot {  // in texels of the atlas
    int left = 0;
    int top = 0;
    int width = 0;
    int height = 0;
  };
  using Key = std::tuple<std::string, int, bool>;  // text, size in 1/64 framebuffer pixels, bold
  static Key key_of(const MapLabel& label, double pixel_ratio);
  bool add(const MapLabel& label, double pixel_ratio);
  void clear_atlas();

  const text::Engine& m_engine;
  Program m_program;
  Texture m_atlas;
  VertexArray m_array;
  Buffer m_vertices;
  std::map<Key, Slot> m_slots;
  int m_shelf_left = 0;  // where the next text goes
  int m_shelf_top = 0;
  int m_shelf_height = 0;
};

}  // namespace yaan::render::gl
