#pragma once
// Sites as discs with an outline.

#include <vector>

#include "render/gl/view.hpp"
#include "yaan/render/map_painter.hpp"

namespace yaan::render::gl {

class PointBuffers {
 public:
  PointBuffers();
  void upload(const std::vector<PointMark>& marks, const PointPaint& paint, PlanePoint origin);

 private:
  friend class PointPass;
  VertexArray m_array;
  Buffer m_instances;
  GLsizei m_count = 0;
  PointPaint m_paint;
};

class PointPass {
 public:
  PointPass();
  void draw(const PointBuffers& buffers, const View& view, double pixel_ratio) const;

 private:
  Program m_program;
};

}  // namespace yaan::render::gl
