#pragma once
// The camera as the shaders read it.

#include "render/gl/program.hpp"
#include "yaan/render/camera.hpp"

namespace yaan::render::gl {

struct View {
  float scale_x, scale_y;    // plane units to clip space
  float offset_x, offset_y;  // of the scene's origin, in clip space
  float half_width, half_height;

  View(const Camera& camera, PlanePoint origin)
      : scale_x(static_cast<float>(2 / (camera.units_per_pixel * camera.width))),
        scale_y(static_cast<float>(2 / (camera.units_per_pixel * camera.height))),
        offset_x(static_cast<float>((origin.x - camera.centre_x) * 2 / (camera.units_per_pixel * camera.width))),
        offset_y(static_cast<float>((origin.y - camera.centre_y) * 2 / (camera.units_per_pixel * camera.height))),
        half_width(static_cast<float>(camera.width) / 2),
        half_height(static_cast<float>(camera.height) / 2) {}

  void give_to(const Program& program) const {
    glUniform2f(program.uniform("clip_scale"), scale_x, scale_y);
    glUniform2f(program.uniform("clip_offset"), offset_x, offset_y);
    glUniform2f(program.uniform("half_size"), half_width, half_height);
  }
};

}  // namespace yaan::render::gl
