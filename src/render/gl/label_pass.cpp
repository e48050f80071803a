#include "render/gl/label_pass.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "render/label_bitmap.hpp"

namespace yaan::render::gl {

namespace {

constexpr int kAtlasSide = 2048;
constexpr double kHaloReach = 2.5;  // design pixels

struct LabelVertex {
  float x, y;
  float u, v;
  Colour ink;
  Colour halo;
};
static_assert(sizeof(LabelVertex) == 24);

const void* at_byte(std::size_t offset) { return reinterpret_cast<const void*>(offset); }

}  // namespace

LabelPass::LabelPass(const text::Engine& engine)
    : m_engine(engine),
      m_program("label"),
      m_atlas(Texture::make()),
      m_array(VertexArray::make()),
      m_vertices(Buffer::make()) {
  glBindTexture(GL_TEXTURE_2D, m_atlas.name());
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_NEAREST);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_NEAREST);
  clear_atlas();
  glBindVertexArray(m_array.name());
  glBindBuffer(GL_ARRAY_BUFFER, m_vertices.name());
  for (const GLuint attribute : {0U, 1U, 2U, 3U}) glEnableVertexAttribArray(attribute);
  constexpr GLsizei kStride = sizeof(LabelVertex);
  glVertexAttribPointer(0, 2, GL_FLOAT, GL_FALSE, kStride, nullptr);
  glVertexAttribPointer(1, 2, GL_FLOAT, GL_FALSE, kStride, at_byte(offsetof(LabelVertex, u)));
  glVertexAttribPointer(2, 4, GL_UNSIGNED_BYTE, GL_TRUE, kStride, at_byte(offsetof(LabelVertex, ink)));
  glVertexAttribPointer(3, 4, GL_UNSIGNED_BYTE, GL_TRUE, kStride, at_byte(offsetof(LabelVertex, halo)));
}

LabelPass::Key LabelPass::key_of(const MapLabel& label, double pixel_ratio) {
  return {label.text, static_cast<int>(std::lround(static_cast<double>(label.size) * pixel_ratio * 64)), label.bold};
}

void LabelPass::clear_atlas() {
  const std::vector<std::uint8_t> empty(static_cast<std::size_t>(kAtlasSide) * kAtlasSide * 2, 0);
  glBindTexture(GL_TEXTURE_2D, m_atlas.name());
  glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
  glTexImage2D(GL_TEXTURE_2D, 0, GL_RG8, kAtlasSide, kAtlasSide, 0, GL_RG, GL_UNSIGNED_BYTE, empty.data());
  m_slots.clear();
  m_shelf_left = m_shelf_top = m_shelf_height = 0;
}

bool LabelPass::add(const MapLabel& label, double pixel_ratio) {
  const Key key = key_of(label, pixel_ratio);
  if (m_slots.contains(key)) return true;
  const LabelBitmap bitmap = label_bitmap(m_engine, label.text, static_cast<double>(label.size) * pixel_ratio,
                                          label.bold, kHaloReach * pixel_ratio);
  if (bitmap.width == 0 || bitmap.width > kAtlasSide || bitmap.height > kAtlasSide) {
    m_slots[key] = {};
    return true;
  }
  if (m_shelf_left + bitmap.width > kAtlasSide) {
    m_shelf_left = 0;
    m_shelf_top += m_shelf_height;
    m_shelf_height = 0;
  }
  if (m_shelf_top + bitmap.height > kAtlasSide) return false;
  std::vector<std::uint8_t> texels;
  texels.reserve(bitmap.letters.size() * 2);
  for (std::size_t i = 0; i < bitmap.letters.size(); ++i) {
    texels.push_back(bitmap.letters[i]);
    texels.push_back(bitmap.halo[i]);
  }
  glBindTexture(GL_TEXTURE_2D, m_atlas.name());
  glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
  glTexSubImage2D(GL_TEXTURE_2D, 0, m_shelf_left, m_shelf_top, bitmap.width, bitmap.height, GL_RG, GL_UNSIGNED_BYTE,
                  texels.data());
  m_slots[key] = {m_shelf_left, m_shelf_top, bitmap.width, bitmap.height};
  m_shelf_left += bitmap.width;
  m_shelf_height = std::max(m_shelf_height, bitmap.height);
  return true;
}

std::vector<LabelSize> LabelPass::measure(const std::vector<MapLabel>& labels, double pixel_ratio) {
  const auto add_all = [&] {
    return std::all_of(labels.begin(), labels.end(), [&](const MapLabel& label) { return add(label, pixel_ratio); });
  };
  if (!add_all()) {
    clear_atlas();
    add_all();
  }
  std::vector<LabelSize> sizes;
  for (const MapLabel& label : labels) {
    const auto slot = m_slots.find(key_of(label, pixel_ratio));
    sizes.push_back(slot == m_slots.end()
                        ? LabelSize{}
                        : LabelSize{static_cast<double>(slot->second.width), static_cast<double>(slot->second.height)});
  }
  return sizes;
}

void LabelPass::draw(const std::vector<MapLabel>& labels, const std::vector<PlacedLabel>& placed, const Camera& camera,
                     double pixel_ratio) {
  std::vector<LabelVertex> vertices;
  for (const PlacedLabel& place : placed) {
    const MapLabel& label = labels[place.label];
    const Slot& slot = m_slots.at(key_of(label, pixel_ratio));
    const auto corner = [&](int right, int down) {
      const auto x = static_cast<float>(place.left) + static_cast<float>(right * slot.width);
      const auto y = static_cast<float>(place.top) + static_cast<float>(down * slot.height);
      return LabelVertex{x,
                         y,
                         static_cast<float>(slot.left + right * slot.width),
                         static_cast<float>(slot.top + down * slot.height),
                         label.ink,
                         label.halo};
    };
    for (const auto& [right, down] :
         std::array<std::pair<int, int>, 6>{{{0, 0}, {1, 0}, {0, 1}, {1, 0}, {1, 1}, {0, 1}}})
      vertices.push_back(corner(right, down));
  }
  if (vertices.empty()) return;
  m_program.use();
  glUniform2f(m_program.uniform("half_size"), static_cast<float>(camera.width) / 2,
              static_cast<float>(camera.height) / 2);
  glUniform2f(m_program.uniform("atlas_size"), kAtlasSide, kAtlasSide);
  glUniform1i(m_program.uniform("atlas"), 0);
  glActiveTexture(GL_TEXTURE0);
  glBindTexture(GL_TEXTURE_2D, m_atlas.name());
  glBindVertexArray(m_array.name());
  glBindBuffer(GL_ARRAY_BUFFER, m_vertices.name());
  glBufferData(GL_ARRAY_BUFFER, static_cast<GLsizeiptr>(vertices.size() * sizeof(LabelVertex)), vertices.data(),
               GL_STREAM_DRAW);
  glDrawArrays(GL_TRIANGLES, 0, static_cast<GLsizei>(vertices.size()));
}

}  // namespace yaan::render::gl
