# yaan_add_library(<stage> SOURCES ... LINK ... PRIVATE_LINK ...): the static library yaan_<stage>.
# Its public headers are include/yaan/<stage>/*.hpp.
function(yaan_add_library stage)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK;PRIVATE_LINK" ${ARGN})
  add_library(yaan_${stage} STATIC ${ARG_SOURCES})
  add_library(yaan::${stage} ALIAS yaan_${stage})
  target_include_directories(yaan_${stage}
    PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>
    PRIVATE ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(yaan_${stage} PUBLIC ${ARG_LINK} PRIVATE ${ARG_PRIVATE_LINK} $<BUILD_INTERFACE:yaan_compiler>)
  set_target_properties(yaan_${stage} PROPERTIES EXPORT_NAME ${stage})
  set_property(GLOBAL APPEND PROPERTY YAAN_LIBRARIES yaan_${stage})
endfunction()

# yaan_add_test(<name> SOURCES ... LINK ... LABELS ...): a GoogleTest program test_<name>, one ctest entry.
# LABELS default to unit. The environment tells tests where the reference data is (YAAN_SHARED) and where the
# project's own sources are (YAAN_SOURCE).
function(yaan_add_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;LINK;LABELS" ${ARGN})
  if(NOT ARG_LABELS)
    set(ARG_LABELS unit)
  endif()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  set(processors 1)
  if("slow" IN_LIST ARG_LABELS)
    set(processors 2)  # they use all there are, so ctest does not run them beside each other
  endif()
  add_executable(test_${name} ${ARG_SOURCES})
  target_include_directories(test_${name} PRIVATE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/tests)
  target_link_libraries(test_${name} PRIVATE ${ARG_LINK} yaan_compiler GTest::gmock GTest::gtest_main)
  add_test(NAME ${name} COMMAND test_${name})
  set_tests_properties(${name} PROPERTIES
    LABELS "${ARG_LABELS}" TIMEOUT ${ARG_TIMEOUT} PROCESSORS ${processors}
    ENVIRONMENT "YAAN_SOURCE=${PROJECT_SOURCE_DIR};YAAN_SHARED=$<IF:$<BOOL:$ENV{YAAN_SHARED}>,$ENV{YAAN_SHARED},${PROJECT_SOURCE_DIR}/../shared>;YAAN_BINARY=${PROJECT_BINARY_DIR}/yaan")
endfunction()
