#pragma once
// A linked pair of shaders.

#include <string_view>

#include "render/gl/objects.hpp"

namespace yaan::render::gl {

class Program {
 public:
  /// Compiles and links shaders/<pass>.vert and shaders/<pass>.frag. Throws std::runtime_error with the driver's log.
  explicit Program(std::string_view pass);
  void use() const { glUseProgram(m_name.name()); }
  [[nodiscard]] GLint uniform(const char* uniform_name) const {
    return glGetUniformLocation(m_name.name(), uniform_name);
  }

 private:
  ProgramName m_name;
};

}  // namespace yaan::render::gl
