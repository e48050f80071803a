#include "render/gl/point_pass.hpp"

#include <cstddef>

namespace yaan::render::gl {

namespace {

struct Instance {
  float x, y;
  Colour fill;
  float radius;
};
static_assert(sizeof(Instance) == 16);

const void* at_byte(std::size_t offset) { return reinterpret_cast<const void*>(offset); }

}  // namespace

PointBuffers::PointBuffers() : m_array(VertexArray::make()), m_instances(Buffer::make()) {
  glBindVertexArray(m_array.name());
  glBindBuffer(GL_ARRAY_BUFFER, m_instances.name());
  for (const GLuint attribute : {0U, 1U, 2U}) {
    glEnableVertexAttribArray(attribute);
    glVertexAttribDivisor(attribute, 1);
  }
  glVertexAttribPointer(0, 2, GL_FLOAT, GL_FALSE, sizeof(Instance), nullptr);
  glVertexAttribPointer(1, 4, GL_UNSIGNED_BYTE, GL_TRUE, sizeof(Instance), at_byte(offsetof(Instance, fill)));
  glVertexAttribPointer(2, 1, GL_FLOAT, GL_FALSE, sizeof(Instance), at_byte(offsetof(Instance, radius)));
}

void PointBuffers::upload(const std::vector<PointMark>& marks, const PointPaint& paint, PlanePoint origin) {
  std::vector<Instance> instances;
  instances.reserve(marks.size());
  for (const PointMark& mark : marks)
    instances.push_back({static_cast<float>(mark.place.x - origin.x), static_cast<float>(mark.place.y - origin.y),
                         mark.fill, mark.radius});
  m_count = static_cast<GLsizei>(instances.size());
  m_paint = paint;
  glBindBuffer(GL_ARRAY_BUFFER, m_instances.name());
  glBufferData(GL_ARRAY_BUFFER, static_cast<GLsizeiptr>(instances.size() * sizeof(Instance)), instances.data(),
               GL_STATIC_DRAW);
}

PointPass::PointPass() : m_program("point") {}

void PointPass::draw(const PointBuffers& buffers, const View& view, double pixel_ratio) const {
  if (buffers.m_count == 0) return;
  m_program.use();
  view.give_to(m_program);
  const Colour& c = buffers.m_paint.outline;
  glUniform1f(m_program.uniform("magnify"), static_cast<float>(pixel_ratio));
  glUniform1f(m_program.uniform("outline_width"), buffers.m_paint.outline_width * static_cast<float>(pixel_ratio));
  glUniform4f(m_program.uniform("outline"), static_cast<float>(c.r) / 255, static_cast<float>(c.g) / 255,
              static_cast<float>(c.b) / 255, static_cast<float>(c.a) / 255);
  glBindVertexArray(buffers.m_array.name());
  glDrawArraysInstanced(GL_TRIANGLE_STRIP, 0, 4, buffers.m_count);
}

}  // namespace yaan::render::gl
