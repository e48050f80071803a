#version 330 core
// Light is multiplied by alpha.
in vec2 where;
uniform sampler2D picture;
uniform float opacity;
out vec4 result;

void main() {
  result = texture(picture, where) * opacity;
}
