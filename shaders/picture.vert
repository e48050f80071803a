#version 330 core
// One picture over a box of the plane, relative to the scene's origin: x from box.x to box.z, y from box.y to box.w.
uniform vec2 clip_scale;
uniform vec2 clip_offset;
uniform vec4 box;
out vec2 where;

void main() {
  vec2 share = vec2((gl_VertexID & 1) == 0 ? 0.0 : 1.0, (gl_VertexID & 2) == 0 ? 0.0 : 1.0);
  where = vec2(share.x, 1.0 - share.y);  // the first row of a picture is its northern one
  gl_Position = vec4(mix(box.xy, box.zw, share) * clip_scale + clip_offset, 0.0, 1.0);
}
