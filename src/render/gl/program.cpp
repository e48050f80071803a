#include "render/gl/program.hpp"

#include <stdexcept>
#include <string>

#include "render/gl/shaders.hpp"

namespace yaan::render::gl {

namespace {

GLuint compile(GLenum type, const std::string& file) {
  const std::string_view source = shader_source(file);
  const GLuint shader = glCreateShader(type);
  const GLchar* text = source.data();
  const auto length = static_cast<GLint>(source.size());
  glShaderSource(shader, 1, &text, &length);
  glCompileShader(shader);
  GLint done = 0;
  glGetShaderiv(shader, GL_COMPILE_STATUS, &done);
  if (done == 0) {
    std::string log(2000, '\0');
    GLsizei used = 0;
    glGetShaderInfoLog(shader, static_cast<GLsizei>(log.size()), &used, log.data());
    log.resize(static_cast<std::size_t>(used));
    glDeleteShader(shader);
    throw std::runtime_error("shader " + file + ": " + log);
  }
  return shader;
}

}  // namespace

Program::Program(std::string_view pass) : m_name(ProgramName::make()) {
  const GLuint vertex = compile(GL_VERTEX_SHADER, std::string(pass) + ".vert");
  const GLuint fragment = compile(GL_FRAGMENT_SHADER, std::string(pass) + ".frag");
  glAttachShader(m_name.name(), vertex);
  glAttachShader(m_name.name(), fragment);
  glLinkProgram(m_name.name());
  glDeleteShader(vertex);
  glDeleteShader(fragment);
  GLint done = 0;
  glGetProgramiv(m_name.name(), GL_LINK_STATUS, &done);
  if (done == 0) throw std::runtime_error("shaders of the pass " + std::string(pass) + " do not link");
}

}  // namespace yaan::render::gl
