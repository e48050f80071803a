#include "render/gl/polygon_pass.hpp"

#include <cstddef>
#include <stdexcept>

namespace yaan::render::gl {

namespace {

struct FillVertex {
  float x, y;
  Colour colour;
};
static_assert(sizeof(FillVertex) == 12);

const void* at_byte(std::size_t offset) { return reinterpret_cast<const void*>(offset); }

}  // namespace

PolygonBuffers::PolygonBuffers()
    : m_fill(VertexArray::make()),
      m_fill_vertices(Buffer::make()),
      m_lines(VertexArray::make()),
      m_segments(Buffer::make()) {
  glBindVertexArray(m_fill.name());
  glBindBuffer(GL_ARRAY_BUFFER, m_fill_vertices.name());
  glEnableVertexAttribArray(0);
  glVertexAttribPointer(0, 2, GL_FLOAT, GL_FALSE, sizeof(FillVertex), nullptr);
  glEnableVertexAttribArray(1);
  glVertexAttribPointer(1, 4, GL_UNSIGNED_BYTE, GL_TRUE, sizeof(FillVertex), at_byte(offsetof(FillVertex, colour)));
  glBindVertexArray(m_lines.name());
  glEnableVertexAttribArray(0);
  glVertexAttribDivisor(0, 1);
}

void PolygonBuffers::upload(const PolygonMesh& mesh, const PolygonPaint& paint) {
  if (!paint.fills.empty() && paint.fills.size() != mesh.size())
    throw std::invalid_argument("one fill for each polygon, or none");
  if (paint.lines.size() > 1 && paint.lines.size() != mesh.size())
    throw std::invalid_argument("one line colour for each polygon, or one for all");

  std::vector<FillVertex> vertices;
  for (std::size_t f = 0; f < paint.fills.size(); ++f) {
    if (paint.fills[f].a == 0) continue;
    for (std::uint32_t c = mesh.feature_corners[f]; c < mesh.feature_corners[f + 1]; ++c)
      vertices.push_back({mesh.triangles[2 * c], mesh.triangles[2 * c + 1], paint.fills[f]});
  }
  m_corners = static_cast<GLsizei>(vertices.size());
  glBindBuffer(GL_ARRAY_BUFFER, m_fill_vertices.name());
  glBufferData(GL_ARRAY_BUFFER, static_cast<GLsizeiptr>(vertices.size() * sizeof(FillVertex)), vertices.data(),
               GL_STATIC_DRAW);

  m_runs.clear();
  m_line_width = paint.line_width;
  m_ground = paint.ground;
  m_casing = paint.casing;
  if (paint.line_width <= 0 || paint.lines.empty() || mesh.size() == 0) return;
  glBindBuffer(GL_ARRAY_BUFFER, m_segments.name());
  glBufferData(GL_ARRAY_BUFFER, static_cast<GLsizeiptr>(mesh.segments.size() * sizeof(float)), mesh.segments.data(),
               GL_STATIC_DRAW);
  for (std::size_t f = 0; f < mesh.size(); ++f) {
    const Colour colour = paint.lines.size() == 1 ? paint.lines.front() : paint.lines[f];
    const auto count = static_cast<GLsizei>(mesh.feature_segments[f + 1] - mesh.feature_segments[f]);
    if (m_runs.empty() || m_runs.back().colour != colour)
      m_runs.push_back({static_cast<GLint>(mesh.feature_segments[f]), 0, colour});
    m_runs.back().count += count;
  }
}

PolygonPass::PolygonPass() : m_fill("fill"), m_line("line") {}

void PolygonPass::draw_fills(const PolygonBuffers& buffers, const View& view) const {
  if (buffers.m_corners == 0) return;
  m_fill.use();
  view.give_to(m_fill);
  glBindVertexArray(buffers.m_fill.name());
  glDrawArrays(GL_TRIANGLES, 0, buffers.m_corners);
}

void PolygonPass::draw_casing(const PolygonBuffers& buffers, const View& view, double pixel_ratio) const {
  constexpr float kWider = 2;
  if (buffers.m_runs.empty() || buffers.m_casing.a == 0) return;
  m_line.use();
  view.give_to(m_line);
  glUniform1f(m_line.uniform("half_width"), (buffers.m_line_width + kWider) * static_cast<float>(pixel_ratio) / 2);
  const Colour& c = buffers.m_casing;
  glUniform4f(m_line.uniform("colour"), static_cast<float>(c.r) / 255, static_cast<float>(c.g) / 255,
              static_cast<float>(c.b) / 255, static_cast<float>(c.a) / 255);
  glBindVertexArray(buffers.m_lines.name());
  glBindBuffer(GL_ARRAY_BUFFER, buffers.m_segments.name());
  glVertexAttribPointer(0, 4, GL_FLOAT, GL_FALSE, 0, nullptr);
  const auto& last = buffers.m_runs.back();
  glDrawArraysInstanced(GL_TRIANGLE_STRIP, 0, 4, last.first + last.count);
}

void PolygonPass::draw_lines(const PolygonBuffers& buffers, const View& view, double pixel_ratio) const {
  if (buffers.m_runs.empty()) return;
  m_line.use();
  view.give_to(m_line);
  glUniform1f(m_line.uniform("half_width"), buffers.m_line_width * static_cast<float>(pixel_ratio) / 2);
  const GLint colour = m_line.uniform("colour");
  glBindVertexArray(buffers.m_lines.name());
  glBindBuffer(GL_ARRAY_BUFFER, buffers.m_segments.name());
  for (const auto& run : buffers.m_runs) {
    if (run.count == 0) continue;
    const Colour& c = run.colour;
    glUniform4f(colour, static_cast<float>(c.r) / 255, static_cast<float>(c.g) / 255, static_cast<float>(c.b) / 255,
                static_cast<float>(c.a) / 255);
    // OpenGL 3.3 has no base instance: the run starts where the attribute is said to start.
    glVertexAttribPointer(0, 4, GL_FLOAT, GL_FALSE, 0,
                          at_byte(static_cast<std::size_t>(run.first) * 4 * sizeof(float)));
    glDrawArraysInstanced(GL_TRIANGLE_STRIP, 0, 4, run.count);
  }
}

}  // namespace yaan::render::gl
