#version 330 core
in vec2 from_centre;
flat in vec4 fill;
flat in float disc;
uniform vec4 outline;
uniform float outline_width;
out vec4 result;

void main() {
  float away = length(from_centre);
  float cover = clamp(disc + 0.5 - away, 0.0, 1.0);
  if (cover <= 0.0) discard;
  float inner = clamp(disc - outline_width + 0.5 - away, 0.0, 1.0);
  vec3 mixed = mix(outline.rgb, fill.rgb, inner);
  result = vec4(mixed, mix(outline.a, fill.a, inner) * cover);
}
