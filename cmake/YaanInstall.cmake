# Installs the program, the libraries with a CMake package and a pkg-config file, the headers and the embedded study.
include(CMakePackageConfigHelpers)

get_property(libraries GLOBAL PROPERTY YAAN_LIBRARIES)
install(TARGETS ${libraries} EXPORT yaanTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(TARGETS yaan_reader EXPORT yaanTargets RUNTIME DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/yaan)
install(EXPORT yaanTargets NAMESPACE yaan:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/yaan)
install(DIRECTORY include/yaan DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY data/ DESTINATION ${CMAKE_INSTALL_DATADIR}/yaan)
install(FILES LICENSE README.md CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
if(TARGET yaan)
  install(TARGETS yaan RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()

configure_package_config_file(cmake/yaanConfig.cmake.in ${PROJECT_BINARY_DIR}/yaanConfig.cmake
                              INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/yaan)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/yaanConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/yaanConfig.cmake ${PROJECT_BINARY_DIR}/yaanConfigVersion.cmake
              cmake/YaanDependencies.cmake
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/yaan)

file(RELATIVE_PATH YAAN_PC_TO_PREFIX /p/${CMAKE_INSTALL_LIBDIR}/pkgconfig /p)
string(REGEX REPLACE "/$" "" YAAN_PC_TO_PREFIX "${YAAN_PC_TO_PREFIX}")
if(YAAN_THREADS STREQUAL "tbb")
  set(YAAN_PC_THREADS " tbb")
else()
  set(YAAN_PC_THREADS "")
endif()
configure_file(cmake/yaan.pc.in ${PROJECT_BINARY_DIR}/yaan.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/yaan.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
