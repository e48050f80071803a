#version 330 core
in vec2 place;
flat in vec2 first;
flat in vec2 second;
uniform float half_width;
uniform vec4 colour;
out vec4 result;

void main() {
  vec2 along = second - first;
  float share = clamp(dot(place - first, along) / max(dot(along, along), 1e-12), 0.0, 1.0);
  float away = distance(place, first + share * along);
  float cover = clamp(half_width + 0.5 - away, 0.0, 1.0);
  if (cover <= 0.0) discard;
  result = vec4(colour.rgb, colour.a * cover);
}
