#version 330 core
// The atlas holds the letters' cover in red and the halo's in green.
in vec2 where;
flat in vec4 ink_colour;
flat in vec4 halo_colour;
uniform sampler2D atlas;
out vec4 result;

void main() {
  vec2 cover = texture(atlas, where).rg;
  float letters = cover.r * ink_colour.a;
  float around = cover.g * halo_colour.a;
  float alpha = letters + around * (1.0 - letters);
  if (alpha <= 0.0) discard;
  result = vec4((ink_colour.rgb * letters + halo_colour.rgb * around * (1.0 - letters)) / alpha, alpha);
}
