#pragma once
// The shader sources of shaders/, embedded at build time.

#include <string_view>

namespace yaan::render::gl {

/// GLSL text of shaders/<file>, such as "line.vert"; throws std::invalid_argument for a name that is not embedded.
std::string_view shader_source(std::string_view file);

}  // namespace yaan::render::gl
