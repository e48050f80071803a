#version 330 core
// Quads of the label atlas in pixels from the top left corner.
layout(location = 0) in vec2 pixel;
layout(location = 1) in vec2 texel;
layout(location = 2) in vec4 ink;
layout(location = 3) in vec4 halo;
uniform vec2 half_size;
uniform vec2 atlas_size;
out vec2 where;
flat out vec4 ink_colour;
flat out vec4 halo_colour;

void main() {
  where = texel / atlas_size;
  ink_colour = ink;
  halo_colour = halo;
  gl_Position = vec4(pixel.x / half_size.x - 1.0, 1.0 - pixel.y / half_size.y, 0.0, 1.0);
}
