#pragma once
// Filled polygons and their borders.

#include <vector>

#include "render/gl/view.hpp"
#include "yaan/render/map_painter.hpp"

namespace yaan::render::gl {

/// One polygon layer on the graphics card.
class PolygonBuffers {
 public:
  PolygonBuffers();
  void upload(const PolygonMesh& mesh, const PolygonPaint& paint);
  [[nodiscard]] bool ground() const { return m_ground; }

 private:
  friend class PolygonPass;
  struct LineRun {  // consecutive segments of one colour
    GLint first = 0;
    GLsizei count = 0;
    Colour colour;
  };
  VertexArray m_fill;
  Buffer m_fill_vertices;
  GLsizei m_corners = 0;
  VertexArray m_lines;
  Buffer m_segments;
  std::vector<LineRun> m_runs;
  float m_line_width = 0;
  bool m_ground = false;
  Colour m_casing;
};

class PolygonPass {
 public:
  PolygonPass();
  void draw_fills(const PolygonBuffers& buffers, const View& view) const;
  void draw_lines(const PolygonBuffers& buffers, const View& view, double pixel_ratio) const;
  /// A wider line of one colour along the borders, for the lines to stand out from what lies below.
  void draw_casing(const PolygonBuffers& buffers, const View& view, double pixel_ratio) const;

 private:
  Program m_fill;
  Program m_line;
};

}  // namespace yaan::render::gl
