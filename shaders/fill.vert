#version 330 core
// Polygon triangles: positions relative to the scene's origin, scaled to clip space.
layout(location = 0) in vec2 position;
layout(location = 1) in vec4 colour;
uniform vec2 clip_scale;
uniform vec2 clip_offset;
out vec4 fill;

void main() {
  fill = colour;
  gl_Position = vec4(position * clip_scale + clip_offset, 0.0, 1.0);
}
