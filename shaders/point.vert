#version 330 core
// Each instance is one disc with an outline, as a quad one pixel larger than the disc.
layout(location = 0) in vec2 position;
layout(location = 1) in vec4 colour;
layout(location = 2) in float radius;  // pixels, the outline included
uniform vec2 clip_scale;
uniform vec2 clip_offset;
uniform vec2 half_size;
uniform float magnify;
out vec2 from_centre;
flat out vec4 fill;
flat out float disc;

void main() {
  disc = radius * magnify;
  fill = colour;
  vec2 corner = vec2((gl_VertexID & 1) == 0 ? -1.0 : 1.0, (gl_VertexID & 2) == 0 ? -1.0 : 1.0);
  from_centre = corner * (disc + 1.0);
  vec2 centre = (position * clip_scale + clip_offset) * half_size;
  gl_Position = vec4((centre + from_centre) / half_size, 0.0, 1.0);
}
