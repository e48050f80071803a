# How every file is compiled.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()

add_library(yaan_compiler INTERFACE)
target_compile_options(yaan_compiler INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wnon-virtual-dtor
  # GCC fuses a*b+c by default, which would make a point at exactly the radius depend on the processor.
  -ffp-contract=off)
# A library that a program names no symbol of is not loaded with it: GDAL's hundred, of which only yaan-reader has need.
add_link_options(-Wl,--as-needed)
if(YAAN_WARNINGS_AS_ERRORS)
  target_compile_options(yaan_compiler INTERFACE -Werror)
endif()
if(YAAN_SANITIZE)
  add_compile_options(-fsanitize=${YAAN_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${YAAN_SANITIZE})
  if(YAAN_SANITIZE MATCHES "undefined")
    add_compile_options(-fno-sanitize-recover=undefined)
  endif()
endif()
