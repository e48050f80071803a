# yaan_embed_texts(<output.cpp> <header> <namespace> <function> FILES...): writes a source file that defines
#   std::string_view <namespace>::<function>(std::string_view file)
# over the texts of the files, by file name without folder; an unknown name throws std::invalid_argument.
function(yaan_embed_texts output header namespace function)
  set(body "")
  foreach(path ${ARGN})
    get_filename_component(name ${path} NAME)
    file(READ ${path} text)
    string(APPEND body "  if (file == \"${name}\") return R\"yaan_text(${text})yaan_text\";\n")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${path})
  endforeach()
  set(source "// Generated from the named files; do not edit.
#include \"${header}\"

#include <stdexcept>
#include <string>

std::string_view ${namespace}::${function}(std::string_view file) {
${body}  throw std::invalid_argument(\"not embedded: \" + std::string(file));
}
")
  file(CONFIGURE OUTPUT ${output} CONTENT "${source}" @ONLY)
endfunction()
