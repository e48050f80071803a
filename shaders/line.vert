#version 330 core
// Each instance is one segment; its quad reaches half a line width and one pixel of feather beyond both ends, so that
// neighbours join round.
layout(location = 0) in vec4 segment;  // first and second end, relative to the scene's origin
uniform vec2 clip_scale;
uniform vec2 clip_offset;
uniform vec2 half_size;  // of the picture, in pixels
uniform float half_width;
out vec2 place;
flat out vec2 first;
flat out vec2 second;

void main() {
  first = (segment.xy * clip_scale + clip_offset) * half_size;
  second = (segment.zw * clip_scale + clip_offset) * half_size;
  vec2 along = second - first;
  float span = length(along);
  along = span > 1e-6 ? along / span : vec2(1.0, 0.0);
  vec2 across = vec2(-along.y, along.x);
  float reach = half_width + 1.0;
  float end = (gl_VertexID & 1) == 0 ? -1.0 : 1.0;
  float side = (gl_VertexID & 2) == 0 ? -1.0 : 1.0;
  place = (end < 0.0 ? first : second) + along * end * reach + across * side * reach;
  gl_Position = vec4(place / half_size, 0.0, 1.0);
}
